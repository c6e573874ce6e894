/* SPDX-License-Identifier: Apache-2.0 */
/* record.h - what a run left on disk, in memory, but for its operations. */
#ifndef REPORT_RECORD_H
#define REPORT_RECORD_H

#include "base/arena.h"
#include "base/error.h"
#include "report/known_refusals.h"
#include "report/expected.h"
#include "run/network.h"
#include "run/records.h"
#include "run/reproduction.h"
#include "run/seal.h"
#include "run/stable_runs.h"

/* What history.jsonl and settlements.jsonl came to. */
struct operations_read {
	uint64_t ops[OP_KINDS][OUTCOMES];
	uint64_t settlements;
	const char *doubt; /* how they contradict each other, or NULL */
};

/* One of several runs whose results were joined (merge.h). */
struct source {
	const char *run; /* its id; of runs with the same id, its directory */
	const char *dir; /* as the user wrote it */
	const char *medley; /* the version that judged it, or NULL */
	const char *network, *engine; /* or NULL */
	uint64_t seed;
	const char *answer, *reason; /* as in its results.json */
	const char *doubt; /* why its record proves nothing, or NULL */
	int exit_code;
	size_t open; /* required cells that did not pass */
	double seconds;
};

/* Everything lives in the caller's arena, but for the JSON of findings and
 * phases, which record_release() frees. */
struct record {
	const char *run_dir; /* as the user wrote it, for commands */
	const char *run_id;
	struct network net;
	struct operations_read read; /* by judge() */
	struct finding *findings;
	size_t finding_count;
	struct balance *balances; /* none of an older run */
	size_t balance_count;
	struct phase *phases;
	size_t phase_count;
	const char **load_files; /* driven in place of the run's own load */
	size_t load_file_count;
	struct driven driven;
	struct reproduction again; /* how the run can be repeated */
	enum seal_state seal;
	char seal_why[SEAL_WHY];
	const char *doubt; /* why not all that was written was read, or NULL */
	struct expected expected;
	struct known_refusals refusals;
	/* Of joined results; then there are no phases and no balances. */
	const struct source *sources;
	size_t source_count;
	bool seeds_differ; /* the one of net is the first's */
	const char **notes;
	size_t note_count;
	struct stable_runs stable;
};

/* A file that the run never came to write counts as empty; the network file
 * has to be there. Errors name the file. */
int record_load(const char *run_dir, struct arena *arena, struct record *ret,
		struct error *err);
void record_release(struct record *r);

/* The last line of that name; NULL when there is none. */
const struct phase *record_phase(const struct record *r, const char *name);

/* Once all operations were read, sets `doubt`: the seal of the run, and the
 * counts of its phases, have to agree with what was read. */
int record_complete(struct record *r, struct arena *arena, struct error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* record.h - all that a run left on disk, in memory. */
#ifndef REPORT_RECORD_H
#define REPORT_RECORD_H

#include "base/arena.h"
#include "base/error.h"
#include "report/known_refusals.h"
#include "report/expected.h"
#include "run/network.h"
#include "run/records.h"
#include "run/seal.h"

/* Everything lives in the caller's arena, but for the JSON of findings and
 * phases, which record_release() frees. */
struct record {
	const char *run_dir; /* as the user wrote it, for commands */
	const char *run_id;
	struct network net;
	struct operation *ops; /* in order of the schedule */
	size_t op_count;
	struct settlement *settlements; /* ascending by operation */
	size_t settlement_count;
	struct finding *findings;
	size_t finding_count;
	struct balance *balances; /* none of an older run */
	size_t balance_count;
	struct phase *phases;
	size_t phase_count;
	const char **load_files; /* driven in place of the run's own load */
	size_t load_file_count;
	struct driven driven;
	enum seal_state seal;
	char seal_why[SEAL_WHY];
	const char *doubt; /* why not all that was written was read, or NULL */
	struct expected expected;
	struct known_refusals refusals;
};

/* A file that the run never came to write counts as empty; the network file
 * has to be there. Errors name the file. */
int record_load(const char *run_dir, struct arena *arena, struct record *ret,
		struct error *err);
void record_release(struct record *r);

/* NULL when there is none. */
const struct settlement *record_settlement(const struct record *r, uint64_t op);
const struct operation *record_operation(const struct record *r, uint64_t op);
/* The operation that made a transaction, as node or vault tell; or NULL. */
const struct operation *record_maker(const struct record *r, const char *tx);
const struct phase *record_phase(const struct record *r, const char *name);

/* Sets `doubt`: the seal of the run, and the counts of its phases, have to
 * agree with what was read. */
int record_complete(struct record *r, struct arena *arena, struct error *err);

/* Brings both arrays into ascending order, which the lookups need. */
void record_sort(struct record *r);

#endif

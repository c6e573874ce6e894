/* SPDX-License-Identifier: Apache-2.0 */
/* results.h - results.json of a run, read back; docs/results.md is its schema.
 */
#ifndef RUN_RESULTS_H
#define RUN_RESULTS_H

#include "base/arena.h"
#include "base/error.h"
#include "data/json.h"
#include "run/records.h"
#include "run/score.h"

/* Of what medley writes, the newest that it reads; docs/results.md has what
 * each brought. */
enum { RESULTS_VERSION = 3 };

/* Labels of releases; the words are those of docs/results.md. */
struct result_cell {
	const char *payer, *payee, *notary;
	const char *verdict, *judged; /* "pass" … */
	const char *reason, *absence, *starved; /* or NULL */
	bool required;
	struct counts counts;
	const size_t *findings; /* indexes into those of the run */
	size_t finding_count;
	const char *service; /* histogram of service_ms as text; NULL: older */
};

/* Which release was tested. Each text may be NULL but the label. */
struct result_release {
	const char *label, *word, *commit, *image, *digest;
	const char *cordapps, *cordapps_image, *contracts;
	const char *failure; /* it was not built, and why */
	int64_t platform;
};

/* The cell that a finding is about, as labels; NULL: the network at large. */
struct result_place {
	const char *payer, *payee, *notary;
};

struct results {
	int version;
	const char *run, *network, *engine;
	const char *medley, *seal; /* NULL of an older version */
	const char *answer, *reason; /* "PASS"; NULL on PASS */
	const char *doubt; /* NULL: the record is complete, if `tells_doubt` */
	bool tells_doubt; /* an older medley wrote no such member */
	double seconds;
	int exit_code;
	struct result_cell *cells;
	size_t cell_count;
	struct finding *findings; /* their evidence is part of `root` */
	struct result_place *places; /* of each finding */
	size_t finding_count;
	struct result_release *releases;
	size_t release_count;
	struct counts issues;
	struct js *root; /* owned: texts and evidence are parts of it */
};

/*
 * The file may come from somebody else, and be of any release: versions from 1
 * on are read, members that are not known are passed over, and what is missing
 * or out of range is ERROR_INPUT. Arrays live in `arena`.
 */
int results_read(const char *path, struct arena *arena, struct results *ret,
		 struct error *err);
int results_parse(const char *name, const void *text, size_t len,
		  struct arena *arena, struct results *ret, struct error *err);
void results_release(struct results *r);

/* The part of its network that the file has: file, engine, seed, gate, releases
 * and nodes, of which all but names, roles, releases and JVM options stay
 * empty. Texts are those of `root`, arrays are in `arena`. */
struct network;
int results_network(const char *name, const struct results *r,
		    struct arena *arena, struct network *ret,
		    struct error *err);
/* The times of a cell's payments that were answered ok, from sending to the
 * answer, in `ret`, which must be new. None of version 1 and 2. */
int result_service(const struct result_cell *cell, struct histogram *ret,
		   struct error *err);

/* Only which run it was and what came of it, without reading all of the file.
 * Texts live in `arena`. */
struct results_glance {
	const char *run, *network, *answer; /* network: "" if unknown */
};
int results_glance(const char *path, struct arena *arena,
		   struct results_glance *ret, struct error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* results.h - results.json of a run, read back; docs/results.md is its schema.
 */
#ifndef RUN_RESULTS_H
#define RUN_RESULTS_H

#include "base/arena.h"
#include "base/error.h"
#include "data/json.h"
#include "run/records.h"

/* The newest version, which is written; docs/results.md has what each brought.
 */
enum { RESULTS_VERSION = 3 };

/* Counts of a cell, or of the issues of all nodes. */
struct result_counts {
	uint64_t payments, ok, fail, unknown, settled, lost, failed, timeouts,
		refused, unchecked, unsettled;
};

/* Labels of releases; the words are those of docs/results.md. */
struct result_cell {
	const char *payer, *payee, *notary;
	const char *verdict, *judged; /* "pass" … */
	const char *reason, *absence; /* or NULL */
	bool required;
	struct result_counts counts;
	const size_t *findings; /* indexes into those of the run */
	size_t finding_count;
};

struct result_finding {
	enum finding_kind kind;
	bool note;
	uint64_t op; /* 0: none known */
	const char *tx, *node, *payer, *payee, *notary, *summary; /* or NULL */
	const struct js *evidence; /* or NULL */
};

struct results {
	int version;
	const char *run, *network, *engine;
	const char *answer, *reason; /* "PASS"; NULL on PASS */
	int exit_code;
	struct result_cell *cells;
	size_t cell_count;
	struct result_finding *findings;
	size_t finding_count;
	struct result_counts issues;
	struct js *root; /* owned: texts and evidence are parts of it */
};

/*
 * The file may come from somebody else, and be of any release: all versions are
 * read, members that are not known are passed over, and what is missing or
 * out of range is ERROR_INPUT. Arrays live in `arena`.
 */
int results_read(const char *path, struct arena *arena, struct results *ret,
		 struct error *err);
int results_parse(const char *name, const void *text, size_t len,
		  struct arena *arena, struct results *ret, struct error *err);
void results_release(struct results *r);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* show_search.h - finds the operations and findings of one transaction in the
 * files of a run. */
#ifndef CLI_SHOW_SEARCH_H
#define CLI_SHOW_SEARCH_H

#include "base/buf.h"
#include "base/error.h"
#include "base/id_set.h"
#include "cli/job.h"
#include "data/json.h"

enum { SHOW_FOUND_KEPT = 4 };

/*
 * The operations and findings of the only transaction whose id begins with a
 * prefix: as texts, or as JSON. found[0] is the whole id of the transaction.
 */
struct show_search {
	struct job *job;
	bool json;
	struct buf ops, findings; /* texts; unused with `json` */
	struct js *op_list, *finding_list; /* owned; with `json` */
	const char *found[SHOW_FOUND_KEPT]; /* in the job's arena */
	/* For the search alone. */
	const char *prefix;
	struct id_set shown; /* operations */
	unsigned found_count;
};

/* The run of `job` is loaded; `job` outlives the search. */
void show_search_init(struct show_search *s, struct job *job, bool json);
void show_search_release(struct show_search *s);
/* ERROR_INPUT unless `id` can be the beginning of a transaction id. */
int show_search_check(const char *id, struct error *err);
/* ERROR_INPUT: no transaction id of the run begins with the prefix, or several
 * do. */
int show_search(struct show_search *s, const char *prefix, struct error *err);
/* Prints texts one after the other. Makes them plain (base/plain.h), because
 * nodes wrote parts of them. */
int show_search_print(const struct buf *const *texts, unsigned count,
		      struct error *err);

#endif

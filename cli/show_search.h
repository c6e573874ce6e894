/* SPDX-License-Identifier: Apache-2.0 */
/* show_search.h - what the files of a run have about one transaction. */
#ifndef CLI_SHOW_SEARCH_H
#define CLI_SHOW_SEARCH_H

#include "base/buf.h"
#include "base/error.h"
#include "base/id_set.h"
#include "cli/job.h"
#include "data/json.h"

enum { SHOW_FOUND_KEPT = 4 };

/*
 * The operations and findings of the one transaction whose id begins with a
 * prefix: each as a text, or as JSON. found[0] is its whole id.
 */
struct show_search {
	struct job *job;
	bool json;
	struct buf ops, findings; /* unless `json` */
	struct js *op_list, *finding_list; /* owned */
	const char *found[SHOW_FOUND_KEPT]; /* in the job's arena */
	/* Its own. */
	const char *prefix;
	struct id_set shown; /* operations */
	unsigned found_count;
};

/* `job` has its run loaded, and outlives the search. */
void show_search_init(struct show_search *s, struct job *job, bool json);
void show_search_release(struct show_search *s);
/* ERROR_INPUT unless it can be the beginning of an id. */
int show_search_check(const char *id, struct error *err);
/* ERROR_INPUT: no transaction of the run begins with the prefix, or several. */
int show_search(struct show_search *s, const char *prefix, struct error *err);
/* Prints texts one after the other, made plain: nodes wrote a part of them
 * (base/plain.h). */
int show_search_print(const struct buf *const *texts, unsigned count,
		      struct error *err);

#endif

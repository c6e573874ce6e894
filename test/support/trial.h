/* SPDX-License-Identifier: Apache-2.0 */
/* trial.h - a kept run that is judged anew, by the real check and report. */
#ifndef TEST_SUPPORT_TRIAL_H
#define TEST_SUPPORT_TRIAL_H

#include "data/json.h"
#include "test/support/kept_run.h"

/*
 * The files of the run are copied to a directory of their own, and so is each
 * database that a test changes; the others are the restored ones. trial_end()
 * removes the copies: call it in a test's teardown, which a failed test
 * reaches too. All calls fail the test on errors.
 */
struct trial {
	struct kept_run *run;
	char dir[PATH_ROOM];
	struct arena arena;
	struct network net; /* the run's; a node's database: its copy */
	/* Written by trial_judge(). */
	struct js *details; /* of the check */
	struct finding *found;
	size_t found_count;
	struct js *results; /* results.json */
	struct buf text; /* of the report, for a terminal */
	int exit_code;
};

void trial_begin(struct trial *t, const char *run);
/* Changes a copy of the node's database, which is made when first needed. */
void trial_sql(struct trial *t, const struct network_node *node,
	       const char *sql);
void trial_judge(struct trial *t);
void trial_end(struct trial *t);

#endif

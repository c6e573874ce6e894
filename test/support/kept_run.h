/* SPDX-License-Identifier: Apache-2.0 */
/* kept_run.h - real runs that were kept, with their databases restored. */
#ifndef TEST_SUPPORT_KEPT_RUN_H
#define TEST_SUPPORT_KEPT_RUN_H

#include "base/arena.h"
#include "data/pg.h"
#include "run/network.h"
#include "run/records.h"
#include "sys/file.h"

/*
 * test/vectors/runs/<name>/ holds the files of a run that the check and the
 * report read, and a dump of each node's database; test/vectors/runs/README.md
 * says how they are made. A test program starts one PostgreSQL server. The
 * first test that asks for a run restores its databases; nobody writes to
 * these: what a test changes is a copy.
 */
#define KEPT_RUNS "test/vectors/runs"

struct kept_run {
	const char *name;
	char dir[PATH_ROOM];
	struct arena arena; /* of all below */
	struct network net; /* a node's database: "<name>/<database>" */
	struct operation *ops;
	size_t op_count;
	bool restored;
};

/* Around all tests of a program; 0. */
int kept_runs_start(void **state);
int kept_runs_stop(void **state);

/* The names of all runs, sorted, ended by NULL; NULL and the error. */
const char *const *kept_run_names(struct error *err);
/* The files of a run, read once; borrowed. */
int kept_run_find(const char *name, struct kept_run **ret, struct error *err);
/* Its databases, once. Skips the test where there is to be no PostgreSQL: see
 * postgres_there(). */
void kept_run_restore(struct kept_run *run);

/* A new directory for what is to be checked, with endpoints.json and
 * secrets.json; it goes with the server. */
void kept_run_make_dir(char room[PATH_ROOM]);
/* Copies a restored database. */
int kept_run_copy(const char *database, const char *copy, struct error *err);
int kept_run_drop(const char *copy, struct error *err);
/* Each on a connection of its own: one that a failed test left open would keep
 * all later tests from copying the database. */
int kept_run_exec(const char *database, const char *sql, struct error *err);
int kept_run_each(const char *database, const char *sql,
		  int (*fn)(const struct pg_row *row, void *ctx), void *ctx,
		  struct error *err);

#endif

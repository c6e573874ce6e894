/* SPDX-License-Identifier: Apache-2.0 */
/* run_remove.c - removes the directories of runs that nobody needs. */
#include "run/run_remove.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "run/run.h"
#include "run/run_list.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/interrupt.h"

/* A run that begins has files before it has a lock, and a report has no lock.
 */
static const int64_t fresh_us = INT64_C(600) * 1000000;
static const size_t list_max = (size_t)256 * 1024 * 1024;
static const char aside[] = ".removing-";

static enum retention_hold files_in_use(const char *run_dir)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(list_max);
	struct inventory_item *items;
	unsigned count;

	if (inventory_load(run_dir, &arena, &items, &count, NULL) < 0)
		return RETENTION_UNKNOWN;
	if (count)
		return RETENTION_UP;
	return clock_wall_us() - run_active_us(run_dir) < fresh_us
		       ? RETENTION_FRESH
		       : RETENTION_FREE;
}

enum retention_hold run_in_use(const char *run_dir)
{
	cleanup(closep) int lock = -1;
	const int rc = run_hold_old(run_dir, &lock, NULL);

	if (rc < 0)
		return RETENTION_UNKNOWN;
	return rc ? files_in_use(run_dir) : RETENTION_WORKING;
}

static int remove_aside(const char *runs_dir, const char *name,
			struct error *err)
{
	char path[PATH_ROOM];

	return dir_remove(path_printf(path, "%s/%s%s", runs_dir, aside, name),
			  err);
}

static int check_directory(const char *path, const char *name,
			   struct error *err)
{
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
	    !strchr(name, '/') && name[0] != '.')
		return 0;
	return error_set(err, ERROR_INPUT, "%s is not the directory of a run",
			 path);
}

/* Under the lock of the run: a process that wants to work on it has it before,
 * or does not find the run any more. */
static int move_aside(const char *runs_dir, const char *name, struct error *err)
{
	char from[PATH_ROOM], to[PATH_ROOM];

	path_join(from, runs_dir, name);
	path_printf(to, "%s/%s%s", runs_dir, aside, name);
	if (remove_aside(runs_dir, name, err) < 0)
		return -1;
	if (rename(from, to) < 0)
		return error_path(err, errno, "removing %s", from);
	return 0;
}

int run_remove(const char *runs_dir, const char *name, struct error *err)
{
	cleanup(closep) int lock = -1;
	char path[PATH_ROOM];
	int rc;

	path_join(path, runs_dir, name);
	if (check_directory(path, name, err) < 0)
		return -1;
	rc = run_hold_old(path, &lock, err);
	if (rc <= 0)
		return rc;
	if (files_in_use(path) != RETENTION_FREE)
		return 0;
	if (move_aside(runs_dir, name, err) < 0 ||
	    remove_aside(runs_dir, name, err) < 0)
		return -1;
	return 1;
}

/* ---- what was interrupted ---- */

struct rest {
	const char *runs_dir;
	unsigned count;
	struct error *err;
	struct error first; /* of one that cannot be removed */
};

/* One that cannot be removed does not keep the others. */
static int remove_left(const char *name, void *ctx)
{
	struct rest *r = ctx;
	const size_t n = strlen(aside);
	struct error why = { 0 };

	if (strncmp(name, aside, n))
		return 0;
	if (interrupt_check(r->err) < 0)
		return -1;
	if (remove_aside(r->runs_dir, name + n, &why) == 0)
		r->count++;
	else if (!r->first.kind)
		r->first = why;
	return 0;
}

int run_remove_rest(const char *runs_dir, unsigned *ret_count,
		    struct error *err)
{
	struct rest r = { .runs_dir = runs_dir, .err = err };

	*ret_count = 0;
	if (!file_exists(runs_dir))
		return 0;
	if (dir_each(runs_dir, remove_left, &r, err) < 0)
		return -1;
	*ret_count = r.count;
	if (!r.first.kind)
		return 0;
	if (err)
		*err = r.first;
	return -1;
}

int run_mend_latest(const char *runs_dir, struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(list_max);
	char latest[PATH_ROOM], newest[PATH_ROOM];
	struct run_entry *runs = NULL;
	unsigned count = 0;
	struct stat st;

	path_join(latest, runs_dir, "latest");
	if (lstat(latest, &st) < 0 || !S_ISLNK(st.st_mode) ||
	    file_exists(latest))
		return 0;
	if (run_list(runs_dir, &arena, &runs, &count, err) < 0)
		return -1;
	if (count)
		return run_point_latest(
			runs_dir, path_join(newest, runs_dir, runs[0].name),
			err);
	if (unlink(latest) < 0)
		return error_path(err, errno, "removing %s", latest);
	return 0;
}

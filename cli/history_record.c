/* SPDX-License-Identifier: Apache-2.0 */
/* history_record.c - the archive of a team: where it is, and what is recorded
 * there. */
#include "cli/history_record.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "cli/print.h"
#include "run/run_list.h"
#include "sys/interrupt.h"

static const size_t names_max = (size_t)64 * 1024 * 1024;

int history_database(const char *given, const char **ret, struct error *err)
{
	const char *named = getenv("MEDLEY_HISTORY_DATABASE");

	if (given) {
		if (archive_check_uri("--database", given, err) < 0)
			return -1;
		*ret = given;
		return 0;
	}
	if (named && *named &&
	    archive_check_uri("MEDLEY_HISTORY_DATABASE", named, err) < 0)
		return -1;
	*ret = named && *named ? named : NULL;
	return 0;
}

/* Errors of one run do not end the row, those of the database do. */
static int record_one(struct archive *a, const char *run_dir, unsigned *count,
		      struct error *err)
{
	struct error why = { 0 };
	char path[PATH_ROOM];
	int rc;

	if (!file_exists(path_join(path, run_dir, "results.json")))
		return 0;
	rc = archive_record(a, run_dir, &why);
	if (rc > 0)
		++*count;
	if (rc >= 0)
		return 0;
	if (why.kind != ERROR_INPUT) {
		if (err)
			*err = why;
		return -1;
	}
	print_line(stderr, "medley: warning: %s", why.text);
	return 0;
}

int history_record_all(struct archive *a, const char *runs_dir,
		       struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(names_max);
	struct run_entry *runs = NULL;
	unsigned count = 0, recorded = 0;
	char path[PATH_ROOM];

	if (run_list(runs_dir, &arena, &runs, &count, err) < 0)
		return -1;
	for (unsigned i = 0; i < count; i++)
		if (interrupt_check(err) < 0 ||
		    record_one(a, path_join(path, runs_dir, runs[i].name),
			       &recorded, err) < 0)
			return -1;
	print_line(stderr,
		   "medley: recorded %u of %u runs; the others were "
		   "recorded before, or have no results.json",
		   recorded, count);
	return 0;
}

static int record(const char *given, const char *run_dir, struct error *err)
{
	cleanup(archive_closep) struct archive *a = NULL;
	const char *uri = given;

	if (!given && history_database(NULL, &uri, err) < 0)
		return -1;
	if (!uri)
		return 0;
	if (archive_connect(uri, true, &a, err) < 0)
		return -1;
	return archive_record(a, run_dir, err);
}

void history_record_run(const char *given, const char *run_dir)
{
	struct error err = { 0 };

	if (record(given, run_dir, &err) < 0)
		print_line(stderr,
			   "medley: warning: the run is not in the history "
			   "database: %s; 'medley history --record' records it",
			   err.text);
}

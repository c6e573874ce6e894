/* SPDX-License-Identifier: Apache-2.0 */
/* job_stable.c - what a run keeps of the runs before it. */
#include "base/cleanup.h"
#include "cli/history_record.h"
#include "cli/job.h"
#include "cli/print.h"
#include "run/stable_runs.h"

static int open_archive(const struct job *job, struct archive **ret,
			struct error *err)
{
	const char *uri = job->net.history_database;
	struct error why = { 0 };

	if (!uri && history_database(NULL, &uri, err) < 0)
		return -1;
	if (uri && archive_connect(uri, true, ret, &why) == 0)
		return 0;
	if (uri && why.kind == ERROR_INTERRUPTED)
		return error_set(err, why.kind, "%s", why.text);
	if (uri)
		print_line(stderr,
			   "medley: warning: gates.stable_runs is taken from "
			   "the runs in %s: %s",
			   job->run->runs, why.text);
	return archive_open(job->run->runs, ret, err);
}

int job_keep_stable_runs(struct job *job, struct error *err)
{
	cleanup(archive_closep) struct archive *a = NULL;
	struct archive_query query;
	struct archived archived;

	if (!job->net.stable_gate)
		return 0;
	query = (struct archive_query){ .network = archive_network(
						job->net.file, &job->arena) };
	if (!query.network)
		return error_nomem(err);
	if (open_archive(job, &a, err) < 0 ||
	    archive_read(a, &query, &job->arena, &archived, err) < 0)
		return error_wrap(err, "gates.stable_runs");
	return stable_runs_write(job->run_dir, &archived, err);
}

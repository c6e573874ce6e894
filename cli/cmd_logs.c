/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_logs.c - medley logs: the log of a node, or of the database. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/job.h"
#include "cli/option_time.h"
#include "cli/print.h"
#include "deploy/deploy.h"
#include "engine/log_want.h"
#include "sys/wait.h"

enum { LINE_MAX_BYTES = 64 * 1024 };

struct cmd_logs_options {
	struct common_options common;
	struct run_options run;
	struct option_number lines;
	bool follow;
	const char *since;
};

static const struct option logs_options[] = {
	OPTIONS_OF_GROUP(runs_group, struct cmd_logs_options, run),
	OPTIONS_OF_GROUP(kubeconfig_group, struct cmd_logs_options, run.place),
	{ .name = "lines",
	  .letter = 'n',
	  .value = "N",
	  OPTION_OF(struct cmd_logs_options, lines),
	  .most = 1000000000,
	  .help = "only the last N lines" },
	{ .name = "follow",
	  .letter = 'f',
	  OPTION_OF(struct cmd_logs_options, follow),
	  .help = "also print what is logged from now on, until the container "
		  "ends or ^C" },
	{ .name = "since",
	  .value = "TIME",
	  OPTION_OF(struct cmd_logs_options, since),
	  .help = "only what was logged in this time before now (90s, 30m, "
		  "24h), or since a time (2026-11-21T07:50:12Z)" },
};

/* Only the name of a node becomes a part of a path. */
static int check_name(const struct job *job, const char *typed,
		      struct error *err)
{
	size_t own = own_log_node(typed);
	cleanup(freep) char *name = own ? strndup(typed, own) : strdup(typed);
	struct nearest n = nearest_to(typed);

	if (!name)
		return error_nomem(err);
	if (!strcmp(name, "database") || network_find(&job->net, name))
		return 0;
	nearest_offer(&n, "database");
	for (unsigned i = 0; i < job->net.node_count; i++)
		nearest_offer(&n, job->net.nodes[i].name);
	return error_set(err, ERROR_INPUT, "%s has no node '%s'%s%s%s",
			 job->run_dir, typed, n.word ? "; did you mean '" : "",
			 n.word ? n.word : "", n.word ? "'?" : "");
}

/* ---- who takes the log ---- */

/* As it is, into files and pipes. */
static int take_bytes(void *ctx, const void *bytes, size_t len,
		      struct error *err)
{
	const char *at = bytes;

	(void)ctx;
	/* The reader may end while nothing is logged, as head does. */
	if (!len && wait_fd(STDOUT_FILENO, 0, 0) & POLLERR)
		return error_errno(err, ERROR_INTERNAL, EPIPE,
				   "writing the log");
	while (len) {
		ssize_t n = write(STDOUT_FILENO, at, len);

		if (n < 0 && errno != EINTR)
			return error_errno(err, ERROR_INTERNAL, errno,
					   "writing the log");
		at += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* Prints the line that is whole, or too long to wait for its end. */
static void print_part(struct buf *line)
{
	if (line->len)
		print_line(stdout, "%s", buf_text(line));
	buf_clear(line);
}

/* A terminal would obey what a node wrote. */
static int take_lines(void *ctx, const void *bytes, size_t len,
		      struct error *err)
{
	const char *at = bytes, *end = at + len;
	struct buf *line = ctx;

	while (at < end) {
		size_t n = (size_t)(end - at), room = line->max - line->len - 1;
		const char *newline = memchr(at, '\n', n);

		n = newline ? (size_t)(newline - at) : n;
		n = n < room ? n : room;
		buf_add(line, at, n);
		at += n;
		if (buf_check(line, err) < 0)
			return -1;
		if (at == newline && !line->len)
			putchar('\n');
		if (at == newline || n == room)
			print_part(line);
		at += at == newline;
	}
	return 0;
}

/* ---- the command ---- */

static int print_log(const struct job *job, const char *node,
		     struct log_want *want, struct error *err)
{
	cleanup(buf_release) struct buf line = BUF_INIT(LINE_MAX_BYTES);
	bool terminal = isatty(STDOUT_FILENO);
	int rc;

	want->take = terminal ? take_lines : take_bytes;
	want->ctx = &line;
	rc = deploy_logs(job->run_dir, node, want, err);
	print_part(&line);
	return rc;
}

static int logs(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_logs_options *o = cli->options;
	cleanup(job_release) struct job job = { 0 };
	const char *run = cli->arg_count == 2 ? cli->args[0] : NULL;
	const char *node = cli->args[cli->arg_count - 1];
	struct log_want want = { .lines = (unsigned)o->lines.value,
				 .follow = o->follow };
	struct error why = { 0 };

	if (o->since &&
	    option_moment("since", o->since, &want.since_us, err) < 0)
		return -1;
	if (job_open(&job, &o->common, &o->run, err) < 0 ||
	    job_load(&job, run, err) < 0 || check_name(&job, node, err) < 0)
		return -1;
	fflush(stdout);
	if (print_log(&job, node, &want, &why) >= 0)
		return 0;
	/* ^C is how a person ends a log that is followed. */
	if (want.follow && why.kind == ERROR_INTERRUPTED) {
		*exit_code = ERROR_INTERRUPTED;
		return 0;
	}
	*err = why;
	return -1;
}

const struct command command_logs = {
	.name = "logs",
	.usage = "[RUN] NODE",
	.brief = "print the log of a node, or of the database",
	.text = "NODE is a node, or `database` for the database. Prints the "
		"log of the running container; after teardown, the log that "
		"was saved in RUN/logs. NODE.node.log, which is saved at "
		"teardown, is what the node logged to its own files, with the "
		"stack traces of exceptions. Saved logs cannot be followed; "
		"for them --since compares the times in their lines.",
	.examples = EXAMPLES({ "medley logs bank-4.0-0 -n 50",
			       "the last 50 lines of a node" },
			     { "medley logs -f --since 5m notary-4.8-0",
			       "a node of a network that is up, until ^C" },
			     { "medley logs runs/20261121-075012 database",
			       "the database of an older run" }),
	.least = 1,
	.most = 2,
	COMMAND_OPTIONS(logs_options, struct cmd_logs_options),
	.run = logs,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_logs.c - medley logs: the log of a node, or of the database. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/job.h"
#include "cli/print.h"
#include "deploy/deploy.h"

struct cmd_logs_options {
	struct common_options common;
	struct run_options run;
	struct option_number lines;
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

/* As it is into files and pipes; a terminal would obey what a node wrote. */
static int print_log(const struct job *job, const char *node, unsigned lines,
		     struct error *err)
{
	cleanup(freep) char *line = NULL;
	size_t room = 0;
	FILE *log;
	int fd, rc;

	if (!isatty(STDOUT_FILENO))
		return deploy_logs(job->run_dir, node, lines, STDOUT_FILENO,
				   err);
	fd = memfd_create("log", MFD_CLOEXEC);
	log = fd < 0 ? NULL : fdopen(fd, "r+");
	if (!log)
		return error_errno(err, ERROR_INTERNAL, errno, "%s", node);
	rc = deploy_logs(job->run_dir, node, lines, fd, err);
	rewind(log);
	while (rc == 0 && getline(&line, &room, log) > 0) {
		line[strcspn(line, "\n")] = 0;
		print_line(stdout, "%s", line);
	}
	fclose(log);
	return rc;
}

static int logs(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_logs_options *o = cli->options;
	cleanup(job_release) struct job job = { 0 };
	const char *run = cli->arg_count == 2 ? cli->args[0] : NULL;
	const char *node = cli->args[cli->arg_count - 1];

	(void)exit_code;
	if (job_open(&job, &o->common, &o->run, err) < 0 ||
	    job_load(&job, run, err) < 0 || check_name(&job, node, err) < 0)
		return -1;
	fflush(stdout);
	return print_log(&job, node, (unsigned)o->lines.value, err);
}

const struct command command_logs = {
	.name = "logs",
	.usage = "[RUN] NODE",
	.brief = "print the log of a node, or of the database",
	.text = "NODE is a node, or `database` for the database. Prints the "
		"log of the running container; after teardown, the log that "
		"was saved in RUN/logs. NODE.node.log, which is saved at "
		"teardown, is what the node logged to its own files, with the "
		"stack traces of exceptions.",
	.examples = EXAMPLES({ "medley logs bank-4.0-0 -n 50",
			       "the last 50 lines of a node" },
			     { "medley logs runs/20261121-075012 database",
			       "the database of an older run" }),
	.least = 1,
	.most = 2,
	COMMAND_OPTIONS(logs_options, struct cmd_logs_options),
	.run = logs,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_status.c - medley status and medley logs: how a network is just now. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/job.h"
#include "cli/say.h"
#include "base/nearest.h"
#include "deploy/deploy.h"

enum { STATUS_MAX = 16 * 1024 * 1024 };

static const char *readiness(const struct js *node)
{
	if (!js_get(node, "ready"))
		return "";
	return js_bool(node, "ready", false) ? "ready" : "not ready";
}

static void print_node(const struct js *node)
{
	char where[128] = "", line[512];
	size_t len;

	if (js_str(node, "host"))
		snprintf(where, sizeof(where), "%s:%d", js_str(node, "host"),
			 (int)js_int(node, "port", 0));
	else if (js_get(node, "exit_code"))
		snprintf(where, sizeof(where), "exit code %d",
			 (int)js_int(node, "exit_code", 0));
	snprintf(line, sizeof(line), "%-28s  %-8s  %-9s  %s",
		 js_str(node, "name") ?: "?", js_str(node, "state") ?: "?",
		 readiness(node), where);
	for (len = strlen(line); len && line[len - 1] == ' '; len--)
		;
	say_line(stdout, "%.*s", (int)len, line);
}

static void print_status(const struct js *status)
{
	const struct js *nodes = js_get(status, "nodes");

	for (size_t i = 0; i < js_count(nodes); i++)
		print_node(js_at(nodes, i));
	if (js_get(status, "database"))
		print_node(js_get(status, "database"));
}

int cmd_status(struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(STATUS_MAX);
	cleanup(js_freep) struct js *status = NULL;
	cleanup(job_release) struct job job = { 0 };

	(void)exit_code;
	if (job_open(&job, cli, err) < 0 ||
	    job_load(&job, cli->arg_count ? cli->args[0] : NULL, err) < 0 ||
	    deploy_status(job.run_dir, &status, err) < 0)
		return -1;
	if (!cli_has(cli, OPT_JSON)) {
		print_status(status);
		return 0;
	}
	if (js_print(status, JS_PRETTY, &text, err) < 0)
		return -1;
	fputs(buf_text(&text), stdout);
	return 0;
}

static int check_name(const struct job *job, const char *name,
		      struct error *err)
{
	struct nearest n = nearest_to(name);

	if (!strcmp(name, "database") || network_find(&job->net, name))
		return 0;
	nearest_offer(&n, "database");
	for (unsigned i = 0; i < job->net.node_count; i++)
		nearest_offer(&n, job->net.nodes[i].name);
	return error_set(err, ERROR_INPUT, "%s has no node '%s'%s%s%s",
			 job->run_dir, name, n.word ? "; did you mean '" : "",
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
		say_line(stdout, "%s", line);
	}
	fclose(log);
	return rc;
}

int cmd_logs(struct cli *cli, int *exit_code, struct error *err)
{
	cleanup(job_release) struct job job = { 0 };
	const char *run = cli->arg_count == 2 ? cli->args[0] : NULL;
	const char *node = cli->args[cli->arg_count - 1];

	(void)exit_code;
	if (job_open(&job, cli, err) < 0 || job_load(&job, run, err) < 0 ||
	    check_name(&job, node, err) < 0)
		return -1;
	fflush(stdout);
	return print_log(&job, node, (unsigned)cli->lines, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_list.c - medley list: the runs, what came of them, and how old they are.
 */
#include <stdio.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/job.h"
#include "cli/print.h"
#include "cli/table.h"
#include "run/results.h"
#include "run/run.h"
#include "run/run_list.h"
#include "sys/clock.h"

enum { TEXT_MAX = 1024 * 1024 };
static const size_t names_max = (size_t)64 * 1024 * 1024,
		    run_max = (size_t)1024 * 1024 * 1024;

struct cmd_list_options {
	struct common_options common;
	struct run_options run;
};

static const struct option list_options[] = {
	OPTIONS_OF_GROUP(runs_group, struct cmd_list_options, run),
	OPTIONS_OF_GROUP(json_group, struct cmd_list_options, common),
};

/* What the files of one run say. */
struct listed {
	const struct run_entry *entry;
	char dir[PATH_ROOM];
	struct arena arena;
	struct network net;
	struct results results; /* without an answer: not judged yet */
	const char *state;
	struct error why; /* its files cannot be read */
};

static void listed_release(struct listed *l)
{
	results_release(&l->results);
	arena_release(&l->arena);
}

/* "working": a medley process works on the run; "up": its objects exist. */
static const char *state_of(struct listed *l)
{
	struct inventory_item *items;
	unsigned count = 0;
	int fd = -1, rc = run_hold_old(l->dir, &fd, NULL);

	if (fd >= 0)
		close(fd);
	if (rc == 0)
		return "working";
	if (inventory_load(l->dir, &l->arena, &items, &count, NULL) < 0)
		return "unknown";
	return count ? "up" : "down";
}

static int read_run(struct listed *l)
{
	struct error *err = &l->why;
	char path[PATH_ROOM];

	if (run_refuse_links(l->dir, err) < 0 ||
	    network_load(l->dir, &l->arena, &l->net, err) < 0)
		return -1;
	l->state = state_of(l);
	path_join(path, l->dir, "results.json");
	return file_exists(path)
		       ? results_read(path, &l->arena, &l->results, err)
		       : 0;
}

static const char *answer_of(const struct listed *l)
{
	if (l->why.kind)
		return "unreadable";
	return l->results.answer ? l->results.answer : "not judged";
}

/* ---- for people ---- */

static const struct table_column columns[] = {
	{ .head = "run", .width = 20 },
	{ .head = "answer", .width = 13, .gap = 2 },
	{ .head = "network", .width = 7, .gap = 2 },
	{ .head = "age", .width = 6, .gap = 2, .right = true },
	{ .head = "releases", .gap = 2 },
};

static void add_row(struct table *t, const struct listed *l)
{
	cleanup(buf_release) struct buf releases = BUF_INIT(TEXT_MAX);
	char age[AGE_TEXT];

	if (!l->why.kind)
		job_name_releases(&l->net, &releases);
	TABLE_ROW(t, l->entry->name, answer_of(l), l->state ?: "-",
		  age_text(age, l->entry->begun_us),
		  l->why.kind ? l->why.text : buf_text(&releases));
}

/* ---- for programs ---- */

static struct js *run_json(const struct listed *l)
{
	cleanup(buf_release) struct buf releases = BUF_INIT(TEXT_MAX);
	struct js *one = js_object();
	char begun[CLOCK_TEXT];

	js_set_str(one, "run", l->entry->name);
	js_set_str(one, "directory", l->dir);
	js_set_str(one, "begun", clock_text(begun, l->entry->begun_us));
	js_set_str(one, "network", l->state);
	js_set_str(one, "answer", l->results.answer);
	js_set_str(one, "reason", l->results.reason);
	if (l->results.answer)
		js_set_int(one, "exit_code", l->results.exit_code);
	js_set_str(one, "engine", l->net.engine);
	if (l->net.node_count)
		job_name_releases(&l->net, &releases);
	js_set_str(one, "releases", releases.len ? buf_text(&releases) : NULL);
	js_set_str(one, "error", l->why.kind ? l->why.text : NULL);
	return one;
}

/* ---- both ---- */

static void add_listed(const char *runs, const struct run_entry *entry,
		       struct table *table, struct js *list)
{
	cleanup(listed_release) struct listed l = { .entry = entry };

	arena_init(&l.arena, run_max);
	path_join(l.dir, runs, entry->name);
	if (read_run(&l) < 0 && !l.why.kind)
		l.why.kind = ERROR_INTERNAL;
	if (list)
		js_append(list, run_json(&l));
	else
		add_row(table, &l);
}

static void print_table(const char *dir, const struct run_entry *runs,
			unsigned count)
{
	cleanup(table_release) struct table table = {
		.columns = columns, .count = ARRAY_SIZE(columns), .head = true
	};

	if (!count) {
		print_line(stdout, "no runs in %s; 'medley run' makes one",
			   dir);
		return;
	}
	for (unsigned i = 0; i < count; i++)
		add_listed(dir, &runs[i], &table, NULL);
	table_print(&table, stdout);
}

static int print_json(const char *dir, const struct run_entry *runs,
		      unsigned count, struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	struct js *list = js_array();

	for (unsigned i = 0; i < count; i++)
		add_listed(dir, &runs[i], NULL, list);
	js_set(root, "runs", list);
	return job_print_json(root, err);
}

static int list(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_list_options *o = cli->options;
	cleanup(arena_release) struct arena arena = ARENA_INIT(names_max);
	struct run_entry *runs = NULL;
	unsigned count = 0;

	(void)exit_code;
	if (run_list(o->run.runs, &arena, &runs, &count, err) < 0)
		return -1;
	if (o->common.json)
		return print_json(o->run.runs, runs, count, err);
	print_table(o->run.runs, runs, count);
	return 0;
}

const struct command command_list = {
	.name = "list",
	.usage = "",
	.brief = "list the runs: answer, network, age and releases",
	.text = "The newest run is the first. The answer is the result of the "
		"last `medley report`. The network of a run is `up` until "
		"`medley down` has removed its objects, and `working` while a "
		"medley process works on the run.",
	.examples = EXAMPLES({ "medley list", "the runs in runs/" },
			     { "medley list --runs nightly --json",
			       "the runs in another directory, for a "
			       "program" }),
	COMMAND_OPTIONS(list_options, struct cmd_list_options),
	.run = list,
};

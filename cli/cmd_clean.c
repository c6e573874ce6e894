/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_clean.c - medley clean: removes what abandoned runs have left behind. */
#include "engine/clean.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/counted.h"
#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/job.h"
#include "cli/option_time.h"
#include "cli/print.h"
#include "cli/table.h"
#include "sys/clock.h"

enum {
	RUN_S = 300,
	PLACES = 2,
	STATE_TEXT = 400,
	IDS_MAX = 8, /* that an error names */
	IDS_TEXT = 1024
};

struct cmd_clean_options {
	struct common_options common;
	struct run_options run;
	const char *older_than;
	bool dry_run;
	const char *namespace;
};

static const struct option clean_options[] = {
	OPTIONS_OF_GROUP(runs_group, struct cmd_clean_options, run),
	OPTIONS_OF_GROUP(context_group, struct cmd_clean_options, run.place),
	OPTIONS_OF_GROUP(kubeconfig_group, struct cmd_clean_options, run.place),
	{ .name = "older-than",
	  .value = "TIME",
	  OPTION_OF(struct cmd_clean_options, older_than),
	  .fallback = "24h",
	  .help = "only runs without activity for at least this time, such as "
		  "90s, 30m or 7d (24h)" },
	{ .name = "dry-run",
	  OPTION_OF(struct cmd_clean_options, dry_run),
	  .help = "only print what would be removed" },
	{ .name = "namespace",
	  .letter = 'n',
	  .value = "NAME",
	  OPTION_OF(struct cmd_clean_options, namespace),
	  .help = "only this namespace of the cluster" },
	OPTIONS_OF_GROUP(json_group, struct cmd_clean_options, common),
};

struct cleaning {
	const struct cli *cli; /* the runs that are meant */
	const struct cmd_clean_options *options;
	struct screen *screen;
	int64_t older_us;
	struct clean_place *places[PLACES];
	unsigned place_count;
	unsigned left; /* things */
	const char *first_left;
};

static void cleaning_release(struct cleaning *c)
{
	for (unsigned i = 0; i < c->place_count; i++)
		clean_closep(&c->places[i]);
	screen_close(c->screen);
}

/* The command may name runs. */
static bool is_meant(const struct cli *cli, const struct clean_run *r)
{
	for (unsigned i = 0; i < cli->arg_count; i++)
		if (!strcmp(cli->args[i], r->run))
			return true;
	return !cli->arg_count;
}

/* ---- the ids that the command names ---- */

/* A run that has left nothing has its directory; runs/latest is none. */
static bool has_directory(const char *runs, const char *id)
{
	char dir[PATH_ROOM], path[PATH_ROOM];
	struct stat st;

	return !strchr(id, '/') && !lstat(path_join(dir, runs, id), &st) &&
	       S_ISDIR(st.st_mode) &&
	       (file_exists(path_join(path, dir, "network.resolved.yaml")) ||
		file_exists(path_join(path, dir, "lock")));
}

/* "20261121-075012, 20261121-081503 and 3 more" */
static void list_ids(const struct cleaning *c, struct nearest *n,
		     struct buf *out)
{
	unsigned count = 0;

	for (unsigned p = 0; p < c->place_count; p++)
		for (unsigned i = 0; i < c->places[p]->count; i++) {
			const char *id = c->places[p]->runs[i].run;

			nearest_offer(n, id);
			if (count++ < IDS_MAX)
				buf_addf(out, "%s%s", count > 1 ? ", " : "",
					 id);
		}
	if (count > IDS_MAX)
		buf_addf(out, " and %u more", count - IDS_MAX);
}

static int refuse_id(const struct cleaning *c, const char *id,
		     struct error *err)
{
	cleanup(buf_release) struct buf ids = BUF_INIT(IDS_TEXT);
	struct nearest n = nearest_to(id);

	list_ids(c, &n, &ids);
	if (buf_check(&ids, err) < 0)
		return -1;
	if (!ids.len)
		return error_set(err, ERROR_INPUT,
				 "no run has the id '%s', and none has left "
				 "anything%s",
				 id, c->place_count > 1 ? "" : " in podman");
	if (n.word)
		return error_set(err, ERROR_INPUT,
				 "no run has the id '%s'; did you mean '%s'? "
				 "Runs that have left something: %s",
				 id, n.word, buf_text(&ids));
	return error_set(err, ERROR_INPUT,
			 "no run has the id '%s'; runs that have left "
			 "something: %s",
			 id, buf_text(&ids));
}

static bool is_known(const struct cleaning *c, const char *id)
{
	for (unsigned p = 0; p < c->place_count; p++)
		for (unsigned i = 0; i < c->places[p]->count; i++)
			if (!strcmp(c->places[p]->runs[i].run, id))
				return true;
	return has_directory(c->options->run.runs, id);
}

static int check_ids(const struct cleaning *c, struct error *err)
{
	for (unsigned i = 0; i < c->cli->arg_count; i++)
		if (!is_known(c, c->cli->args[i]))
			return refuse_id(c, c->cli->args[i], err);
	return 0;
}

/* Forgets the runs that are not meant. */
static void choose(const struct cli *cli, struct clean_place *p)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < p->count; i++)
		if (is_meant(cli, &p->runs[i]))
			p->runs[kept++] = p->runs[i];
	p->count = kept;
}

static bool is_dead(const struct cleaning *c, const struct clean_run *r)
{
	return !r->held && clock_wall_us() - r->active_us >= c->older_us;
}

static const char *state_of(const struct cleaning *c, const struct clean_run *r,
			    char room[STATE_TEXT])
{
	if (r->held)
		return "kept: a medley process works on it";
	if (r->removed && !r->left)
		return "removed";
	if (r->removed)
		snprintf(room, STATE_TEXT, "%u left, the first is %s", r->left,
			 r->first_left ? r->first_left : "?");
	else
		snprintf(room, STATE_TEXT, "%s",
			 !is_dead(c, r) ? "kept: active too recently"
					: "would be removed");
	return room;
}

static const struct table_column columns[] = {
	{ .head = "run", .width = 20 },
	{ .head = "where", .width = 24, .gap = 1 },
	{ .head = "age", .width = 8, .gap = 1 },
	{ .head = "objects", .width = 7, .gap = 1, .right = true },
	{ .head = "", .gap = 2 },
};

static void print_table(const struct cleaning *c)
{
	cleanup(table_release) struct table t = { .columns = columns,
						  .count = ARRAY_SIZE(columns),
						  .head = true };
	char age[AGE_TEXT], state[STATE_TEXT], things[16];

	for (unsigned p = 0; p < c->place_count; p++)
		for (unsigned i = 0; i < c->places[p]->count; i++) {
			const struct clean_run *r = &c->places[p]->runs[i];

			snprintf(things, sizeof(things), "%u", r->things);
			TABLE_ROW(&t, r->run, r->where,
				  age_text(age, r->active_us), things,
				  state_of(c, r, state));
		}
	if (t.used)
		table_print(&t, stdout);
	else
		printf("%s left anything\n", c->cli->arg_count
						     ? "these runs have not"
						     : "no run has");
}

static int print_json(const struct cleaning *c, struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	struct js *list = js_array();
	char text[CLOCK_TEXT], state[STATE_TEXT];

	for (unsigned p = 0; p < c->place_count; p++)
		for (unsigned i = 0; i < c->places[p]->count; i++) {
			const struct clean_run *r = &c->places[p]->runs[i];
			struct js *one = js_object();

			js_set_str(one, "run", r->run);
			js_set_str(one, "where", r->where);
			js_set_str(one, "active",
				   clock_text(text, r->active_us));
			js_set_int(one, "things", r->things);
			js_set_bool(one, "removed", r->removed);
			js_set_int(one, "left", r->left);
			js_set_str(one, "state", state_of(c, r, state));
			js_append(list, one);
		}
	js_set(root, "runs", list);
	return job_print_json(root, err);
}

static void note(const char *text, void *ctx)
{
	(void)ctx;
	print_line(stderr, "medley: %s", text);
}

static int add_place(struct cleaning *c, struct clean_place *place,
		     struct error *err)
{
	c->places[c->place_count++] = place;
	place->note = note;
	return clean_find(place, err);
}

static bool names_cluster(const struct cmd_clean_options *o)
{
	return o->run.place.context || o->run.place.kubeconfig;
}

static int find_all(struct cleaning *c, struct error *err)
{
	const struct cmd_clean_options *o = c->options;
	const char *runs = o->run.runs;
	struct clean_place *place;

	if (clean_machine(runs, &place, err) < 0 ||
	    add_place(c, place, err) < 0)
		return -1;
	if (!names_cluster(o))
		return 0;
	if (clean_cluster(o->run.place.context, o->namespace, runs, &place,
			  err) < 0)
		return -1;
	return add_place(c, place, err);
}

/* The runs that the command is about. */
static int find(struct cleaning *c, struct error *err)
{
	if (find_all(c, err) < 0 || check_ids(c, err) < 0)
		return -1;
	for (unsigned i = 0; i < c->place_count; i++)
		choose(c->cli, c->places[i]);
	return 0;
}

static int remove_dead(struct cleaning *c, struct clean_place *p,
		       struct error *err)
{
	for (unsigned i = 0; i < p->count; i++)
		if (is_dead(c, &p->runs[i]) &&
		    clean_remove(p, &p->runs[i], RUN_S, err) < 0)
			return -1;
	if (clean_prove(p, err) < 0)
		return -1;
	for (unsigned i = 0; i < p->count; i++) {
		if (p->runs[i].left && !c->left)
			c->first_left = p->runs[i].first_left;
		c->left += p->runs[i].left;
	}
	return 0;
}

static int remove_all(struct cleaning *c, struct error *err)
{
	int64_t began = clock_mono_us();
	struct progress *progress = screen_begin(c->screen, "clean");
	char text[64];
	int rc = 0;

	for (unsigned i = 0; i < c->place_count && rc >= 0; i++) {
		c->places[i]->progress = progress;
		rc = remove_dead(c, c->places[i], err);
	}
	snprintf(text, sizeof(text), "%lld %s left",
		 COUNTED_AS(c->left, "object is", "objects are"));
	screen_end(c->screen, text, (double)(clock_mono_us() - began) / 1e6,
		   rc < 0 || c->left);
	return rc;
}

static int clean(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_clean_options *o = cli->options;
	cleanup(cleaning_release) struct cleaning c = { .cli = cli,
							.options = o };

	(void)exit_code;
	if (o->namespace && !names_cluster(o))
		return error_set(err, ERROR_INPUT,
				 "-n names a namespace, but not its cluster; "
				 "add --context or --kubeconfig");
	if (placement_use_kubeconfig(&o->run.place, err) < 0 ||
	    option_duration("older-than", o->older_than, &c.older_us, err) <
		    0 ||
	    screen_open(&o->common, &c.screen, err) < 0 || find(&c, err) < 0)
		return -1;
	if (!o->dry_run && remove_all(&c, err) < 0)
		return -1;
	if (!o->common.json)
		print_table(&c);
	else if (print_json(&c, err) < 0)
		return -1;
	if (!c.left)
		return 0;
	return error_set(err, ERROR_LEFT,
			 "%lld %s left, the first is %s; find out what "
			 "prevents its removal, then run medley clean again",
			 COUNTED_AS(c.left, "object is", "objects are"),
			 c.first_left ? c.first_left : "?");
}

const struct command command_clean = {
	.name = "clean",
	.usage = "[ID...]",
	.brief = "remove what abandoned runs have left behind",
	.text = "Looks for pods, containers, volumes, networks and secrets "
		"of runs in podman and, with --context or --kubeconfig, for "
		"a cluster's objects with the labels "
		"app.kubernetes.io/managed-by=medley and medley.run. "
		"Removes the objects of a run if no medley process works on "
		"the run, and if no object and no file in its directory is "
		"younger than --older-than. Without IDs it looks at all "
		"runs; an ID that no run has is an error. Deletes a "
		"namespace that a run created, unless it has objects of "
		"others. Prints a table with the result for each run. If "
		"anything is left, the exit code is 68.",
	.examples =
		EXAMPLES({ "medley clean --dry-run", "what would be removed" },
			 { "medley clean --older-than 1h",
			   "what had no activity for an hour" },
			 { "medley clean --context kind-test -n corda",
			   "in a namespace of a cluster, too" }),
	.most = CLI_ARGS,
	COMMAND_OPTIONS(clean_options, struct cmd_clean_options),
	.run = clean,
};

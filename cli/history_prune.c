/* SPDX-License-Identifier: Apache-2.0 */
/* history_prune.c - medley history --prune: removes old runs. */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "cli/cmd_history.h"
#include "cli/job.h"
#include "cli/print.h"
#include "cli/table.h"
#include "run/retention.h"
#include "run/run_list.h"
#include "run/run_remove.h"
#include "sys/clock.h"
#include "sys/interrupt.h"

static const size_t prune_max = (size_t)1024 * 1024 * 1024;

struct pruning {
	const struct cmd_history_options *options;
	struct arena arena;
	struct retention policy;
	struct retention_run *runs; /* the newest first */
	struct retention_verdict *verdicts;
	unsigned count;
	unsigned removed, rest;
	unsigned failed; /* runs and rests that cannot be removed */
	struct error first; /* why the first of them cannot */
};

static void pruning_release(struct pruning *p)
{
	arena_release(&p->arena);
}

/* ---- the runs ---- */

static const struct archive_run *find_archived(const struct archived *a,
					       const char *name)
{
	for (size_t i = 0; i < a->run_count; i++)
		if (!strcmp(a->runs[i].id, name))
			return &a->runs[i];
	return NULL;
}

/* By the file that the run was made of; "": not known. */
static const char *network_of(const char *run_dir, struct arena *arena)
{
	struct network net;

	if (network_load(run_dir, arena, &net, NULL) < 0 || !net.file)
		return "";
	return archive_network(net.file, arena) ?: "";
}

static void describe(struct pruning *p, const struct archived *a,
		     const struct run_entry *entry, struct retention_run *ret)
{
	const struct archive_run *r = find_archived(a, entry->name);
	char path[PATH_ROOM];

	path_join(path, p->options->run.runs, entry->name);
	*ret = (struct retention_run){
		.name = entry->name,
		.begun_us = entry->begun_us,
		.answer = RETENTION_UNJUDGED,
		.hold = run_in_use(path),
	};
	if (r && !*r->unreadable) {
		ret->network = r->network;
		ret->answer = retention_answer_of(r->exit_code);
		ret->begun_us = r->begun_us;
	} else {
		ret->network = network_of(path, &p->arena);
	}
}

static int list_runs(struct pruning *p, const struct archived *a,
		     struct error *err)
{
	struct run_entry *entries = NULL;
	unsigned count = 0;

	if (run_list(p->options->run.runs, &p->arena, &entries, &count, err) <
	    0)
		return -1;
	p->runs = arena_array(&p->arena, count + 1, sizeof(*p->runs));
	p->verdicts = arena_array(&p->arena, count + 1, sizeof(*p->verdicts));
	if (!p->runs || !p->verdicts)
		return error_nomem(err);
	for (; p->count < count; p->count++)
		describe(p, a, &entries[p->count], &p->runs[p->count]);
	return 0;
}

/* The archive knows answers and networks without reading each run. */
static int decide(struct pruning *p, struct error *err)
{
	cleanup(archive_closep) struct archive *a = NULL;
	struct archived archived;

	if (archive_open(p->options->run.runs, &a, err) < 0 ||
	    archive_read_runs(a, &p->arena, &archived, err) < 0 ||
	    list_runs(p, &archived, err) < 0)
		return -1;
	retention_decide(&p->policy, p->runs, p->count, clock_wall_us(),
			 p->verdicts);
	return 0;
}

/* ---- what is done ---- */

/* A run that cannot be removed, such as one with files of another user, does
 * not keep the others. */
static int pass_over(struct pruning *p, const struct error *why,
		     struct error *err)
{
	if (why->kind == ERROR_INTERRUPTED || error_is_memory(why)) {
		*err = *why;
		return -1;
	}
	if (!p->failed++)
		p->first = *why;
	return 0;
}

static int remove_run(struct pruning *p, unsigned i, struct error *err)
{
	struct retention_verdict *v = &p->verdicts[i];
	struct error why = { 0 };
	int rc;

	if (v->kept)
		return 0;
	if (interrupt_check(err) < 0)
		return -1;
	rc = run_remove(p->options->run.runs, p->runs[i].name, &why);
	if (rc < 0) {
		v->failed = true;
		return pass_over(p, &why, err);
	}
	p->removed += rc == 1;
	if (!rc) {
		v->kept = true;
		snprintf(v->why, sizeof(v->why), "it is in use now");
	}
	return 0;
}

static int remove_all(struct pruning *p, struct error *err)
{
	struct error why = { 0 };

	if (run_remove_rest(p->options->run.runs, &p->rest, &why) < 0 &&
	    pass_over(p, &why, err) < 0)
		return -1;
	for (unsigned i = p->count; i-- > 0;)
		if (remove_run(p, i, err) < 0)
			return -1;
	return run_mend_latest(p->options->run.runs, err);
}

/* ---- what is printed ---- */

static const struct table_column columns[] = {
	{ .head = "run", .width = 20 },
	{ .head = "age", .width = 8, .gap = 1 },
	{ .head = "", .gap = 2 },
};

static const char *state_of(const struct pruning *p, unsigned i)
{
	if (p->verdicts[i].kept)
		return "kept";
	if (p->verdicts[i].failed)
		return "cannot be removed";
	return p->options->dry_run ? "would be removed" : "removed";
}

static void print_table(const struct pruning *p)
{
	cleanup(table_release) struct table t = { .columns = columns,
						  .count = ARRAY_SIZE(columns),
						  .head = true };
	char age[AGE_TEXT], state[RETENTION_WHY + 32];

	for (unsigned i = 0; i < p->count; i++) {
		snprintf(state, sizeof(state), "%s: %s", state_of(p, i),
			 p->verdicts[i].why);
		TABLE_ROW(&t, p->runs[i].name,
			  age_text(age, p->runs[i].begun_us), state);
	}
	if (p->count)
		table_print(&t, stdout);
	else
		print_line(stdout, "no runs in %s", p->options->run.runs);
	if (p->rest)
		print_line(stdout, "finished %u interrupted removals", p->rest);
}

static int print_json(const struct pruning *p, struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	struct js *list = js_array();
	char text[CLOCK_TEXT];

	for (unsigned i = 0; i < p->count; i++) {
		struct js *one = js_object();

		js_set_str(one, "run", p->runs[i].name);
		js_set_str(one, "network",
			   *p->runs[i].network ? p->runs[i].network : NULL);
		js_set_str(one, "begun", clock_text(text, p->runs[i].begun_us));
		js_set_bool(one, "kept", p->verdicts[i].kept);
		js_set_bool(one, "removed",
			    !p->verdicts[i].kept && !p->verdicts[i].failed &&
				    !p->options->dry_run);
		js_set_str(one, "why", p->verdicts[i].why);
		js_append(list, one);
	}
	js_set(root, "runs", list);
	js_set_int(root, "finished", p->rest);
	return job_print_json(root, err);
}

int history_prune(const struct cmd_history_options *o, struct error *err)
{
	cleanup(pruning_release) struct pruning p = { .options = o };

	arena_init(&p.arena, prune_max);
	if (retention_parse("--keep", o->keep, &p.policy, err) < 0 ||
	    decide(&p, err) < 0 || (!o->dry_run && remove_all(&p, err) < 0))
		return -1;
	if (o->common.json && print_json(&p, err) < 0)
		return -1;
	if (!o->common.json)
		print_table(&p);
	if (!p.failed)
		return 0;
	*err = p.first;
	return -1;
}

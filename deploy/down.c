/* SPDX-License-Identifier: Apache-2.0 */
/* down.c - saves the logs of a run, removes it, and proves that it is gone. */
#include "deploy/deploy.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/counted.h"
#include "engine/engine.h"
#include "engine/own_names.h"
#include "engine/run_secrets.h"
#include "deploy/saved_log.h"
#include "run/network.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/wait.h"

/*
 * Nothing here needs what deploy_up() knew: the inventory has a line for each
 * thing before it was made, so that the work of a medley that was killed can
 * be undone by the next. Removing what is not there is no error, and whether
 * all of it worked is told by listing, not by the removals.
 */
enum { ARENA_MAX = 256 * 1024 * 1024, ROUNDS = 3, SETTLE_MS = 200 };
/* An inventory from elsewhere may name more than a line of phases.jsonl has
 * room for. */
enum { STRANGERS_LISTED = 100 };

struct teardown {
	const char *run_dir;
	int64_t limit; /* monotonic */
	struct arena arena;
	struct network net;
	struct engine *engine; /* owned */
	struct inventory_item *items, *left;
	unsigned count, left_count;
	unsigned strangers; /* behind `items`: not of this run, they stay */
	struct lost_logs lost;
};

static void teardown_release(struct teardown *t)
{
	js_free(t->lost.names);
	engine_closep(&t->engine);
	arena_release(&t->arena);
}

static int teardown_open(struct teardown *t, struct error *err)
{
	unsigned own;

	arena_init(&t->arena, ARENA_MAX);
	if (inventory_load(t->run_dir, &t->arena, &t->items, &t->count, err) <
	    0)
		return -1;
	if (!t->count)
		return 0;
	if (network_load(t->run_dir, &t->arena, &t->net, err) < 0)
		return -1;
	if (engine_open(t->net.engine, t->run_dir, &t->engine, err) < 0)
		return -1;
	own = own_items(t->engine, t->items, t->count);
	t->strangers = t->count - own;
	t->count = own;
	return 0;
}

static int seconds_left(const struct teardown *t)
{
	int64_t us = t->limit - clock_mono_us();

	return us > 1000000 ? (int)(us / 1000000) : 1;
}

/* A second round is for what was still being made when medley was killed. */
static int remove_all(struct teardown *t, struct progress *progress,
		      struct error *err)
{
	const struct engine_ops *ops = t->engine->ops;

	for (int round = 0; round < ROUNDS; round++) {
		progress_say(progress, 0, t->count, 0, "removing %lld %s",
			     COUNTED(t->count, "thing"));
		if (ops->remove(t->engine, t->items, t->count, seconds_left(t),
				err) < 0 ||
		    ops->left(t->engine, &t->arena, &t->left, &t->left_count,
			      err) < 0)
			return -1;
		if (!t->left_count || clock_mono_us() > t->limit)
			break;
		pause_ms(SETTLE_MS); /* nobody reports that it was made */
	}
	return 0;
}

/* What was left to others is there, but in no list of what is left. */
static bool is_kept(const struct teardown *t)
{
	return t->engine && t->engine->stays.kind;
}

/* How many of the inventory are gone. */
static unsigned removed(const struct teardown *t)
{
	unsigned n = t->count - is_kept(t);

	for (unsigned i = 0; i < t->count; i++)
		for (unsigned j = 0; j < t->left_count; j++)
			if (!strcmp(t->items[i].kind, t->left[j].kind) &&
			    !strcmp(t->items[i].name, t->left[j].name))
				n--;
	return n;
}

static struct js *list_of(const struct inventory_item *items, unsigned count)
{
	struct js *list = js_array();

	for (unsigned i = 0; i < count; i++) {
		struct js *one = js_object();

		js_set_str(one, "kind", items[i].kind);
		js_set_str(one, "name", items[i].name);
		js_append(list, one);
	}
	return list;
}

static struct js *details_of(const struct teardown *t)
{
	struct js *details = js_object();

	js_set_int(details, "made", t->count);
	js_set_int(details, "removed", removed(t));
	js_set(details, "left", list_of(t->left, t->left_count));
	if (is_kept(t))
		js_set_str(details, "stays", t->engine->stays.text);
	if (t->strangers) {
		js_set_int(details, "strangers", t->strangers);
		js_set(details, "not_of_this_run",
		       list_of(t->items + t->count,
			       t->strangers < STRANGERS_LISTED
				       ? t->strangers
				       : STRANGERS_LISTED));
	}
	if (js_count(t->lost.names)) {
		js_set(details, "logs_lost", js_copy(t->lost.names));
		js_set_str(details, "logs_lost_why", t->lost.why.text);
	}
	return details;
}

int deploy_down(const char *run_dir, int seconds, struct progress *progress,
		struct js **ret_details, struct error *err)
{
	cleanup(teardown_release) struct teardown t = {
		.run_dir = run_dir, .lost = { .names = js_array() }
	};
	char path[PATH_ROOM];

	if (teardown_open(&t, err) < 0)
		return -1;
	if (t.engine) {
		progress_say(progress, 0, t.count, 0, "saving logs");
		saved_logs_write(t.engine, &t.net, run_dir, seconds / 2,
				 &t.lost);
		/* The removal has all of its time, however long that took. */
		t.limit = clock_mono_us() + seconds * 1000000LL;
		if (remove_all(&t, progress, err) < 0)
			return -1;
		if (!t.left_count && inventory_close(run_dir, err) < 0)
			return -1;
	}
	unlink(path_join(path, run_dir, "endpoints.json"));
	*ret_details = details_of(&t);
	if (t.left_count)
		return error_set(err, ERROR_LEFT,
				 "%lld %s left, the first is %s %s; to "
				 "try again: medley down %s",
				 COUNTED_AS(t.left_count, "object is",
					    "objects are"),
				 t.left[0].kind, t.left[0].name, run_dir);
	return run_secrets_remove(run_dir, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* network_logs.c - what the pods of a run have logged: now, or when it ended.
 */
#include <stdio.h>
#include <string.h>

#include "deploy/deploy.h"
#include "deploy/log_times.h"
#include "deploy/network_pods.h"
#include "deploy/saved_log.h"
#include "engine/log_read.h"
#include "sys/file.h"

enum { ARENA_MAX = 256 * 1024 * 1024, LOG_MAX = 1024 * 1024 * 1024 };

/* One log of a run. */
struct log_place {
	const char *run_dir, *name;
	const struct log_want *want;
	struct arena arena;
	struct network net;
	struct engine *engine; /* owned */
	struct pod *pod;
};

static void log_place_release(struct log_place *l)
{
	engine_closep(&l->engine);
	arena_release(&l->arena);
}

static int give(const struct buf *text, const struct log_want *want,
		struct error *err)
{
	size_t at = log_tail(text, want->lines);

	return want->take(want->ctx, text->data + at, text->len - at, err);
}

/* ---- of a container ---- */

static int give_so_far(struct log_place *l, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(LOG_MAX);

	if (log_read(l->engine, l->pod, l->want->since_us, 0, &text, err) < 0)
		return -1;
	return give(&text, l->want, err);
}

static int give_live(struct log_place *l, struct error *err)
{
	return l->want->follow ? l->engine->ops->follow_log(l->engine, l->pod,
							    l->want, err)
			       : give_so_far(l, err);
}

/* ---- saved ---- */

static int refuse_times(const struct log_place *l, struct error *err)
{
	if (own_log_node(l->name) || !strcmp(l->name, "database"))
		return error_set(err, ERROR_INPUT,
				 "%s: the saved log of %s has no times; leave "
				 "out --since",
				 l->run_dir, l->name);
	return error_set(err, ERROR_INPUT,
			 "%s: the saved log of %s has no times; leave out "
			 "--since, or see 'medley logs %s" OWN_LOG "'",
			 l->run_dir, l->name, l->name);
}

static int give_file(const struct log_place *l, const char *path,
		     struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(LOG_MAX);
	cleanup(buf_release) struct buf part = BUF_INIT(LOG_MAX);

	if (file_read(path, &text, err) < 0)
		return -1;
	if (!l->want->since_us || !text.len)
		return give(&text, l->want, err);
	if (!log_lines_since(&text, l->want->since_us, &part))
		return refuse_times(l, err);
	if (buf_check(&part, err) < 0)
		return -1;
	return give(&part, l->want, err);
}

/* It is fetched when the network goes down. */
static int give_own_log(const struct log_place *l, struct error *err)
{
	int len = (int)own_log_node(l->name);
	char path[PATH_ROOM];

	if (l->want->follow)
		return error_set(err, ERROR_INPUT,
				 "%s cannot be followed: medley saves it when "
				 "the network goes down; see 'medley logs -f "
				 "%.*s'",
				 l->name, len, l->name);
	path_printf(path, "%s/logs/%s", l->run_dir, l->name);
	if (!file_exists(path))
		return error_set(err, ERROR_INPUT,
				 "%s: no %s: medley saves it when the network "
				 "goes down; until then see 'medley logs %.*s'",
				 l->run_dir, l->name, len, l->name);
	return give_file(l, path, err);
}

static int give_saved(const struct log_place *l,
		      const struct network_node *node, const struct error *why,
		      struct error *err)
{
	char path[PATH_ROOM];

	saved_log_path(path, l->run_dir, node);
	if (why->kind && (l->want->follow || !file_exists(path)))
		return error_set(err, why->kind, "%s", why->text);
	if (!file_exists(path))
		return error_set(err, ERROR_INPUT,
				 "%s: no log of %s: the node is not running, "
				 "and no log was saved",
				 l->run_dir, l->name);
	if (l->want->follow)
		return error_set(err, ERROR_INPUT,
				 "%s: %s does not run, so its log cannot be "
				 "followed; without -f you see the saved log",
				 l->run_dir, l->name);
	return give_file(l, path, err);
}

/* ---- both ---- */

static int log_place_open(struct log_place *l, struct error *err)
{
	arena_init(&l->arena, ARENA_MAX);
	if (network_load(l->run_dir, &l->arena, &l->net, err) < 0)
		return -1;
	return engine_open(l->net.engine, l->run_dir, &l->engine, err);
}

int deploy_logs(const char *run_dir, const char *name,
		const struct log_want *want, struct error *err)
{
	cleanup(log_place_release) struct log_place l = { .run_dir = run_dir,
							  .name = name,
							  .want = want };
	const struct network_node *node;
	struct error why = { 0 };

	if (own_log_node(name))
		return give_own_log(&l, err);
	if (log_place_open(&l, err) < 0)
		return -1;
	node = network_find(&l.net, name);
	if (!node && strcmp(name, "database"))
		return error_set(err, ERROR_INPUT,
				 "%s has no node \"%s\"; its nodes are in "
				 "network.resolved.yaml, and \"database\"",
				 run_dir, name);
	if (pod_of(l.engine, &l.net, node, false, &l.pod, &why) == 0 &&
	    l.engine->ops->observe(l.engine, &why) == 0 &&
	    l.pod->phase != POD_MISSING)
		return give_live(&l, err);
	return give_saved(&l, node, &why, err);
}

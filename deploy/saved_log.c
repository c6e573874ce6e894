/* SPDX-License-Identifier: Apache-2.0 */
/* saved_log.c - the logs of a run's pods, kept in <run>/logs. */
#include "deploy/saved_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deploy/deploy.h"
#include "deploy/network_pods.h"
#include "engine/file_ends.h"
#include "sys/clock.h"

enum {
	LOG_BYTES = 64 * 1024 * 1024,
	FILES_US = 1000 * 1000,
	FIRST_SECONDS = 40, /* one that is away may come back */
	AGAIN_SECONDS = 5,
};

const char *saved_log_path(char room[PATH_ROOM], const char *run_dir,
			   const struct network_node *node)
{
	return path_printf(room, "%s/logs/%s.log", run_dir,
			   node ? node->name : "database");
}

struct saving {
	struct engine *engine;
	const struct network *net;
	const char *run_dir;
	struct pod **pods; /* of network_pod(); NULL: there is none */
	bool observed; /* their phases are known */
	int64_t limit_us;
	struct lost_logs *lost;
};

/* Something failed: is it the engine? Then all the rest would wait as long. */
static void ask_engine(struct saving *s, int seconds)
{
	struct error why;

	if (engine_can(s->engine, ENGINE_IS_REMOTE) &&
	    s->engine->ops->answers(s->engine, seconds, &why) < 0)
		s->lost->why = why;
}

/* Whether no further one is begun. */
static bool is_over(struct saving *s)
{
	if (!s->lost->why.kind && clock_mono_us() >= s->limit_us)
		error_set(&s->lost->why, ERROR_LEFT, "it took too long");
	return s->lost->why.kind != ERROR_NONE;
}

/* Written beside, then renamed: a log of an earlier try stays whole. */
static void save(struct saving *s, const struct pod *pod, const char *path)
{
	char tmp[PATH_ROOM];

	path_printf(tmp, "%s.new", path);
	unlink(tmp);
	if (s->engine->ops->logs(s->engine, pod, 0, tmp, NULL) >= 0 &&
	    file_keep_end(tmp, LOG_BYTES, NULL) >= 0 && rename(tmp, path) >= 0)
		return;
	unlink(tmp);
	ask_engine(s, AGAIN_SECONDS);
}

/* A pod that was seen to be gone has no log to lose. */
static void lose(struct saving *s, unsigned i, const char *path)
{
	const struct network_node *node = network_pod(s->net, i);
	const char *name = node ? node->name : "database";

	if ((!s->observed || s->pods[i]->phase != POD_MISSING) &&
	    !file_exists(path))
		js_append_str(s->lost->names, name);
}

/* Where the pods may not be seen, all their logs are lost, whoever answers. */
static void look(struct saving *s)
{
	struct error why = { 0 };

	s->observed = s->engine->ops->observe(s->engine, &why) >= 0;
	if (s->observed)
		return;
	ask_engine(s, AGAIN_SECONDS);
	if (!s->lost->why.kind)
		s->lost->why = why;
}

static void save_all(struct saving *s)
{
	char path[PATH_ROOM];

	if (!is_over(s))
		look(s);
	for (unsigned i = 0; i <= s->net->node_count; i++) {
		if (!s->pods[i])
			continue;
		saved_log_path(path, s->run_dir, network_pod(s->net, i));
		if (!is_over(s) && s->pods[i]->phase != POD_MISSING)
			save(s, s->pods[i], path);
		if (s->lost->why.kind)
			lose(s, i, path);
	}
}

static void save_files(struct saving *s, const struct pod *pod,
		       const struct network_node *node)
{
	char path[PATH_ROOM], tmp[PATH_ROOM];

	path_printf(path, "%s/logs/%s" OWN_LOG, s->run_dir, node->name);
	path_printf(tmp, "%s.new", path);
	unlink(tmp);
	if (s->engine->ops->log_files(s->engine, pod, LOG_BYTES, tmp, NULL) <
		    0 ||
	    rename(tmp, path) < 0)
		unlink(tmp);
}

static void save_all_files(struct saving *s)
{
	int64_t until = clock_mono_us() + FILES_US;

	for (unsigned i = 0; i < s->net->node_count; i++)
		if (s->pods[i] && !is_over(s) && clock_mono_us() < until)
			save_files(s, s->pods[i], &s->net->nodes[i]);
}

static bool has_pod(const struct network *net, const struct network_node *node)
{
	return node ? network_node_runs(net, node) : !net->external.host;
}

void saved_logs_write(struct engine *e, const struct network *net,
		      const char *run_dir, int seconds, struct lost_logs *lost)
{
	cleanup(freep) struct pod **pods =
		calloc(net->node_count + 1, sizeof(struct pod *));
	struct saving s = { .engine = e,
			    .net = net,
			    .run_dir = run_dir,
			    .pods = pods,
			    .limit_us = clock_mono_us() + seconds * 1000000LL,
			    .lost = lost };
	char path[PATH_ROOM];

	if (!pods || dir_make(path_join(path, run_dir, "logs"), 0700, NULL) < 0)
		return;
	for (unsigned i = 0; i <= net->node_count; i++)
		if (!has_pod(net, network_pod(net, i)) ||
		    pod_of(e, net, network_pod(net, i), false, &pods[i], NULL) <
			    0)
			pods[i] = NULL;
	ask_engine(&s, FIRST_SECONDS);
	save_all_files(&s);
	save_all(&s);
}

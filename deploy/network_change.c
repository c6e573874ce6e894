/* SPDX-License-Identifier: Apache-2.0 */
/* network_change.c - other pods, or other images, in a network that is up. */
#include <stdio.h>
#include <string.h>

#include "corda/probe.h"
#include "base/counted.h"
#include "deploy/deploy.h"
#include "deploy/endpoints.h"
#include "engine/engine.h"
#include "deploy/network_pods.h"
#include "run/rollout.h"
#include "sys/clock.h"
#include "sys/interrupt.h"

enum { ARENA_MAX = 256 * 1024 * 1024, ANSWER_MS = 10000, STEP_MS = 200 };

struct change {
	const char *run_dir;
	struct arena arena;
	struct network net;
	struct secrets secrets;
	struct engine *engine; /* owned */
	const char *set; /* the StatefulSet that changes */
	unsigned replicas; /* that it is to have */
	struct pod **pods; /* of network_pod(); NULL: not to be up */
	int64_t limit; /* monotonic */
	struct progress *progress;
};

static void change_release(struct change *c)
{
	engine_closep(&c->engine);
	arena_release(&c->arena);
}

static int change_open(struct change *c, enum engine_capability needed,
		       struct error *err)
{
	arena_init(&c->arena, ARENA_MAX);
	if (network_load(c->run_dir, &c->arena, &c->net, err) < 0 ||
	    secrets_load(c->run_dir, &c->arena, &c->secrets, err) < 0 ||
	    engine_open(c->net.engine, c->run_dir, &c->engine, err) < 0)
		return -1;
	if (engine_need(c->engine, needed, err) < 0)
		return error_wrap(err, "%s", c->run_dir);
	return 0;
}

static unsigned nodes_of_set(const struct change *c)
{
	unsigned n = 0;

	for (unsigned i = 0; i < c->net.node_count; i++)
		n += !strcmp(c->net.nodes[i].set, c->set);
	return n;
}

/* Up now, by what the last command that knew has written. */
static bool is_up(struct change *c, const struct network_node *node)
{
	struct endpoint at;

	return endpoint_load(c->run_dir, node ? node->name : NULL, &c->arena,
			     &at, NULL) == 0;
}

static unsigned up_of_set(struct change *c)
{
	unsigned n = 0;

	for (unsigned i = 0; i < c->net.node_count; i++)
		n += !strcmp(c->net.nodes[i].set, c->set) &&
		     is_up(c, &c->net.nodes[i]);
	return n;
}

static bool is_wanted(const struct network_node *node, void *ctx)
{
	struct change *c = ctx;

	if (node && !strcmp(node->set, c->set))
		return node->ordinal < c->replicas;
	return (node || !c->net.external.host) && is_up(c, node);
}

/* Of the nodes that were generated, up or not: how many are of the platform; a
 * map has the node infos of all. */
static unsigned expected(const struct change *c, int platform)
{
	unsigned n = 0;

	for (unsigned i = 0; i < c->net.node_count; i++)
		n += network_node_runs(&c->net, &c->net.nodes[i]) &&
		     c->net.releases[c->net.nodes[i].release].platform ==
			     platform;
	return n;
}

/* Of those, all. */
static unsigned expected_in_all(const struct change *c)
{
	unsigned n = 0;

	for (unsigned i = 0; i < c->net.node_count; i++)
		n += network_node_runs(&c->net, &c->net.nodes[i]);
	return n;
}

/* A whole map, which knows the releases of all. */
static bool knows_all(const struct change *c, const struct probe *answer)
{
	for (unsigned i = 0; i < c->net.release_count; i++) {
		int platform = c->net.releases[i].platform;

		if (platform > 0 && platform < PROBE_PLATFORMS &&
		    answer->platforms[platform] < expected(c, platform))
			return false;
	}
	return answer->map_size >= expected_in_all(c);
}

static bool is_ready(struct change *c, const struct pod *pod, struct error *why)
{
	struct probe answer;

	if (pod->phase != POD_RUNNING) {
		error_set(why, ERROR_DEPLOY, "it is not running");
		return false;
	}
	if (probe_node(pod->at.host, pod->at.port, c->secrets.rpc_user,
		       c->secrets.rpc_password, ANSWER_MS, &answer, why) < 0)
		return false;
	if (knows_all(c, &answer))
		return true;
	error_set(why, ERROR_DEPLOY,
		  "its network map does not have the current node infos of all "
		  "nodes");
	return false;
}

static int wait_for(struct change *c, unsigned i, struct error *err)
{
	const char *name = c->net.nodes[i].name;
	struct error why = { 0 };

	progress_say(c->progress, 0, 0, 0, "waiting for %s", name);
	for (;;) {
		if (interrupt_check(err) < 0 ||
		    c->engine->ops->observe(c->engine, err) < 0)
			return -1;
		if (is_ready(c, c->pods[i], &why))
			return 0;
		if (c->pods[i]->phase == POD_FAILED)
			return error_set(err, ERROR_DEPLOY, "%s: %s", name,
					 c->pods[i]->why);
		if (clock_mono_us() > c->limit)
			return error_set(err, ERROR_DEPLOY,
					 "%s is not ready: %s", name, why.text);
		/* Its pod's changes are reported, that it answers is not. */
		loop_step(c->engine->loop, STEP_MS);
	}
}

static int finish(struct change *c, struct error *err)
{
	struct endpoints where = { .net = &c->net };

	if (c->net.external.host && endpoint_load(c->run_dir, NULL, &c->arena,
						  &where.external, err) < 0)
		return -1;
	if (network_pods_find(c->engine, &c->net, is_wanted, c, &c->arena,
			      &c->pods, err) < 0)
		return -1;
	for (unsigned i = 0; i < c->net.node_count; i++)
		if (c->pods[i] && wait_for(c, i, err) < 0)
			return -1;
	where.pods = c->pods;
	return endpoints_write(&where, c->run_dir, err);
}

static int change(struct change *c, bool anew, struct error *err)
{
	const struct engine_ops *ops = c->engine->ops;
	/* A set takes up another image pod by pod. */
	int seconds = (c->net.timeouts.boot + c->net.timeouts.migrate) *
		      (int)(anew ? c->replicas : 1);

	c->limit = clock_mono_us() + seconds * 1000000LL;
	progress_say(c->progress, 0, 0, seconds, "%s with %lld %s", c->set,
		     COUNTED(c->replicas, "pod"));
	/* What goes is not counted on from now on, also if this breaks off. */
	if (!anew &&
	    endpoints_forget(&c->net, c->set, c->replicas, c->run_dir, err) < 0)
		return -1;
	if ((anew ? ops->set_image : ops->set_replicas)(
		    c->engine, c->set, c->replicas, seconds, err) < 0)
		return -1;
	return finish(c, err);
}

int deploy_scale(const char *run_dir, const char *set, unsigned replicas,
		 struct progress *progress, struct error *err)
{
	cleanup(change_release) struct change c = { .run_dir = run_dir,
						    .set = set,
						    .replicas = replicas,
						    .progress = progress };
	unsigned most;

	if (change_open(&c, ENGINE_SET_REPLICAS, err) < 0)
		return -1;
	if (!is_up(&c, NULL))
		return error_set(err, ERROR_INPUT,
				 "%s is not up; 'medley up' starts it",
				 run_dir);
	most = nodes_of_set(&c);
	if (replicas > most)
		return error_set(err, ERROR_INPUT,
				 "%s: %u nodes were generated, not %u; "
				 "'count:' in network.yaml says how many",
				 set, most, replicas);
	/* The cluster forgets the older release with its last pod. */
	if (!replicas && rollout_of(&c.net, set).partition)
		return error_set(err, ERROR_INPUT,
				 "%s has nodes of two releases, and after a "
				 "scale to 0 all would start with the newer "
				 "one: keep at least one pod, or upgrade all "
				 "nodes",
				 set);
	return change(&c, false, err);
}

static int open_upgrade(struct change *c, struct error *err)
{
	if (change_open(c, ENGINE_SET_IMAGE, err) < 0)
		return -1;
	c->replicas = up_of_set(c);
	if (c->replicas)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "%s: no pod of %s is up; 'medley up' or 'medley "
			 "scale' starts them",
			 c->run_dir, c->set);
}

int deploy_can_upgrade(const char *run_dir, const char *set,
		       const struct network_node *node, struct error *err)
{
	cleanup(change_release) struct change c = { .run_dir = run_dir,
						    .set = set };

	if (open_upgrade(&c, err) < 0)
		return -1;
	if (!node || is_up(&c, node))
		return 0;
	return error_set(err, ERROR_INPUT,
			 "%s: %s is not running, so it cannot be upgraded; "
			 "'medley scale %s=%u' starts it",
			 run_dir, node->name, set, node->ordinal + 1);
}

int deploy_upgrade(const char *run_dir, const char *set,
		   struct progress *progress, struct error *err)
{
	cleanup(change_release) struct change c = { .run_dir = run_dir,
						    .set = set,
						    .progress = progress };

	return open_upgrade(&c, err) < 0 ? -1 : change(&c, true, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* attach.c - a run's endpoints, reachable for as long as a command needs them.
 */
#include <stdlib.h>

#include "deploy/deploy.h"
#include "engine/engine.h"
#include "deploy/endpoints.h"
#include "deploy/network_pods.h"
#include "sys/clock.h"
#include "sys/interrupt.h"

enum { ARENA_MAX = 256 * 1024 * 1024, REACH_SECONDS = 60, STEP_MS = 500 };

struct attachment {
	struct arena arena;
	struct network net;
	struct engine *engine; /* owned */
	const char *run_dir; /* borrowed, while it is made */
	struct endpoint *were; /* of network_pod(), as endpoints.json has it */
	struct pod **pods; /* of network_pod(); NULL: it was not up */
	unsigned count;
};

void attachment_free(struct attachment *a)
{
	if (!a)
		return;
	engine_closep(&a->engine);
	arena_release(&a->arena);
	free(a);
}

/* Those that were up, and no others: a node that never came is not waited
 * for. */
static bool was_up(const struct network_node *node, void *ctx)
{
	struct attachment *a = ctx;
	unsigned i = node ? (unsigned)(node - a->net.nodes) : a->net.node_count;

	return (node || !a->net.external.host) &&
	       endpoint_load(a->run_dir, node ? node->name : NULL, &a->arena,
			     &a->were[i], NULL) == 0;
}

static int find_pods(struct attachment *a, struct error *err)
{
	a->count = a->net.node_count + 1;
	a->were = arena_array(&a->arena, a->count, sizeof(*a->were));
	if (!a->were)
		return error_nomem(err);
	if (network_pods_find(a->engine, &a->net, was_up, a, &a->arena,
			      &a->pods, err) < 0)
		return -1;
	/* Until it runs: a pod that is away is not forgotten. */
	for (unsigned i = 0; i < a->count; i++)
		if (a->pods[i])
			a->pods[i]->at.port = a->were[i].port;
	return 0;
}

static bool all_run(const struct attachment *a)
{
	for (unsigned i = 0; i < a->count; i++)
		if (a->pods[i] && a->pods[i]->phase != POD_RUNNING)
			return false;
	return true;
}

/* One that does not run now is for the command itself to find out. */
static int reach(struct attachment *a, struct error *err)
{
	int64_t limit = clock_mono_us() + REACH_SECONDS * 1000000LL;

	for (;;) {
		if (interrupt_check(err) < 0 ||
		    a->engine->ops->observe(a->engine, err) < 0)
			return -1;
		if (all_run(a) || clock_mono_us() > limit)
			return 0;
		loop_step(a->engine->loop, STEP_MS);
	}
}

static int attach(struct attachment *a, struct error *err)
{
	const char *run_dir = a->run_dir;
	struct endpoints where = { 0 };

	if (network_load(run_dir, &a->arena, &a->net, err) < 0 ||
	    endpoint_load(run_dir, NULL, &a->arena, &where.external, err) < 0 ||
	    engine_open(a->net.engine, run_dir, &a->engine, err) < 0)
		return -1;
	if (!engine_can(a->engine, ENGINE_FORWARDS))
		return 0;
	if (find_pods(a, err) < 0 || reach(a, err) < 0)
		return -1;
	where.net = &a->net;
	where.pods = a->pods;
	return endpoints_write(&where, run_dir, err);
}

int deploy_attach(const char *run_dir, struct attachment **ret,
		  struct error *err)
{
	struct attachment *a = calloc(1, sizeof(*a));
	char path[PATH_ROOM];

	if (!a)
		return error_nomem(err);
	arena_init(&a->arena, ARENA_MAX);
	a->run_dir = run_dir;
	/* A run that nothing was deployed from: it lies within the network. */
	if (!file_exists(path_join(path, run_dir, "config"))) {
		*ret = a;
		return 0;
	}
	if (attach(a, err) < 0) {
		attachment_free(a);
		return -1;
	}
	*ret = a;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* attach.c - a run's endpoints, reachable for as long as a command needs them.
 */
#include <poll.h>
#include <stdlib.h>

#include "deploy/deploy.h"
#include "deploy/engine.h"
#include "deploy/endpoints.h"
#include "deploy/saved_log.h"
#include "sys/clock.h"
#include "sys/interrupt.h"

enum { ARENA_MAX = 256 * 1024 * 1024, REACH_SECONDS = 60, STEP_MS = 50 };

struct attachment {
	struct arena arena;
	struct network net;
	struct engine *engine; /* owned */
	struct pod **pods; /* of the nodes, then the database's; NULL: none */
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
static int find_pods(struct attachment *a, const char *run_dir,
		     struct error *err)
{
	unsigned n = a->net.node_count;

	a->count = n + 1;
	a->pods = arena_array(&a->arena, a->count, sizeof(*a->pods));
	if (!a->pods)
		return error_nomem(err);
	for (unsigned i = 0; i < a->count; i++) {
		const struct network_node *node =
			i < n ? &a->net.nodes[i] : NULL;
		struct endpoint at;

		if ((!node && a->net.external.host) ||
		    endpoint_load(run_dir, node ? node->name : NULL, &a->arena,
				  &at, NULL) < 0)
			continue;
		if (pod_of(a->engine, node, true, &a->pods[i], err) < 0)
			return -1;
		/* Until it runs: a pod that is away is not forgotten. */
		a->pods[i]->at.port = at.port;
	}
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
		poll(NULL, 0, STEP_MS);
	}
}

static int attach(struct attachment *a, const char *run_dir, struct error *err)
{
	struct endpoints where = { 0 };

	if (network_load(run_dir, &a->arena, &a->net, err) < 0 ||
	    endpoint_load(run_dir, NULL, &a->arena, &where.external, err) < 0 ||
	    engine_open(a->net.engine, run_dir, &a->engine, err) < 0)
		return -1;
	if (!a->engine->ops->forwards)
		return 0;
	if (find_pods(a, run_dir, err) < 0 || reach(a, err) < 0)
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
	/* A run that nothing was deployed from: it lies within the network. */
	if (!file_exists(path_join(path, run_dir, "config"))) {
		*ret = a;
		return 0;
	}
	if (attach(a, run_dir, err) < 0) {
		attachment_free(a);
		return -1;
	}
	*ret = a;
	return 0;
}

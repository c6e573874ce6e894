/* SPDX-License-Identifier: Apache-2.0 */
/* network_status.c - how the pods of a run are. */
#include <string.h>

#include "corda/probe.h"
#include "deploy/deploy.h"
#include "engine/engine.h"
#include "deploy/network_pods.h"

enum { ARENA_MAX = 256 * 1024 * 1024, ANSWER_MS = 5000 };

struct look {
	struct arena arena;
	struct network net;
	struct secrets secrets;
	struct engine *engine; /* owned */
	struct pod **pods; /* of network_pod() */
};

static void look_release(struct look *l)
{
	engine_closep(&l->engine);
	arena_release(&l->arena);
}

static int look_open(struct look *l, const char *run_dir, struct error *err)
{
	arena_init(&l->arena, ARENA_MAX);
	if (network_load(run_dir, &l->arena, &l->net, err) < 0)
		return -1;
	return engine_open(l->net.engine, run_dir, &l->engine, err);
}

static const char *state_of(const struct pod *pod)
{
	switch (pod->phase) {
	case POD_RUNNING:
		return "running";
	case POD_EXITED:
		return "exited";
	case POD_STARTING:
		return "starting";
	case POD_FAILED:
		return "failed";
	case POD_MISSING:
		break;
	}
	return "missing";
}

static bool answers(const struct look *l, const struct pod *pod)
{
	struct probe answer;

	return pod->phase == POD_RUNNING &&
	       probe_node(pod->at.host, pod->at.port, l->secrets.rpc_user,
			  l->secrets.rpc_password, ANSWER_MS, &answer,
			  NULL) == 0;
}

/* A forward ends with this command: in a cluster, its own address lasts. */
static void describe_place(const struct look *l, struct js *one,
			   const char *name, const struct pod *pod)
{
	const struct network_node *node = network_find(&l->net, name);
	bool lasts = !engine_can(l->engine, ENGINE_FORWARDS);

	js_set_str(one, "host",
		   lasts  ? pod->at.host
		   : node ? node->host
			  : name);
	js_set_int(one, "port",
		   lasts  ? pod->at.port
		   : node ? RPC_PORT
			  : DATABASE_PORT);
}

static struct js *describe(const struct look *l, const char *name,
			   const struct pod *pod)
{
	struct js *one = js_object();

	js_set_str(one, "name", name);
	js_set_str(one, "state", pod ? state_of(pod) : "missing");
	if (!pod)
		return one;
	if (pod->phase == POD_EXITED)
		js_set_int(one, "exit_code", pod->exit_code);
	if (pod->phase == POD_RUNNING)
		describe_place(l, one, name, pod);
	js_set_str(one, "container", pod->container);
	if (l->secrets.rpc_user && strcmp(name, "database"))
		js_set_bool(one, "ready", answers(l, pod));
	return one;
}

static bool is_of_run(const struct network_node *node, void *ctx)
{
	struct look *l = ctx;

	return !node || network_node_runs(&l->net, node);
}

int deploy_status(const char *run_dir, struct js **ret, struct error *err)
{
	cleanup(look_release) struct look l = { 0 };
	struct js *root, *nodes;

	if (look_open(&l, run_dir, err) < 0 ||
	    secrets_load(run_dir, &l.arena, &l.secrets, err) < 0 ||
	    network_pods_find(l.engine, &l.net, is_of_run, &l, &l.arena,
			      &l.pods, err) < 0 ||
	    l.engine->ops->observe(l.engine, err) < 0)
		return -1;
	root = js_object();
	nodes = js_array();
	for (unsigned i = 0; i < l.net.node_count; i++)
		js_append(nodes, describe(&l, l.net.nodes[i].name, l.pods[i]));
	js_set(root, "nodes", nodes);
	js_set(root, "database",
	       describe(&l, "database", l.pods[l.net.node_count]));
	*ret = root;
	return 0;
}

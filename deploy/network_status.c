/* SPDX-License-Identifier: Apache-2.0 */
/* network_status.c - how the pods of a run are, and what they wrote. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "corda/probe.h"
#include "deploy/deploy.h"
#include "engine/engine.h"
#include "deploy/network_pods.h"
#include "deploy/saved_log.h"
#include "sys/file.h"

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

/* ---- logs ---- */

/* Where the last `lines` lines of the text begin. */
static size_t tail_of(const struct buf *text, unsigned lines)
{
	size_t at = text->len;

	if (!lines)
		return 0;
	if (at && text->data[at - 1] == '\n')
		at--;
	while (at) {
		if (text->data[at - 1] == '\n' && !--lines)
			return at;
		at--;
	}
	return 0;
}

static int copy_file(const char *path, unsigned lines, int fd,
		     struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(1024 * 1024 * 1024);
	size_t at;

	if (file_read(path, &text, err) < 0)
		return -1;
	at = tail_of(&text, lines);
	while (at < text.len) {
		ssize_t n = write(fd, text.data + at, text.len - at);

		if (n < 0 && errno != EINTR)
			return error_errno(err, ERROR_INTERNAL, errno,
					   "writing the log");
		at += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int copy_live(struct look *l, const struct pod *pod, unsigned lines,
		     int fd, struct error *err)
{
	char path[PATH_ROOM];
	int tmp, rc;

	path_join(path, l->engine->dir, "log-XXXXXX");
	tmp = mkostemp(path, O_CLOEXEC);
	if (tmp < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "%s", path);
	close(tmp);
	rc = l->engine->ops->logs(l->engine, pod, path, err);
	if (rc == 0)
		rc = copy_file(path, lines, fd, err);
	unlink(path);
	return rc;
}

/* It is fetched when the network goes down. */
static int copy_own_log(const char *run_dir, const char *name, unsigned lines,
			int fd, struct error *err)
{
	char path[PATH_ROOM];

	path_printf(path, "%s/logs/%s", run_dir, name);
	if (!file_exists(path))
		return error_set(err, ERROR_INPUT,
				 "%s: no %s: medley saves it when the network "
				 "goes down; until then see 'medley logs %.*s'",
				 run_dir, name, (int)own_log_node(name), name);
	return copy_file(path, lines, fd, err);
}

int deploy_logs(const char *run_dir, const char *name, unsigned lines, int fd,
		struct error *err)
{
	cleanup(look_release) struct look l = { 0 };
	const struct network_node *node;
	struct error why = { 0 };
	struct pod *pod;
	char path[PATH_ROOM];

	if (own_log_node(name))
		return copy_own_log(run_dir, name, lines, fd, err);
	if (look_open(&l, run_dir, err) < 0)
		return -1;
	node = network_find(&l.net, name);
	if (!node && strcmp(name, "database"))
		return error_set(err, ERROR_INPUT,
				 "%s has no node \"%s\"; its nodes are in "
				 "network.resolved.yaml, and \"database\"",
				 run_dir, name);
	if (pod_of(l.engine, node, false, &pod, &why) == 0 &&
	    l.engine->ops->observe(l.engine, &why) == 0 &&
	    pod->phase != POD_MISSING)
		return copy_live(&l, pod, lines, fd, err);
	saved_log_path(path, run_dir, node);
	if (!file_exists(path) && why.kind)
		return error_set(err, why.kind, "%s", why.text);
	if (!file_exists(path))
		return error_set(err, ERROR_INPUT,
				 "%s: no log of %s: the node is not running, "
				 "and no log was saved",
				 run_dir, name);
	return copy_file(path, lines, fd, err);
}

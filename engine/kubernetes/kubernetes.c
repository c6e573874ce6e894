/* SPDX-License-Identifier: Apache-2.0 */
/* kubernetes.c - the engine of clusters: StatefulSets by the cluster's API. */
#include "engine/kubernetes/kubernetes.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/kubernetes/record_mark.h"
#include "engine/kubernetes/trusted_kubeconfig.h"
#include "run/network_names.h"

/*
 * The happy path: the namespace, if it is not there yet; all objects, by
 * server-side apply, the banks' StatefulSets without replicas; then each set
 * is scaled to the pods that are asked for. Pods make their databases and
 * migrate them in init containers. A watch tells how pods are; a port of a
 * running one is forwarded by this process, for as long as it lives.
 */

/* ---- which cluster ---- */

static const char record_name[] = "cluster.json";

enum { MARKED = 5 };

/* What its mark is of. */
static void marked_texts(const struct js *record, const char *ret[MARKED])
{
	static const char *const keys[MARKED] = { "kubeconfig", "context",
						  "server", "namespace",
						  "run" };

	for (size_t i = 0; i < MARKED; i++)
		ret[i] = js_str(record, keys[i]);
}

static int record_write(struct kubernetes *k, struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	cleanup(buf_release) struct buf text = BUF_INIT(64 * 1024);
	char path[PATH_ROOM], mark[RECORD_MARK];
	const char *texts[MARKED];

	js_set_str(root, "kubeconfig", k->kubeconfig);
	js_set_str(root, "context", k->config.context);
	js_set_str(root, "server", k->config.server);
	js_set_str(root, "namespace", k->namespace);
	js_set_str(root, "run", k->run);
	marked_texts(root, texts);
	if (record_mark(texts, MARKED, mark, err) < 0)
		return -1;
	js_set_str(root, "mark", mark);
	if (js_print(root, JS_PRETTY, &text, err) < 0 ||
	    dir_make(k->engine.dir, 0700, err) < 0)
		return -1;
	path_join(path, k->engine.dir, record_name);
	return file_write(path, text.data, text.len, 0600, err);
}

/* NULL: the run has never been in a cluster. */
static int record_read(struct kubernetes *k, struct js **ret, struct error *err)
{
	char path[PATH_ROOM];

	*ret = NULL;
	if (!file_exists(path_join(path, k->engine.dir, record_name)))
		return 0;
	return js_read_file(path, ret, err);
}

/* Files that are not there keep their names, below the directory of now. */
static int add_whole_paths(const char *list, struct buf *out, struct error *err)
{
	cleanup(freep) char *copy = strdup(list);
	char *at = copy, *path;
	char real[PATH_MAX], here[PATH_MAX];

	if (!copy)
		return error_nomem(err);
	if (!getcwd(here, sizeof(here)))
		return error_errno(err, ERROR_INPUT, errno,
				   "the current directory");
	while ((path = strsep(&at, ":"))) {
		if (!*path)
			continue;
		buf_add_str(out, out->len ? ":" : "");
		if (realpath(path, real))
			buf_add_str(out, real);
		else
			buf_addf(out, "%s%s%s", *path == '/' ? "" : here,
				 *path == '/' ? "" : "/", path);
	}
	return buf_check(out, err);
}

/* What it said when the run began, if that was here. */
static int recorded_kubeconfig(const struct js *record, struct buf *list,
			       struct error *err)
{
	const char *recorded = js_str(record, "kubeconfig");
	const char *texts[MARKED];

	if (trusted_kubeconfig(recorded, list, err) < 0)
		return -1;
	marked_texts(record, texts);
	if (record_is_marked(texts, MARKED, js_str(record, "mark")))
		return 0;
	return error_set(err, ERROR_INPUT,
			 "the run was not deployed by this user with this "
			 "cache, and names the kubeconfig %s; if that file is "
			 "yours, name it with --kubeconfig or $KUBECONFIG",
			 recorded);
}

/* What $KUBECONFIG says, by whole paths; else what it said when the run
 * began. */
static int choose_kubeconfig(struct kubernetes *k, const struct js *record,
			     struct error *err)
{
	cleanup(buf_release) struct buf list = BUF_INIT(64 * 1024);
	const char *said = getenv("KUBECONFIG");
	const char *recorded = js_str(record, "kubeconfig");

	if ((!said || !*said) && !recorded)
		return 0;
	if (said && *said) {
		if (add_whole_paths(said, &list, err) < 0)
			return -1;
	} else if (recorded_kubeconfig(record, &list, err) < 0) {
		return error_wrap(err, "%s/%s", k->engine.dir, record_name);
	}
	k->kubeconfig = arena_strdup(&k->arena, buf_text(&list));
	if (!k->kubeconfig || setenv("KUBECONFIG", k->kubeconfig, 1) < 0)
		return error_nomem(err);
	return 0;
}

static int load_config(struct kubernetes *k, const struct js *record,
		       struct error *err)
{
	const char *context = js_str(record, "context");
	const char *server = js_str(record, "server");

	if (!context)
		context = k->net.context;
	if (record && !server)
		return error_set(err, ERROR_INPUT, "%s/%s: no server",
				 k->engine.dir, record_name);
	if (choose_kubeconfig(k, record, err) < 0 ||
	    kubeconfig_load(NULL, context, &k->config, err) < 0)
		return -1;
	if (server && strcmp(server, k->config.server))
		return error_set(err, ERROR_INPUT,
				 "the run is in the cluster at %s, but context "
				 "'%s' is now %s: set KUBECONFIG to the file "
				 "that was used to start the run",
				 server, k->config.context, k->config.server);
	return 0;
}

/* ---- opening ---- */

static int name_run(struct kubernetes *k, const char *run_dir,
		    struct error *err)
{
	char path[PATH_ROOM];

	if (!realpath(run_dir, path))
		return error_errno(err, ERROR_INPUT, errno, "%s", run_dir);
	k->run_dir = arena_strdup(&k->arena, path);
	k->engine.dir = arena_printf(&k->arena, "%s/engine", path);
	if (!k->run_dir || !k->engine.dir)
		return error_nomem(err);
	return network_load(k->run_dir, &k->arena, &k->net, err);
}

/* What the manifests say, since others may apply them, too. */
static int label_of_objects(struct kubernetes *k, const char **ret,
			    struct error *err)
{
	cleanup(js_freep) struct js *object = NULL;
	const struct kube_object *first;
	const char *run;

	if (kubernetes_objects(k, err) < 0)
		return -1;
	if (!k->objects.count)
		return error_set(err, ERROR_INPUT, "%s/config has no objects",
				 k->run_dir);
	first = &k->objects.objects[0];
	if (js_parse(first->file, first->body, first->len, &object, err) < 0)
		return -1;
	run = js_str(js_get(js_get(object, "metadata"), "labels"),
		     "medley.run");
	if (!run)
		return error_set(err, ERROR_INPUT,
				 "%s: %s %s has no label medley.run",
				 first->file, first->kind, first->name);
	*ret = arena_strdup(&k->arena, run);
	return *ret ? 0 : error_nomem(err);
}

static int name_objects(struct kubernetes *k, const struct js *record,
			struct error *err)
{
	const char *run = js_str(record, "run");
	const char *namespace = js_str(record, "namespace") ?: k->net.namespace;
	char room[PATH_ROOM];

	if (!run && label_of_objects(k, &run, err) < 0)
		return -1;
	if (!name_is_plain(run) || !name_is_plain(namespace))
		return error_set(err, ERROR_INPUT,
				 "%s: run or namespace: expected letters, "
				 "digits and ._-",
				 record ? path_join(room, k->engine.dir,
						    record_name)
					: k->run_dir);
	k->recorded = record != NULL;
	k->run = arena_strdup(&k->arena, run);
	k->namespace = arena_strdup(&k->arena, namespace);
	k->selector = arena_printf(&k->arena, "medley.run=%s", k->run);
	return k->run && k->namespace && k->selector ? 0 : error_nomem(err);
}

static int open_cluster(struct kubernetes *k, const char *run_dir,
			struct error *err)
{
	cleanup(js_freep) struct js *record = NULL;

	if (name_run(k, run_dir, err) < 0 || record_read(k, &record, err) < 0 ||
	    name_objects(k, record, err) < 0 || load_config(k, record, err) < 0)
		return -1;
	if (kube_open(&k->config, &k->kube, err) < 0)
		return -1;
	k->engine.loop = kube_loop(k->kube);
	return 0;
}

/* ---- pods ---- */

const char *kubernetes_container(const struct pod *pod)
{
	return ((const struct kubernetes_pod *)pod->own)->container;
}

static struct kubernetes_pod *pod_new(struct kubernetes *k,
				      const struct pod_want *want)
{
	struct kubernetes_pod *pod =
		arena_new(&k->arena, struct kubernetes_pod);
	const char *name =
		arena_printf(&k->arena, "%s-%u", want->set, want->ordinal);

	if (!pod || !name)
		return NULL;
	pod->pod = (struct pod){ .want = *want,
				 .name = name,
				 .container = name,
				 .at.host = "127.0.0.1",
				 .own = pod };
	pod->container =
		strcmp(want->set, k->net.database_set) ? "node" : "database";
	pod->next = k->pods;
	k->pods = pod;
	return pod;
}

static int kubernetes_find(struct engine *e, const struct pod_want *want,
			   struct pod **ret_pod, struct error *err)
{
	struct kubernetes_pod *pod = pod_new((struct kubernetes *)e, want);

	if (!pod)
		return error_nomem(err);
	*ret_pod = &pod->pod;
	return 0;
}

static int kubernetes_apply(struct engine *e, const struct pod_want *want,
			    struct pod **ret_pod, struct error *err)
{
	struct kubernetes *k = (struct kubernetes *)e;
	struct kubernetes_set *s = k->sets;
	struct kubernetes_pod *pod;

	while (s && strcmp(s->object->name, want->set))
		s = s->next;
	if (!s)
		return error_set(err, ERROR_INPUT,
				 "%s/config has no StatefulSet %s", k->run_dir,
				 want->set);
	pod = pod_new(k, want);
	if (!pod)
		return error_nomem(err);
	if (s->wanted <= want->ordinal)
		s->wanted = want->ordinal + 1;
	pod->applied = true;
	pod->pod.phase = POD_STARTING;
	*ret_pod = &pod->pod;
	return 0;
}

static int prepare(struct engine *e, struct error *err)
{
	struct kubernetes *k = (struct kubernetes *)e;

	if (record_write(k, err) < 0)
		return -1;
	k->recorded = true;
	return kubernetes_prepare(e, err);
}

static void kubernetes_close(struct engine *e)
{
	struct kubernetes *k = (struct kubernetes *)e;

	for (struct kubernetes_pod *pod = k->pods; pod; pod = pod->next)
		kube_forward_close(pod->forward);
	blame_release(&k->finder);
	kube_watch_free(k->pod_watch);
	kube_watch_free(k->event_watch);
	kube_watch_free(k->set_watch);
	kube_free(k->kube);
	kinds_release(&k->kinds);
	manifest_release(&k->objects);
	kubeconfig_release(&k->config);
	arena_release(&k->arena);
	free(k);
}

const struct engine_ops kubernetes_ops = {
	.id = ENGINE_ID_KUBERNETES,
	.can = ENGINE_IS_REMOTE | ENGINE_SET_REPLICAS | ENGINE_SET_IMAGE |
	       ENGINE_SIGNAL | ENGINE_RESTART | ENGINE_VOLUME_SAVE |
	       ENGINE_VOLUME_LOAD | ENGINE_REVIVES | ENGINE_VOLUMES_WITH_POD |
	       ENGINE_MAKES_DATABASES | ENGINE_FORWARDS,
	.start_seconds = 900,
	.prepare = prepare,
	.apply = kubernetes_apply,
	.find = kubernetes_find,
	.observe = kubernetes_observe,
	.exec = kubernetes_exec,
	.logs = kubernetes_logs,
	.follow_log = kubernetes_follow_log,
	.log_files = kubernetes_log_files,
	.answers = kubernetes_answers,
	.set_replicas = kubernetes_set_replicas,
	.set_image = kubernetes_set_image,
	.signal = kubernetes_signal,
	.restart = kubernetes_restart,
	.volume_save = kubernetes_volume_save,
	.volume_load = kubernetes_volume_load,
	.owns = kubernetes_owns,
	.remove = kubernetes_remove,
	.left = kubernetes_left,
	.close = kubernetes_close,
};

int kubernetes_open(const char *run_dir, struct engine **ret, struct error *err)
{
	struct kubernetes *k = calloc(1, sizeof(*k));

	if (!k)
		return error_nomem(err);
	k->engine.ops = &kubernetes_ops;
	arena_init(&k->arena, KUBERNETES_ARENA);
	kinds_init(&k->kinds);
	manifest_init(&k->objects);
	if (open_cluster(k, run_dir, err) < 0) {
		kubernetes_close(&k->engine);
		return -1;
	}
	*ret = &k->engine;
	return 0;
}

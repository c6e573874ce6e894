/* SPDX-License-Identifier: Apache-2.0 */
/* podman.c - the engine of one machine: pods by `podman kube play`. */
#include "engine/podman/podman.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "engine/podman/podman_listing.h"
#include "engine/own_names.h"
#include "data/yaml_edit.h"
#include "run/network.h"
#include "sys/clock.h"
#include "sys/containers.h"

/*
 * The happy path: a network of the run's own, the secrets, then one `kube
 * play` a pod, several side by side, each from a manifest that is kept in
 * <run>/engine for people to read. Names: everything is <prefix>-…; the
 * prefix is kept in <run>/engine/prefix, so that teardown finds it after
 * medley was killed.
 */

int podman_call(struct buf *out, struct error *err, const char *word, ...)
{
	const char *argv[64] = { "podman" };
	struct process_spec spec = { .argv = argv,
				     .environment = ENVIRONMENT_LOGIN,
				     .seconds = PODMAN_SECONDS,
				     .finish = true };
	size_t n = 1;
	va_list words;

	va_start(words, word);
	for (; word && n + 1 < ARRAY_SIZE(argv); n++) {
		argv[n] = word;
		word = va_arg(words, const char *);
	}
	va_end(words);
	return process_run(&spec, out, err);
}

/* A port of 127.0.0.1 that is free now. */
static int free_port(uint16_t *ret, struct error *err)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	cleanup(closep) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(a);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, len) < 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &len) < 0)
		return error_errno(err, ERROR_INTERNAL, errno,
				   "finding a free port");
	*ret = ntohs(a.sin_port);
	return 0;
}

/* ---- what all pods share ---- */

static int keep_prefix(struct podman *p, struct error *err)
{
	char path[PATH_ROOM];

	if (dir_make(p->engine.dir, 0700, err) < 0)
		return -1;
	path_join(path, p->engine.dir, "prefix");
	return file_write(path, p->scope.prefix, strlen(p->scope.prefix), 0600,
			  err);
}

static int make_network(struct podman *p, struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(4096);
	char run[PATH_ROOM], directory[PATH_ROOM];

	path_printf(run, LABEL_RUN "=%s", p->scope.run_id);
	path_printf(directory, LABEL_DIRECTORY "=%s", p->run_dir);
	if (inventory_add(p->run_dir, "network", p->scope.prefix, err) < 0)
		return -1;
	return podman_call(&out, err, "network", "create", "--label", run,
			   "--label", directory, "--label",
			   "app.kubernetes.io/managed-by=medley", "--",
			   p->scope.prefix, NULL);
}

static int load_manifests(struct podman *p, struct error *err)
{
	if (p->manifests.count)
		return 0;
	return manifests_load(p->run_dir, &p->arena, &p->manifests, err);
}

static int learn_limits(struct podman *p, struct error *err)
{
	struct containers_limits can;

	if (containers_limits(&can, err) < 0)
		return -1;
	p->scope.no_memory_limit = !can.memory;
	p->scope.no_cpu_limit = !can.cpu;
	p->no_limit_why = can.why;
	return 0;
}

static int podman_prepare(struct engine *e, struct error *err)
{
	struct podman *p = (struct podman *)e;

	if (learn_limits(p, err) < 0 || load_manifests(p, err) < 0 ||
	    keep_prefix(p, err) < 0 || make_network(p, err) < 0)
		return -1;
	return podman_secrets(p, err);
}

/* ---- a pod ---- */

/* Keeps for the record that a limit is left out. */
static int record_limits(struct podman *p, const struct pod_plan *plan,
			 struct error *err)
{
	bool new_memory = plan->no_memory_limit && !p->no_memory_limit;
	bool new_cpu = plan->no_cpu_limit && !p->no_cpu_limit;

	if (!new_memory && !new_cpu)
		return 0;
	p->no_memory_limit |= new_memory;
	p->no_cpu_limit |= new_cpu;
	p->engine.lacks =
		arena_printf(&p->arena,
			     "containers ran without a limit of %s: %s",
			     !p->no_cpu_limit	   ? "memory"
			     : !p->no_memory_limit ? "CPU"
						   : "memory and CPU",
			     p->no_limit_why);
	return p->engine.lacks ? 0 : error_nomem(err);
}

static int plan_pod(struct podman *p, struct podman_pod *pod, struct error *err)
{
	const struct pod_want *want = &pod->pod.want;
	struct pod_order order = { .set = want->set,
				   .ordinal = want->ordinal,
				   .port = want->port,
				   .host_port = pod->pod.at.port,
				   .job = want->job,
				   .after = want->after,
				   .insert = want->insert,
				   .drop = want->drop };

	if (pod_plan(&p->scope, &p->manifests, &order, &p->arena, &pod->plan,
		     err) < 0 ||
	    record_limits(p, &pod->plan, err) < 0)
		return -1;
	pod->pod.name = pod->plan.name;
	pod->pod.container = pod->plan.container;
	pod->play_log = arena_printf(&p->arena, "%s/%s.log", p->engine.dir,
				     pod->plan.name);
	pod->manifest = arena_printf(&p->arena, "%s/%s.yaml", p->engine.dir,
				     pod->plan.name);
	return pod->play_log && pod->manifest ? 0 : error_nomem(err);
}

static int write_manifest(const struct podman_pod *pod, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(PODMAN_ARENA);

	pod_plan_write(&pod->plan, &text);
	if (buf_check(&text, err) < 0)
		return -1;
	return file_write(pod->manifest, text.data, text.len, 0600, err);
}

static int record_pod(struct podman *p, const struct podman_pod *pod,
		      struct error *err)
{
	for (const char *const *v = pod->plan.volumes; *v; v++)
		if (inventory_add(p->run_dir, "volume", *v, err) < 0)
			return -1;
	return inventory_add(p->run_dir, "pod", pod->plan.name, err);
}

/* "NET:alias=a,alias=b" */
static const char *network_of(struct podman *p, const struct podman_pod *pod)
{
	const char *text = p->scope.prefix;
	char mark = ':';

	for (const char *const *a = pod->plan.aliases; *a && text; a++) {
		text = arena_printf(&p->arena, "%s%calias=%s", text, mark, *a);
		mark = ',';
	}
	return text;
}

/* Killed in the middle, podman leaves network devices that nobody knows. */
static void let_finish(struct process *play)
{
	int64_t limit = clock_mono_us() + PODMAN_SECONDS * 1000000LL;
	int status;

	while (play->pid && process_poll(play, &status, NULL) == 1 &&
	       clock_mono_us() < limit)
		process_wait(&play->pid, 1, limit);
	process_stop(play);
}

static void on_play_ended(void *ctx, int status)
{
	struct podman_pod *pod = ctx;

	pod->play.pid = 0;
	pod->ended = true;
	pod->status = status;
}

static int start_play(struct podman *p, struct podman_pod *pod,
		      const struct process_spec *spec, struct error *err)
{
	if (process_start(spec, &pod->play, err) < 0)
		return -1;
	if (loop_child(p->engine.loop, &pod->play, on_play_ended, pod,
		       &pod->ending, err) == 0)
		return 0;
	let_finish(&pod->play);
	return -1;
}

int podman_play(struct podman *p, struct podman_pod *pod, struct error *err)
{
	const char *network;
	struct process_spec spec = { .environment = ENVIRONMENT_LOGIN,
				     .finish = true };

	pod->tries++;
	if (pod->pod.want.port && !pod->pod.want.job &&
	    free_port(&pod->pod.at.port, err) < 0)
		return -1;
	if (plan_pod(p, pod, err) < 0 || write_manifest(pod, err) < 0 ||
	    record_pod(p, pod, err) < 0)
		return -1;
	network = network_of(p, pod);
	if (!network)
		return error_nomem(err);
	/* The journal of a desktop would keep logs beyond the run. */
	spec.argv = (const char *const[]){
		"podman",   "kube",	 "play",  "--quiet",	 "--log-driver",
		"k8s-file", "--network", network, pod->manifest, NULL
	};
	spec.log = pod->play_log;
	spec.seconds = PODMAN_SECONDS;
	return start_play(p, pod, &spec, err);
}

static struct podman_pod *pod_new(struct podman *p, const struct pod_want *want)
{
	struct podman_pod *pod = arena_new(&p->arena, struct podman_pod);

	if (!pod)
		return NULL;
	pod->pod.want = *want;
	pod->pod.own = pod;
	pod->pod.at.host = "127.0.0.1";
	return pod;
}

/* From here on the pod is looked at: it has a plan, and so all its names. */
static void pod_known(struct podman *p, struct podman_pod *pod)
{
	pod->next = p->pods;
	p->pods = pod;
}

static int podman_apply(struct engine *e, const struct pod_want *want,
			struct pod **ret_pod, struct error *err)
{
	struct podman *p = (struct podman *)e;
	struct podman_pod *pod = pod_new(p, want);

	if (!pod)
		return error_nomem(err);
	pod->pod.phase = POD_STARTING;
	if (podman_play(p, pod, err) < 0)
		return error_wrap(err, "pod %s-%u", want->set, want->ordinal);
	pod_known(p, pod);
	*ret_pod = &pod->pod;
	return 0;
}

static int podman_find(struct engine *e, const struct pod_want *want,
		       struct pod **ret_pod, struct error *err)
{
	struct podman *p = (struct podman *)e;
	struct podman_pod *pod = pod_new(p, want);

	if (!pod)
		return error_nomem(err);
	if (load_manifests(p, err) < 0 || plan_pod(p, pod, err) < 0)
		return -1;
	pod_known(p, pod);
	*ret_pod = &pod->pod;
	return 0;
}

/* ---- opening ---- */

/* The prefix that the run has, or a new one that prepare() will keep. */
static int find_prefix(struct podman *p, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(256);
	char path[PATH_ROOM];
	uint16_t mark = 0;

	path_join(path, p->engine.dir, "prefix");
	if (file_exists(path) && file_read(path, &text, err) < 0)
		return -1;
	if (text.len && !own_prefix(buf_text(&text)))
		return error_set(err, ERROR_INPUT,
				 "%s: expected medley-RUN-XXXX, where XXXX is "
				 "four hexadecimal digits",
				 path);
	if (!text.len && getrandom(&mark, sizeof(mark), 0) < 0)
		mark = (uint16_t)getpid();
	p->scope.prefix = text.len ? arena_strdup(&p->arena, buf_text(&text))
				   : arena_printf(&p->arena, "medley-%s-%04x",
						  p->scope.run_id, mark);
	return p->scope.prefix ? 0 : error_nomem(err);
}

static int open_scope(struct podman *p, const char *run_dir, struct error *err)
{
	struct network net;
	char path[PATH_ROOM];

	if (!realpath(run_dir, path))
		return error_errno(err, ERROR_INPUT, errno, "%s", run_dir);
	p->run_dir = arena_strdup(&p->arena, path);
	p->scope.run_id = arena_strdup(&p->arena, run_id(p->run_dir, path));
	p->engine.dir = arena_printf(&p->arena, "%s/engine", p->run_dir);
	p->scope.secret_dir =
		arena_printf(&p->arena, "%s/secrets", p->engine.dir);
	if (!p->engine.dir || !p->scope.secret_dir || !p->scope.run_id)
		return error_nomem(err);
	if (find_prefix(p, err) < 0 ||
	    network_load(p->run_dir, &p->arena, &net, err) < 0)
		return -1;
	p->scope.namespace = net.namespace;
	return containers_prepare(err);
}

static void podman_close(struct engine *e)
{
	struct podman *p = (struct podman *)e;

	for (struct podman_pod *pod = p->pods; pod; pod = pod->next) {
		child_watch_close(pod->ending);
		let_finish(&pod->play);
	}
	timer_close(p->look);
	loop_free(p->engine.loop);
	arena_release(&p->arena);
	free(p);
}

const struct engine_ops podman_ops = {
	.id = ENGINE_ID_PODMAN,
	.can = ENGINE_SIGNAL | ENGINE_RESTART | ENGINE_VOLUME_SAVE |
	       ENGINE_VOLUME_LOAD,
	.start_seconds = 180,
	.prepare = podman_prepare,
	.apply = podman_apply,
	.find = podman_find,
	.observe = podman_observe,
	.exec = podman_exec,
	.logs = podman_logs,
	.follow_log = podman_follow_log,
	.log_files = podman_log_files,
	.signal = podman_signal,
	.restart = podman_restart,
	.volume_save = podman_volume_save,
	.volume_load = podman_volume_load,
	.owns = podman_owns,
	.remove = podman_remove,
	.left = podman_left,
	.close = podman_close,
};

/* That it is time to look ends a step of the loop. */
static void on_look(void *ctx)
{
	(void)ctx;
}

static int open_loop(struct podman *p, struct error *err)
{
	if (loop_new(&p->engine.loop, err) < 0)
		return -1;
	return timer_open(p->engine.loop, 0, 0, on_look, p, &p->look, err);
}

int podman_open(const char *run_dir, struct engine **ret, struct error *err)
{
	struct podman *p = calloc(1, sizeof(*p));

	if (!p)
		return error_nomem(err);
	p->engine.ops = &podman_ops;
	arena_init(&p->arena, PODMAN_ARENA);
	if (open_loop(p, err) < 0 || open_scope(p, run_dir, err) < 0) {
		podman_close(&p->engine);
		return -1;
	}
	*ret = &p->engine;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* in_cluster_fetch.c - what the driver wrote, by a pod that mounts its claim.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "driver/in_cluster_parts.h"
#include "kube/exec.h"
#include "kube/objects.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/interrupt.h"

enum {
	STEP_MS = 200,
	READER_SECONDS = 180, /* until it runs */
	ASK_SECONDS = 60,
	COPY_SECONDS = 3600,
	LOOKS = 10, /* at a history that still grows */
	ANSWER_MAX = 4096,
	COPY = 64 * 1024
};

#define WRITTEN "/var/lib/medley/run/"

struct reader {
	struct driving *d;
	struct kube_watch *pods;
};

static void reader_release(struct reader *r)
{
	kube_watch_free(r->pods);
}

static struct kube_ref reader_ref(const struct driving *d)
{
	return (struct kube_ref){ kube_builtin("Pod"), d->k->namespace,
				  d->reader };
}

/* ---- the pod ---- */

static void copy_to(struct js *to, const struct js *from, const char *key)
{
	if (js_get(from, key))
		js_set(to, key, js_copy(js_get(from, key)));
}

/* It only sleeps, as who reads asks for commands. */
static struct js *reader_command(void)
{
	struct js *command = js_array();

	js_append_str(command, "/bin/sh");
	js_append_str(command, "-c");
	js_append_str(command, "trap 'exit 0' TERM; sleep 7200 & wait $!");
	return command;
}

static struct js *reader_container(const struct js *driver)
{
	struct js *container = js_object();
	struct js *mounts = js_array(), *mount = js_object();

	js_set_str(container, "name", "reader");
	copy_to(container, driver, "image");
	copy_to(container, driver, "imagePullPolicy");
	copy_to(container, driver, "securityContext");
	copy_to(container, driver, "resources");
	js_set(container, "command", reader_command());
	js_set_str(mount, "name", "run");
	js_set_str(mount, "mountPath", "/var/lib/medley");
	js_set_bool(mount, "readOnly", true);
	js_append(mounts, mount);
	js_set(container, "volumeMounts", mounts);
	return container;
}

static struct js *reader_spec(const struct js *driver)
{
	static const char *const shared[] = { "imagePullSecrets",
					      "securityContext", "nodeSelector",
					      "tolerations",
					      "priorityClassName" };
	struct js *spec = js_object(), *volumes = js_array();
	struct js *containers = js_array();

	js_set_str(spec, "restartPolicy", "Never");
	js_set_bool(spec, "automountServiceAccountToken", false);
	js_set_bool(spec, "enableServiceLinks", false);
	js_set_int(spec, "terminationGracePeriodSeconds", 1);
	for (size_t i = 0; i < ARRAY_SIZE(shared); i++)
		copy_to(spec, driver, shared[i]);
	js_append(containers,
		  reader_container(js_at(js_get(driver, "containers"), 0)));
	js_set(spec, "containers", containers);
	js_append(volumes, js_copy(js_at(js_get(driver, "volumes"), 0)));
	js_set(spec, "volumes", volumes);
	return spec;
}

/* As the driver's, but for what it runs. */
static int write_reader(const struct driving *d, struct buf *out,
			struct error *err)
{
	cleanup(js_freep) struct js *job = NULL, *pod = js_object();
	struct js *meta = js_object();

	if (js_parse(d->job->file, d->job->body, d->job->len, &job, err) < 0)
		return -1;
	js_set_str(pod, "apiVersion", "v1");
	js_set_str(pod, "kind", "Pod");
	js_set_str(meta, "name", d->reader);
	copy_to(meta, js_get(job, "metadata"), "labels");
	copy_to(meta, js_get(job, "metadata"), "annotations");
	js_set(pod, "metadata", meta);
	js_set(pod, "spec",
	       reader_spec(js_get(js_get(js_get(job, "spec"), "template"),
				  "spec")));
	return js_print(pod, JS_LINE, out, err);
}

static int reader_move(struct reader *r, int64_t deadline, const char *what,
		       struct error *err)
{
	if (interrupt_check(err) < 0 || kube_watch_move(r->pods, err) < 0)
		return -1;
	if (clock_mono_us() >= deadline)
		return error_set(err, ERROR_LOAD, "Pod %s/%s %s in %d s",
				 r->d->k->namespace, r->d->reader, what,
				 READER_SECONDS);
	kube_step(r->d->k->kube, STEP_MS);
	return 0;
}

static int reader_remove(struct reader *r, struct error *err)
{
	struct kube_ref ref = reader_ref(r->d);
	const struct kube_deletion how = { .grace_s = -1 };
	int64_t deadline = kubernetes_deadline(READER_SECONDS);

	if (kube_delete(r->d->k->kube, &ref, &how, deadline, NULL, err) < 0)
		return -1;
	while (kube_watch_view(r->pods)->count)
		if (reader_move(r, deadline, "was not removed", err) < 0)
			return -1;
	return 0;
}

static bool runs(const struct js *pod)
{
	const struct js *list =
		js_get(js_get(pod, "status"), "containerStatuses");

	return js_get(js_get(js_at(list, 0), "state"), "running") != NULL;
}

static int reader_start(struct reader *r, struct error *err)
{
	cleanup(buf_release) struct buf body = BUF_INIT(1024 * 1024);
	struct kube_ref ref = reader_ref(r->d);
	char named[OBJECT_SELECTOR];
	struct kube_selection which = { NULL,
					driving_selector(r->d->reader, named) };
	int64_t deadline = kubernetes_deadline(READER_SECONDS);
	const struct js *pod;

	if (write_reader(r->d, &body, err) < 0 ||
	    kube_watch_open(r->d->k->kube, &ref, &which,
			    kubernetes_deadline(LIMIT_SECONDS), &r->pods,
			    err) < 0)
		return -1;
	/* One of an earlier drive that was broken off. */
	if (kube_watch_view(r->pods)->count && reader_remove(r, err) < 0)
		return -1;
	if (inventory_add(r->d->run_dir, "Pod", r->d->reader, err) < 0 ||
	    kube_apply(r->d->k->kube, &ref, body.data, body.len, 0, deadline,
		       NULL, err) < 0)
		return -1;
	while (!(pod = view_find(kube_watch_view(r->pods), r->d->reader)) ||
	       !runs(pod)) {
		struct kube_trouble trouble;
		bool known = pod && kube_trouble_of_pod(pod, &trouble);

		if (known && !trouble.grace_s)
			return error_set(err, ERROR_LOAD, "Pod %s/%s: %s",
					 r->d->k->namespace, r->d->reader,
					 trouble.text);
		if (reader_move(r, deadline,
				known ? trouble.text : "does not run", err) < 0)
			return -1;
	}
	return 0;
}

/* ---- its commands ---- */

static int run(const struct reader *r, const char *const *argv, int seconds,
	       int out_fd, struct buf *out, struct error *err)
{
	const struct kube_exec what = { .namespace = r->d->k->namespace,
					.pod = r->d->reader,
					.container = "reader",
					.argv = argv,
					.seconds = seconds,
					.out_fd = out_fd };

	return kube_exec_run(r->d->k->kube, &what, out, NULL, err);
}

/* -1 in *ret: there is no such file. */
static int size_of(const struct reader *r, const char *file, int64_t *ret,
		   struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(ANSWER_MAX);
	const char *const argv[] = { "sh", "-c",
				     "[ ! -f \"$0\" ] || wc -c <\"$0\"", file,
				     NULL };

	if (run(r, argv, ASK_SECONDS, -1, &out, err) < 0)
		return -1;
	*ret = out.len ? strtoll(buf_text(&out), NULL, 10) : -1;
	return 0;
}

/* As much of it as there was to begin with: it may grow meanwhile. */
static int copy(const struct reader *r, const char *file, int64_t size, int fd,
		struct error *err)
{
	char bytes[32];
	const char *const argv[] = { "head", "-c", bytes, file, NULL };
	struct stat st;

	snprintf(bytes, sizeof(bytes), "%lld", (long long)size);
	if (ftruncate(fd, 0) < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "history.jsonl");
	if (run(r, argv, COPY_SECONDS, fd, NULL, err) < 0)
		return -1;
	if (fstat(fd, &st) < 0 || st.st_size != size)
		return error_set(err, ERROR_LOAD,
				 "%s in Pod %s/%s has %lld bytes, but %lld "
				 "were received",
				 file, r->d->k->namespace, r->d->reader,
				 (long long)size, (long long)st.st_size);
	return 0;
}

/* Half a line is what a driver was about to write when it died. */
static int keep_lines(int fd, uint64_t *ret_lines, struct error *err)
{
	cleanup(freep) char *bytes = malloc(COPY);
	off_t at = 0, whole = 0;
	uint64_t lines = 0;
	ssize_t n;

	if (!bytes)
		return error_nomem(err);
	while ((n = pread(fd, bytes, COPY, at)) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			if (bytes[i] != '\n')
				continue;
			lines++;
			whole = at + i + 1;
		}
		at += n;
	}
	if (n < 0 || ftruncate(fd, whole) < 0 || fsync(fd) < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "history.jsonl");
	*ret_lines = lines;
	return 0;
}

/* Until it has not grown while it was read. */
static int copy_still(const struct reader *r, const char *file, int64_t size,
		      int fd, struct error *err)
{
	for (int look = 0; look < LOOKS; look++) {
		int64_t now;

		if (copy(r, file, size, fd, err) < 0 ||
		    size_of(r, file, &now, err) < 0)
			return -1;
		if (now == size)
			return 0;
		size = now;
	}
	return error_set(err, ERROR_LOAD,
			 "%s still grows, though the driver has ended", file);
}

static int fetch_history(const struct reader *r, uint64_t *ret_lines,
			 struct error *err)
{
	static const char file[] = WRITTEN "history.jsonl";
	char aside[PATH_ROOM], path[PATH_ROOM];
	cleanup(closep) int fd = -1;
	int64_t size;

	*ret_lines = 0;
	if (size_of(r, file, &size, err) < 0)
		return -1;
	if (size < 0)
		return 0;
	path_join(path, r->d->run_dir, "history.jsonl");
	path_printf(aside, "%s.tmp-driver", path);
	fd = open(aside, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		return error_errno(err, ERROR_INPUT, errno, "%s", aside);
	if (copy_still(r, file, size, fd, err) < 0 ||
	    keep_lines(fd, ret_lines, err) < 0)
		return -1;
	if (rename(aside, path) < 0)
		return error_errno(err, ERROR_INPUT, errno, "%s", path);
	return 0;
}

static int fetch_phases(const struct reader *r, struct buf *out,
			struct error *err)
{
	static const char file[] = WRITTEN "phases.jsonl";
	const char *const argv[] = { "cat", file, NULL };
	int64_t size;

	if (size_of(r, file, &size, err) < 0)
		return -1;
	if (size < 0)
		return 0;
	return run(r, argv, ASK_SECONDS, -1, out, err);
}

int driving_fetch(struct driving *d, struct fetched_run *ret, struct error *err)
{
	cleanup(reader_release) struct reader r = { .d = d };
	int rc = reader_start(&r, err);

	if (rc >= 0)
		rc = fetch_history(&r, &ret->operations, err);
	if (rc >= 0)
		rc = fetch_phases(&r, &ret->phases, err);
	/* What remains of it, teardown takes away. */
	if (r.pods)
		(void)reader_remove(&r, NULL);
	if (rc < 0)
		return error_wrap(err, "what the driver wrote");
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* kubernetes_signal.c - signals to the program of a pod, and its new start. */

#include <stdio.h>
#include <string.h>

#include "engine/kubernetes/kubernetes.h"
#include "kube/exec.h"
#include "kube/objects.h"
#include "sys/interrupt.h"

/*
 * The API knows no signals: a shell in the container sends them, as the user
 * that the image runs as. The kernel keeps STOP and KILL from the first process
 * of a container when they are sent from within. A node's first process is a
 * launcher that waits for the JVM that is the node: a signal to -1 reaches the
 * JVM and leaves out the first process and the sender, and when the JVM is
 * killed the launcher ends. What has ended is started again by the kubelet, at
 * once the first time, later after 10 s, 20 s and so on.
 *
 * A restart is the deletion of the pod, whose StatefulSet makes it anew on its
 * volumes: that also ends a program that stands still, and does not wait like a
 * kubelet.
 */
static const char others_script[] = "kill -s \"$1\" -- -1";
static const char first_script[] = "kill -s \"$1\" 1";

enum {
	SIGNAL_SECONDS = 60,
	GRACE_SECONDS = 10, /* from TERM to KILL, at a restart */
	STEP_MS = 500
};

static int explain(const struct pod *pod, const char *doing, struct error *err)
{
	if (err && err->kind != ERROR_INTERRUPTED)
		err->kind = ERROR_DEPLOY;
	return error_wrap(err, "pod %s, %s", pod->name, doing);
}

int kubernetes_signal(struct engine *e, struct pod *pod,
		      enum engine_signal signal, struct error *err)
{
	struct kubernetes *k = (struct kubernetes *)e;
	const char *word = engine_signal_word(signal);
	const char *argv[] = {
		"/bin/sh",
		"-c",
		signal == ENGINE_TERM ? first_script : others_script,
		"signal",
		word,
		NULL
	};
	const struct kube_exec what = { .namespace = k->namespace,
					.pod = pod->name,
					.container = kubernetes_container(pod),
					.argv = argv,
					.seconds = SIGNAL_SECONDS,
					.out_fd = -1 };
	char doing[64];

	snprintf(doing, sizeof(doing), "signal %s", word);
	if (kube_exec_run(k->kube, &what, NULL, NULL, err) < 0)
		return explain(pod, doing, err);
	return 0;
}

/* ---- a new start ---- */

static int uid_of(struct kubernetes *k, const struct pod *pod, const char **ret,
		  struct error *err)
{
	const struct kube_ref ref = { kube_builtin("Pod"), k->namespace,
				      pod->name };
	cleanup(js_freep) struct js *object = NULL;
	const char *uid;

	if (kube_get(k->kube, &ref, kubernetes_deadline(KUBERNETES_SECONDS),
		     &object, err) < 0)
		return -1;
	uid = js_str(js_get(object, "metadata"), "uid");
	if (!uid)
		return error_set(err, ERROR_DEPLOY, "the pod does not exist");
	*ret = arena_strdup(&k->arena, uid);
	return *ret ? 0 : error_nomem(err);
}

/* Whether the pod of that name is another one by now. */
static bool is_anew(const struct kubernetes *k, const struct pod *pod,
		    const char *uid)
{
	const struct js *object =
		view_find(kube_watch_view(k->pod_watch), pod->name);
	const char *now = js_str(js_get(object, "metadata"), "uid");

	return now && strcmp(now, uid);
}

static int wait_anew(struct kubernetes *k, const struct pod *pod,
		     const char *uid, int64_t deadline_us, struct error *err)
{
	for (;;) {
		if (interrupt_check(err) < 0 ||
		    kubernetes_observe(&k->engine, err) < 0)
			return -1;
		if (is_anew(k, pod, uid))
			return 0;
		if (clock_mono_us() > deadline_us)
			return error_set(err, ERROR_DEPLOY,
					 "the StatefulSet has not created the "
					 "pod again in time");
		loop_step(k->engine.loop, STEP_MS);
	}
}

static int make_anew(struct kubernetes *k, const struct pod *pod, int seconds,
		     struct error *err)
{
	const struct kube_ref ref = { kube_builtin("Pod"), k->namespace,
				      pod->name };
	int64_t deadline_us = kubernetes_deadline(seconds);
	struct kube_deletion how = { .grace_s = GRACE_SECONDS };
	bool found = false;

	if (uid_of(k, pod, &how.uid, err) < 0 ||
	    kube_delete(k->kube, &ref, &how, deadline_us, &found, err) < 0)
		return -1;
	return wait_anew(k, pod, how.uid, deadline_us, err);
}

/* The pod has its line in the inventory by its name, which stays. */
int kubernetes_restart(struct engine *e, struct pod *pod, int seconds,
		       struct error *err)
{
	if (make_anew((struct kubernetes *)e, pod, seconds, err) < 0)
		return explain(pod, "restart", err);
	return 0;
}

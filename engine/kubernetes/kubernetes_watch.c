/* SPDX-License-Identifier: Apache-2.0 */
/* kubernetes_watch.c - how the pods of a run are, by watch. */
#include <stdio.h>
#include <string.h>

#include "engine/kubernetes/kubernetes.h"

int kubernetes_watch(struct kubernetes *k, const char *kind, const char *labels,
		     const char *fields, struct kube_watch **ret,
		     struct error *err)
{
	struct kube_ref ref = { kube_builtin(kind), k->namespace, NULL };
	struct kube_selection which = { labels, fields };

	if (*ret)
		return 0;
	return kube_watch_open(k->kube, &ref, &which,
			       kubernetes_deadline(LIMIT_SECONDS), ret, err);
}

static int open_watches(struct kubernetes *k, struct error *err)
{
	if (kubernetes_watch(k, "Pod", k->selector, NULL, &k->pod_watch, err) <
		    0 ||
	    kubernetes_watch(k, "StatefulSet", k->selector, NULL, &k->set_watch,
			     err) < 0 ||
	    kubernetes_watch(k, "Event", NULL, KUBE_TROUBLE_EVENTS,
			     &k->event_watch, err) < 0)
		return -1;
	k->finder.events = kube_watch_view(k->event_watch);
	return 0;
}

/* By our clock: the cluster's may be another. */
static void record_start(struct kubernetes_pod *own, const char *started_at)
{
	if (!started_at || !strcmp(own->started_at, started_at))
		return;
	snprintf(own->started_at, sizeof(own->started_at), "%s", started_at);
	own->pod.started_us = clock_wall_us();
}

static const struct js *status_of(const struct js *pod, const char *container)
{
	const struct js *list =
		js_get(js_get(pod, "status"), "containerStatuses");

	for (size_t i = 0; i < js_count(list); i++) {
		const char *name = js_str(js_at(list, i), "name");

		if (name && !strcmp(name, container))
			return js_at(list, i);
	}
	return NULL;
}

static int reach(struct kubernetes *k, struct kubernetes_pod *pod,
		 struct error *err)
{
	if (pod->forward || !pod->pod.want.port)
		return 0;
	return kube_forward_open(&k->config, k->namespace, pod->pod.name,
				 pod->pod.want.port, &pod->pod.at.port,
				 &pod->forward, err);
}

static void fail(struct kubernetes *k, struct pod *pod,
		 const struct kube_blame *blame)
{
	struct error why;

	kube_blame_error(k->kube, k->namespace, blame, "cannot become ready",
			 &why);
	pod->phase = POD_FAILED;
	snprintf(pod->why, sizeof(pod->why), "%.500s", why.text);
}

/* A set that may not make its pods says so in events. */
static void look_at_set(struct kubernetes *k, struct pod *pod)
{
	const struct js *set =
		view_find(kube_watch_view(k->set_watch), pod->want.set);
	struct kube_blame blame;

	if (set && blame_owner(&k->finder, "StatefulSet", set, &blame) &&
	    blame.hopeless)
		fail(k, pod, &blame);
}

static int look_at_pod(struct kubernetes *k, struct kubernetes_pod *own,
		       const struct js *object, struct error *err)
{
	struct pod *pod = &own->pod;
	const struct js *status = status_of(object, kubernetes_container(pod));
	const struct js *state = js_get(status, "state");
	const struct js *running = js_get(state, "running");
	const struct js *ended = js_get(state, "terminated");
	struct kube_blame blame;

	if (running) {
		record_start(own, js_str(running, "startedAt"));
		pod->phase = POD_RUNNING;
		return reach(k, own, err);
	}
	if (ended) {
		pod->phase = own->applied ? POD_STARTING : POD_EXITED;
		pod->exit_code = (int)js_int(ended, "exitCode", 0);
	} else {
		pod->phase = POD_STARTING;
	}
	if (blame_pod(&k->finder, object, &blame) && blame.hopeless)
		fail(k, pod, &blame);
	return 0;
}

static int look(struct kubernetes *k, struct kubernetes_pod *own,
		struct error *err)
{
	const struct js *object =
		view_find(kube_watch_view(k->pod_watch), own->pod.name);

	if (own->pod.phase == POD_FAILED)
		return 0;
	if (object)
		return look_at_pod(k, own, object, err);
	own->pod.phase = own->applied ? POD_STARTING : POD_MISSING;
	if (own->applied)
		look_at_set(k, &own->pod);
	return 0;
}

int kubernetes_observe(struct engine *e, struct error *err)
{
	struct kubernetes *k = (struct kubernetes *)e;

	if (kubernetes_scale(k, err) < 0 || open_watches(k, err) < 0 ||
	    kube_watch_move(k->pod_watch, err) < 0 ||
	    kube_watch_move(k->set_watch, err) < 0 ||
	    kube_watch_move(k->event_watch, err) < 0)
		return -1;
	kube_step(k->kube, 0);
	if (blame_begin(&k->finder, err) < 0)
		return -1;
	for (struct kubernetes_pod *pod = k->pods; pod; pod = pod->next)
		if (look(k, pod, err) < 0)
			return -1;
	return 0;
}

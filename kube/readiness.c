/* SPDX-License-Identifier: Apache-2.0 */
/* readiness.c - waits until applied objects are ready, or cannot be. */
#include "kube/readiness.h"

#include <stdio.h>
#include <string.h>

#include "kube/blame.h"
#include "kube/watch.h"
#include "sys/clock.h"
#include "sys/interrupt.h"

enum { STEP_MS = 200, LOOK_US = 500 * 1000 };

enum { PODS, EVENTS, SETS, DEPLOYMENTS, JOBS, WATCHES };
static const struct kube_kind watched[WATCHES] = {
	[PODS] = { "v1", "Pod", "pods", true, NULL },
	[EVENTS] = { "v1", "Event", "events", true, NULL },
	[SETS] = { "apps/v1", "StatefulSet", "statefulsets", true, NULL },
	[DEPLOYMENTS] = { "apps/v1", "Deployment", "deployments", true, NULL },
	[JOBS] = { "batch/v1", "Job", "jobs", true, NULL },
};

struct waiting {
	struct kube *kube;
	const struct kube_wait *wait;
	int64_t deadline_us, looked_us;
	struct kube_watch *watches[WATCHES];
	struct blame_finder finder;
	size_t ready, total; /* workloads */
	struct kube_blame blame; /* any trouble seen last */
};

static void waiting_release(struct waiting *w)
{
	for (int i = 0; i < WATCHES; i++)
		kube_watch_free(w->watches[i]);
	blame_release(&w->finder);
}

static const struct view *view(const struct waiting *w, int which)
{
	return kube_watch_view(w->watches[which]);
}

static const char *meta(const struct js *object, const char *key)
{
	const char *text = js_str(js_get(object, "metadata"), key);

	return text ? text : "";
}

static bool set_ready(const struct js *o, const char *counter)
{
	const struct js *status = js_get(o, "status");
	const struct js *spec = js_get(o, "spec");
	int64_t wanted = js_int(spec, "replicas", 1);
	/* Ordinals below it keep the template that they have. */
	int64_t partition =
		js_int(js_get(js_get(spec, "updateStrategy"), "rollingUpdate"),
		       "partition", 0);

	return js_int(status, "observedGeneration", 0) >=
		       js_int(js_get(o, "metadata"), "generation", 0) &&
	       js_int(status, "replicas", 0) == wanted &&
	       js_int(status, "updatedReplicas", 0) >= wanted - partition &&
	       js_int(status, counter, 0) == wanted;
}

static bool workload_ready(int kind, const struct js *o)
{
	if (kind == JOBS)
		return kube_condition(o, "Complete");
	return set_ready(o,
			 kind == SETS ? "readyReplicas" : "availableReplicas");
}

static int weigh(struct waiting *w, struct error *err)
{
	if (!w->blame.hopeless)
		return 0;
	return kube_blame_error(w->kube, w->wait->namespace, &w->blame,
				"cannot become ready", err);
}

/* All that it wants are made: what hindered that once is over. */
static bool has_pods(int kind, const struct js *o)
{
	const struct js *status = js_get(o, "status");

	if (kind == JOBS)
		return js_int(status, "active", 0) > 0;
	return js_int(status, "replicas", 0) >=
	       js_int(js_get(o, "spec"), "replicas", 1);
}

static int look_at_owners(struct waiting *w, int kind, struct error *err)
{
	const struct view *all = view(w, kind);

	for (size_t i = 0; i < all->count; i++) {
		const struct js *o = all->objects[i];

		if (!workload_ready(kind, o) && !has_pods(kind, o) &&
		    blame_owner(&w->finder, watched[kind].kind, o, &w->blame) &&
		    weigh(w, err) < 0)
			return -1;
	}
	return 0;
}

static int look_at_pods(struct waiting *w, struct error *err)
{
	const struct view *pods = view(w, PODS);

	for (size_t i = 0; i < pods->count; i++) {
		const struct js *pod = pods->objects[i];

		if (!kube_pod_ready(pod) && !kube_condition(pod, "Complete") &&
		    blame_pod(&w->finder, pod, &w->blame) && weigh(w, err) < 0)
			return -1;
	}
	return 0;
}

static int look_for_trouble(struct waiting *w, struct error *err)
{
	w->looked_us = clock_mono_us();
	w->blame.kind[0] = 0;
	if (blame_begin(&w->finder, err) < 0)
		return -1;
	for (int kind = SETS; kind < WATCHES; kind++)
		if (look_at_owners(w, kind, err) < 0)
			return -1;
	return look_at_pods(w, err);
}

static int count(struct waiting *w, int kind, struct error *err)
{
	const struct view *all = view(w, kind);

	w->total += all->count;
	for (size_t i = 0; i < all->count; i++) {
		const struct js *o = all->objects[i];

		w->ready += workload_ready(kind, o);
		if (kind == JOBS && kube_condition(o, "Failed"))
			return error_set(err, ERROR_DEPLOY,
					 "Job %s/%s has failed",
					 w->wait->namespace, meta(o, "name"));
	}
	return 0;
}

/* A thousand pods change thousands of times: whether the few workloads are
 * ready is looked at each time, whether a pod is in trouble now and then. */
static int look(struct waiting *w, struct error *err)
{
	w->total = w->ready = 0;
	for (int kind = SETS; kind < WATCHES; kind++)
		if (count(w, kind, err) < 0)
			return -1;
	progress_say(w->wait->progress, w->ready, w->total, 0,
		     "%zu of %zu workloads ready", w->ready, w->total);
	if (w->ready == w->total || clock_mono_us() - w->looked_us < LOOK_US)
		return 0;
	return look_for_trouble(w, err);
}

static int begin(struct waiting *w, struct error *err)
{
	for (int i = 0; i < WATCHES; i++) {
		struct kube_ref ref = { &watched[i], w->wait->namespace, NULL };
		struct kube_selection which = { w->wait->selector, NULL };

		if (i == EVENTS)
			which = (struct kube_selection){ NULL,
							 KUBE_TROUBLE_EVENTS };
		if (kube_watch_open(w->kube, &ref, &which, w->deadline_us,
				    &w->watches[i], err) < 0)
			return -1;
	}
	w->finder.events = view(w, EVENTS);
	return 0;
}

static int out_of_time(struct waiting *w, struct error *err)
{
	char why[64];

	if (look_for_trouble(w, err) < 0)
		return -1;
	snprintf(why, sizeof(why), "is not ready after %d s", w->wait->seconds);
	if (w->blame.kind[0])
		return kube_blame_error(w->kube, w->wait->namespace, &w->blame,
					why, err);
	for (int kind = SETS; kind < WATCHES; kind++)
		for (size_t i = 0; i < view(w, kind)->count; i++) {
			const struct js *o = view(w, kind)->objects[i];

			if (!workload_ready(kind, o))
				return error_set(err, ERROR_DEPLOY,
						 "%s %s/%s %s (%zu of %zu are)",
						 watched[kind].kind,
						 w->wait->namespace,
						 meta(o, "name"), why, w->ready,
						 w->total);
		}
	return error_set(err, ERROR_DEPLOY, "%s", why);
}

int kube_wait_ready(struct kube *kube, const struct kube_wait *wait,
		    struct error *err)
{
	cleanup(waiting_release) struct waiting w = { .kube = kube,
						      .wait = wait };

	w.deadline_us = clock_mono_us() + wait->seconds * 1000000LL;
	if (begin(&w, err) < 0)
		return -1;
	for (;;) {
		if (look(&w, err) < 0)
			return -1;
		if (!w.total)
			return error_set(err, ERROR_INPUT,
					 "namespace %s has no workload with "
					 "the labels %s",
					 wait->namespace, wait->selector);
		if (w.ready == w.total)
			return 0;
		if (clock_mono_us() >= w.deadline_us)
			return out_of_time(&w, err);
		if (interrupt_check(err) < 0)
			return -1;
		for (int i = 0; i < WATCHES; i++)
			if (kube_watch_move(w.watches[i], err) < 0)
				return -1;
		kube_step(kube, STEP_MS);
	}
}

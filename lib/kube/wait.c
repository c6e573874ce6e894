/* SPDX-License-Identifier: Apache-2.0 */
/* wait.c - until what was applied is ready, or cannot become so. */
#include "kube/wait.h"

#include <stdio.h>
#include <string.h>

#include "kube/logs.h"
#include "kube/trouble.h"
#include "kube/watch.h"
#include "sys/clock.h"
#include "sys/interrupt.h"

enum { STEP_MS = 200, LOG_MS = 5000, LOG_LINES = 3, TIMERS_MAX = 256 };

enum { PODS, EVENTS, SETS, DEPLOYMENTS, JOBS, WATCHES };
static const struct kube_kind watched[WATCHES] = {
	[PODS] = { "v1", "Pod", "pods", true, NULL },
	[EVENTS] = { "v1", "Event", "events", true, NULL },
	[SETS] = { "apps/v1", "StatefulSet", "statefulsets", true, NULL },
	[DEPLOYMENTS] = { "apps/v1", "Deployment", "deployments", true, NULL },
	[JOBS] = { "batch/v1", "Job", "jobs", true, NULL },
};

/* Since when an object has been in trouble of a family. */
struct timer {
	char uid[64];
	const char *family; /* static */
	int64_t since_us;
};

struct waiting {
	struct kube *kube;
	const struct kube_wait *wait;
	int64_t deadline_us;
	struct kube_watch *watches[WATCHES];
	struct timer timers[TIMERS_MAX];
	size_t timer_count;
	size_t ready, total; /* workloads */
	/* What to name when the bound passes: any trouble seen last. */
	const char *kind, *name;
	struct kube_trouble trouble;
};

static void waiting_release(struct waiting *w)
{
	for (int i = 0; i < WATCHES; i++)
		kube_watch_free(w->watches[i]);
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
	int64_t wanted = js_int(js_get(o, "spec"), "replicas", 1);

	return js_int(status, "observedGeneration", 0) >=
		       js_int(js_get(o, "metadata"), "generation", 0) &&
	       js_int(status, "replicas", 0) == wanted &&
	       js_int(status, "updatedReplicas", 0) == wanted &&
	       js_int(status, counter, 0) == wanted;
}

static bool workload_ready(int kind, const struct js *o)
{
	if (kind == JOBS)
		return kube_condition(o, "Complete");
	return set_ready(o,
			 kind == SETS ? "readyReplicas" : "availableReplicas");
}

/* Since when; a table that is full takes every trouble as new. */
static int64_t since(struct waiting *w, const char *uid, const char *family)
{
	int64_t now = clock_mono_us();
	struct timer *t;

	for (size_t i = 0; i < w->timer_count; i++)
		if (w->timers[i].family == family &&
		    strcmp(w->timers[i].uid, uid) == 0)
			return w->timers[i].since_us;
	if (w->timer_count == TIMERS_MAX)
		return now;
	t = &w->timers[w->timer_count++];
	*t = (struct timer){ .family = family, .since_us = now };
	snprintf(t->uid, sizeof(t->uid), "%s", uid);
	return now;
}

/* Adds what the container said last, when it ran at all. */
static void add_log(struct waiting *w, struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(4096);
	struct kube_log log = { .namespace = w->wait->namespace,
				.pod = w->name,
				.container = w->trouble.container,
				.tail = LOG_LINES };
	char *text;

	if (!w->trouble.container[0] ||
	    kube_log_read(w->kube, &log, clock_mono_us() + LOG_MS * 1000LL,
			  &out, NULL) < 0)
		return;
	text = buf_steal_text(&out);
	for (char *p = text; p && *p; p++)
		if ((unsigned char)*p < ' ')
			*p = ' ';
	if (text && *text && strlen(err->text) + 8 < sizeof(err->text))
		snprintf(err->text + strlen(err->text),
			 sizeof(err->text) - strlen(err->text), ": log: %s",
			 text);
	free(text);
}

static int blame(struct waiting *w, const char *why, struct error *err)
{
	struct error own;
	const struct kube_trouble *t = &w->trouble;

	error_set(&own, ERROR_DEPLOY, "%s %s/%s%s%s %s: %s", w->kind,
		  w->wait->namespace, w->name,
		  t->container[0] ? ", container " : "", t->container, why,
		  t->text);
	if (strcmp(w->kind, "Pod") == 0)
		add_log(w, &own);
	if (err)
		*err = own;
	return -1;
}

/* -1 when the trouble has had its grace. */
static int weigh(struct waiting *w, const char *kind, const struct js *object,
		 const struct kube_trouble *t, struct error *err)
{
	int64_t began = since(w, meta(object, "uid"), t->family);

	w->kind = kind;
	w->name = meta(object, "name");
	w->trouble = *t;
	if (clock_mono_us() - began < t->grace_s * 1000000LL)
		return 0;
	return blame(w, "cannot become ready", err);
}

/* An event is about an object, or about the volume claim of a pod. */
static bool is_about(const struct js *event, const struct js *object)
{
	const struct js *about = js_get(event, "involvedObject");
	const char *kind = js_str(about, "kind"), *name = js_str(about, "name");
	const char *uid = js_str(about, "uid"), *own = meta(object, "name");
	size_t len;

	if (uid && strcmp(uid, meta(object, "uid")) == 0)
		return true;
	if (!kind || !name || strcmp(kind, "PersistentVolumeClaim") != 0 ||
	    kube_condition(object, "PodScheduled"))
		return false;
	len = strlen(name);
	return len > strlen(own) + 1 && name[len - strlen(own) - 1] == '-' &&
	       strcmp(name + len - strlen(own), own) == 0;
}

static bool event_trouble(struct waiting *w, const struct js *object,
			  struct kube_trouble *ret)
{
	const struct view *events = view(w, EVENTS);

	for (size_t i = 0; i < events->count; i++)
		if (is_about(events->objects[i], object) &&
		    kube_trouble_of_event(events->objects[i], ret))
			return true;
	return false;
}

static bool started(const struct js *pod)
{
	const struct js *list =
		js_get(js_get(pod, "status"), "containerStatuses");

	for (size_t i = 0; i < js_count(list); i++)
		if (js_bool(js_at(list, i), "started", false) ||
		    js_int(js_at(list, i), "restartCount", 0) > 0)
			return true;
	return false;
}

static int look_at_pods(struct waiting *w, struct error *err)
{
	const struct view *pods = view(w, PODS);
	struct kube_trouble t;

	for (size_t i = 0; i < pods->count; i++) {
		const struct js *pod = pods->objects[i];

		if (kube_pod_ready(pod) || kube_condition(pod, "Complete"))
			continue;
		/* An event says more than "it cannot be scheduled". */
		if (((!started(pod) && event_trouble(w, pod, &t)) ||
		     kube_trouble_of_pod(pod, &t)) &&
		    weigh(w, "Pod", pod, &t, err) < 0)
			return -1;
	}
	return 0;
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

static int look_at(struct waiting *w, int kind, const struct js *o,
		   struct error *err)
{
	const char *name = watched[kind].kind;
	struct kube_trouble t;

	w->total++;
	if (workload_ready(kind, o)) {
		w->ready++;
		return 0;
	}
	if (kind == JOBS && kube_condition(o, "Failed"))
		return error_set(err, ERROR_DEPLOY, "Job %s/%s has failed",
				 w->wait->namespace, meta(o, "name"));
	if (!has_pods(kind, o) && event_trouble(w, o, &t))
		return weigh(w, name, o, &t, err);
	return 0;
}

static int look(struct waiting *w, struct error *err)
{
	w->total = w->ready = 0;
	w->name = NULL;
	for (int kind = SETS; kind < WATCHES; kind++)
		for (size_t i = 0; i < view(w, kind)->count; i++)
			if (look_at(w, kind, view(w, kind)->objects[i], err) <
			    0)
				return -1;
	progress_say(w->wait->progress, w->ready, w->total, 0,
		     "%zu of %zu workloads ready", w->ready, w->total);
	return w->ready < w->total ? look_at_pods(w, err) : 0;
}

static int begin(struct waiting *w, struct error *err)
{
	for (int i = 0; i < WATCHES; i++) {
		struct kube_ref ref = { &watched[i], w->wait->namespace, NULL };
		struct kube_selection which = { w->wait->selector, NULL };

		if (i == EVENTS)
			which = (struct kube_selection){ NULL, "type=Warning" };
		if (kube_watch_open(w->kube, &ref, &which, w->deadline_us,
				    &w->watches[i], err) < 0)
			return -1;
	}
	return 0;
}

static int out_of_time(struct waiting *w, struct error *err)
{
	char why[64];

	snprintf(why, sizeof(why), "is not ready after %d s", w->wait->seconds);
	if (w->name)
		return blame(w, why, err);
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

/* SPDX-License-Identifier: Apache-2.0 */
/* blame.c - finds what keeps an object from becoming ready. */
#include "kube/blame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kube/logs.h"
#include "sys/clock.h"

enum { LOG_US = 5000000, LOG_LINES = 3, LOG_MAX = 4096 };

static const char *meta(const struct js *object, const char *key)
{
	const char *text = js_str(js_get(object, "metadata"), key);

	return text ? text : "";
}

/* Since when; a table that is full takes every trouble as new. */
static int64_t since(struct blame_finder *a, const char *uid,
		     const char *family)
{
	int64_t now = clock_mono_us();
	struct blame_timer *t;

	for (size_t i = 0; i < a->timer_count; i++)
		if (a->timers[i].family == family &&
		    strcmp(a->timers[i].uid, uid) == 0)
			return a->timers[i].since_us;
	if (a->timer_count == BLAME_TIMERS)
		return now;
	t = &a->timers[a->timer_count++];
	*t = (struct blame_timer){ .family = family, .since_us = now };
	snprintf(t->uid, sizeof(t->uid), "%s", uid);
	return now;
}

static const char *last_seen(const struct js *event)
{
	const char *last = js_str(event, "lastTimestamp");

	return last ? last : js_str(event, "eventTime");
}

/* A claim keeps its name from pod to pod: older events are of another life. */
static bool is_about_claim_of(const struct js *event, const struct js *pod)
{
	const struct js *about = js_get(event, "involvedObject");
	const char *kind = js_str(about, "kind"), *name = js_str(about, "name");
	const char *own = meta(pod, "name"), *seen = last_seen(event);
	size_t len, own_len = strlen(own);

	if (!kind || !name || strcmp(kind, "PersistentVolumeClaim") != 0 ||
	    kube_condition(pod, "PodScheduled") ||
	    (seen && strncmp(seen, meta(pod, "creationTimestamp"), 19) < 0))
		return false;
	len = strlen(name);
	return len > own_len + 1 && name[len - own_len - 1] == '-' &&
	       strcmp(name + len - own_len, own) == 0;
}

static bool is_about(const struct js *event, const struct js *object)
{
	const char *uid = js_str(js_get(event, "involvedObject"), "uid");

	return (uid && strcmp(uid, meta(object, "uid")) == 0) ||
	       is_about_claim_of(event, object);
}

void blame_release(struct blame_finder *a)
{
	free(a->troubles);
}

/* Most warnings are none of these; all pods would be held against each. */
int blame_begin(struct blame_finder *a, struct error *err)
{
	size_t room = a->events->count + 1;
	const struct js **all = realloc(a->troubles, room * sizeof(*all));
	struct kube_trouble t;

	if (!all)
		return error_nomem(err);
	a->troubles = all;
	a->trouble_count = 0;
	for (size_t i = 0; i < a->events->count; i++)
		if (kube_trouble_of_event(a->events->objects[i], &t))
			all[a->trouble_count++] = a->events->objects[i];
	return 0;
}

static bool event_trouble(const struct blame_finder *a, const struct js *object,
			  struct kube_trouble *ret)
{
	for (size_t i = 0; i < a->trouble_count; i++)
		if (is_about(a->troubles[i], object) &&
		    kube_trouble_of_event(a->troubles[i], ret))
			return true;
	return false;
}

/* It has run, or runs. */
static bool any_begun(const struct js *list)
{
	for (size_t i = 0; i < js_count(list); i++) {
		const struct js *state = js_get(js_at(list, i), "state");

		if (js_get(state, "running") || js_get(state, "terminated") ||
		    js_int(js_at(list, i), "restartCount", 0) > 0)
			return true;
	}
	return false;
}

/* Its volumes are there: what hindered them once is over. */
static bool has_begun(const struct js *pod)
{
	const struct js *status = js_get(pod, "status");

	return kube_condition(pod, "PodReadyToStartContainers") ||
	       any_begun(js_get(status, "initContainerStatuses")) ||
	       any_begun(js_get(status, "containerStatuses"));
}

/* Trouble that is over does not count when other trouble comes. */
static void forget(struct blame_finder *a, const char *uid)
{
	size_t kept = 0;

	for (size_t i = 0; i < a->timer_count; i++)
		if (strcmp(a->timers[i].uid, uid) != 0)
			a->timers[kept++] = a->timers[i];
	a->timer_count = kept;
}

static bool weigh(struct blame_finder *a, const char *kind,
		  const struct js *object, struct kube_blame *ret)
{
	int64_t began = since(a, meta(object, "uid"), ret->trouble.family);

	snprintf(ret->kind, sizeof(ret->kind), "%s", kind);
	snprintf(ret->name, sizeof(ret->name), "%s", meta(object, "name"));
	ret->hopeless =
		clock_mono_us() - began >= ret->trouble.grace_s * 1000000LL;
	return true;
}

bool blame_pod(struct blame_finder *a, const struct js *pod,
	       struct kube_blame *ret)
{
	/* An event says more than "it cannot be scheduled". */
	if ((!has_begun(pod) && event_trouble(a, pod, &ret->trouble)) ||
	    kube_trouble_of_pod(pod, &ret->trouble))
		return weigh(a, "Pod", pod, ret);
	forget(a, meta(pod, "uid"));
	return false;
}

bool blame_owner(struct blame_finder *a, const char *kind,
		 const struct js *object, struct kube_blame *ret)
{
	return event_trouble(a, object, &ret->trouble) &&
	       weigh(a, kind, object, ret);
}

/* Adds what the container said last, when it ran at all. */
static void add_log(struct kube *k, const char *namespace,
		    const struct kube_blame *b, struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(LOG_MAX);
	struct kube_log log = { .namespace = namespace,
				.pod = b->name,
				.container = b->trouble.container,
				.tail = LOG_LINES };
	size_t len = strlen(err->text);

	if (!b->trouble.container[0] ||
	    kube_log_read(k, &log, clock_mono_us() + LOG_US, &out, NULL) < 0)
		return;
	for (size_t i = 0; i < out.len; i++)
		if (out.data[i] < ' ')
			out.data[i] = ' ';
	if (out.len)
		snprintf(err->text + len, sizeof(err->text) - len,
			 ": log: %.500s", buf_text(&out));
}

int kube_blame_error(struct kube *k, const char *namespace,
		     const struct kube_blame *b, const char *what,
		     struct error *err)
{
	const struct kube_trouble *t = &b->trouble;
	struct error own;

	error_set(&own, ERROR_DEPLOY, "%s %s/%s%s%s %s: %s", b->kind, namespace,
		  b->name, t->container[0] ? ", container " : "", t->container,
		  what, t->text);
	if (strcmp(b->kind, "Pod") == 0)
		add_log(k, namespace, b, &own);
	if (err)
		*err = own;
	return -1;
}

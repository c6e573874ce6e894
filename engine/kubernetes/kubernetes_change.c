/* SPDX-License-Identifier: Apache-2.0 */
/* kubernetes_change.c - other replicas, or another template, of a set. */
#include <stdio.h>
#include <string.h>

#include "engine/kubernetes/kubernetes.h"
#include "kube/apply.h"
#include "kube/objects.h"
#include "kube/readiness.h"

enum { BODY_MAX = 4 * 1024 * 1024 };

/* The set, and what nodes share: their maps may name another release now. */
static bool changes_with(const struct kube_object *o, const char *set)
{
	if (!strcmp(o->kind, "StatefulSet"))
		return !strcmp(o->name, set);
	return !strcmp(o->kind, "ConfigMap") || !strcmp(o->kind, "Secret");
}

int kubernetes_with_replicas(struct kubernetes *k, struct kube_object *o,
			     unsigned replicas, struct error *err)
{
	cleanup(js_freep) struct js *body = NULL;
	cleanup(buf_release) struct buf text = BUF_INIT(BODY_MAX);

	if (js_parse(o->file, o->body, o->len, &body, err) < 0)
		return -1;
	js_set_int(js_edit(body, "spec"), "replicas", replicas);
	if (js_print(body, JS_LINE, &text, err) < 0)
		return -1;
	o->len = text.len;
	o->body = arena_strndup(&k->arena, buf_text(&text), text.len);
	return o->body ? 0 : error_nomem(err);
}

static int apply_anew(struct kubernetes *k, const char *set, unsigned replicas,
		      struct error *err)
{
	struct kube_application how = { .namespace = k->namespace,
					.flags = KUBE_FORCE,
					.deadline_us = kubernetes_deadline(
						KUBERNETES_SECONDS) };
	struct manifest some = k->objects;
	struct kube_outcome *outcomes =
		arena_array(&k->arena, k->objects.count + 1, sizeof(*outcomes));

	some.count = 0;
	some.objects = arena_array(&k->arena, k->objects.count + 1,
				   sizeof(*some.objects));
	if (!outcomes || !some.objects)
		return error_nomem(err);
	/* With the replicas that the set is to have, not those of the manifest:
	 * its pods are replaced one after the other, not all taken away. */
	for (size_t i = 0; i < k->objects.count; i++) {
		struct kube_object *o = &some.objects[some.count];

		if (!changes_with(&k->objects.objects[i], set))
			continue;
		*o = k->objects.objects[i];
		some.count++;
		if (!strcmp(o->kind, "StatefulSet") &&
		    kubernetes_with_replicas(k, o, replicas, err) < 0)
			return -1;
	}
	return kube_apply_all(k->kube, &k->kinds, &some, &how, outcomes, err);
}

/* A kubelet that sees a pod changed looks at its volumes at once, not in a
 * minute. */
static int touch(const struct js *pod, void *ctx)
{
	struct kubernetes *k = ctx;
	const char *name = js_str(js_get(pod, "metadata"), "name");
	struct kube_ref ref = { kube_builtin("Pod"), k->namespace, name };
	char body[128], time[CLOCK_TEXT];

	snprintf(body, sizeof(body),
		 "{\"metadata\":{\"annotations\":{\"medley.run/infos\":"
		 "\"%s\"}}}",
		 clock_text(time, clock_wall_us()));
	/* One that is on its way out need not know. */
	if (name)
		kube_merge(k->kube, &ref, body, strlen(body),
			   kubernetes_deadline(KUBERNETES_SECONDS), NULL, NULL);
	return 0;
}

static int touch_pods(struct kubernetes *k, struct error *err)
{
	struct kube_ref ref = { kube_builtin("Pod"), k->namespace, NULL };
	struct kube_selection which = { .labels = k->selector };

	return kube_list(k->kube, &ref, &which,
			 kubernetes_deadline(KUBERNETES_SECONDS), touch, k,
			 err);
}

/* `anew`: by what the manifests say now. */
static int change(struct kubernetes *k, const char *set, unsigned replicas,
		  bool anew, int seconds, struct error *err)
{
	int64_t deadline = kubernetes_deadline(KUBERNETES_SECONDS);
	struct kube_ref ref = { NULL, k->namespace, set };
	struct kube_wait wait = { .namespace = k->namespace,
				  .selector = arena_printf(
					  &k->arena,
					  "app.kubernetes.io/name=%s,%s", set,
					  k->selector),
				  .seconds = seconds };

	if (!wait.selector)
		return error_nomem(err);
	if (kubernetes_objects(k, err) < 0 ||
	    kinds_find(&k->kinds, k->kube, "apps/v1", "StatefulSet", deadline,
		       &ref.kind, err) < 0 ||
	    (anew && apply_anew(k, set, replicas, err) < 0) ||
	    kube_scale(k->kube, &ref, (int)replicas, deadline, err) < 0 ||
	    (anew && touch_pods(k, err) < 0))
		return -1;
	return kube_wait_ready(k->kube, &wait, err);
}

int kubernetes_set_replicas(struct engine *e, const char *set,
			    unsigned replicas, int seconds, struct error *err)
{
	return change((struct kubernetes *)e, set, replicas, false, seconds,
		      err);
}

int kubernetes_set_image(struct engine *e, const char *set, unsigned replicas,
			 int seconds, struct error *err)
{
	return change((struct kubernetes *)e, set, replicas, true, seconds,
		      err);
}

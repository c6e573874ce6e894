/* SPDX-License-Identifier: Apache-2.0 */
/* objects.c - applies, reads, changes or deletes one object. */
#include "kube/objects.h"

#include <stdio.h>

#include "kube/ownership.h"
#include "kube/status.h"

enum { PATH_MAX_LEN = 8192, OBJECT_MAX = 64 * 1024 * 1024 };

/* A call about one object, with what it needs around it. */
struct about {
	struct kube_request request;
	struct buf path;
	char what[KUBE_WHAT];
	const struct js_part *parts; /* of the answer */
};

static void about_release(struct about *a)
{
	buf_release(&a->path);
}

static void about(struct about *a, const struct kube_ref *ref, const char *verb,
		  const char *method, int64_t deadline_us)
{
	*a = (struct about){ .path = BUF_INIT(PATH_MAX_LEN) };
	a->request.verb = verb;
	a->request.method = method;
	a->request.deadline_us = deadline_us;
	a->request.what =
		kube_what(a->what, ref->kind, ref->namespace, ref->name);
}

/* Makes the call and reads the object that it gives; ret may be NULL. */
static int run(struct kube *k, struct about *a, int *ret_status,
	       struct js **ret, struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(OBJECT_MAX);

	if (buf_check(&a->path, err) < 0)
		return -1;
	a->request.path = buf_text(&a->path);
	if (kube_call(k, &a->request, ret_status, &out, err) < 0)
		return -1;
	if (!ret || js_parse_parts(KUBE_ANSWER, buf_text(&out), out.len,
				   a->parts, ret, err) >= 0)
		return 0;
	return kube_bad_answer(a->request.verb, a->request.what, err);
}

void kube_apply_path(struct buf *path, const struct kube_ref *ref,
		     unsigned flags)
{
	kube_path(path, ref->kind, ref->namespace, ref->name);
	buf_add_str(path,
		    "?fieldManager=" KUBE_MANAGER "&fieldValidation=Strict");
	if (flags & KUBE_FORCE)
		buf_add_str(path, "&force=true");
	if (flags & KUBE_DRY_RUN)
		buf_add_str(path, "&dryRun=All");
}

void kube_create_path(struct buf *path, const struct kube_ref *ref,
		      const char *manager, unsigned flags)
{
	kube_path(path, ref->kind, ref->namespace, NULL);
	buf_addf(path, "?fieldManager=%s&fieldValidation=Strict", manager);
	if (flags & KUBE_DRY_RUN)
		buf_add_str(path, "&dryRun=All");
}

int kube_apply(struct kube *k, const struct kube_ref *ref, const void *body,
	       size_t len, unsigned flags, int64_t deadline_us, struct js **ret,
	       struct error *err)
{
	cleanup(about_release) struct about a;

	about(&a, ref, "apply", "PATCH", deadline_us);
	kube_apply_path(&a.path, ref, flags);
	a.request.content_type = KUBE_APPLY_TYPE;
	a.request.body = body;
	a.request.body_len = len;
	return run(k, &a, NULL, ret, err);
}

int kube_get(struct kube *k, const struct kube_ref *ref, int64_t deadline_us,
	     struct js **ret, struct error *err)
{
	cleanup(about_release) struct about a;
	int status = 0;

	about(&a, ref, "read", "GET", deadline_us);
	kube_path(&a.path, ref->kind, ref->namespace, ref->name);
	if (run(k, &a, &status, ret, err) >= 0)
		return 0;
	if (status != 404)
		return -1;
	*ret = NULL;
	return 0;
}

static int merge_at(struct kube *k, const struct kube_ref *ref, const char *at,
		    const char *verb, const void *body, size_t len,
		    int64_t deadline_us, struct js **ret, struct error *err)
{
	cleanup(about_release) struct about a;

	about(&a, ref, verb, "PATCH", deadline_us);
	kube_path(&a.path, ref->kind, ref->namespace, ref->name);
	buf_addf(&a.path, "%s?fieldManager=" KUBE_MANAGER, at);
	a.request.content_type = "application/merge-patch+json";
	a.request.body = body;
	a.request.body_len = len;
	return run(k, &a, NULL, ret, err);
}

int kube_merge(struct kube *k, const struct kube_ref *ref, const void *body,
	       size_t len, int64_t deadline_us, struct js **ret,
	       struct error *err)
{
	return merge_at(k, ref, "", "change", body, len, deadline_us, ret, err);
}

int kube_scale(struct kube *k, const struct kube_ref *ref, int replicas,
	       int64_t deadline_us, struct error *err)
{
	char body[64];
	int len = snprintf(body, sizeof(body), "{\"spec\":{\"replicas\":%d}}",
			   replicas);

	return merge_at(k, ref, "/scale", "scale", body, (size_t)len,
			deadline_us, NULL, err);
}

int kube_write_deletion(const struct kube_deletion *how, struct buf *out,
			struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	struct js *only;

	js_set_str(root, "kind", "DeleteOptions");
	js_set_str(root, "apiVersion", "v1");
	js_set_str(root, "propagationPolicy",
		   how->propagation ? how->propagation : "Background");
	if (how->grace_s >= 0)
		js_set_int(root, "gracePeriodSeconds", how->grace_s);
	if (how->uid) {
		only = js_object();
		js_set_str(only, "uid", how->uid);
		js_set(root, "preconditions", only);
	}
	return js_print(root, JS_LINE, out, err);
}

int kube_delete(struct kube *k, const struct kube_ref *ref,
		const struct kube_deletion *how, int64_t deadline_us,
		bool *ret_found, struct error *err)
{
	cleanup(buf_release) struct buf body = BUF_INIT(4096);
	cleanup(about_release) struct about a;
	int status = 0;

	about(&a, ref, "delete", "DELETE", deadline_us);
	if (kube_write_deletion(how, &body, err) < 0)
		return -1;
	kube_path(&a.path, ref->kind, ref->namespace, ref->name);
	a.request.content_type = "application/json";
	a.request.body = body.data;
	a.request.body_len = body.len;
	if (run(k, &a, &status, NULL, err) < 0 && status != 404)
		return -1;
	if (ret_found)
		*ret_found = status != 404;
	return 0;
}

void kube_select(struct buf *path, const struct kube_selection *which)
{
	if (which && which->labels)
		kube_query(path, "labelSelector", which->labels);
	if (which && which->fields)
		kube_query(path, "fieldSelector", which->fields);
}

int kube_list_page(struct kube *k, const struct kube_page *page,
		   int64_t deadline_us, struct js **ret, int *ret_status,
		   struct error *err)
{
	struct kube_ref none = {
		&(const struct kube_kind){ .kind = page->what }, NULL, NULL
	};
	const struct js_part parts[] = { { "metadata", NULL },
					 { "items", page->parts },
					 { NULL, NULL } };
	cleanup(about_release) struct about a;

	about(&a, &none, "list", "GET", deadline_us);
	a.parts = parts;
	a.request.what = page->what;
	if (page->metadata_only)
		a.request.accept = KUBE_METADATA_LIST;
	buf_add_str(&a.path, page->path);
	/* A page is in memory as a whole, and a pod may take 22 KiB. */
	kube_query(&a.path, "limit", page->metadata_only ? "500" : "100");
	if (page->next)
		kube_query(&a.path, "continue", page->next);
	return run(k, &a, ret_status, ret, err);
}

int kube_list(struct kube *k, const struct kube_ref *ref,
	      const struct kube_selection *which, int64_t deadline_us,
	      int (*fn)(const struct js *object, void *ctx), void *ctx,
	      struct error *err)
{
	cleanup(buf_release) struct buf path = BUF_INIT(PATH_MAX_LEN);
	cleanup(js_freep) struct js *page = NULL;
	struct kube_page at = { 0 };
	char what[KUBE_WHAT];

	at.what = kube_what(what, ref->kind, ref->namespace, NULL);
	kube_path(&path, ref->kind, ref->namespace, NULL);
	kube_select(&path, which);
	if (buf_check(&path, err) < 0)
		return -1;
	at.path = buf_text(&path);
	do {
		struct js *more = NULL;
		const struct js *items;
		int rc = kube_list_page(k, &at, deadline_us, &more, NULL, err);

		if (rc < 0)
			return -1;
		js_free(page);
		page = more;
		items = js_get(page, "items");
		for (size_t i = 0; i < js_count(items); i++) {
			rc = fn(js_at(items, i), ctx);
			if (rc)
				return rc;
		}
		at.next = js_str(js_get(page, "metadata"), "continue");
	} while (at.next && *at.next);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* watch.c - lists the objects of a kind, then watches their changes. */
#include "kube/watch.h"

#include <stdlib.h>
#include <string.h>

#include "sys/clock.h"

enum {
	PATH_ROOM_MAX = 8192,
	STREAM_S = 50, /* the server ends a stream after so long */
	IDLE_MS = 60 * 1000,
	PAUSE_US = 500 * 1000,
	LIST_US = 120 * 1000 * 1000, /* a server that is away is waited for */
	GONE = 410
};

struct kube_watch {
	struct kube *kube;
	struct view view;
	struct buf path; /* of the collection, with its selection */
	bool metadata_only;
	char what[KUBE_WHAT];
	int64_t deadline_us, due_us; /* not begun again before */
	struct kube_call *call; /* the stream */
	bool failed; /* for good: why says */
	struct error why;
};

static int list(struct kube_watch *w, struct error *err)
{
	cleanup(js_freep) struct js *page = NULL;
	struct kube_page at = { .path = buf_text(&w->path),
				.what = w->what,
				.metadata_only = w->metadata_only,
				.parts = view_parts };

	int64_t deadline_us = clock_mono_us() + LIST_US;

	if (deadline_us > w->deadline_us)
		deadline_us = w->deadline_us;
	view_clear(&w->view);
	do {
		struct js *more = NULL;
		int rc = kube_list_page(w->kube, &at, deadline_us, &more, NULL,
					err);

		if (rc < 0)
			return -1;
		js_free(page);
		page = more;
		if (view_add_page(&w->view, page, err) < 0)
			return -1;
		at.next = js_str(js_get(page, "metadata"), "continue");
	} while (at.next && *at.next);
	return 0;
}

static void on_bytes(void *ctx, const uint8_t *bytes, size_t len)
{
	struct kube_watch *w = ctx;

	if (!w->failed && view_feed(&w->view, bytes, len, &w->why) < 0)
		w->failed = true;
}

static void on_done(void *ctx, const struct kube_reply *reply,
		    const struct error *err)
{
	struct kube_watch *w = ctx;

	w->call = NULL;
	w->due_us = clock_mono_us() + PAUSE_US;
	if (reply->status == GONE) {
		w->view.expired = true;
	} else if (err && reply->status >= 400 && reply->status < 500 &&
		   reply->status != 429) {
		w->failed = true;
		w->why = *err;
	}
}

static int stream(struct kube_watch *w, struct error *err)
{
	cleanup(buf_release) struct buf path = BUF_INIT(PATH_ROOM_MAX);
	struct kube_request r = { .verb = "watch",
				  .what = w->what,
				  .method = "GET",
				  .accept = w->metadata_only ? KUBE_METADATA
							     : NULL,
				  .deadline_us = w->deadline_us,
				  .once = true,
				  .on_bytes = on_bytes,
				  .idle_ms = IDLE_MS,
				  .on_done = on_done,
				  .ctx = w };

	buf_add_str(&path, buf_text(&w->path));
	kube_query(&path, "watch", "true");
	kube_query(&path, "allowWatchBookmarks", "true");
	kube_query(&path, "resourceVersion", w->view.version);
	buf_addf(&path, "&timeoutSeconds=%d", STREAM_S);
	if (buf_check(&path, err) < 0)
		return -1;
	view_rewind(&w->view);
	r.path = buf_text(&path);
	return kube_start(w->kube, &r, &w->call, err);
}

int kube_watch_move(struct kube_watch *w, struct error *err)
{
	if (w->failed) {
		if (err)
			*err = w->why;
		return -1;
	}
	if (w->view.expired) {
		kube_cancel(steal(w->call));
		if (list(w, err) < 0)
			return -1;
	}
	if (w->call || clock_mono_us() < w->due_us)
		return 0;
	return stream(w, err);
}

static int open_watch(struct kube *k, const struct kube_ref *ref,
		      const struct kube_selection *which, bool metadata_only,
		      int64_t deadline_us, struct kube_watch **ret,
		      struct error *err)
{
	cleanup(kube_watch_freep) struct kube_watch *w = calloc(1, sizeof(*w));

	if (!w)
		return error_nomem(err);
	w->kube = k;
	w->metadata_only = metadata_only;
	w->deadline_us = deadline_us;
	view_init(&w->view);
	buf_init(&w->path, PATH_ROOM_MAX);
	kube_what(w->what, ref->kind, ref->namespace, NULL);
	kube_path(&w->path, ref->kind, ref->namespace, NULL);
	kube_select(&w->path, which);
	if (buf_check(&w->path, err) < 0 || list(w, err) < 0)
		return -1;
	*ret = steal(w);
	return 0;
}

int kube_watch_open(struct kube *k, const struct kube_ref *ref,
		    const struct kube_selection *which, int64_t deadline_us,
		    struct kube_watch **ret, struct error *err)
{
	return open_watch(k, ref, which, false, deadline_us, ret, err);
}

int kube_watch_open_metadata(struct kube *k, const struct kube_ref *ref,
			     const struct kube_selection *which,
			     int64_t deadline_us, struct kube_watch **ret,
			     struct error *err)
{
	return open_watch(k, ref, which, true, deadline_us, ret, err);
}

void kube_watch_free(struct kube_watch *w)
{
	if (!w)
		return;
	kube_cancel(w->call);
	view_release(&w->view);
	buf_release(&w->path);
	free(w);
}

const struct view *kube_watch_view(const struct kube_watch *w)
{
	return &w->view;
}

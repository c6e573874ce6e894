/* SPDX-License-Identifier: Apache-2.0 */
/* logs.c - the last lines of a container's log. */
#include "kube/logs.h"

#include <stdio.h>

#include "kube/kinds.h"
#include "sys/clock.h"
#include "sys/interrupt.h"

enum {
	STEP_MS = 1000,
	/* Kubelets end streams that are silent for so long. */
	SILENCE_MS = 4 * 3600 * 1000
};

/* `room` 0: no limit. */
static void write_path(const struct kube_log *log, size_t room,
		       struct buf *path)
{
	char number[32], time[CLOCK_TEXT];

	buf_addf(path, "/api/v1/namespaces/%s/pods/%s/log", log->namespace,
		 log->pod);
	if (log->container)
		kube_query(path, "container", log->container);
	if (log->previous)
		kube_query(path, "previous", "true");
	if (log->tail) {
		snprintf(number, sizeof(number), "%d", log->tail);
		kube_query(path, "tailLines", number);
	}
	if (log->since_us)
		kube_query(path, "sinceTime", clock_text(time, log->since_us));
	snprintf(number, sizeof(number), "%zu", room);
	if (room)
		kube_query(path, "limitBytes", number);
	else
		kube_query(path, "follow", "true");
}

static const char *what_of(const struct kube_log *log, char room[KUBE_WHAT])
{
	snprintf(room, KUBE_WHAT, "the log of Pod %s/%s", log->namespace,
		 log->pod);
	return room;
}

int kube_log_read(struct kube *k, const struct kube_log *log,
		  int64_t deadline_us, struct buf *out, struct error *err)
{
	cleanup(buf_release) struct buf path = BUF_INIT(2048);
	char what[KUBE_WHAT];
	struct kube_request r = { .verb = "read",
				  .what = what_of(log, what),
				  .method = "GET",
				  .accept = "*/*",
				  .deadline_us = deadline_us };

	if (out->len >= out->max)
		return error_nomem(err);
	write_path(log, out->max - out->len, &path);
	if (buf_check(&path, err) < 0)
		return -1;
	r.path = buf_text(&path);
	return kube_call(k, &r, NULL, out, err);
}

/* ---- following ---- */

struct following {
	kube_log_fn take;
	void *ctx;
	bool ended; /* the call is gone */
	bool failed;
	struct error err;
};

static void take(struct following *f, const void *bytes, size_t len)
{
	if (!f->failed && f->take(f->ctx, bytes, len, &f->err) < 0)
		f->failed = true;
}

static void on_bytes(void *ctx, const uint8_t *bytes, size_t len)
{
	take(ctx, bytes, len);
}

static void on_done(void *ctx, const struct kube_reply *reply,
		    const struct error *err)
{
	struct following *f = ctx;

	(void)reply;
	f->ended = true;
	if (!err || f->failed)
		return;
	f->err = *err;
	f->failed = true;
}

static int follow(struct kube *k, const struct kube_request *r,
		  struct following *f, struct error *err)
{
	struct kube_call *call;
	int rc = 0;

	if (kube_start(k, r, &call, err) < 0)
		return -1;
	while (!f->ended && !f->failed && (rc = interrupt_check(err)) == 0) {
		kube_step(k, STEP_MS);
		take(f, "", 0);
	}
	if (!f->ended)
		kube_cancel(call);
	if (f->failed && err)
		*err = f->err;
	return f->failed ? -1 : rc;
}

int kube_log_follow(struct kube *k, const struct kube_log *log,
		    kube_log_fn take_fn, void *ctx, struct error *err)
{
	cleanup(buf_release) struct buf path = BUF_INIT(2048);
	struct following f = { .take = take_fn, .ctx = ctx };
	char what[KUBE_WHAT];
	struct kube_request r = { .verb = "follow",
				  .what = what_of(log, what),
				  .method = "GET",
				  .accept = "*/*",
				  .once = true,
				  .on_bytes = on_bytes,
				  .idle_ms = SILENCE_MS,
				  .on_done = on_done,
				  .ctx = &f };

	write_path(log, 0, &path);
	if (buf_check(&path, err) < 0)
		return -1;
	r.path = buf_text(&path);
	return follow(k, &r, &f, err);
}

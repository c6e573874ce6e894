/* SPDX-License-Identifier: Apache-2.0 */
/* loop_watch.c - descriptors of others, and the ends of child processes. */
#include <errno.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "net/loop_uv.h"

/* ---- descriptors ---- */

struct watch {
	uv_poll_t poll;
	unsigned events; /* what it is set to; 0: libuv has stopped it */
	watch_fn fn;
	void *ctx;
};

static void on_ready(uv_poll_t *poll, int status, int events)
{
	struct watch *w = poll->data;
	unsigned ready = 0;

	if (events & UV_READABLE)
		ready |= WATCH_READ;
	if (events & UV_WRITABLE)
		ready |= WATCH_WRITE;
	/* An error: reading and writing tell which. */
	if (status < 0)
		w->events = 0;
	w->fn(w->ctx, status < 0 ? WATCH_READ | WATCH_WRITE : ready);
}

void watch_set(struct watch *w, unsigned events)
{
	int wanted = 0;

	/* For libuv the same again is two calls of the system. */
	if (events == w->events)
		return;
	w->events = events;
	if (events & WATCH_READ)
		wanted |= UV_READABLE;
	if (events & WATCH_WRITE)
		wanted |= UV_WRITABLE;
	uv_poll_start(&w->poll, wanted, on_ready);
}

int loop_watch(struct loop *loop, int fd, unsigned events, watch_fn fn,
	       void *ctx, struct watch **ret, struct error *err)
{
	struct watch *w = calloc(1, sizeof(*w));
	int rc;

	if (!w)
		return error_nomem(err);
	w->fn = fn;
	w->ctx = ctx;
	w->poll.data = w;
	rc = uv_poll_init(&loop->uv, &w->poll, fd);
	if (rc < 0) {
		free(w);
		return uv_error(err, rc, "waiting for a descriptor");
	}
	watch_set(w, events);
	*ret = w;
	return 0;
}

static void on_watch_closed(uv_handle_t *uv)
{
	free(uv->data);
}

void watch_close(struct watch *w)
{
	if (w)
		uv_close((uv_handle_t *)&w->poll, on_watch_closed);
}

/* ---- child processes ---- */

struct child_watch {
	struct watch *watch;
	struct process *process;
	int fd;
	child_fn fn;
	void *ctx;
};

/* Readable: the process has ended, and nobody has waited for it yet. */
static void on_child(void *ctx, unsigned events)
{
	struct child_watch *c = ctx;
	struct error err;
	int status = -1;

	(void)events;
	if (process_poll(c->process, &status, &err) == 1)
		return;
	watch_set(c->watch, 0);
	c->fn(c->ctx, status);
}

int loop_child(struct loop *loop, struct process *process, child_fn fn,
	       void *ctx, struct child_watch **ret, struct error *err)
{
	struct child_watch *c = calloc(1, sizeof(*c));

	if (!c)
		return error_nomem(err);
	*c = (struct child_watch){ .process = process, .fn = fn, .ctx = ctx };
	c->fd = pidfd_open(process->pid, 0);
	if (c->fd < 0) {
		free(c);
		return error_errno(err, ERROR_INTERNAL, errno, "process %d",
				   (int)process->pid);
	}
	if (loop_watch(loop, c->fd, WATCH_READ, on_child, c, &c->watch, err) <
	    0) {
		close(c->fd);
		free(c);
		return -1;
	}
	*ret = c;
	return 0;
}

void child_watch_close(struct child_watch *c)
{
	if (!c)
		return;
	watch_close(c->watch);
	close(c->fd);
	free(c);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* loop_timers.c - the loop's timers: a heap, and one timerfd for all. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "net/loop_uv.h"
#include "sys/clock.h"

enum { FIRST_ROOM = 16, IDLE = -1 };

struct timer {
	struct loop *loop;
	timer_fn fn;
	void *ctx;
	int64_t due_us, every_us; /* monotonic; 0: once */
	uint64_t order; /* among those that are due at the same time */
	ssize_t at; /* in the heap; IDLE: not set */
};

/* ---- the heap ---- */

static bool is_before(const struct timer *a, const struct timer *b)
{
	return a->due_us != b->due_us ? a->due_us < b->due_us
				      : a->order < b->order;
}

static void put(struct timers *t, struct timer *timer, size_t at)
{
	t->heap[at] = timer;
	timer->at = (ssize_t)at;
}

static void sift_up(struct timers *t, struct timer *timer, size_t at)
{
	for (; at && is_before(timer, t->heap[(at - 1) / 2]); at = (at - 1) / 2)
		put(t, t->heap[(at - 1) / 2], at);
	put(t, timer, at);
}

static void sift_down(struct timers *t, struct timer *timer, size_t at)
{
	size_t child;

	while ((child = 2 * at + 1) < t->count) {
		if (child + 1 < t->count &&
		    is_before(t->heap[child + 1], t->heap[child]))
			child++;
		if (!is_before(t->heap[child], timer))
			break;
		put(t, t->heap[child], at);
		at = child;
	}
	put(t, timer, at);
}

static void heap_remove(struct timers *t, struct timer *timer)
{
	size_t at = (size_t)timer->at;
	struct timer *last = t->heap[--t->count];

	timer->at = IDLE;
	if (last == timer)
		return;
	if (at && is_before(last, t->heap[(at - 1) / 2]))
		sift_up(t, last, at);
	else
		sift_down(t, last, at);
}

static void heap_add(struct timers *t, struct timer *timer, int64_t due_us)
{
	timer->due_us = due_us;
	timer->order = t->sets++;
	sift_up(t, timer, t->count++);
}

/* ---- the descriptor ---- */

static void on_due(uv_poll_t *poll, int status, int events);

/* Sets the descriptor to the first timer. While there is none, the loop has
 * nothing to wait for here. */
static void arm(struct timers *t)
{
	struct itimerspec at = { 0 };
	int64_t due_us;

	if (t->firing)
		return;
	if (!t->count) {
		uv_poll_stop(&t->poll);
		t->polling = false;
		return;
	}
	due_us = t->heap[0]->due_us;
	if (t->polling && t->armed_us == due_us)
		return;
	t->armed_us = due_us;
	at.it_value.tv_sec = due_us / 1000000;
	at.it_value.tv_nsec = due_us % 1000000 * 1000;
	timerfd_settime(t->fd, TFD_TIMER_ABSTIME, &at, NULL);
	if (!t->polling)
		uv_poll_start(&t->poll, UV_READABLE, on_due);
	t->polling = true;
}

/* When it is due next, and always in the future: times that were missed are
 * left out. */
static int64_t next_due(const struct timer *timer, int64_t now_us)
{
	int64_t next = timer->due_us + timer->every_us;

	return next > now_us ? next : now_us + timer->every_us;
}

static void fire_due(struct timers *t, int64_t now_us)
{
	while (t->count && t->heap[0]->due_us <= now_us) {
		struct timer *timer = t->heap[0];

		heap_remove(t, timer);
		if (timer->every_us)
			heap_add(t, timer, next_due(timer, now_us));
		/* It may close this timer, or any other. */
		timer->fn(timer->ctx);
	}
}

static void on_due(uv_poll_t *poll, int status, int events)
{
	struct timers *t = poll->data;
	uint64_t times;

	(void)status, (void)events;
	if (read(t->fd, &times, sizeof(times)) < 0)
		(void)times; /* set anew meanwhile */
	t->firing = true;
	fire_due(t, clock_mono_us());
	t->firing = false;
	t->armed_us = 0;
	arm(t);
}

int timers_init(struct loop *loop, struct error *err)
{
	struct timers *t = &loop->timers;
	int rc;

	t->fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (t->fd < 0)
		return error_errno(err, ERROR_INTERNAL, errno,
				   "starting a timer");
	rc = uv_poll_init(&loop->uv, &t->poll, t->fd);
	if (rc < 0) {
		close(t->fd);
		t->fd = -1;
		return uv_error(err, rc, "starting a timer");
	}
	t->poll.data = t;
	return 0;
}

void timers_close(struct loop *loop)
{
	assert(!loop->timers.open);
	uv_close((uv_handle_t *)&loop->timers.poll, NULL);
}

void timers_release(struct loop *loop)
{
	if (loop->timers.fd >= 0)
		close(loop->timers.fd);
	free(loop->timers.heap);
}

/* ---- timers ---- */

/* A slot for each timer that exists, so that setting one cannot fail. */
static int make_room(struct timers *t, struct error *err)
{
	size_t room = t->room ? 2 * t->room : FIRST_ROOM;
	struct timer **heap;

	if (t->open < t->room)
		return 0;
	heap = reallocarray(t->heap, room, sizeof(struct timer *));
	if (!heap)
		return error_nomem(err);
	t->heap = heap;
	t->room = room;
	return 0;
}

int timer_open(struct loop *loop, int64_t after_us, int64_t every_us,
	       timer_fn fn, void *ctx, struct timer **ret, struct error *err)
{
	struct timer *timer;

	if (make_room(&loop->timers, err) < 0)
		return -1;
	timer = malloc(sizeof(*timer));
	if (!timer)
		return error_nomem(err);
	*timer = (struct timer){
		.loop = loop, .fn = fn, .ctx = ctx, .at = IDLE
	};
	loop->timers.open++;
	timer_set(timer, after_us, every_us);
	*ret = timer;
	return 0;
}

void timer_stop(struct timer *timer)
{
	if (timer->at == IDLE)
		return;
	heap_remove(&timer->loop->timers, timer);
	arm(&timer->loop->timers);
}

void timer_set(struct timer *timer, int64_t after_us, int64_t every_us)
{
	struct timers *t = &timer->loop->timers;

	if (timer->at != IDLE)
		heap_remove(t, timer);
	timer->every_us = every_us;
	heap_add(t, timer, clock_mono_us() + after_us);
	arm(t);
}

void timer_close(struct timer *timer)
{
	if (!timer)
		return;
	timer_stop(timer);
	timer->loop->timers.open--;
	free(timer);
}

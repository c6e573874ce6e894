/* SPDX-License-Identifier: Apache-2.0 */
/* loop.c - one thread's events: the loop itself, and calls from other threads.
 */
#include "net/loop.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>

#include "net/loop_uv.h"
#include "sys/interrupt.h"

int uv_error(struct error *err, int rc, const char *what)
{
	return error_set(err, ERROR_INTERNAL, "%s: %s", what, uv_strerror(rc));
}

/* ---- posts ---- */

static struct post *take_posts(struct loop *loop)
{
	struct post *all;

	pthread_mutex_lock(&loop->lock);
	all = loop->first;
	loop->first = NULL;
	loop->end = &loop->first;
	pthread_mutex_unlock(&loop->lock);
	return all;
}

/* One wake-up may stand for many posts. */
static void on_posts(uv_async_t *uv)
{
	struct post *post = take_posts(uv->data), *next;

	for (; post; post = next) {
		next = post->next;
		/* From here on the memory is the caller's again. */
		post->fn(post->ctx);
	}
}

void loop_post(struct loop *loop, struct post *post)
{
	post->next = NULL;
	pthread_mutex_lock(&loop->lock);
	*loop->end = post;
	loop->end = &post->next;
	/* Under the lock: after it, the loop may have ended and gone. */
	uv_async_send(&loop->async);
	pthread_mutex_unlock(&loop->lock);
}

void loop_keep(struct loop *loop, bool keep)
{
	if (keep)
		uv_ref((uv_handle_t *)&loop->async);
	else
		uv_unref((uv_handle_t *)&loop->async);
}

/* ---- the loop ---- */

static int start(struct loop *loop, struct error *err)
{
	int rc = uv_async_init(&loop->uv, &loop->async, on_posts);

	if (rc < 0)
		return uv_error(err, rc, "no event loop");
	loop->async.data = loop;
	uv_unref((uv_handle_t *)&loop->async);
	uv_timer_init(&loop->uv, &loop->bound);
	if (timers_init(loop, err) == 0)
		return 0;
	uv_close((uv_handle_t *)&loop->async, NULL);
	uv_close((uv_handle_t *)&loop->bound, NULL);
	return -1;
}

static void finish(struct loop *loop)
{
	int rc;

	uv_run(&loop->uv, UV_RUN_DEFAULT);
	rc = uv_loop_close(&loop->uv);
	assert(rc == 0);
	(void)rc;
	timers_release(loop);
	pthread_mutex_destroy(&loop->lock);
	free(loop);
}

int loop_new(struct loop **ret, struct error *err)
{
	struct loop *loop = calloc(1, sizeof(*loop));
	int rc;

	if (!loop)
		return error_nomem(err);
	/* libuv writes without MSG_NOSIGNAL: a peer that has gone is to fail
	 * the write, not to end the process. */
	signal(SIGPIPE, SIG_IGN);
	rc = uv_loop_init(&loop->uv);
	if (rc < 0) {
		free(loop);
		return uv_error(err, rc, "no event loop");
	}
	pthread_mutex_init(&loop->lock, NULL);
	loop->end = &loop->first;
	loop->timers.fd = -1;
	if (start(loop, err) < 0) {
		finish(loop);
		return -1;
	}
	*ret = loop;
	return 0;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	loop_keep(loop, false);
	on_posts(&loop->async);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	/* The last post may still be on its way out of loop_post(). */
	pthread_mutex_lock(&loop->lock);
	uv_close((uv_handle_t *)&loop->async, NULL);
	pthread_mutex_unlock(&loop->lock);
	uv_close((uv_handle_t *)&loop->bound, NULL);
	if (loop->has_interrupt)
		uv_close((uv_handle_t *)&loop->interrupt, NULL);
	timers_close(loop);
	finish(loop);
}

void loop_run(struct loop *loop)
{
	uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void loop_stop(struct loop *loop)
{
	uv_stop(&loop->uv);
}

/* These end a step, and that is all that they are for. */
static void on_bound(uv_timer_t *uv)
{
	(void)uv;
}

static void on_interrupt(uv_poll_t *uv, int status, int events)
{
	(void)uv, (void)status, (void)events;
}

static void watch_interrupt(struct loop *loop)
{
	int fd = interrupt_fd();

	if (!loop->has_interrupt && fd >= 0)
		loop->has_interrupt =
			uv_poll_init(&loop->uv, &loop->interrupt, fd) == 0;
	if (loop->has_interrupt)
		uv_poll_start(&loop->interrupt, UV_READABLE, on_interrupt);
}

void loop_step(struct loop *loop, int ms)
{
	if (ms <= 0) {
		uv_run(&loop->uv, UV_RUN_NOWAIT);
		return;
	}
	/* libuv's clock stood still since the step before. */
	uv_update_time(&loop->uv);
	uv_timer_start(&loop->bound, on_bound, (uint64_t)ms, 0);
	watch_interrupt(loop);
	uv_run(&loop->uv, UV_RUN_ONCE);
	uv_timer_stop(&loop->bound);
	if (loop->has_interrupt)
		uv_poll_stop(&loop->interrupt);
}

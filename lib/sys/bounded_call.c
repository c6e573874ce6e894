/* SPDX-License-Identifier: Apache-2.0 */
/* bounded_call.c - waits a limited time for a call that may block. */
#include "sys/bounded_call.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "sys/clock.h"
#include "sys/interrupt.h"

enum { SLICE_MS = 200 };

/* Of the thread and the caller, who is last frees it. */
struct bounded {
	void (*call)(void *ctx);
	void (*release)(void *ctx);
	void *ctx;
	atomic_bool one_is_done;
};

static void *bounded_main(void *arg)
{
	struct bounded *b = arg;

	b->call(b->ctx);
	if (atomic_exchange(&b->one_is_done, true)) {
		b->release(b->ctx);
		free(b);
	}
	return NULL;
}

static int await(pthread_t thread, int seconds, struct error *err)
{
	int64_t deadline = clock_mono_us() + (int64_t)seconds * 1000000;
	struct timespec limit;

	for (;;) {
		clock_gettime(CLOCK_MONOTONIC, &limit);
		limit.tv_nsec += SLICE_MS * 1000000L;
		limit.tv_sec += limit.tv_nsec / 1000000000;
		limit.tv_nsec %= 1000000000;
		if (!pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC,
					  &limit))
			return 0;
		if (interrupt_check(err) < 0)
			return -1;
		if (clock_mono_us() >= deadline)
			return error_set(err, ERROR_INTERNAL,
					 "no answer within %d s", seconds);
	}
}

/* The thread goes on alone, unless it has just ended. */
static void leave(struct bounded *b, pthread_t thread)
{
	if (!atomic_exchange(&b->one_is_done, true)) {
		pthread_detach(thread);
		return;
	}
	pthread_join(thread, NULL);
	b->release(b->ctx);
	free(b);
}

int bounded_call(void (*call)(void *ctx), void (*release)(void *ctx), void *ctx,
		 int seconds, struct error *err)
{
	struct bounded *b = malloc(sizeof(*b));
	pthread_t thread;
	int bad = ENOMEM;

	if (b) {
		*b = (struct bounded){ call, release, ctx, false };
		bad = pthread_create(&thread, NULL, bounded_main, b);
	}
	if (bad) {
		free(b);
		release(ctx);
		return bad == ENOMEM ? error_nomem(err)
				     : error_errno(err, ERROR_INTERNAL, bad,
						   "making a thread");
	}
	if (await(thread, seconds, err) < 0) {
		leave(b, thread);
		return -1;
	}
	free(b);
	return 0;
}

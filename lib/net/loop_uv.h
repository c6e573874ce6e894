/* SPDX-License-Identifier: Apache-2.0 */
/* loop_uv.h - what the files of the loop share; only they know libuv. */
#ifndef NET_LOOP_UV_H
#define NET_LOOP_UV_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "net/loop.h"

/*
 * Timers stand in a heap by when they are due. One timerfd is set to the first
 * of them: libuv's own timers know milliseconds only.
 */
struct timers {
	struct timer **heap;
	size_t count, room; /* in the heap; slots that there are */
	size_t open; /* timers that exist: each has a slot */
	uint64_t sets; /* so far: of equal times the first set fires first */
	int fd; /* -1: none */
	int64_t armed_us; /* what the descriptor is set to */
	uv_poll_t poll;
	bool polling, firing;
};

struct loop {
	uv_loop_t uv;
	char input[64 * 1024]; /* of whichever stream reads just now */
	struct timers timers;
	uv_timer_t bound; /* of loop_step() */
	uv_poll_t interrupt; /* likewise, from the first one on */
	bool has_interrupt;
	uv_async_t async;
	pthread_mutex_t lock; /* of what follows */
	struct post *first, **end; /* posted, and not called yet */
};

int timers_init(struct loop *loop, struct error *err);
/* Begins to close; libuv's loop must run once more. */
void timers_close(struct loop *loop);
void timers_release(struct loop *loop);

/* ERROR_INTERNAL: `what`, and the words of libuv's negative `rc`. */
int uv_error(struct error *err, int rc, const char *what);

#endif

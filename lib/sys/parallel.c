/* SPDX-License-Identifier: Apache-2.0 */
/* parallel.c - does the same with each of many items, on all processors. */
#include "sys/parallel.h"

#include <assert.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

struct batch {
	unsigned count;
	parallel_fn fn;
	void *ctx;
	atomic_uint next; /* first item of the next portion */
	atomic_bool stop;
};

struct worker {
	struct batch *batch;
	unsigned number;
	pthread_t thread;
	int rc;
	unsigned failed_at;
	struct error err;
};

static int do_portion(struct worker *w, unsigned from)
{
	const struct batch *b = w->batch;

	for (unsigned i = from; i < b->count && i - from < PARALLEL_PORTION;
	     i++) {
		w->rc = b->fn(b->ctx, w->number, i, &w->err);
		if (w->rc < 0) {
			w->failed_at = i;
			return -1;
		}
	}
	return 0;
}

static void *work(void *ctx)
{
	struct worker *w = ctx;
	struct batch *b = w->batch;

	while (!atomic_load(&b->stop)) {
		unsigned from = atomic_fetch_add(&b->next, PARALLEL_PORTION);

		if (from >= b->count)
			break;
		if (do_portion(w, from) < 0)
			atomic_store(&b->stop, true);
	}
	return NULL;
}

static unsigned workers_for(unsigned count)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned portions = count / PARALLEL_PORTION;

	if (cores > PARALLEL_MAX)
		cores = PARALLEL_MAX;
	if (cores < 1 || portions < 2)
		return 1;
	return portions < (unsigned)cores ? portions : (unsigned)cores;
}

static int result(const struct worker *workers, unsigned count,
		  struct error *err)
{
	const struct worker *first = NULL;

	for (unsigned i = 0; i < count; i++)
		if (workers[i].rc < 0 &&
		    (!first || workers[i].failed_at < first->failed_at))
			first = &workers[i];
	if (!first)
		return 0;
	if (err)
		*err = first->err;
	return -1;
}

int parallel_each(unsigned count, parallel_fn fn, void *ctx, struct error *err)
{
	struct worker workers[PARALLEL_MAX] = { 0 };
	struct batch batch = { .count = count, .fn = fn, .ctx = ctx };
	unsigned wanted = workers_for(count), started = 1;

	assert(count <= UINT_MAX - 2 * PARALLEL_MAX * PARALLEL_PORTION);
	for (unsigned i = 0; i < wanted; i++) {
		workers[i].batch = &batch;
		workers[i].number = i;
	}
	while (started < wanted &&
	       pthread_create(&workers[started].thread, NULL, work,
			      &workers[started]) == 0)
		started++;
	work(&workers[0]);
	for (unsigned i = 1; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	return result(workers, started, err);
}

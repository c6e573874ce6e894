/* SPDX-License-Identifier: Apache-2.0 */
/* background.c - one thread that waits, beside the thread that works. */
#include "net/background.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>

struct background {
	struct loop *loop;
	struct post quit;
	unsigned shares;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct background *current; /* NULL: no thread, or one that ends */

/* The thread owns all of it. */
static void *run(void *ctx)
{
	struct background *b = ctx;

	loop_run(b->loop);
	/* Under the lock, so that ThreadSanitizer sees an order when the next
	 * loop gets the same descriptors: it does not see libuv close them. */
	pthread_mutex_lock(&lock);
	loop_free(b->loop);
	pthread_mutex_unlock(&lock);
	free(b);
	return NULL;
}

static void on_quit(void *ctx)
{
	struct background *b = ctx;

	loop_keep(b->loop, false);
}

/* Signals are for the thread that works: its waits are to see them. Nobody
 * waits for the thread's end: a host name that is being looked up may take it
 * a while. */
static int start_thread(struct background *b)
{
	sigset_t all, before;
	pthread_t thread;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&thread, NULL, run, b);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!failed)
		pthread_detach(thread);
	return failed;
}

static int start(struct background **ret, struct error *err)
{
	struct background *b = calloc(1, sizeof(*b));
	int failed;

	if (!b)
		return error_nomem(err);
	b->quit = (struct post){ .fn = on_quit, .ctx = b };
	if (loop_new(&b->loop, err) < 0) {
		free(b);
		return -1;
	}
	loop_keep(b->loop, true);
	failed = start_thread(b);
	if (failed) {
		loop_free(b->loop);
		free(b);
		return error_errno(err, ERROR_INTERNAL, failed,
				   "starting a thread");
	}
	*ret = b;
	return 0;
}

int background_join(struct background **ret, struct error *err)
{
	int rc = 0;

	pthread_mutex_lock(&lock);
	if (!current)
		rc = start(&current, err);
	if (rc == 0) {
		current->shares++;
		*ret = current;
	}
	pthread_mutex_unlock(&lock);
	return rc;
}

struct loop *background_loop(struct background *b)
{
	return b->loop;
}

/* ---- a call that is waited for ---- */

struct call {
	void (*fn)(void *ctx);
	void *ctx;
	sem_t done;
};

static void on_call(void *ctx)
{
	struct call *c = ctx;

	c->fn(c->ctx);
	sem_post(&c->done);
}

void background_call(struct background *b, void (*fn)(void *ctx), void *ctx)
{
	struct call c = { .fn = fn, .ctx = ctx };
	struct post post = { .fn = on_call, .ctx = &c };

	sem_init(&c.done, 0, 0);
	loop_post(b->loop, &post);
	while (sem_wait(&c.done) < 0)
		; /* a signal */
	sem_destroy(&c.done);
}

void background_leave(struct background *b)
{
	if (!b)
		return;
	pthread_mutex_lock(&lock);
	if (!--b->shares) {
		current = NULL;
		loop_post(b->loop, &b->quit);
	}
	pthread_mutex_unlock(&lock);
}

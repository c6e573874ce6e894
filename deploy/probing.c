/* SPDX-License-Identifier: Apache-2.0 */
/* probing.c - asks a node again and again, beside the rest, until it is ready.
 */
#include "deploy/probing.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corda/probe.h"
#include "net/background.h"
#include "sys/clock.h"
#include "sys/interrupt.h"

enum { ANSWER_MS = 10000, FIRST_PAUSE_MS = 100, LONGEST_PAUSE_MS = 500 };

/*
 * The caller has it made and ended by posts; between the two, what is not under
 * the lock is the loop's alone. Whoever gives up does not wait for an attempt,
 * which may last ANSWER_MS: the loop ends it, and frees.
 */
struct probing {
	struct background *background;
	struct post begin, end;
	char *host, *user, *password; /* owned */
	uint16_t port;
	unsigned nodes;
	struct timer *pause;
	struct probe_call *call; /* NULL between attempts */
	int pause_ms;
	pthread_mutex_t lock; /* of what follows */
	struct probing_bell *bell; /* NULL: nobody listens any more */
	int64_t ready_us;
	char why[512];
};

static void on_rung(void *ctx)
{
	struct probing_bell *bell = ctx;

	bell->rung = false;
}

static void ring(struct probing_bell *bell)
{
	if (atomic_exchange(&bell->rung, true))
		return;
	bell->post = (struct post){ .fn = on_rung, .ctx = bell };
	loop_post(bell->loop, &bell->post);
}

static void note(struct probing *p, int64_t ready_us, const char *why)
{
	pthread_mutex_lock(&p->lock);
	p->ready_us = ready_us;
	snprintf(p->why, sizeof(p->why), "%.500s", why);
	if (ready_us && p->bell)
		ring(p->bell);
	pthread_mutex_unlock(&p->lock);
}

static void probing_release(struct probing *p)
{
	pthread_mutex_destroy(&p->lock);
	free(p->host);
	free(p->user);
	if (p->password)
		explicit_bzero(p->password, strlen(p->password));
	free(p->password);
	free(p);
}

/* ---- on the loop ---- */

static void ask_later(struct probing *p)
{
	timer_set(p->pause, p->pause_ms * 1000LL, 0);
	p->pause_ms = p->pause_ms * 3 / 2;
	if (p->pause_ms > LONGEST_PAUSE_MS)
		p->pause_ms = LONGEST_PAUSE_MS;
}

static void on_answer(void *ctx, const struct probe *answer,
		      const struct error *why)
{
	struct probing *p = ctx;
	char lacks[128];

	p->call = NULL;
	if (answer && answer->map_size >= p->nodes) {
		note(p, clock_wall_us(), "");
		return;
	}
	if (answer)
		snprintf(lacks, sizeof(lacks), "its network map has %u of %u",
			 answer->map_size, p->nodes);
	note(p, 0, answer ? lacks : why->text);
	ask_later(p);
}

static void ask(void *ctx)
{
	struct probing *p = ctx;
	struct error err = { 0 };

	if (interrupted())
		return;
	if (probe_start(background_loop(p->background), p->host, p->port,
			p->user, p->password, ANSWER_MS, on_answer, p, &p->call,
			&err) == 0)
		return;
	note(p, 0, err.text);
	ask_later(p);
}

static void begin(void *ctx)
{
	struct probing *p = ctx;
	struct error err = { 0 };

	if (timer_open(background_loop(p->background), 0, 0, ask, p, &p->pause,
		       &err) < 0)
		note(p, 0, err.text);
}

static void end(void *ctx)
{
	struct probing *p = ctx;

	if (p->call)
		probe_cancel(p->call);
	timer_close(p->pause);
	probing_release(p);
}

/* ---- for the caller ---- */

int probing_start(const struct endpoint *at, const struct secrets *secrets,
		  unsigned nodes, struct probing_bell *bell,
		  struct probing **ret, struct error *err)
{
	struct probing *p = calloc(1, sizeof(*p));
	int rc = 0;

	if (!p)
		return error_nomem(err);
	p->begin = (struct post){ .fn = begin, .ctx = p };
	p->end = (struct post){ .fn = end, .ctx = p };
	p->pause_ms = FIRST_PAUSE_MS;
	p->host = strdup(at->host);
	p->user = strdup(secrets->rpc_user);
	p->password = strdup(secrets->rpc_password);
	p->port = at->port;
	p->nodes = nodes;
	p->bell = bell;
	pthread_mutex_init(&p->lock, NULL);
	if (!p->host || !p->user || !p->password)
		rc = error_nomem(err);
	if (rc < 0 || background_join(&p->background, err) < 0) {
		probing_release(p);
		return -1;
	}
	loop_post(background_loop(p->background), &p->begin);
	*ret = p;
	return 0;
}

int64_t probing_ready(struct probing *p, char *why, size_t room)
{
	int64_t ready;

	pthread_mutex_lock(&p->lock);
	ready = p->ready_us;
	snprintf(why, room, "%s", p->why);
	pthread_mutex_unlock(&p->lock);
	return ready;
}

void probing_free(struct probing *p)
{
	struct background *background = p ? p->background : NULL;

	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->bell = NULL;
	pthread_mutex_unlock(&p->lock);
	loop_post(background_loop(background), &p->end);
	background_leave(background);
}

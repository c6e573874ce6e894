/* SPDX-License-Identifier: Apache-2.0 */
/* probing.c - asks a node again and again, beside the rest, until it is ready.
 */
#include "deploy/probing.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "corda/probe.h"
#include "sys/clock.h"
#include "sys/interrupt.h"

enum { ANSWER_MS = 10000, FIRST_PAUSE_MS = 100, LONGEST_PAUSE_MS = 500 };

/* An attempt may last ANSWER_MS. Who gives up does not wait for it: the last of
 * the two users, thread and caller, frees. */
struct probing {
	atomic_int users;
	char *host, *user, *password; /* owned */
	uint16_t port;
	unsigned nodes;
	atomic_bool stop;
	pthread_mutex_t lock; /* of what follows */
	int64_t ready_us;
	char why[512];
};

static void note(struct probing *p, int64_t ready_us, const char *why)
{
	pthread_mutex_lock(&p->lock);
	p->ready_us = ready_us;
	snprintf(p->why, sizeof(p->why), "%.500s", why);
	pthread_mutex_unlock(&p->lock);
}

static bool ask(struct probing *p)
{
	struct probe answer;
	struct error err = { 0 };
	char lacks[128];

	if (probe_node(p->host, p->port, p->user, p->password, ANSWER_MS,
		       &answer, &err) < 0) {
		note(p, 0, err.text);
		return false;
	}
	if (answer.map_size < p->nodes) {
		snprintf(lacks, sizeof(lacks), "its network map has %u of %u",
			 answer.map_size, p->nodes);
		note(p, 0, lacks);
		return false;
	}
	note(p, clock_wall_us(), "");
	return true;
}

static void drop(struct probing *p)
{
	if (atomic_fetch_sub(&p->users, 1) > 1)
		return;
	pthread_mutex_destroy(&p->lock);
	free(p->host);
	free(p->user);
	if (p->password)
		explicit_bzero(p->password, strlen(p->password));
	free(p->password);
	free(p);
}

static void *probe_until_ready(void *ctx)
{
	struct probing *p = ctx;
	int pause = FIRST_PAUSE_MS;

	while (!atomic_load(&p->stop) && !interrupted() && !ask(p)) {
		poll(NULL, 0, pause);
		pause = pause * 3 / 2;
		if (pause > LONGEST_PAUSE_MS)
			pause = LONGEST_PAUSE_MS;
	}
	drop(p);
	return NULL;
}

int probing_start(const struct endpoint *at, const struct secrets *secrets,
		  unsigned nodes, struct probing **ret, struct error *err)
{
	struct probing *p = calloc(1, sizeof(*p));
	pthread_t thread;

	if (!p)
		return error_nomem(err);
	atomic_init(&p->users, 2);
	p->host = strdup(at->host);
	p->user = strdup(secrets->rpc_user);
	p->password = strdup(secrets->rpc_password);
	p->port = at->port;
	p->nodes = nodes;
	pthread_mutex_init(&p->lock, NULL);
	if (!p->host || !p->user || !p->password ||
	    pthread_create(&thread, NULL, probe_until_ready, p)) {
		atomic_store(&p->users, 1);
		drop(p);
		return error_set(err, ERROR_INTERNAL, "no thread for a probe");
	}
	pthread_detach(thread);
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
	if (!p)
		return;
	atomic_store(&p->stop, true);
	drop(p);
}

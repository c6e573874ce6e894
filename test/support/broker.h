/* SPDX-License-Identifier: Apache-2.0 */
/* broker.h - a small RPC broker for tests, that says what nodes said. */
#ifndef TEST_SUPPORT_BROKER_H
#define TEST_SUPPORT_BROKER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* How it meets a client. */
enum broker_mood {
	BROKER_ANSWERS, /* with the captured answers of a 4.8 node */
	BROKER_SILENT, /* takes calls, and says nothing */
	BROKER_REFUSES, /* user and password */
	BROKER_HANGS_UP, /* at the first call */
	BROKER_MUTE /* takes connections, and says nothing at all */
};

/*
 * Listens on 127.0.0.1, serves one client after the other on a thread of its
 * own. Every name it is asked for is the same party; every flow succeeds with
 * the captured transaction, but as told here.
 */
struct broker {
	enum broker_mood mood;
	unsigned poor; /* the first payments fail: "Insufficient cash" */
	bool deaf; /* flows are never answered */
	unsigned deaf_after; /* so many; 0: never */
	/* A vault query is answered with this file of rpc/4.8, in place of the
	 * sums of cash; NULL: with those. */
	const char *query_answer;
	int64_t holds; /* USD, the sum; 0: as captured */
	bool penniless; /* the sum is 0 */
	unsigned hang_up_after; /* flows; then no more clients; 0: never */
	uint16_t port;
	/* What was seen. */
	_Atomic unsigned clients, calls, queries, flows, issues, payments,
		goodbyes, observables_closed;
	/* Its own. */
	int listener, fd;
	_Atomic int over;
	pthread_t thread;
};

void broker_start(struct broker *b);
/* Ends the client's connection too. */
void broker_stop(struct broker *b);

#endif

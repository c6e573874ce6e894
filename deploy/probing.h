/* SPDX-License-Identifier: Apache-2.0 */
/* probing.h - asks a node again and again, beside the rest, until it is ready.
 */
#ifndef DEPLOY_PROBING_H
#define DEPLOY_PROBING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "net/loop.h"
#include "run/run.h"

/*
 * The boot blocks at times and must not wait for a node's answer; so all nodes
 * are asked by one thread (net/background.h). Ready is a node whose RPC session
 * answers with a network map of at least `nodes`.
 */
struct probing;

/* Ends a step of the caller's loop when a node is found ready. The caller's; it
 * must stay until the loop is freed. Zeroed but for the loop. */
struct probing_bell {
	struct loop *loop;
	struct post post;
	_Atomic bool rung;
};

/* The strings are copied. */
int probing_start(const struct endpoint *at, const struct secrets *secrets,
		  unsigned nodes, struct probing_bell *bell,
		  struct probing **ret, struct error *err);
/* Wall clock of the first good answer; 0: not ready yet, and then `why` says
 * what the last answer lacked. */
int64_t probing_ready(struct probing *p, char *why, size_t room);
/* Ends the probing without waiting: the thread hangs up and frees. */
void probing_free(struct probing *p);

#endif

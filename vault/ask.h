/* SPDX-License-Identifier: Apache-2.0 */
/* ask.h - asks nodes over RPC what cash their vaults hold. */
#ifndef VAULT_ASK_H
#define VAULT_ASK_H

#include "corda/cash_sums.h"
#include "run/network.h"
#include "run/run.h"

/* One node: what it is asked, and what became of that. */
struct asked {
	uint16_t node;
	struct endpoint at; /* host NULL: it has no address */
	/* Written by ask_nodes(). */
	bool answered;
	struct cash_sum *sums; /* if answered; in the arena */
	size_t sum_count;
	const char *why; /* if not; in the arena */
	double seconds;
};

/*
 * Asks all of them at once, with a session each, in at most `timeout_ms`.
 * Blocking. 0 also when a node does not answer, or answers what cannot be read:
 * its `why` says so. -1: interrupted, or out of memory.
 */
int ask_nodes(struct asked *list, size_t count, const struct secrets *secrets,
	      int timeout_ms, struct arena *arena, struct error *err);

#endif

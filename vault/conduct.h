/* SPDX-License-Identifier: Apache-2.0 */
/* conduct.h - what releases are known to do that is no fault of a pair. */
#ifndef VAULT_CONDUCT_H
#define VAULT_CONDUCT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * known-conduct.yaml beside this file:
 *
 *	- finding: stuck-flow
 *	  platforms: [4]		Corda-Platform-Version of the node
 *	  after: payer-failed		a payment to the node failed
 *	  reason: one line for people
 */
struct conduct_entry {
	const char *finding;
	const int *platforms;
	size_t platform_count;
	bool after_payer_failed; /* else: always */
	const char *reason;
};

struct conduct {
	struct conduct_entry *entries;
	size_t count;
};

int conduct_load(struct arena *arena, struct conduct *ret, struct error *err);

/* Why this is known, or NULL. `payer_failed`: a payment to it failed. */
const char *conduct_reason(const struct conduct *c, const char *finding,
			   int platform, bool payer_failed);

#endif

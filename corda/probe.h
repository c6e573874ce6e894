/* SPDX-License-Identifier: Apache-2.0 */
/* probe.h - asks a node over RPC whether it is ready for traffic. */
#ifndef CORDA_PROBE_H
#define CORDA_PROBE_H

#include <stdint.h>

#include "base/error.h"
#include "net/loop.h"

enum { PROBE_PLATFORMS = 256 };

struct probe {
	int platform; /* getProtocolVersion */
	unsigned map_size; /* nodes in networkMapSnapshot, itself included */
	/* How many of them are of each platform version. */
	unsigned platforms[PROBE_PLATFORMS];
	unsigned flows; /* registeredFlows */
};

/*
 * Opens a session, asks, closes: blocking, at most `timeout_ms` in all. 0 when
 * all three calls were answered; -1 and where it stopped when the node does
 * not answer (yet).
 */
int probe_node(const char *host, uint16_t port, const char *user,
	       const char *password, int timeout_ms, struct probe *ret,
	       struct error *err);

/* The same on a loop. */
struct probe_call;
/* Once, when the session is gone; frees the call. `answer` is NULL when the
 * node does not answer (yet): `why` says where it stopped. */
typedef void (*probe_fn)(void *ctx, const struct probe *answer,
			 const struct error *why);
int probe_start(struct loop *loop, const char *host, uint16_t port,
		const char *user, const char *password, int timeout_ms,
		probe_fn fn, void *ctx, struct probe_call **ret,
		struct error *err);
/* Ends it without calling back; a session says goodbye first, which may take
 * the loop a second. */
void probe_cancel(struct probe_call *call);

#endif

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
 * Opens a session, makes three calls and closes it; blocks for at most
 * `timeout_ms`. 0 if all calls were answered; -1 if the node does not answer
 * (yet): the error names the call.
 */
int probe_node(const char *host, uint16_t port, const char *user,
	       const char *password, int timeout_ms, struct probe *ret,
	       struct error *err);

/* The same on a loop. */
struct probe_call;
/* Called once, when the session has ended; frees the call. `answer` is NULL if
 * the node does not answer (yet); then `why` has the reason. */
typedef void (*probe_fn)(void *ctx, const struct probe *answer,
			 const struct error *why);
int probe_start(struct loop *loop, const char *host, uint16_t port,
		const char *user, const char *password, int timeout_ms,
		probe_fn fn, void *ctx, struct probe_call **ret,
		struct error *err);
/* Ends the call without a callback. An open session is closed in order, which
 * may take a second of the loop. */
void probe_cancel(struct probe_call *call);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* bounded_call.h - waits a limited time for a call that may block. */
#ifndef SYS_BOUNDED_CALL_H
#define SYS_BOUNDED_CALL_H

#include "base/error.h"

/*
 * For calls of libraries that block for as long as a name server or a peer
 * likes. The call is made in a thread.
 *
 * 0: it has ended within `seconds`, and `ctx` is the caller's again.
 * -1: it is late, the user has interrupted, or there was no thread. `ctx` is
 * not the caller's any more: release(ctx) is called when the call has ended, in
 * its thread. So `ctx` must own whatever the call needs.
 */
int bounded_call(void (*call)(void *ctx), void (*release)(void *ctx), void *ctx,
		 int seconds, struct error *err);

#endif

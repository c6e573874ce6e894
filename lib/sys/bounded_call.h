/* SPDX-License-Identifier: Apache-2.0 */
/* bounded_call.h - waits a limited time for a call that may block. */
#ifndef SYS_BOUNDED_CALL_H
#define SYS_BOUNDED_CALL_H

#include "base/error.h"

/*
 * For calls of libraries that block without a limit, for example until a name
 * server answers. The call is made in a thread.
 *
 * 0: the call has ended within `seconds`, and `ctx` belongs to the caller
 * again. -1: the call is late, the user has interrupted, or no thread could be
 * started. Then `ctx` does not belong to the caller any more: release(ctx) is
 * called in the thread when the call has ended. So `ctx` must own everything
 * that the call needs.
 */
int bounded_call(void (*call)(void *ctx), void (*release)(void *ctx), void *ctx,
		 int seconds, struct error *err);

#endif

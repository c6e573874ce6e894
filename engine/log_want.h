/* SPDX-License-Identifier: Apache-2.0 */
/* log_want.h - which part of a log is wanted, and who takes it. */
#ifndef ENGINE_LOG_WANT_H
#define ENGINE_LOG_WANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

struct log_want {
	unsigned lines; /* only the last ones; 0: all */
	int64_t since_us; /* wall clock: not what is older; 0: all */
	bool follow; /* also what is still to come, until the container ends */
	/* Takes bytes, borrowed; -1 ends the log. Of a log that is followed it
	 * is called at least once a second, with a `len` of 0 while no bytes
	 * come. */
	int (*take)(void *ctx, const void *bytes, size_t len,
		    struct error *err);
	void *ctx;
};

/* Where the last `lines` lines of a text begin; 0: all lines. */
size_t log_tail(const struct buf *text, unsigned lines);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* log_read.h - reads the log of a pod, as far as it is written, into memory. */
#ifndef ENGINE_LOG_READ_H
#define ENGINE_LOG_READ_H

#include "engine/engine.h"

/* Adds the log from `since_us` on (wall clock; 0: all) to `text`. If the log
 * has more than `most` bytes, only its end is added; most = 0: all of it, as
 * far as `text` has room. Makes a temporary file in the engine's directory, and
 * removes it. */
int log_read(struct engine *e, const struct pod *pod, int64_t since_us,
	     size_t most, struct buf *text, struct error *err);

#endif

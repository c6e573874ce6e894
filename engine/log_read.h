/* SPDX-License-Identifier: Apache-2.0 */
/* log_read.h - what a pod has logged so far, in memory. */
#ifndef ENGINE_LOG_READ_H
#define ENGINE_LOG_READ_H

#include "engine/engine.h"

/* Adds the log from `since_us` on (wall clock; 0: all) to `text`. Of a log of
 * more than `most` bytes it is the end; 0: all, as far as `text` has room. It
 * passes through a file of the engine's directory, which is gone afterwards. */
int log_read(struct engine *e, const struct pod *pod, int64_t since_us,
	     size_t most, struct buf *text, struct error *err);

#endif

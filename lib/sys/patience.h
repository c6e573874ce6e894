/* SPDX-License-Identifier: Apache-2.0 */
/* patience.h - limits a wait by how long it has taken before. */
#ifndef SYS_PATIENCE_H
#define SYS_PATIENCE_H

#include <stdint.h>

/* Four times the longest wait so far is enough for the slowest of some hundred
 * waits. The result is at most four times the configured bound. */
enum { PATIENCE_SEEN = 4, PATIENCE_CEILING = 4 };

/*
 * The bound of a wait: `least`, the configured bound, or PATIENCE_SEEN times
 * `seen`, the longest such wait so far (0: none), if that is more, but at most
 * PATIENCE_CEILING times `least`. In any unit.
 */
static inline int64_t patience(int64_t least, int64_t seen)
{
	int64_t ceiling = least * PATIENCE_CEILING;

	if (seen >= ceiling / PATIENCE_SEEN)
		return ceiling;
	return seen * PATIENCE_SEEN > least ? seen * PATIENCE_SEEN : least;
}

#endif

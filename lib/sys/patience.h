/* SPDX-License-Identifier: Apache-2.0 */
/* patience.h - limits a wait by how long it has taken before. */
#ifndef SYS_PATIENCE_H
#define SYS_PATIENCE_H

#include <stdint.h>

/* Four times what was seen is enough for the slowest of some hundred; four
 * times the bound is the ceiling, whatever was seen. */
enum { PATIENCE_SEEN = 4, PATIENCE_CEILING = 4 };

/*
 * The bound of a wait: `least`, as it is configured, or more where the same
 * thing has taken long before: PATIENCE_SEEN times `seen`, which is the longest
 * so far (0: nothing seen), at most PATIENCE_CEILING times `least`. Of any
 * unit.
 */
static inline int64_t patience(int64_t least, int64_t seen)
{
	int64_t ceiling = least * PATIENCE_CEILING;

	if (seen >= ceiling / PATIENCE_SEEN)
		return ceiling;
	return seen * PATIENCE_SEEN > least ? seen * PATIENCE_SEEN : least;
}

#endif

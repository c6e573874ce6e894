/* SPDX-License-Identifier: Apache-2.0 */
/* timeline.h - cuts a stretch of time into equal bins of a round width. */
#ifndef STATS_TIMELINE_H
#define STATS_TIMELINE_H

#include <stddef.h>
#include <stdint.h>

/* Times and widths in microseconds. Bin i is [start + i*width, … + width). */
struct timeline {
	int64_t start;
	int64_t width; /* 1, 2 or 5 times a power of ten */
	size_t bins; /* at least 1 */
};

/* Covers [first, last] with at most `max_bins` bins, none narrower than
 * `least`; the start is a multiple of the width. */
struct timeline timeline_over(int64_t first, int64_t last, size_t max_bins,
			      int64_t least);
/* The bin of a time; times outside fall into the first or the last. */
size_t timeline_bin(const struct timeline *t, int64_t at);
/* What so many events in one bin are a second. */
double timeline_rate(const struct timeline *t, uint64_t events);

/* The smallest of 1, 2, 5, 10, 20, 50, … that is not below `least` (>= 1):
 * also for the steps of an axis. */
int64_t round_step(int64_t least);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* timeline.h - cuts a stretch of time into equal bins of a round width. */
#ifndef STATS_TIMELINE_H
#define STATS_TIMELINE_H

#include <stdbool.h>
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

/*
 * Events that are counted while they come in, in any order, by time and kind,
 * in memory that does not grow: how wide the bins of a chart are is known when
 * the last one has come. They are kept in bins of a power of ten, ten times as
 * many at least as a chart has.
 */
enum {
	TIMELINE_BINS = 120, /* of a chart */
	TIMELINE_KINDS = 4,
	TIMELINE_FINE = 10 * TIMELINE_BINS + 1
};

struct timeline_counts {
	int64_t least; /* a power of ten: no bin is narrower */
	int64_t width; /* 0: no event yet */
	int64_t first, last; /* times of events */
	int64_t start; /* number of the first bin: time / width */
	size_t bins;
	uint64_t counts[TIMELINE_FINE][TIMELINE_KINDS];
};

#define TIMELINE_COUNTS_INIT(narrowest) { .least = (narrowest) }

/* At 0 or later. */
void timeline_count(struct timeline_counts *c, int64_t at, unsigned kind);
/* The chart: timeline_over() the first and the last event, and what fell into
 * each bin. False without events. */
bool timeline_chart(const struct timeline_counts *c, struct timeline *ret,
		    uint64_t ret_counts[TIMELINE_BINS][TIMELINE_KINDS]);

/* The smallest of 1, 2, 5, 10, 20, 50, … that is not below `least` (>= 1):
 * also for the steps of an axis. */
int64_t round_step(int64_t least);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* histogram.h - how often each value was measured, in buckets of bounded width.
 */
#ifndef STATS_HISTOGRAM_H
#define STATS_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

/*
 * A histogram is log-linear: each octave, which is the values from one power of
 * two to the next, is cut into HISTOGRAM_SPLIT buckets of one width. Values
 * below 2 * HISTOGRAM_SPLIT have a bucket each. So the width of a bucket is at
 * most 1 / HISTOGRAM_SPLIT of its least value. A value that is read from a
 * bucket is its middle; it differs from each value in the bucket by at most
 * this value divided by HISTOGRAM_ERROR: 0.4 %. The number, the least, the
 * greatest and the sum of all values are exact.
 *
 * The limits of the buckets do not depend on the values. So histograms of parts
 * of the values, merged in any order, give the histogram of all values.
 *
 * A histogram takes 1 KiB of the arena for each octave with values, and at most
 * 57 KiB, however many values there are.
 *
 * The unit of values is the caller's; medley adds microseconds.
 */
enum {
	HISTOGRAM_SPLIT_BITS = 7,
	HISTOGRAM_SPLIT = 1 << HISTOGRAM_SPLIT_BITS,
	HISTOGRAM_ERROR = 2 * HISTOGRAM_SPLIT,
	/* Octave 0 is the values below HISTOGRAM_SPLIT. */
	HISTOGRAM_OCTAVES = 63 - HISTOGRAM_SPLIT_BITS + 1,
	HISTOGRAM_BUCKETS = HISTOGRAM_OCTAVES * HISTOGRAM_SPLIT
};

/* More values than this are an error; a double has the number exactly. */
#define HISTOGRAM_COUNT_MAX (INT64_C(1) << 53)

struct histogram {
	struct arena *arena; /* borrowed */
	uint64_t *octaves[HISTOGRAM_OCTAVES]; /* HISTOGRAM_SPLIT counts each;
					       * NULL: no values */
	uint64_t count;
	int64_t min, max; /* 0 without values */
	int64_t sum; /* never exceeds INT64_MAX */
};

#define HISTOGRAM_INIT(memory) { .arena = (memory) }

/* A negative value counts as 0. -1 without memory; then nothing was added. */
int histogram_add(struct histogram *h, int64_t value, struct error *err);
/* Adds the values of `from`, which does not change. After a failure, `to` may
 * have a part of them. */
int histogram_merge(struct histogram *to, const struct histogram *from,
		    struct error *err);

/*
 * The value of this rank, counted from 1 in ascending order, with the error
 * above. The first and the last rank are exact, and so are all ranks if all
 * values are equal. Rank 0 is the first; a rank above the count is the last.
 */
int64_t histogram_rank(const struct histogram *h, uint64_t rank);
/*
 * By nearest rank: the p-th percentile of n values is that of rank
 * ceil(p/100 * n). `permille` is from 0 (the least) to 1000 (the greatest): 950
 * is p95. With few values high percentiles are the greatest value (p99 below
 * 100 values, p95 below 20). 0 without values.
 */
int64_t histogram_percentile(const struct histogram *h, unsigned permille);

struct summary {
	size_t count; /* 0: all else is 0 */
	int64_t min, p50, p95, p99, max;
	double mean;
};
struct summary histogram_summary(const struct histogram *h);

/* The bucket of a value, from 0, and what a bucket holds: the values from its
 * least one on, `width` of them. */
unsigned histogram_bucket(int64_t value);
int64_t histogram_least(unsigned bucket);
int64_t histogram_width(unsigned bucket);
/* How many values the bucket has, and the value that stands for each: its
 * middle, within what was measured. */
uint64_t histogram_count(const struct histogram *h, unsigned bucket);
int64_t histogram_middle(const struct histogram *h, unsigned bucket);

/*
 * The whole histogram as one line, about four bytes a bucket that has values:
 *
 *	MIN MAX SUM STEP[xCOUNT] STEP[xCOUNT] ...
 *
 * Each STEPxCOUNT is a bucket with values, in ascending order: how many buckets
 * it is behind the one before (the first: behind bucket 0), and how many values
 * it has, if not 1. Nothing is written for a histogram without values.
 */
void histogram_print(const struct histogram *h, struct buf *out);
/* Reads what histogram_print() wrote into `ret`, which must be new. */
int histogram_parse(const char *text, struct histogram *ret, struct error *err);

#endif

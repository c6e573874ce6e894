/* SPDX-License-Identifier: Apache-2.0 */
/* rank_shift.h - by what factor the values of one histogram are larger than
 * those of another, from ranks alone. */
#ifndef STATS_RANK_SHIFT_H
#define STATS_RANK_SHIFT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "stats/histogram.h"

/*
 * The estimate of Hodges and Lehmann for two samples, of logarithms: the median
 * of ln(y) - ln(x) over all pairs of a value y of `to` and a value x of `from`.
 * exp() of it is a ratio: 1.3 says that values of `to` are typically 30 %
 * larger. It needs no assumption about the shape of the values, and a few
 * timeouts move it as little as they move a median.
 *
 * The interval is Moses': it holds the shifts that a rank-sum test (Wilcoxon,
 * Mann-Whitney) does not reject. The limits are pairs whose ranks come from the
 * exact distribution of the test's statistic where the product of the two
 * counts is at most RANK_EXACT_PAIRS, else from its normal approximation. It is
 * right for independent values; docs/comparing.md says why payments of one run
 * are not independent.
 *
 * A value counts as the middle of its bucket, so estimate and limits may be
 * wrong by the error of two buckets: RANK_ERROR. Values below 1 count as 1.
 */
enum { RANK_EXACT_PAIRS = 400 };
#define RANK_ERROR (2.0 / HISTOGRAM_ERROR)

struct rank_shift {
	double shift; /* ln of the ratio */
	double low, high; /* the interval, if `bounded` */
	bool bounded; /* false: too few values for this chance of error */
};

/* Both must have values. `error_chance`: of the interval, both sides together.
 * Takes room for the buckets in `scratch`. */
int rank_shift(const struct histogram *from, const struct histogram *to,
	       double error_chance, struct arena *scratch,
	       struct rank_shift *ret, struct error *err);

/* The chance that the statistic of a rank-sum test of so many values, without a
 * shift, is at most `u`: exact. The product of the counts is at most
 * RANK_EXACT_PAIRS. */
double rank_sum_at_most(size_t first, size_t second, size_t u);

#endif

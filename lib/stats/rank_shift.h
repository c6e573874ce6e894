/* SPDX-License-Identifier: Apache-2.0 */
/* rank_shift.h - the factor by which the values of one histogram are larger
 * than the values of another, computed from ranks alone. */
#ifndef STATS_RANK_SHIFT_H
#define STATS_RANK_SHIFT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "stats/histogram.h"

/*
 * The estimate of Hodges and Lehmann for two samples, applied to logarithms:
 * the median of ln(y) - ln(x) over all pairs of a value y of `to` and a value x
 * of `from`. exp() of this shift is a ratio: 1.3 means that values of `to` are
 * typically 30 % larger. The estimate needs no assumption about the shape of
 * the distribution, and like a median it hardly changes with a few timeouts.
 *
 * The interval is that of Moses: it contains the shifts that a rank-sum test
 * (Wilcoxon, Mann-Whitney) does not reject. Its limits are the values of two
 * pairs. Their ranks come from the exact distribution of the test's statistic
 * if the product of the two counts is at most RANK_EXACT_PAIRS, else from the
 * normal approximation. The interval is right only for independent values;
 * docs/comparing.md explains why payments of one run are not independent.
 *
 * The middle of a bucket stands for each of its values, so estimate and limits
 * may be wrong by the error of two buckets: RANK_ERROR. Values below 1 are
 * taken as 1.
 */
enum { RANK_EXACT_PAIRS = 400 };
#define RANK_ERROR (2.0 / HISTOGRAM_ERROR)

struct rank_shift {
	double shift; /* ln of the ratio */
	double low, high; /* the interval, if `bounded` */
	bool bounded; /* false: too few values for this chance of error */
};

/* Both histograms must have values. `error_chance`: the chance that the
 * interval is wrong, both sides together. Allocates lists of buckets in
 * `scratch`. */
int rank_shift(const struct histogram *from, const struct histogram *to,
	       double error_chance, struct arena *scratch,
	       struct rank_shift *ret, struct error *err);

/* The exact chance that the statistic of a rank-sum test is at most `u`, if the
 * two samples have `first` and `second` values and there is no shift. The
 * product of the counts must be at most RANK_EXACT_PAIRS. */
double rank_sum_at_most(size_t first, size_t second, size_t u);

#endif

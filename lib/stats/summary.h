/* SPDX-License-Identifier: Apache-2.0 */
/* summary.h - exact percentiles of samples that were all kept. */
#ifndef STATS_SUMMARY_H
#define STATS_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

/*
 * Percentiles are by nearest rank: the p-th percentile of n samples is the
 * sample of rank ceil(p/100 * n), counted from 1 in ascending order. It is
 * always a value that was measured, never one between two, and exact: ranks
 * are computed in integers. With few samples the high percentiles are the
 * maximum (p99 below 100 samples, p95 below 20), and are to be read so.
 *
 * Samples are in any unit; a summary keeps it.
 */
struct summary {
	size_t count; /* 0: all else is 0 */
	int64_t min, p50, p95, p99, max;
	double mean;
};

void samples_sort(int64_t *samples, size_t count);
/* `permille` from 0 (the minimum) to 1000 (the maximum): 950 is p95. */
int64_t samples_percentile(const int64_t *sorted, size_t count,
			   unsigned permille);
struct summary samples_summary(const int64_t *sorted, size_t count);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* summary.c - exact percentiles of samples that were all kept. */
#include "stats/summary.h"

#include <assert.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void samples_sort(int64_t *samples, size_t count)
{
	if (count > 1)
		qsort(samples, count, sizeof(*samples), by_value);
}

int64_t samples_percentile(const int64_t *sorted, size_t count,
			   unsigned permille)
{
	size_t rank;

	assert(permille <= 1000);
	if (!count)
		return 0;
	/* In two parts, so that no count overflows. */
	rank = count / 1000 * permille + (count % 1000 * permille + 999) / 1000;
	return sorted[rank ? rank - 1 : 0];
}

struct summary samples_summary(const int64_t *sorted, size_t count)
{
	struct summary s = { .count = count };
	double sum = 0;

	if (!count)
		return s;
	for (size_t i = 0; i < count; i++)
		sum += (double)sorted[i];
	s.min = sorted[0];
	s.p50 = samples_percentile(sorted, count, 500);
	s.p95 = samples_percentile(sorted, count, 950);
	s.p99 = samples_percentile(sorted, count, 990);
	s.max = sorted[count - 1];
	s.mean = sum / (double)count;
	return s;
}

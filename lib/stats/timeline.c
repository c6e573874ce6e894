/* SPDX-License-Identifier: Apache-2.0 */
/* timeline.c - cuts a stretch of time into equal bins of a round width. */
#include "stats/timeline.h"

#include <assert.h>

int64_t round_step(int64_t least)
{
	static const int factors[] = { 1, 2, 5 };

	for (int64_t power = 1; power <= INT64_MAX / 100; power *= 10)
		for (int i = 0; i < 3; i++)
			if (factors[i] * power >= least)
				return factors[i] * power;
	return INT64_MAX;
}

static size_t bins_between(int64_t start, int64_t last, int64_t width)
{
	return (size_t)((last - start) / width) + 1;
}

struct timeline timeline_over(int64_t first, int64_t last, size_t max_bins,
			      int64_t least)
{
	struct timeline t = { .width = round_step(least > 1 ? least : 1) };

	assert(max_bins > 1 && first >= 0);
	if (last < first)
		last = first;
	for (;;) {
		t.start = first - first % t.width;
		t.bins = bins_between(t.start, last, t.width);
		if (t.bins <= max_bins)
			return t;
		t.width = round_step(t.width + 1);
	}
}

size_t timeline_bin(const struct timeline *t, int64_t at)
{
	size_t bin;

	if (at <= t->start)
		return 0;
	bin = (size_t)((at - t->start) / t->width);
	return bin < t->bins ? bin : t->bins - 1;
}

double timeline_rate(const struct timeline *t, uint64_t events)
{
	return (double)events * 1e6 / (double)t->width;
}

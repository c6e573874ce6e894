/* SPDX-License-Identifier: Apache-2.0 */
/* timeline.c - cuts a stretch of time into equal bins of a round width. */
#include "stats/timeline.h"

#include <assert.h>
#include <string.h>

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

/* ---- counting ---- */

static void add_bin(uint64_t to[TIMELINE_KINDS],
		    const uint64_t from[TIMELINE_KINDS])
{
	for (unsigned i = 0; i < TIMELINE_KINDS; i++)
		to[i] += from[i];
}

/* Ten bins become one. Where a bin goes to, the one that was there has gone
 * before. */
static void coarsen(struct timeline_counts *c)
{
	const int64_t start = c->start / 10;

	for (size_t i = 0; i < c->bins; i++) {
		size_t to = (size_t)((c->start + (int64_t)i) / 10 - start);

		if (to == i)
			continue;
		add_bin(c->counts[to], c->counts[i]);
		memset(c->counts[i], 0, sizeof(c->counts[i]));
	}
	c->bins = (size_t)((c->start + (int64_t)c->bins - 1) / 10 - start) + 1;
	c->start = start;
	c->width *= 10;
}

/* Has a bin for that time. */
static void reach(struct timeline_counts *c, int64_t at)
{
	int64_t from, to;

	for (;; coarsen(c)) {
		const int64_t bin = at / c->width;

		from = bin < c->start ? bin : c->start;
		to = c->start + (int64_t)c->bins - 1;
		to = bin > to ? bin : to;
		if (to - from < TIMELINE_FINE)
			break;
	}
	if (from < c->start) {
		const size_t more = (size_t)(c->start - from);

		memmove(c->counts[more], c->counts[0],
			c->bins * sizeof(c->counts[0]));
		memset(c->counts[0], 0, more * sizeof(c->counts[0]));
	}
	c->start = from;
	c->bins = (size_t)(to - from) + 1;
}

void timeline_count(struct timeline_counts *c, int64_t at, unsigned kind)
{
	assert(at >= 0 && kind < TIMELINE_KINDS);
	if (!c->width) {
		c->width = c->least;
		c->first = c->last = at;
		c->start = at / c->width;
		c->bins = 1;
	}
	if (at < c->first)
		c->first = at;
	if (at > c->last)
		c->last = at;
	reach(c, at);
	c->counts[at / c->width - c->start][kind]++;
}

/* A chart's bins are whole numbers of the fine ones: these got wider only when
 * there were so many that a chart's have to be wider still. */
bool timeline_chart(const struct timeline_counts *c, struct timeline *ret,
		    uint64_t ret_counts[TIMELINE_BINS][TIMELINE_KINDS])
{
	if (!c->width)
		return false;
	*ret = timeline_over(c->first, c->last, TIMELINE_BINS, c->least);
	assert(ret->width % c->width == 0);
	memset(ret_counts, 0, TIMELINE_BINS * sizeof(ret_counts[0]));
	for (size_t i = 0; i < c->bins; i++)
		add_bin(ret_counts[timeline_bin(ret, (c->start + (int64_t)i) *
							     c->width)],
			c->counts[i]);
	return true;
}

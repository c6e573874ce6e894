/* SPDX-License-Identifier: Apache-2.0 */
/* archive_cell.c - how a cell stands. */
#include "run/archive_cell.h"

#include <stdlib.h>
#include <string.h>

/* Of a verdict, what counts here. */
static bool passed(const struct archive_point *p)
{
	return !strcmp(p->verdict, "pass");
}

static bool failed(const struct archive_point *p)
{
	return !strcmp(p->verdict, "fail");
}

unsigned archive_stable_runs(const struct archive_cell *cell)
{
	unsigned runs = 0;

	for (size_t i = cell->count; i-- > 0;) {
		const struct archive_point *p = &cell->points[i];

		if (failed(p) || !strcmp(p->verdict, "flaky"))
			break;
		runs += passed(p);
	}
	return runs;
}

static void find_red(const struct archive_cell *cell,
		     struct archive_standing *ret)
{
	for (size_t i = 0; i < cell->count; i++) {
		const struct archive_point *p = &cell->points[i];

		if (passed(p))
			ret->red = NULL;
		else if (failed(p) && !ret->red)
			ret->red = p;
	}
	if (ret->red)
		ret->red_runs = cell->count - (size_t)(ret->red - cell->points);
}

/* ---- latency ---- */

enum { SAMPLES = TREND_LAST + TREND_BEFORE };

/* In ascending order. */
struct samples {
	int64_t p50[SAMPLES], p95[SAMPLES];
	unsigned count;
};

static int ascending(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void sort(struct samples *s)
{
	qsort(s->p50, s->count, sizeof(*s->p50), ascending);
	qsort(s->p95, s->count, sizeof(*s->p95), ascending);
}

/* Of an even number the lower one of the two in the middle. */
static struct archive_latency latency_of(const struct samples *s)
{
	const unsigned middle = s->count ? (s->count - 1) / 2 : 0;

	if (!s->count)
		return (struct archive_latency){ -1, -1, 0 };
	return (struct archive_latency){ s->p50[middle], s->p95[middle],
					 s->count };
}

static bool has_latency(const struct archive_point *p)
{
	return p->p50_us >= 0 && p->p95_us >= 0;
}

/* Takes up to `most` samples before *at, and moves it. */
static void take(const struct archive_cell *cell, size_t *at, unsigned most,
		 struct samples *s)
{
	while (*at > 0 && s->count < most) {
		const struct archive_point *p = &cell->points[--*at];

		if (!has_latency(p))
			continue;
		s->p50[s->count] = p->p50_us;
		s->p95[s->count++] = p->p95_us;
	}
	sort(s);
}

static enum trend compare(const struct samples *last,
			  const struct samples *before)
{
	const int64_t now = latency_of(last).p50_us;
	const int64_t then = latency_of(before).p50_us;
	const unsigned tenth = before->count / 10;

	if (last->count + before->count < TREND_LEAST)
		return TREND_UNKNOWN;
	if (now > then + then / 5 &&
	    now > before->p50[before->count - 1 - tenth])
		return TREND_SLOWER;
	if (then > now + now / 5 && now < before->p50[tenth])
		return TREND_FASTER;
	return TREND_STEADY;
}

static void find_trend(const struct archive_cell *cell,
		       struct archive_standing *ret)
{
	struct samples last = { 0 }, before = { 0 };
	size_t at = cell->count, all = 0;

	for (size_t i = 0; i < cell->count; i++)
		all += has_latency(&cell->points[i]);
	take(cell, &at,
	     all < TREND_LEAST	    ? TREND_LAST
	     : all < 2 * TREND_LAST ? (unsigned)all / 2
				    : TREND_LAST,
	     &last);
	take(cell, &at, TREND_BEFORE, &before);
	ret->trend = compare(&last, &before);
	ret->last = latency_of(&last);
	ret->before = latency_of(&before);
}

void archive_judge_cell(const struct archive_cell *cell,
			struct archive_standing *ret)
{
	*ret = (struct archive_standing){ 0 };
	find_red(cell, ret);
	find_trend(cell, ret);
}

const char *trend_word(enum trend t)
{
	static const char *const words[] = {
		[TREND_UNKNOWN] = "too few runs",
		[TREND_STEADY] = "steady",
		[TREND_SLOWER] = "slower",
		[TREND_FASTER] = "faster",
	};

	return words[t];
}

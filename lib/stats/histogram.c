/* SPDX-License-Identifier: Apache-2.0 */
/* histogram.c - how often each value was measured, in buckets of bounded width.
 */
#include "stats/histogram.h"

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>

/* ---- where buckets lie ---- */

/* How far the values of an octave are shifted to give their bucket. */
static unsigned shift_of(unsigned octave)
{
	return octave ? octave - 1 : 0;
}

unsigned histogram_bucket(int64_t value)
{
	uint64_t v = value > 0 ? (uint64_t)value : 0;
	unsigned highest, octave;

	if (v < HISTOGRAM_SPLIT)
		return (unsigned)v;
	highest = 63 - (unsigned)__builtin_clzll(v);
	octave = highest - HISTOGRAM_SPLIT_BITS + 1;
	return octave * HISTOGRAM_SPLIT +
	       (unsigned)(v >> shift_of(octave)) % HISTOGRAM_SPLIT;
}

int64_t histogram_least(unsigned bucket)
{
	unsigned octave = bucket / HISTOGRAM_SPLIT;
	uint64_t place = bucket % HISTOGRAM_SPLIT;

	assert(bucket < HISTOGRAM_BUCKETS);
	if (octave)
		place += HISTOGRAM_SPLIT;
	return (int64_t)(place << shift_of(octave));
}

int64_t histogram_width(unsigned bucket)
{
	return INT64_C(1) << shift_of(bucket / HISTOGRAM_SPLIT);
}

uint64_t histogram_count(const struct histogram *h, unsigned bucket)
{
	const uint64_t *octave = h->octaves[bucket / HISTOGRAM_SPLIT];

	return octave ? octave[bucket % HISTOGRAM_SPLIT] : 0;
}

/* ---- adding ---- */

/* The counts of an octave, which are made when it gets its first value. */
static uint64_t *open_octave(struct histogram *h, unsigned octave)
{
	if (!h->octaves[octave])
		h->octaves[octave] = arena_array(h->arena, HISTOGRAM_SPLIT,
						 sizeof(*h->octaves[octave]));
	return h->octaves[octave];
}

/* Stopping at the end keeps sums independent of their order. */
static int64_t add_to_sum(int64_t sum, int64_t more)
{
	return sum > INT64_MAX - more ? INT64_MAX : sum + more;
}

/* All but the counts of buckets. */
static void add_totals(struct histogram *h, uint64_t count, int64_t min,
		       int64_t max, int64_t sum)
{
	if (!h->count || min < h->min)
		h->min = min;
	if (!h->count || max > h->max)
		h->max = max;
	h->count += count;
	h->sum = add_to_sum(h->sum, sum);
}

static int has_room(const struct histogram *h, uint64_t more, struct error *err)
{
	if (more <= HISTOGRAM_COUNT_MAX - h->count)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "a histogram holds at most %" PRId64 " values",
			 HISTOGRAM_COUNT_MAX);
}

int histogram_add(struct histogram *h, int64_t value, struct error *err)
{
	unsigned bucket = histogram_bucket(value);
	uint64_t *octave = open_octave(h, bucket / HISTOGRAM_SPLIT);

	if (!octave)
		return error_nomem(err);
	if (has_room(h, 1, err) < 0)
		return -1;
	if (value < 0)
		value = 0;
	octave[bucket % HISTOGRAM_SPLIT]++;
	add_totals(h, 1, value, value, value);
	return 0;
}

int histogram_merge(struct histogram *to, const struct histogram *from,
		    struct error *err)
{
	if (!from->count)
		return 0;
	if (has_room(to, from->count, err) < 0)
		return -1;
	for (unsigned i = 0; i < HISTOGRAM_OCTAVES; i++) {
		if (!from->octaves[i])
			continue;
		if (!open_octave(to, i))
			return error_nomem(err);
		for (unsigned k = 0; k < HISTOGRAM_SPLIT; k++)
			to->octaves[i][k] += from->octaves[i][k];
	}
	add_totals(to, from->count, from->min, from->max, from->sum);
	return 0;
}

/* ---- reading values ---- */

int64_t histogram_middle(const struct histogram *h, unsigned bucket)
{
	int64_t middle =
		histogram_least(bucket) + (histogram_width(bucket) - 1) / 2;

	return middle < h->min ? h->min : middle > h->max ? h->max : middle;
}

int64_t histogram_rank(const struct histogram *h, uint64_t rank)
{
	unsigned bucket = histogram_bucket(h->min);
	uint64_t below = 0;

	if (rank <= 1)
		return h->min;
	if (rank >= h->count)
		return h->max;
	while ((below += histogram_count(h, bucket)) < rank)
		bucket++;
	return histogram_middle(h, bucket);
}

int64_t histogram_percentile(const struct histogram *h, unsigned permille)
{
	uint64_t n = h->count;

	assert(permille <= 1000);
	/* In two parts, so that no count overflows. */
	return histogram_rank(h, n / 1000 * permille +
					 (n % 1000 * permille + 999) / 1000);
}

struct summary histogram_summary(const struct histogram *h)
{
	if (!h->count)
		return (struct summary){ 0 };
	return (struct summary){
		.count = h->count,
		.min = h->min,
		.p50 = histogram_percentile(h, 500),
		.p95 = histogram_percentile(h, 950),
		.p99 = histogram_percentile(h, 990),
		.max = h->max,
		.mean = (double)h->sum / (double)h->count,
	};
}

/* ---- as a line of text ---- */

void histogram_print(const struct histogram *h, struct buf *out)
{
	unsigned last = 0;

	if (!h->count)
		return;
	buf_addf(out, "%" PRId64 " %" PRId64 " %" PRId64, h->min, h->max,
		 h->sum);
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		uint64_t count = histogram_count(h, i);

		if (!count)
			continue;
		buf_addf(out, " %u", i - last);
		if (count > 1)
			buf_addf(out, "x%" PRIu64, count);
		last = i;
	}
}

/* A number without sign, and the byte behind it. */
static int take_number(const char **at, int64_t *ret)
{
	int64_t n = 0;

	if (**at < '0' || **at > '9')
		return -1;
	for (; **at >= '0' && **at <= '9'; ++*at) {
		int digit = **at - '0';

		if (n > (INT64_MAX - digit) / 10)
			return -1;
		n = n * 10 + digit;
	}
	*ret = n;
	return 0;
}

static int take_blank(const char **at)
{
	return *(*at)++ == ' ' ? 0 : -1;
}

static int malformed(struct error *err, const char *why)
{
	return error_set(err, ERROR_INPUT, "not a histogram: %s", why);
}

/* " STEP" or " STEPxCOUNT" */
static int take_bucket(const char **at, struct histogram *h, unsigned *bucket,
		       struct error *err)
{
	int64_t step, count = 1;
	uint64_t *octave;

	if (take_blank(at) < 0 || take_number(at, &step) < 0)
		return malformed(err, "expected a blank and a step");
	if (**at == 'x' && (++*at, take_number(at, &count) < 0))
		return malformed(err, "expected a count behind x");
	if (!count || (h->count && !step))
		return malformed(err, "a step or a count is 0");
	if (step >= HISTOGRAM_BUCKETS - (int64_t)*bucket)
		return malformed(err, "a bucket is behind the last one");
	if (has_room(h, (uint64_t)count, err) < 0)
		return -1;
	*bucket += (unsigned)step;
	octave = open_octave(h, *bucket / HISTOGRAM_SPLIT);
	if (!octave)
		return error_nomem(err);
	octave[*bucket % HISTOGRAM_SPLIT] = (uint64_t)count;
	h->count += (uint64_t)count;
	return 0;
}

/* What so many equal values sum up to. */
static int64_t sum_of_equals(int64_t value, uint64_t count)
{
	int64_t sum;

	return __builtin_mul_overflow(value, (int64_t)count, &sum) ? INT64_MAX
								   : sum;
}

/* The totals can be those of values in these buckets. */
static bool agrees(const struct histogram *h, unsigned first, unsigned last)
{
	return h->min <= h->max && histogram_bucket(h->min) == first &&
	       histogram_bucket(h->max) == last &&
	       h->sum >= sum_of_equals(h->min, h->count) &&
	       h->sum <= sum_of_equals(h->max, h->count);
}

static int take_totals(const char **at, struct histogram *h, struct error *err)
{
	if (take_number(at, &h->min) < 0 || take_blank(at) < 0 ||
	    take_number(at, &h->max) < 0 || take_blank(at) < 0 ||
	    take_number(at, &h->sum) < 0)
		return malformed(err, "expected the least value, the greatest "
				      "and the sum");
	return 0;
}

int histogram_parse(const char *text, struct histogram *ret, struct error *err)
{
	struct histogram h = HISTOGRAM_INIT(ret->arena);
	unsigned first = HISTOGRAM_BUCKETS, last = 0;

	if (!*text)
		return 0;
	if (take_totals(&text, &h, err) < 0)
		return -1;
	do {
		if (take_bucket(&text, &h, &last, err) < 0)
			return -1;
		if (first == HISTOGRAM_BUCKETS)
			first = last;
	} while (*text);
	if (!agrees(&h, first, last))
		return malformed(err, "the totals and the buckets differ");
	*ret = h;
	return 0;
}

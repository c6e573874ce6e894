/* SPDX-License-Identifier: Apache-2.0 */
/* rank_shift.c - by what factor the values of one histogram are larger than
 * those of another, from ranks alone. */
#include "stats/rank_shift.h"

#include <assert.h>
#include <math.h>

#include "stats/student.h"

enum { HALVINGS = 60 };

/* The buckets of a histogram that have values, in ascending order. */
struct ranked {
	double *logs;
	double *counts;
	size_t used;
	double count;
};

static int rank_values(const struct histogram *h, struct arena *scratch,
		       struct ranked *ret, struct error *err)
{
	size_t used = 0;

	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		used += histogram_count(h, i) > 0;
	ret->logs = arena_array(scratch, used + 1, sizeof(double));
	ret->counts = arena_array(scratch, used + 1, sizeof(double));
	if (!ret->logs || !ret->counts)
		return error_nomem(err);
	ret->used = 0;
	ret->count = (double)h->count;
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		uint64_t count = histogram_count(h, i);
		int64_t value;

		if (!count)
			continue;
		value = histogram_middle(h, i);
		ret->logs[ret->used] = log(value < 1 ? 1 : (double)value);
		ret->counts[ret->used++] = (double)count;
	}
	return 0;
}

/* ---- pairs ---- */

/* How many pairs differ by at most `shift`: of each x, those y that are at most
 * x + shift, which move on with x. */
static double pairs_at_most(const struct ranked *x, const struct ranked *y,
			    double shift)
{
	double pairs = 0, below = 0;
	size_t j = 0;

	for (size_t i = 0; i < x->used; i++) {
		while (j < y->used && y->logs[j] <= x->logs[i] + shift)
			below += y->counts[j++];
		pairs += x->counts[i] * below;
	}
	return pairs;
}

/* The difference of this rank, from 1, found by halving: pairs are never
 * listed, of which there may be very many. */
static double pair_of_rank(const struct ranked *x, const struct ranked *y,
			   double rank)
{
	double low = y->logs[0] - x->logs[x->used - 1] - 1;
	double high = y->logs[y->used - 1] - x->logs[0] + 1;

	for (int i = 0; i < HALVINGS; i++) {
		double middle = (low + high) / 2;

		if (pairs_at_most(x, y, middle) >= rank)
			high = middle;
		else
			low = middle;
	}
	return high;
}

static double median_pair(const struct ranked *x, const struct ranked *y)
{
	double pairs = x->count * y->count;
	double lower = floor((pairs + 1) / 2), upper = ceil((pairs + 1) / 2);
	double median = pair_of_rank(x, y, lower);

	if (upper > lower)
		median = (median + pair_of_rank(x, y, upper)) / 2;
	return median;
}

/* ---- the distribution of the statistic ---- */

enum { FEW_MAX = 20, WIDTH_MAX = RANK_EXACT_PAIRS + 1 };
_Static_assert(FEW_MAX *FEW_MAX == RANK_EXACT_PAIRS, "the smaller count");

/* at_most[u]: the chance of a statistic of at most u; returns how many u there
 * are. ways[u][k]: how many sets of k of the ranks so far have the statistic u;
 * only positive numbers are added, so that no error grows. */
static size_t rank_sums(size_t first, size_t second, double at_most[WIDTH_MAX])
{
	size_t few = first < second ? first : second;
	size_t ranks = first + second, width = first * second + 1;
	double ways[WIDTH_MAX][FEW_MAX + 1] = { { 1 } };
	double sum = 0;

	assert(few >= 1 && width <= WIDTH_MAX);
	/* The member k of a set, of rank r, adds r - k to the statistic. */
	for (size_t r = 1; r <= ranks; r++)
		for (size_t k = few < r ? few : r; k >= 1; k--)
			for (size_t u = width; u-- > r - k;)
				ways[u][k] += ways[u - (r - k)][k - 1];
	for (size_t u = 0; u < width; u++)
		at_most[u] = sum += ways[u][few];
	for (size_t u = 0; u < width; u++)
		at_most[u] /= sum;
	return width;
}

double rank_sum_at_most(size_t first, size_t second, size_t u)
{
	double at_most[WIDTH_MAX];
	size_t width = rank_sums(first, second, at_most);

	return u < width ? at_most[u] : 1;
}

/* The rank of the lower limit among the pairs: 0 if even the least pair is too
 * often above the shift. */
static double limit_rank(double first, double second, double error_chance)
{
	double pairs = first * second, at_most[WIDTH_MAX], off;
	size_t u = 0;

	if (pairs <= RANK_EXACT_PAIRS) {
		rank_sums((size_t)first, (size_t)second, at_most);
		while (at_most[u] <= error_chance / 2)
			u++;
		return (double)u;
	}
	off = student_limit(error_chance / 2, STUDENT_NORMAL) *
	      sqrt(pairs * (first + second + 1) / 12);
	return fmax(ceil((pairs - 1) / 2 - off), 0);
}

int rank_shift(const struct histogram *from, const struct histogram *to,
	       double error_chance, struct arena *scratch,
	       struct rank_shift *ret, struct error *err)
{
	struct ranked x, y;
	double rank;

	assert(from->count && to->count);
	if (rank_values(from, scratch, &x, err) < 0 ||
	    rank_values(to, scratch, &y, err) < 0)
		return -1;
	*ret = (struct rank_shift){ .shift = median_pair(&x, &y) };
	rank = limit_rank(x.count, y.count, error_chance);
	ret->bounded = rank >= 1;
	if (!ret->bounded)
		return 0;
	ret->low = pair_of_rank(&x, &y, rank);
	ret->high = pair_of_rank(&x, &y, x.count * y.count + 1 - rank);
	return 0;
}

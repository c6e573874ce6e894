/* SPDX-License-Identifier: Apache-2.0 */
/* samples.h - values of several distributions, and what is exactly so of them.
 */
#ifndef STATS_TEST_SAMPLES_H
#define STATS_TEST_SAMPLES_H

#include <stdint.h>
#include <stdlib.h>

/* Chance that a seed repeats. */
static inline uint64_t samples_chance(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* From just above 0 to 1. */
static inline double samples_share(uint64_t *seed)
{
	return ((double)(samples_chance(seed) >> 11) + 1) / 9007199254740992.0;
}

static inline int64_t sample_equal(uint64_t *seed)
{
	(void)seed;
	return 1234567;
}

static inline int64_t sample_small(uint64_t *seed)
{
	return (int64_t)(samples_chance(seed) % 300);
}

static inline int64_t sample_uniform(uint64_t *seed)
{
	return (int64_t)(samples_chance(seed) % 5000000);
}

/* As payments are: 0.3 s at least, half of them in 2.7 s, 99 % in 11 s. */
static inline int64_t sample_skewed(uint64_t *seed)
{
	double x = 0;

	for (int i = 0; i < 4; i++)
		x += samples_share(seed);
	return 300000 + (int64_t)(x * x * x * 300000);
}

/* Fast ones and timeouts. */
static inline int64_t sample_two_humps(uint64_t *seed)
{
	int64_t near = (int64_t)(samples_chance(seed) % 20000);

	return samples_chance(seed) % 50 ? 800000 + near : 120000000 + near;
}

/* A heavy tail: the greatest of a million is a million times the least. */
static inline int64_t sample_heavy(uint64_t *seed)
{
	return (int64_t)(1000 / samples_share(seed));
}

/* Every magnitude that there is. */
static inline int64_t sample_any(uint64_t *seed)
{
	uint64_t v = samples_chance(seed) >> 1;

	return (int64_t)(v >> samples_chance(seed) % 63);
}

static const struct {
	const char *name;
	int64_t (*next)(uint64_t *seed);
} distributions[] = {
	{ "equal", sample_equal },
	{ "small", sample_small },
	{ "uniform", sample_uniform },
	{ "skewed", sample_skewed },
	{ "two humps", sample_two_humps },
	{ "heavy", sample_heavy },
	{ "any", sample_any },
};

static inline int samples_by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* Of sorted values, by nearest rank. */
static inline int64_t samples_exact(const int64_t *sorted, size_t count,
				    unsigned permille)
{
	size_t rank = count / 1000 * permille +
		      (count % 1000 * permille + 999) / 1000;

	return sorted[rank ? rank - 1 : 0];
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* dice.h - chance that a seed repeats: SplitMix64. */
#ifndef DRIVER_DICE_H
#define DRIVER_DICE_H

#include <stdint.h>

/* Not for secrets. Source: Steele, Lea, Flood, "Fast splittable
 * pseudorandom number generators", 2014. */
struct dice {
	uint64_t state;
};

static inline uint64_t dice_next(struct dice *d)
{
	uint64_t z = d->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* From 0 to n - 1, each as likely as the other; 0 when n is 0. */
static inline uint64_t dice_below(struct dice *d, uint64_t n)
{
	uint64_t limit = n ? UINT64_MAX - UINT64_MAX % n : 1;
	uint64_t v;

	do
		v = dice_next(d);
	while (v >= limit && n);
	return n ? v % n : 0;
}

#endif

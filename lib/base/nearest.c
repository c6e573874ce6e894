/* SPDX-License-Identifier: Apache-2.0 */
/* nearest.c - finds the known word most similar to a mistyped one. */
#include "base/nearest.h"

#include <stddef.h>
#include <string.h>

enum { WORD_MAX = 40 };

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

/* Optimal string alignment, by rows: d[i][j] is the distance of the first i
 * letters of a from the first j of b. */
unsigned word_distance(const char *a, const char *b)
{
	unsigned d[WORD_MAX + 1][WORD_MAX + 1];
	size_t la = strlen(a), lb = strlen(b);

	if (la > WORD_MAX || lb > WORD_MAX)
		return WORD_MAX + 1;
	for (size_t i = 0; i <= la; i++)
		d[i][0] = (unsigned)i;
	for (size_t j = 0; j <= lb; j++)
		d[0][j] = (unsigned)j;
	for (size_t i = 1; i <= la; i++)
		for (size_t j = 1; j <= lb; j++) {
			d[i][j] =
				least(d[i - 1][j] + 1, d[i][j - 1] + 1,
				      d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] &&
			    d[i - 2][j - 2] + 1 < d[i][j])
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	return d[la][lb];
}

struct nearest nearest_to(const char *typed)
{
	size_t len = strnlen(typed, WORD_MAX);

	/* A third of the letters may be wrong, one in short words. */
	return (struct nearest){
		.typed = typed,
		.distance = len < 6 ? 2 : (unsigned)len / 3 + 1,
	};
}

void nearest_offer(struct nearest *n, const char *candidate)
{
	unsigned distance = word_distance(n->typed, candidate);

	if (distance < n->distance) {
		n->distance = distance;
		n->word = candidate;
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/* nearest.h - finds the known word most similar to a mistyped one. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

/*
 *	struct nearest n = nearest_to("releas");
 *	for (…) nearest_offer(&n, candidate);
 *	n.word is the closest candidate, NULL when none is close.
 */
struct nearest {
	const char *typed; /* borrowed */
	const char *word; /* borrowed from the offers */
	unsigned distance; /* of word; at first the limit, exclusive */
};

struct nearest nearest_to(const char *typed);
void nearest_offer(struct nearest *n, const char *candidate);

/* Letters added, dropped, changed or swapped with a neighbour between two
 * words; words of more than 40 letters are far from everything. */
unsigned word_distance(const char *a, const char *b);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* tally.h - what became of the operations, in numbers. */
#ifndef DRIVER_TALLY_H
#define DRIVER_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "data/json.h"
#include "run/network.h"
#include "run/score.h"

/* Stays where it is: the score has the address of its arena. */
struct tally {
	const struct network *net; /* borrowed */
	uint64_t outcomes[OP_KINDS][OUTCOMES];
	uint64_t dropped; /* due, but not begun when the load's time was over */
	struct arena arena; /* of the score */
	struct score score; /* of what has a payee, over all cells */
	unsigned *cells; /* ok payments: [payer][payee][notary] release */
	int64_t first_us, last_us; /* first intended, last done payment */
};

int tally_init(struct tally *t, const struct network *net, struct error *err);
void tally_release(struct tally *t);

/* One operation that ended; times are of the monotonic clock. */
void tally_add(struct tally *t, enum op_kind kind, enum op_outcome outcome,
	       const struct network_node *payer,
	       const struct network_node *payee,
	       const struct network_node *notary, int64_t intended_us,
	       int64_t sent_us, int64_t done_us);

/* Cells (releases of payer, payee, notary) that have running banks for them,
 * and how many of them have as many ok payments as the gate says. */
void tally_cells(const struct tally *t, unsigned *ret_covered,
		 unsigned *ret_total);
double tally_seconds(const struct tally *t);
/* 0 without samples. */
int64_t tally_median_us(const struct tally *t);
/* The details of the drive phase; the caller's. */
struct js *tally_details(const struct tally *t);

#endif

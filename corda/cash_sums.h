/* SPDX-License-Identifier: Apache-2.0 */
/* cash_sums.h - asks a node for the cash in its vault, by currency. */
#ifndef CORDA_CASH_SUMS_H
#define CORDA_CASH_SUMS_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "proto/amqp.h"

/*
 * The method and the body of the call. The node adds up the column `pennies` of
 * contract_cash_states over all states that are relevant and not consumed, of
 * all issuers, and groups the sums by currency.
 */
#define CASH_SUMS_METHOD "vaultQueryBy"
void call_cash_sums(struct buf *out);

struct cash_sum {
	const char *currency; /* "USD"; each is there once */
	int64_t amount; /* in the smallest unit */
};

/* The answer, copied into `arena`. An empty vault has no sums. -1 when the
 * answer has another form. */
int cash_sums_read(const struct amqp_value *page, struct arena *arena,
		   struct cash_sum **ret, size_t *ret_count, struct error *err);

#endif

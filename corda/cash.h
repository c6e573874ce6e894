/* SPDX-License-Identifier: Apache-2.0 */
/* cash.h - calls of the finance CorDapp's cash flows, and their parties. */
#ifndef CORDA_CASH_H
#define CORDA_CASH_H

#include <stdbool.h>
#include <stdint.h>

#include "corda/call.h"
#include "corda/name.h"

/* A payer, a payee or a notary: its name and its key. */
struct party {
	struct x500_name name;
	const uint8_t *key; /* DER, SubjectPublicKeyInfo */
	size_t key_len;
};

/* Asks a node for the party of a name: wellKnownPartyFromX500Name. */
void call_party(struct buf *out, const struct x500_name *name);
/* Its answer, copied into `arena`; an unknown party (null) is an error. */
int party_read(const struct amqp_value *value, struct arena *arena,
	       struct party *ret, struct error *err);

struct cash_amount {
	int64_t quantity; /* in the smallest unit */
	const char *currency; /* ISO 4217 */
};

/*
 * Bodies of startFlowDynamic. A payment always names its notary; without a name
 * the flow chooses one, and does not find coins of other notaries.
 */
void call_cash_issue(struct buf *out, const struct cash_amount *amount,
		     const struct party *notary);
void call_cash_pay(struct buf *out, const struct cash_amount *amount,
		   const struct party *payee, bool anonymous,
		   const struct party *notary);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* ops.h - what the check keeps of each operation of the history. */
#ifndef VAULT_OPS_H
#define VAULT_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "run/network.h"
#include "vault/fact.h"
#include "vault/unsettled.h"

/* Bits of `flags`. */
enum {
	OP_TX_NAMED = 1, /* the history has its transaction: `tx` */
	OP_TX_FOUND = 2, /* the check has found it: `tx` */
	OP_FLOW = 4, /* the id of its flow is known */
	OP_FLOW_RUNS = 8, /* and that flow runs: motion.h */
	/* Who has the transaction: what is settled of it. */
	OP_PAYER_HAS = 16,
	OP_PAYEE_HAS = 32,
	OP_NOTARY_HAS = 64
};

struct op_record {
	uint64_t id;
	int64_t amount;
	int64_t sent_us; /* 0: never */
	uint8_t tx[FACT_ID];
	uint16_t payer, payee, notary; /* nodes, or NODE_NONE */
	uint16_t currency; /* ops_currency() */
	uint8_t kind, outcome; /* enum op_kind, enum op_outcome */
	uint8_t flags;
};

/*
 * The records are in a nameless file, as the facts are (spool.h), so that
 * memory does not grow with the history. A failure to read or write sticks:
 * ops_check() tells it, and a record that could not be read has no nodes.
 */
struct ops;

int ops_read(const char *run_dir, const struct network *net, struct ops **ret,
	     struct error *err);
void ops_free(struct ops *o);
DEFINE_FREEP(struct ops, ops)
int ops_check(const struct ops *o, struct error *err);

/* In the order of the history. NULL has none. */
size_t ops_count(const struct ops *o);
struct op_record ops_get(struct ops *o, size_t at);
void ops_put(struct ops *o, size_t at, const struct op_record *op);

const char *ops_currency(const struct ops *o, const struct op_record *op);
/* Payments to the node that failed. */
size_t ops_failed_to(const struct ops *o, unsigned node);
/* The longest that a node took for an operation, or to give no answer. */
int64_t ops_slowest_us(const struct ops *o);
/* Those that were sent, did not fail and have no transaction. */
struct unsettled *ops_unsettled(struct ops *o);
/* True if an operation names this transaction. */
bool ops_name(struct ops *o, const uint8_t tx[FACT_ID]);

#endif

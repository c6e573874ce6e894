/* SPDX-License-Identifier: Apache-2.0 */
/* lineage.h - states that notary changes and contract upgrades made. */
#ifndef VAULT_LINEAGE_H
#define VAULT_LINEAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "vault/fact.h"

/*
 * Neither stores its outputs: each is the input of the same index, with the
 * notary or the contract replaced. So an output of theirs, the heir, has owner
 * and value of the state at the other end of the chain, the root, which a
 * transaction of the usual kind made. Both kinds are rare: they are kept in
 * memory, up to a ceiling.
 */
struct heir {
	uint8_t tx[FACT_ID];
	uint32_t index;
	uint32_t change; /* to the row's hash, by XOR: see check_row_hash() */
	uint32_t upgrades; /* contract upgrades on the way from the root */
	bool resolved;
	uint8_t root[FACT_ID]; /* the input, until it is resolved */
	uint32_t root_index;
};

struct lineage;

/* NULL: no memory. */
struct lineage *lineage_new(void);
void lineage_free(struct lineage *l);
DEFINE_FREEP(struct lineage, lineage)

/* By any thread, once for each stored copy; `root` is the input. A failure
 * sticks and is told by lineage_resolve(). */
void lineage_add(struct lineage *l, const struct heir *heir);

/* Finds the root of each heir. To be called once, when all were added. */
int lineage_resolve(struct lineage *l, struct error *err);

/* The heirs of a root, in no order; borrowed. */
const struct heir *lineage_of(const struct lineage *l, const uint8_t *tx,
			      uint32_t index, size_t *ret_count);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* verified.h - remembers good signatures, to verify each only once. */
#ifndef CORDA_VERIFIED_H
#define CORDA_VERIFIED_H

#include <stdbool.h>
#include <stdint.h>

#include "corda/signature.h"

/*
 * All nodes that store a transaction store the same signatures. A signature
 * that was verified in one vault, with the same key over the same bytes, is
 * valid in the next. A table of fixed size remembers the hashes of such
 * triples. It keeps the newest of each set of slots; the caller verifies the
 * others again. Safe from any thread: a few locks guard the entries.
 */
struct verified;

struct verified *verified_new(void);
void verified_free(struct verified *v);

enum { VERIFIED_HASH = 32 };

bool verified_has(struct verified *v, const uint8_t hash[VERIFIED_HASH]);
void verified_add(struct verified *v, const uint8_t hash[VERIFIED_HASH]);

/* The hash of a signature over this id: the transaction's id, or the root of a
 * batch. The signed bytes depend only on this id and on the metadata of the
 * signature. */
void verified_hash(const struct tx_signature *s, const struct tx_id *id,
		   uint8_t ret[VERIFIED_HASH]);

#endif

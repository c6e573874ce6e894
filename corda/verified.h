/* SPDX-License-Identifier: Apache-2.0 */
/* verified.h - remembers good signatures, to verify each only once. */
#ifndef CORDA_VERIFIED_H
#define CORDA_VERIFIED_H

#include <stdbool.h>
#include <stdint.h>

#include "corda/signature.h"

/*
 * Each holder of a transaction stores the same signatures. What was verified
 * in one vault, by the same key over the same bytes, is good in the next. A
 * table of fixed size remembers the hashes of such triples, of each set of
 * slots the last few; what it has forgotten is verified again. Safe from any
 * thread: entries are guarded by a few locks.
 */
struct verified;

struct verified *verified_new(void);
void verified_free(struct verified *v);

enum { VERIFIED_HASH = 32 };

bool verified_has(struct verified *v, const uint8_t hash[VERIFIED_HASH]);
void verified_add(struct verified *v, const uint8_t hash[VERIFIED_HASH]);

/* The hash of a signature over this id: its own, or a batch's root. What was
 * signed is made of that id and of the signature's metadata, nothing else. */
void verified_hash(const struct tx_signature *s, const struct tx_id *id,
		   uint8_t ret[VERIFIED_HASH]);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* merkle.h - Corda's double hashes and Merkle trees. */
#ifndef CORDA_MERKLE_H
#define CORDA_MERKLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "corda/digest.h"

/* "SHA-256": the name of a hash algorithm for transactions. */
const char *digest_name(enum digest_kind kind);
/* False if transactions are not hashed with an algorithm of this name. */
bool digest_by_name(const char *name, size_t len, enum digest_kind *ret);

/* The hash of the hash of the parts. `ret` may be one of them. */
void digest_twice(enum digest_kind kind, const struct digest_part *parts,
		  size_t count, uint8_t *ret);
/* H(left || right), each of digest_size() bytes. `ret` may be one of them. */
void digest_pair(enum digest_kind kind, const uint8_t *left,
		 const uint8_t *right, uint8_t *ret);

/*
 * The root of Corda's Merkle tree over `count` leaves of digest_size() bytes,
 * one after another, padded with zeroes to a power of two. A single leaf is
 * its own root in SHA-256 and padded to two otherwise. `leaves` is scratch
 * and must have room for merkle_room(count) leaves; count is at least 1.
 */
size_t merkle_room(size_t count);
void merkle_root(enum digest_kind kind, uint8_t *leaves, size_t count,
		 uint8_t *ret);

#endif

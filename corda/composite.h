/* SPDX-License-Identifier: Apache-2.0 */
/* composite.h - a public key of several keys, of which some must sign. */
#ifndef CORDA_COMPOSITE_H
#define CORDA_COMPOSITE_H

#include "base/buf.h"
#include "base/error.h"
#include "corda/der.h"

/* The largest number of keys in a composite key. */
enum { COMPOSITE_KEYS = 16 };

/*
 * Adds the SubjectPublicKeyInfo of Corda's own algorithm, with the keys in the
 * order of their bytes, as nodes keep them:
 *	SEQUENCE { SEQUENCE { OID 2.25.30086077608615255153862931087626791002 },
 *	           BIT STRING of SEQUENCE { threshold,
 *	               SEQUENCE OF SEQUENCE { BIT STRING of a key, weight } } }
 * Each key has the weight 1, and `threshold` of them must sign; signature.h
 * checks this. ERROR_INTERNAL for more than 16 keys, and for an invalid
 * threshold.
 */
int composite_key_write(const struct der *keys, size_t count,
			unsigned threshold, struct buf *out, struct error *err);

/* The algorithm's OID: its content. */
extern const struct der composite_oid;

#endif

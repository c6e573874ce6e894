/* SPDX-License-Identifier: Apache-2.0 */
/* key.h - private keys of a network: made, read, written, signed with. */
#ifndef CORDA_KEY_H
#define CORDA_KEY_H

#include <stddef.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "corda/der.h"

/* Scheme ids of the nodes: ECDSA_SECP256R1_SHA256, EDDSA_ED25519_SHA512. */
enum key_kind { KEY_P256 = 3, KEY_ED25519 = 4 };

struct key;

int key_generate(enum key_kind kind, struct key **ret_key, struct error *err);
/* From PKCS#8 DER. ERROR_INPUT for other kinds of keys, and for bytes that are
 * not a key. Whether a P-256 key is on its curve is checked when it first
 * signs.
 */
int key_read(const void *pkcs8, size_t len, struct key **ret_key,
	     struct error *err);
/* The same for a key whose SubjectPublicKeyInfo is known: a public Ed25519 key
 * takes as long to compute as a signature. If it is that of another key, the
 * signatures are not good. */
int key_read_pair(const void *pkcs8, size_t len, struct der spki,
		  struct key **ret_key, struct error *err);
/* The P-256 key with this private number: the same number gives the same key.
 * Fails for 0, and for numbers that are too large (one of 2^32). */
enum { KEY_SECRET = 32 };
int key_from_secret(const uint8_t secret[KEY_SECRET], struct key **ret_key,
		    struct error *err);
/* Wipes the key from memory. */
void key_free(struct key *key);
DEFINE_FREEP(struct key, key)

enum key_kind key_kind(const struct key *key);
/* PKCS#8 and SubjectPublicKeyInfo in DER, borrowed from the key. */
struct der key_pkcs8(const struct key *key);
struct der key_spki(const struct key *key);

/* Adds the signature over the bytes: P-256 as DER SEQUENCE{r,s} over SHA-256,
 * Ed25519 as 64 bytes (always the same for the same bytes). Several threads may
 * sign with one key. */
int key_sign(const struct key *key, const void *bytes, size_t len,
	     struct buf *ret_signature, struct error *err);

#endif

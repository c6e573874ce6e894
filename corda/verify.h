/* SPDX-License-Identifier: Apache-2.0 */
/* verify.h - signatures by one key each, and certificate requests, through
 * OpenSSL. */
#ifndef CORDA_VERIFY_H
#define CORDA_VERIFY_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "corda/der.h"

/* Corda's scheme numbers. */
enum signature_scheme {
	SCHEME_RSA = 1, /* PKCS#1 v1.5, SHA-256 */
	SCHEME_SECP256K1 = 2, /* SHA-256 */
	SCHEME_SECP256R1 = 3, /* SHA-256 */
	SCHEME_ED25519 = 4,
	SCHEME_COMPOSITE = 6 /* of keys that each have their own */
};

/* The scheme that nodes use with this key (DER) for certificates, node infos
 * and requests; 0 for other kinds of keys. */
int verify_scheme(const uint8_t *key, size_t key_len);

/* 1: valid; 0: not valid; -1: medley does not know the scheme or the key;
 * VERIFY_NO_MEMORY: there was no memory to try. `key` is a DER
 * SubjectPublicKeyInfo. Safe from any thread. */
enum { VERIFY_NO_MEMORY = -2 };
int verify_signature(int scheme, const uint8_t *key, size_t key_len,
		     const uint8_t *signature, size_t signature_len,
		     const void *message, size_t message_len);

/* 0 if the signature is valid by the scheme of its key. Else -1: ERROR_INPUT
 * with the text `what`, or out of memory. */
int verify_signed(struct der key, struct der signature, struct der message,
		  const char *what, struct error *err);

/* The content of a certificate request (PKCS#10), copied into the arena. */
struct signed_request {
	struct der subject; /* a Name */
	struct der spki; /* of a P-256 key */
	long role; /* in attribute 1.3.6.1.4.1.50530.1.1; 0: not there, or not
		    * an integer */
	struct der email; /* in UTF-8, .bytes NULL without one */
};

/* ERROR_INPUT unless the bytes are one request in DER, signed with its own key,
 * ECDSA with P-256 and SHA-256. An attribute that occurs twice or has two
 * values counts as missing. */
int verify_request(const void *bytes, size_t len, struct arena *arena,
		   struct signed_request *ret, struct error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* verify.h - one signature by one key, through OpenSSL. */
#ifndef CORDA_VERIFY_H
#define CORDA_VERIFY_H

#include <stddef.h>
#include <stdint.h>

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

/* The scheme that goes with a key (DER), as nodes use it for certificates,
 * node infos and requests; 0 for keys of other kinds. */
int verify_scheme(const uint8_t *key, size_t key_len);

/* 1 it is good, 0 it is not, -1 the scheme or the key is not known here,
 * VERIFY_NO_MEMORY: it could not be tried. `key` is a DER SubjectPublicKeyInfo.
 * Safe from any thread. */
enum { VERIFY_NO_MEMORY = -2 };
int verify_signature(int scheme, const uint8_t *key, size_t key_len,
		     const uint8_t *signature, size_t signature_len,
		     const void *message, size_t message_len);

/* 0 if it is good by the scheme of its key; else -1: ERROR_INPUT and `what`, or
 * out of memory. */
int verify_signed(struct der key, struct der signature, struct der message,
		  const char *what, struct error *err);

#endif

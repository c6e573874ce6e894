/* SPDX-License-Identifier: Apache-2.0 */
/* keystore.h - Java key stores (JKS), written and read. */
#ifndef CORDA_KEYSTORE_H
#define CORDA_KEYSTORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "corda/der.h"

/*
 * JKS version 2. The password of the store is also the password of each key.
 * The format protects a key only weakly, with SHA-1 of the password and a salt,
 * so the file itself must be protected.
 */
enum { KEYSTORE_SALT = 20, KEYSTORE_CHAIN_MAX = 8 };

struct keystore_entry {
	const char *alias; /* lower case */
	int64_t created; /* ms since 1970 */
	struct der pkcs8; /* the private key; .bytes NULL: a trusted root */
	uint8_t salt[KEYSTORE_SALT]; /* of a key: random, see random_bytes() */
	const struct der *chain; /* certificates, leaf first, root last */
	size_t chain_len; /* 1 for a trusted root */
};

/* Passwords of the nodes' stores, which are the defaults of Corda. */
#define KEYSTORE_PASSWORD "cordacadevpass"
#define TRUSTSTORE_PASSWORD "trustpass"

/* The alias under which a notary's node looks for the key of its service. */
#define KEYSTORE_SERVICE "distributed-notary-private-key"
/* The alias for the certificate of the composite key that contains the node's
 * key. */
#define KEYSTORE_COMPOSITE "distributed-notary-composite-key"

/* The same entries give the same bytes. The password is ASCII. */
int keystore_write(const struct keystore_entry *entries, size_t count,
		   const char *password, struct buf *out, struct error *err);
/*
 * Everything lives in the arena or in the bytes read. ERROR_INPUT if the bytes
 * are not such a store, the password is wrong, or the store was changed.
 */
int keystore_read(const void *bytes, size_t len, const char *password,
		  struct arena *arena, struct keystore_entry **ret_entries,
		  size_t *ret_count, struct error *err);
/* NULL when there is none. */
const struct keystore_entry *keystore_find(const struct keystore_entry *entries,
					   size_t count, const char *alias);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* key_hashes.h - the hashes of the keys that a worker met last. */
#ifndef VAULT_KEY_HASHES_H
#define VAULT_KEY_HASHES_H

#include "corda/signature.h"
#include "vault/fact.h"

/* Making a hash takes as long as reading a component, and a network has few
 * keys that occur again and again. */
enum { KEYS_KEPT = 16, KEY_ROOM = 128 };

struct key_hashes {
	struct {
		uint8_t der[KEY_ROOM];
		size_t len; /* 0: free */
		char hash[KEY_HASH_TEXT];
	} kept[KEYS_KEPT];
};

/* key_hash_text() of the key: kept, or in `room` if the key is a long one. */
const char *key_hashes_text(struct key_hashes *h, const struct tx_key *key,
			    char room[KEY_HASH_TEXT]);

/* The key of facts about a key: of the text of its hash. */
void key_hash_fact(const char *hash, uint8_t ret[FACT_ID]);

#endif

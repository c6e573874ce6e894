/* SPDX-License-Identifier: Apache-2.0 */
/* key_hashes.c - the hashes of the keys that a worker met last. */
#include "vault/key_hashes.h"

#include <string.h>

#include "corda/digest.h"

const char *key_hashes_text(struct key_hashes *h, const struct tx_key *key,
			    char room[KEY_HASH_TEXT])
{
	size_t at;

	if (key->len == 0 || key->len > KEY_ROOM)
		return key_hash_text(room, key);
	at = key->der[key->len - 1] % KEYS_KEPT;
	if (h->kept[at].len != key->len ||
	    memcmp(h->kept[at].der, key->der, key->len) != 0) {
		memcpy(h->kept[at].der, key->der, key->len);
		h->kept[at].len = key->len;
		key_hash_text(h->kept[at].hash, key);
	}
	return h->kept[at].hash;
}

void key_hash_fact(const char *hash, uint8_t ret[FACT_ID])
{
	uint8_t digest[DIGEST_MAX];

	digest_bytes(DIGEST_SHA256, hash, strlen(hash), digest);
	memcpy(ret, digest, FACT_ID);
}

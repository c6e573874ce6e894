/* SPDX-License-Identifier: Apache-2.0 */
/* verified.c - signatures that were found good, to know them again. */
#include "corda/verified.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 17, LOCKS = 64 };

struct verified {
	pthread_mutex_t locks[LOCKS];
	uint8_t slots[SLOTS][VERIFIED_HASH];
};

struct verified *verified_new(void)
{
	struct verified *v = malloc(sizeof(*v));

	if (!v)
		return NULL;
	/* All of it is touched now: memory is the same for few and many. */
	memset(v, 0xff, sizeof(*v));
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_init(&v->locks[i], NULL);
	return v;
}

void verified_free(struct verified *v)
{
	if (!v)
		return;
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_destroy(&v->locks[i]);
	free(v);
}

static size_t slot_of(const uint8_t hash[VERIFIED_HASH])
{
	return (hash[0] | (size_t)hash[1] << 8 | (size_t)hash[2] << 16) &
	       (SLOTS - 1);
}

bool verified_has(struct verified *v, const uint8_t hash[VERIFIED_HASH])
{
	size_t at = slot_of(hash);
	bool same;

	pthread_mutex_lock(&v->locks[at % LOCKS]);
	same = memcmp(v->slots[at], hash, VERIFIED_HASH) == 0;
	pthread_mutex_unlock(&v->locks[at % LOCKS]);
	return same;
}

void verified_add(struct verified *v, const uint8_t hash[VERIFIED_HASH])
{
	size_t at = slot_of(hash);

	pthread_mutex_lock(&v->locks[at % LOCKS]);
	memcpy(v->slots[at], hash, VERIFIED_HASH);
	pthread_mutex_unlock(&v->locks[at % LOCKS]);
}

void verified_hash(const struct tx_signature *s, const struct buf *bytes,
		   uint8_t ret[VERIFIED_HASH])
{
	/* The scheme is in the bytes; lengths keep the parts apart. */
	const uint64_t lengths[] = { s->by.len, s->len, bytes->len };
	const struct digest_part parts[] = { { lengths, sizeof(lengths) },
					     { s->by.der, s->by.len },
					     { s->bytes, s->len },
					     { bytes->data, bytes->len } };

	digest_parts(DIGEST_SHA256, parts, 4, ret);
}

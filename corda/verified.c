/* SPDX-License-Identifier: Apache-2.0 */
/* verified.c - remembers good signatures, to verify each only once. */
#include "corda/verified.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

enum { SETS = 1 << 15, WAYS = 4, LOCKS = 64 };

struct verified {
	pthread_mutex_t locks[LOCKS];
	uint8_t sets[SETS][WAYS][VERIFIED_HASH];
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

static size_t set_of(const uint8_t hash[VERIFIED_HASH])
{
	return (hash[0] | (size_t)hash[1] << 8 | (size_t)hash[2] << 16) &
	       (SETS - 1);
}

bool verified_has(struct verified *v, const uint8_t hash[VERIFIED_HASH])
{
	size_t at = set_of(hash);
	bool same = false;

	pthread_mutex_lock(&v->locks[at % LOCKS]);
	for (int way = 0; way < WAYS && !same; way++)
		same = memcmp(v->sets[at][way], hash, VERIFIED_HASH) == 0;
	pthread_mutex_unlock(&v->locks[at % LOCKS]);
	return same;
}

/* The newest stands first, the oldest goes. */
void verified_add(struct verified *v, const uint8_t hash[VERIFIED_HASH])
{
	size_t at = set_of(hash);

	pthread_mutex_lock(&v->locks[at % LOCKS]);
	memmove(v->sets[at][1], v->sets[at][0], (WAYS - 1) * VERIFIED_HASH);
	memcpy(v->sets[at][0], hash, VERIFIED_HASH);
	pthread_mutex_unlock(&v->locks[at % LOCKS]);
}

void verified_hash(const struct tx_signature *s, const struct tx_id *id,
		   uint8_t ret[VERIFIED_HASH])
{
	/* Lengths keep the parts apart. */
	const uint64_t numbers[] = { s->by.len, s->len, id->algorithm,
				     (uint64_t)(int64_t)s->platform,
				     (uint64_t)(int64_t)s->scheme };
	const struct digest_part parts[] = { { numbers, sizeof(numbers) },
					     { s->by.der, s->by.len },
					     { s->bytes, s->len },
					     { id->bytes,
					       digest_size(id->algorithm) } };

	digest_parts(DIGEST_SHA256, parts, ARRAY_SIZE(parts), ret);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* rate.c - how often an address may ask: a token bucket for each. */
#include "net/rate.h"

#include <string.h>

void rate_init(struct rate *r, unsigned per_second, unsigned burst,
	       uint64_t seed)
{
	memset(r, 0, sizeof(*r));
	r->per_second = per_second;
	r->burst = burst;
	r->seed = seed;
}

/* Mixes the seed and both halves of the key. */
static unsigned slot_of(const struct rate *r, const uint8_t key[ADDRESS_KEY])
{
	uint64_t halves[2], h = r->seed;

	memcpy(halves, key, ADDRESS_KEY);
	for (int i = 0; i < 2; i++) {
		h ^= halves[i];
		h = (h ^ h >> 32) * 0x9e3779b97f4a7c15u;
		h = (h ^ h >> 29) * 0xbf58476d1ce4e5b9u;
		h ^= h >> 32;
	}
	return h % RATE_SLOTS;
}

bool rate_allow(struct rate *r, const struct sockaddr *address, int64_t now_us)
{
	struct rate_slot *s;
	uint8_t key[ADDRESS_KEY];

	if (!r->per_second)
		return true;
	address_key(address, key);
	s = &r->slots[slot_of(r, key)];
	s->tokens += (double)(now_us - s->at_us) / 1e6 * r->per_second;
	if (!s->at_us || s->tokens >= r->burst) {
		memcpy(s->key, key, ADDRESS_KEY);
		s->tokens = r->burst;
	}
	s->at_us = now_us;
	if (s->tokens < 1)
		return false;
	s->tokens--;
	return true;
}

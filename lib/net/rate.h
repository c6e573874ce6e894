/* SPDX-License-Identifier: Apache-2.0 */
/* rate.h - how often an address may ask: a token bucket for each. */
#ifndef NET_RATE_H
#define NET_RATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "net/share.h"

/*
 * A bucket holds `burst` tokens and gains `per_second`. Memory is bounded:
 * there is a fixed number of buckets, and addresses that fall on the same one
 * while it is in use share it. See share.h for what counts as one address.
 */
enum { RATE_SLOTS = 4096 };

struct rate {
	unsigned per_second, burst; /* per_second 0: no limit */
	uint64_t seed; /* so that nobody can choose a bucket to share */
	struct rate_slot {
		uint8_t key[ADDRESS_KEY];
		double tokens;
		int64_t at_us; /* when they were counted; 0: never used */
	} slots[RATE_SLOTS];
};

void rate_init(struct rate *r, unsigned per_second, unsigned burst,
	       uint64_t seed);
/* Takes a token at this time (clock_mono_us()); false if there is none. */
bool rate_allow(struct rate *r, const struct sockaddr *address, int64_t now_us);

#endif

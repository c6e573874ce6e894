/* SPDX-License-Identifier: Apache-2.0 */
/* share.h - how much one address may have of what there is for all. */
#ifndef NET_SHARE_H
#define NET_SHARE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* Addresses that one client may have at will count as one: a network of IPv6
 * (/64). An IPv4 address counts by itself, also where it is mapped to IPv6. */
enum { ADDRESS_KEY = 16 };
void address_key(const struct sockaddr *address, uint8_t ret[ADDRESS_KEY]);
/* Of "10.0.0.1" or "::1"; all that is not an address has one key, too. */
void address_key_of_text(const char *text, uint8_t ret[ADDRESS_KEY]);

/*
 * Whether an address that holds `held` may have one more, while all addresses
 * together hold `used` of `most`. An address may hold a quarter of what is
 * free, or SHARE_LEAST where that is more: one alone gets a fifth of all, two a
 * sixth each, and so on, so that no few addresses leave nothing to the others.
 */
enum { SHARE_LEAST = 8, SHARE_OF_FREE = 4 };
bool share_allows(unsigned held, unsigned used, unsigned most);

#endif

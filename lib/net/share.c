/* SPDX-License-Identifier: Apache-2.0 */
/* share.c - how much one address may have of what there is for all. */
#include "net/share.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

enum { V6_NETWORK = 8 /* bytes of a /64 */ };

void address_key(const struct sockaddr *address, uint8_t ret[ADDRESS_KEY])
{
	memset(ret, 0, ADDRESS_KEY);
	if (address->sa_family == AF_INET) {
		const struct sockaddr_in *v4 = (const void *)address;

		memset(ret + 10, 0xff, 2);
		memcpy(ret + 12, &v4->sin_addr, 4);
	} else if (address->sa_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const void *)address;

		memcpy(ret, &v6->sin6_addr,
		       IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr) ? ADDRESS_KEY
							    : V6_NETWORK);
	}
}

void address_key_of_text(const char *text, uint8_t ret[ADDRESS_KEY])
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };

	memset(ret, 0, ADDRESS_KEY);
	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		address_key((const struct sockaddr *)&v4, ret);
	else if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
		address_key((const struct sockaddr *)&v6, ret);
}

bool share_allows(unsigned held, unsigned used, unsigned most)
{
	const unsigned quarter =
		used < most ? (most - used) / SHARE_OF_FREE : 0;

	return used < most &&
	       held < (quarter > SHARE_LEAST ? quarter : SHARE_LEAST);
}

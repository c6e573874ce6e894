/* SPDX-License-Identifier: Apache-2.0 */
/* merkle.c - Corda's double hashes and Merkle trees. */
#include "corda/merkle.h"

#include <string.h>

static const char *const names[] = {
	[DIGEST_SHA1] = NULL, /* key stores only */
	[DIGEST_SHA256] = "SHA-256",
	[DIGEST_SHA384] = "SHA-384",
	[DIGEST_SHA512] = "SHA-512",
};

const char *digest_name(enum digest_kind kind)
{
	return names[kind];
}

bool digest_by_name(const char *name, size_t len, enum digest_kind *ret)
{
	for (int i = DIGEST_SHA256; i <= DIGEST_SHA512; i++)
		if (strlen(names[i]) == len &&
		    memcmp(names[i], name, len) == 0) {
			*ret = (enum digest_kind)i;
			return true;
		}
	return false;
}

void digest_twice(enum digest_kind kind, const struct digest_part *parts,
		  size_t count, uint8_t *ret)
{
	uint8_t once[DIGEST_MAX];

	digest_parts(kind, parts, count, once);
	digest_bytes(kind, once, digest_size(kind), ret);
}

void digest_pair(enum digest_kind kind, const uint8_t *left,
		 const uint8_t *right, uint8_t *ret)
{
	size_t size = digest_size(kind);
	const struct digest_part parts[] = { { left, size }, { right, size } };

	digest_parts(kind, parts, 2, ret);
}

size_t merkle_room(size_t count)
{
	size_t room = 2;

	while (room < count)
		room *= 2;
	return room;
}

void merkle_root(enum digest_kind kind, uint8_t *leaves, size_t count,
		 uint8_t *ret)
{
	size_t size = digest_size(kind);
	size_t width = merkle_room(count);

	if (count == 1 && kind == DIGEST_SHA256)
		width = 1;
	memset(leaves + count * size, 0, (width - count) * size);
	for (; width > 1; width /= 2)
		for (size_t i = 0; i < width; i += 2)
			digest_pair(kind, leaves + i * size,
				    leaves + (i + 1) * size,
				    leaves + i / 2 * size);
	memcpy(ret, leaves, size);
}

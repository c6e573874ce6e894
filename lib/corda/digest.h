/* SPDX-License-Identifier: Apache-2.0 */
/* digest.h - SHA-1 and SHA-2 of bytes in memory. */
#ifndef CORDA_DIGEST_H
#define CORDA_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum digest_kind { DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512 };

enum { DIGEST_MAX = 64 };

/* Bytes that are hashed one part after the other, as if joined. */
struct digest_part {
	const void *bytes;
	size_t len;
};

/* How many bytes a digest of this kind has. */
size_t digest_size(enum digest_kind kind);
/* Writes digest_size() bytes; cannot fail. */
void digest_bytes(enum digest_kind kind, const void *bytes, size_t len,
		  uint8_t *ret);
void digest_parts(enum digest_kind kind, const struct digest_part *parts,
		  size_t count, uint8_t *ret);

#endif

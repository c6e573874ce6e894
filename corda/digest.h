/* SPDX-License-Identifier: Apache-2.0 */
/* digest.h - SHA-1 and SHA-2, of bytes in memory or of a stream. */
#ifndef CORDA_DIGEST_H
#define CORDA_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum digest_kind { DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512 };

enum { DIGEST_MAX = 64 };

/* One of several parts that are hashed as if they were joined. */
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

/* A digest of bytes that come in one after the other: digest_begin(),
 * digest_add() as often as needed, digest_end(). None of them can fail. */
struct digest {
	enum digest_kind kind;
	uint64_t room[28]; /* the state of the library */
};

void digest_begin(struct digest *d, enum digest_kind kind);
void digest_add(struct digest *d, const void *bytes, size_t len);
void digest_end(struct digest *d, uint8_t *ret);

#endif

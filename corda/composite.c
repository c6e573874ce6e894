/* SPDX-License-Identifier: Apache-2.0 */
/* composite.c - a public key of several keys, of which some must sign. */
#include "corda/composite.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static const uint8_t oid[] = { 0x69, 0xad, 0xa2, 0xaf, 0x89, 0xd5, 0xb8,
			       0xe2, 0xaf, 0xf3, 0x8d, 0x93, 0xac, 0x9d,
			       0xe6, 0x96, 0x9b, 0xd0, 0x5a };
const struct der composite_oid = { oid, sizeof(oid) };

static int by_bytes(const void *a, const void *b)
{
	const struct der *x = a, *y = b;
	const size_t len = x->len < y->len ? x->len : y->len;
	const int order = memcmp(x->bytes, y->bytes, len);

	return order ? order : (x->len > y->len) - (x->len < y->len);
}

/* Below 128, so that it is one byte. */
static void add_number(struct buf *out, unsigned n)
{
	const uint8_t byte = (uint8_t)n;

	assert(n < 128);
	der_add(out, DER_INTEGER, &byte, 1);
}

static size_t begin_bits(struct buf *out)
{
	const size_t mark = der_begin(out, DER_BIT_STRING);

	buf_add_u8(out, 0); /* no unused bits */
	return mark;
}

static void add_key(struct buf *out, const struct der *key)
{
	const size_t node = der_begin(out, DER_SEQUENCE);
	const size_t bits = begin_bits(out);

	buf_add(out, key->bytes, key->len);
	der_end(out, bits);
	add_number(out, 1);
	der_end(out, node);
}

int composite_key_write(const struct der *keys, size_t count,
			unsigned threshold, struct buf *out, struct error *err)
{
	struct der sorted[COMPOSITE_KEYS];
	size_t all, algorithm, bits, body, list;

	if (count > COMPOSITE_KEYS || !threshold || threshold > count)
		return error_set(err, ERROR_INTERNAL,
				 "%u of %zu keys is not a valid threshold of a "
				 "composite key",
				 threshold, count);
	memcpy(sorted, keys, count * sizeof(*keys));
	qsort(sorted, count, sizeof(*sorted), by_bytes);
	all = der_begin(out, DER_SEQUENCE);
	algorithm = der_begin(out, DER_SEQUENCE);
	der_add(out, DER_OID, composite_oid.bytes, composite_oid.len);
	der_end(out, algorithm);
	bits = begin_bits(out);
	body = der_begin(out, DER_SEQUENCE);
	add_number(out, threshold);
	list = der_begin(out, DER_SEQUENCE);
	for (size_t i = 0; i < count; i++)
		add_key(out, &sorted[i]);
	der_end(out, list);
	der_end(out, body);
	der_end(out, bits);
	der_end(out, all);
	return buf_check(out, err);
}

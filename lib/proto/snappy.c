/* SPDX-License-Identifier: Apache-2.0 */
/* snappy.c - unframes by hand, unpacks blocks by libsnappy and zlib. */
#include "proto/snappy.h"

#include <string.h>

#include <snappy-c.h>
#include <zlib.h>

#include "base/cleanup.h"
#include "base/cursor.h"

enum {
	SECTION_DATA = 0,
	SECTION_DATA_ALT = 1,
	SECTION_PACKED = 2,
	PACKED_DEFLATE = 0,
	PACKED_SNAPPY = 1,
	/* Chunks of the framing format. */
	CHUNK_SNAPPY = 0x00,
	CHUNK_PLAIN = 0x01,
	CHUNK_SKIPPABLE = 0x80,
	CHUNK_STREAM = 0xff,
	CHUNK_CONTENT_MAX = 65536,
	PIECE = 64 * 1024
};

static const uint8_t magic[] = { 'c', 'o', 'r', 'd', 'a', 1, 0 };

static int damaged(struct error *err, const char *what)
{
	return error_set(err, ERROR_INTERNAL, "stored blob: %s", what);
}

/* ---- CRC-32C ---- */

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t crc32c_machine(
	uint32_t crc, const uint8_t *p, size_t len)
{
	uint64_t wide = crc, word;

	for (; len >= sizeof(word); p += sizeof(word), len -= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		wide = __builtin_ia32_crc32di(wide, word);
	}
	crc = (uint32_t)wide;
	while (len-- > 0)
		crc = __builtin_ia32_crc32qi(crc, *p++);
	return crc;
}

static bool machine_can(void)
{
	return __builtin_cpu_supports("sse4.2");
}
#else
static uint32_t crc32c_machine(uint32_t crc, const uint8_t *p, size_t len)
{
	(void)p, (void)len;
	return crc;
}

static bool machine_can(void)
{
	return false;
}
#endif

static uint32_t crc32c_plain(uint32_t crc, const uint8_t *p, size_t len)
{
	while (len-- > 0) {
		crc ^= *p++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
	}
	return crc;
}

uint32_t crc32c(const uint8_t *bytes, size_t len)
{
	return ~(machine_can() ? crc32c_machine(~0u, bytes, len)
			       : crc32c_plain(~0u, bytes, len));
}

/* ---- snappy ---- */

static uint32_t little_endian(const uint8_t *p, unsigned width)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < width; i++)
		v |= (uint32_t)p[i] << (8 * i);
	return v;
}

static uint32_t mask(uint32_t crc)
{
	return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

/* Room for `len` bytes at the end of `out`. */
static uint8_t *room_for(struct buf *out, size_t len, struct error *err)
{
	uint8_t *to = buf_reserve(out, len);

	if (!to)
		buf_check(out, err);
	return to;
}

static int add_block(struct cursor *c, struct buf *out, struct error *err)
{
	const char *block = (const char *)c->p;
	size_t len = cursor_left(c), size = 0;
	uint8_t *to;

	if (snappy_uncompressed_length(block, len, &size) != SNAPPY_OK ||
	    size > CHUNK_CONTENT_MAX)
		return damaged(err, "a snappy block without length");
	to = room_for(out, size, err);
	if (!to)
		return -1;
	if (snappy_uncompress(block, len, (char *)to, &size) != SNAPPY_OK)
		return damaged(err, "a snappy block is damaged");
	out->len += size;
	return 0;
}

/* A chunk with content: four bytes of checksum, then the content. */
static int add_chunk(uint8_t type, struct cursor *c, struct buf *out,
		     struct error *err)
{
	const uint8_t *sum = cursor_take(c, 4);
	size_t from = out->len;

	if (!sum)
		return damaged(err, "a chunk ends too early");
	if (type == CHUNK_SNAPPY) {
		if (add_block(c, out, err) < 0)
			return -1;
	} else {
		buf_add(out, c->p, cursor_left(c));
		if (buf_check(out, err) < 0)
			return -1;
	}
	if (mask(crc32c(out->data + from, out->len - from)) !=
	    little_endian(sum, 4))
		return damaged(err, "a chunk's checksum is wrong");
	return 0;
}

int snappy_unframe(const uint8_t *bytes, size_t len, struct buf *out,
		   struct error *err)
{
	static const uint8_t name[] = { 's', 'N', 'a', 'P', 'p', 'Y' };
	struct cursor c = cursor_over(bytes, len);
	bool named = false;

	while (cursor_left(&c) > 0) {
		uint8_t type = cursor_u8(&c);
		const uint8_t *size = cursor_take(&c, 3);
		struct cursor body;

		body = cursor_sub(&c, size ? little_endian(size, 3) : 0);
		if (c.failed)
			return damaged(err, "a chunk ends too early");
		if (type == CHUNK_STREAM)
			named = cursor_left(&body) == sizeof(name) &&
				memcmp(body.p, name, sizeof(name)) == 0;
		if (!named)
			return damaged(err, "not a snappy stream");
		if (type == CHUNK_SNAPPY || type == CHUNK_PLAIN) {
			if (add_chunk(type, &body, out, err) < 0)
				return -1;
		} else if (type < CHUNK_SKIPPABLE) {
			return damaged(err, "a chunk of unknown type");
		}
	}
	return 0;
}

/* ---- deflate ---- */

static void end_inflate(z_stream *z)
{
	inflateEnd(z);
}

static int inflate_all(const uint8_t *bytes, size_t len, struct buf *out,
		       struct error *err)
{
	cleanup(end_inflate) z_stream z = { 0 };
	int rc = Z_OK;

	if (inflateInit(&z) != Z_OK)
		return error_nomem(err);
	z.next_in = (Bytef *)bytes;
	z.avail_in = (uInt)len;
	while (rc == Z_OK) {
		uint8_t *to = room_for(out, PIECE, err);

		if (!to)
			return -1;
		z.next_out = to;
		z.avail_out = PIECE;
		rc = inflate(&z, Z_NO_FLUSH);
		out->len += PIECE - z.avail_out;
	}
	return rc == Z_STREAM_END ? 0
				  : damaged(err, "the deflated part is "
						 "damaged");
}

/* ---- sections ---- */

/* Behind the magic in `room`: a section byte again, and its data. */
static int unpack_rest(struct cursor *c, struct buf *room, struct error *err)
{
	uint8_t how = cursor_u8(c);

	if (how == PACKED_SNAPPY)
		return snappy_unframe(c->p, cursor_left(c), room, err);
	if (how == PACKED_DEFLATE && !c->failed)
		return inflate_all(c->p, cursor_left(c), room, err);
	return damaged(err, "packed in an unknown way");
}

int storage_unpack(const uint8_t *bytes, size_t len, struct buf *room,
		   const uint8_t **ret_bytes, size_t *ret_len,
		   struct error *err)
{
	struct cursor c = cursor_over(bytes, len);
	const uint8_t *p = cursor_take(&c, sizeof(magic));
	uint8_t section = cursor_u8(&c);

	if (c.failed || memcmp(p, magic, sizeof(magic)) != 0)
		return damaged(err, "not a blob of Corda's format 1.0");
	if (section == SECTION_DATA) {
		*ret_bytes = bytes;
		*ret_len = len;
		return 0;
	}
	buf_clear(room);
	buf_add(room, magic, sizeof(magic));
	if (section == SECTION_DATA_ALT)
		buf_add(room, c.p - 1, cursor_left(&c) + 1);
	else if (section != SECTION_PACKED)
		return damaged(err, "a section of unknown kind");
	else if (unpack_rest(&c, room, err) < 0)
		return -1;
	if (buf_check(room, err) < 0)
		return -1;
	if (room->len <= sizeof(magic) ||
	    room->data[sizeof(magic)] > SECTION_DATA_ALT)
		return damaged(err, "a packed section holds no data");
	room->data[sizeof(magic)] = SECTION_DATA;
	*ret_bytes = room->data;
	*ret_len = room->len;
	return 0;
}

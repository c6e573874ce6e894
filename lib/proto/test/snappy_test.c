/* SPDX-License-Identifier: Apache-2.0 */
/* snappy_test.c - what nodes stored is unpacked; what is damaged is told. */
#include "proto/snappy.h"

#include <zlib.h>

#include "base/cleanup.h"
#include "proto/amqp.h"
#include "test/support/test.h"

enum { ROOM = 8 * 1024 * 1024 };

static struct buf room = BUF_INIT(ROOM);

static int unpack(const struct buf *b, const uint8_t **ret, size_t *ret_len,
		  struct error *err)
{
	return storage_unpack(b->data, b->len, &room, ret, ret_len, err);
}

static int read_one(const char *name, void *ctx)
{
	char path[PATH_ROOM];
	cleanup(buf_release) struct buf b = BUF_INIT(ROOM);
	cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
	const struct amqp_value *root;
	struct error err = { 0 };
	const uint8_t *p;
	size_t len;

	if (!strstr(name, ".bin") || strstr(name, "OnNext"))
		return 0;
	assert_ok(file_read(path_join(path, ctx, name), &b, &err), err);
	if (unpack(&b, &p, &len, &err) < 0 ||
	    amqp_read(p, len, &a, &root, &err) < 0)
		fail_msg("%s: %s", path, err.text);
	return 0;
}

static void unpacks_what_every_release_stored(void **state)
{
	static char dirs[][32] = { "test/vectors/vault/4.0",
				   "test/vectors/vault/4.5",
				   "test/vectors/vault/4.8",
				   "test/vectors/vault/4.10",
				   "test/vectors/workloads" };
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(dirs); i++)
		assert_ok(dir_each(dirs[i], read_one, dirs[i], &err), err);
}

static struct buf stored_by_4_10(void)
{
	return test_vector("workloads/tx.exit.made-by-4.10.stored-by-4.10.bin");
}

static void finds_a_flipped_byte(void **state)
{
	cleanup(buf_release) struct buf b = stored_by_4_10();
	struct error err = { 0 };
	const uint8_t *p;
	size_t len;

	(void)state;
	for (size_t i = 10; i < b.len; i += 97) {
		b.data[i] ^= 0x10;
		assert_int_equal(unpack(&b, &p, &len, &err), -1);
		b.data[i] ^= 0x10;
	}
	assert_ok(unpack(&b, &p, &len, &err), err);
}

static void keeps_its_ceiling(void **state)
{
	cleanup(buf_release) struct buf b = stored_by_4_10();
	cleanup(buf_release) struct buf small = BUF_INIT(1000);
	struct error err = { 0 };
	const uint8_t *p;
	size_t len;

	(void)state;
	assert_error(storage_unpack(b.data, b.len, &small, &p, &len, &err), err,
		     "at most 1000 bytes");
}

static void unpacks_deflate(void **state)
{
	static const char magic[] = "corda\1\0\2";
	uint8_t plain[1000] = { 0, 0x40, 0x40 }, packed[2048];
	uLongf size = sizeof(packed) - 9;
	struct buf b = { .data = packed };
	struct error err = { 0 };
	const uint8_t *p;
	size_t len;

	(void)state;
	memcpy(packed, magic, 9);
	assert_int_equal(compress(packed + 9, &size, plain, sizeof(plain)),
			 Z_OK);
	b.len = size + 9;
	assert_ok(unpack(&b, &p, &len, &err), err);
	assert_int_equal(len, 7 + sizeof(plain));
	assert_memory_equal(p + 7, plain, sizeof(plain));
	packed[b.len - 1] ^= 1;
	assert_int_equal(unpack(&b, &p, &len, &err), -1);
}

static void computes_crc32c(void **state)
{
	(void)state;
	/* RFC 3720, appendix B.4, and the usual check value. */
	assert_int_equal(crc32c((const uint8_t *)"123456789", 9), 0xe3069283);
	assert_int_equal(crc32c((const uint8_t[32]){ 0 }, 32), 0x8a9136aa);
}

static int end(void **state)
{
	(void)state;
	buf_release(&room);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unpacks_what_every_release_stored),
		cmocka_unit_test(finds_a_flipped_byte),
		cmocka_unit_test(keeps_its_ceiling),
		cmocka_unit_test(unpacks_deflate),
		cmocka_unit_test(computes_crc32c),
	};

	return cmocka_run_group_tests(tests, NULL, end);
}

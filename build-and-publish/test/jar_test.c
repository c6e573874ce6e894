/* SPDX-License-Identifier: Apache-2.0 */
/* jar_test.c - manifests are read out of jars, also folded ones. */
#include "build-and-publish/jar.h"

#include "test/support/scratch.h"

/* A jar with a stored META-INF/MANIFEST.MF, made byte by byte: a local file
 * header, the member, the central directory, its end. CRC-32 is bit-wise. */
static uint32_t crc32_of(const char *text)
{
	uint32_t crc = 0xffffffff;

	for (; *text; text++) {
		crc ^= (uint8_t)*text;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static void le(struct buf *b, unsigned width, uint32_t v)
{
	for (; width--; v >>= 8)
		buf_add_u8(b, (uint8_t)v);
}

static void add_header(struct buf *b, const char *name, const char *text)
{
	le(b, 2, 20), le(b, 2, 0), le(b, 2, 0), le(b, 4, 0);
	le(b, 4, crc32_of(text));
	le(b, 4, strlen(text)), le(b, 4, strlen(text));
	le(b, 2, strlen(name)), le(b, 2, 0);
}

static void write_jar(const char *path, const char *name, const char *text)
{
	struct buf b = BUF_INIT(4096);
	struct error err = { 0 };
	uint32_t central;

	le(&b, 4, 0x04034b50);
	add_header(&b, name, text);
	buf_add_str(&b, name), buf_add_str(&b, text);
	central = b.len;
	le(&b, 4, 0x02014b50), le(&b, 2, 20);
	add_header(&b, name, text);
	le(&b, 2, 0), le(&b, 2, 0), le(&b, 2, 0), le(&b, 4, 0), le(&b, 4, 0);
	buf_add_str(&b, name);
	le(&b, 4, 0x06054b50), le(&b, 4, 0), le(&b, 2, 1), le(&b, 2, 1);
	le(&b, 4, b.len - 12 - central), le(&b, 4, central), le(&b, 2, 0);
	assert_ok(file_write(path, b.data, b.len, 0600, &err), err);
	buf_release(&b);
}

static void finds_the_platform_version(void **state)
{
	struct scratch *at = *state;
	char jar[PATH_ROOM], none[PATH_ROOM];
	struct error *err = &at->err;
	int v = 0;

	path_join(jar, at->dir, "jar_test.jar");
	path_join(none, at->dir, "no.jar");
	write_jar(jar, "META-INF/MANIFEST.MF",
		  "Manifest-Version: 1.0\r\nCorda-Platform-Version: 12\r\n");
	assert_ok(jar_manifest_int(jar, "Corda-Platform-Version", &v, err),
		  *err);
	assert_int_equal(v, 12);
	assert_error(jar_manifest_int(jar, "Other", &v, err), *err,
		     "has no Other");
	write_jar(jar, "other.txt", "x");
	assert_error(jar_manifest_int(jar, "Any", &v, err), *err,
		     "has no META-INF/MANIFEST.MF");
	assert_ok(file_write(jar, "no jar", 6, 0600, err), *err);
	assert_error(jar_manifest_int(jar, "Any", &v, err), *err,
		     "jar_test.jar");
	assert_error(jar_manifest_int(none, "Any", &v, err), *err, "no.jar");
}

static void folded_lines_are_joined(void **state)
{
	static const char text[] =
		"A: one\r\n two\r\nB: x\nC: y\r\n\r\nD: z\r\n";
	struct arena arena = ARENA_INIT(4096);

	(void)state;
	assert_string_equal(manifest_value(text, "A", &arena), "onetwo");
	assert_string_equal(manifest_value(text, "B", &arena), "x");
	assert_string_equal(manifest_value(text, "C", &arena), "y");
	assert_null(manifest_value(text, "D", &arena)); /* another section */
	assert_null(manifest_value("", "A", &arena));
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(finds_the_platform_version),
		cmocka_unit_test(folded_lines_are_joined),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

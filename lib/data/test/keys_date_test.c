/* SPDX-License-Identifier: Apache-2.0 */
/* keys_date_test.c - tables of keys: values that are dates. */
#include "data/keys.h"

#include "base/cleanup.h"
#include "test/support/test.h"

static struct arena arena = ARENA_INIT(4 * 1024 * 1024);

static int end(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

struct dated {
	int64_t begins, ends;
};

static const struct key dated_list[] = {
	{ .name = "begins",
	  .type = KEY_DATE,
	  .offset = offsetof(struct dated, begins),
	  .help = "the first day" },
	{ .name = "ends",
	  .type = KEY_DATE,
	  .offset = offsetof(struct dated, ends),
	  .help = "the last day" },
};

static const struct keys dated_keys = KEYS_OF("a time", dated_list);

static int read_dated(const char *text, struct dated *ret, struct error *err)
{
	struct yaml_file file;

	*ret = (struct dated){ 0 };
	if (yaml_parse("d.yaml", text, strlen(text), &arena, &file, err) < 0)
		return -1;
	return keys_read(&dated_keys, &file, file.documents[0], ret, &arena,
			 err);
}

static void a_date_is_when_its_day_begins(void **state)
{
	cleanup(buf_release) struct buf yaml = BUF_INIT(4096),
					json = BUF_INIT(4096);
	cleanup(js_freep) struct js *root = NULL;
	struct error err = { 0 };
	struct dated d;

	(void)state;
	assert_ok(read_dated("begins: 1970-01-02\n", &d, &err), err);
	assert_int_equal(d.begins, INT64_C(86400000000));
	assert_int_equal(d.ends, 0);
	keys_write(&dated_keys, &d, 0, &yaml);
	assert_string_equal(buf_text(&yaml), "begins: 1970-01-02\n");
	root = keys_json(&dated_keys, &d);
	assert_ok(js_print(root, JS_LINE, &json, &err), err);
	assert_string_equal(buf_text(&json),
			    "{\"begins\":\"1970-01-02\",\"ends\":null}");
	assert_ok(read_dated("ends: \"2024-02-29\"\n", &d, &err), err);
	assert_int_equal(d.ends, INT64_C(1709164800000000));
}

static void what_is_no_date_is_refused(void **state)
{
	static const char *const bad[] = {
		"2026-02-30",	   "2026-2-3",	 "2026-12-31T00:00:00Z",
		"31.12.2026",	   "tomorrow",	 "1970-01-01",
		"0000-00-00",	   "1969-12-31", "99999-01-01",
		"\" 2026-12-31\"",
	};
	struct error err = { 0 };
	struct dated d;
	char text[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(text, sizeof(text), "ends: %s\n", bad[i]);
		assert_error(read_dated(text, &d, &err), err,
			     "d.yaml:1:7: ends: expected a date such as "
			     "2026-12-31, not ");
	}
}

#define TEST(name) cmocka_unit_test_teardown(name, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_date_is_when_its_day_begins),
		TEST(what_is_no_date_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* removal_order_test.c - an inventory is replayed backwards. */
#include "engine/removal_order.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "engine/file_ends.h"
#include "test/support/test.h"

static const struct inventory_item made[] = {
	{ "network", "n" },    { "secret", "s" },  { "volume", "v1" },
	{ "pod", "database" }, { "volume", "v2" }, { "pod", "bank" },
	{ "directory", "/d" }, { "volume", "v3" }, { "pod", "notary" },
};

/* A path that an inventory names is nobody's to remove. */
static void users_go_before_what_they_use(void **state)
{
	static const char *const expected[] = { "notary", "bank", "database",
						"v3",	  "v2",	  "v1",
						"s",	  "n" };
	const char *name;
	size_t n = 0;

	(void)state;
	for (const char *const *kind = removal_kinds; *kind; kind++) {
		struct removal_order r = { made, ARRAY_SIZE(made), *kind };

		while (removal_next(&r, &name, 1)) {
			assert_true(n < ARRAY_SIZE(expected));
			assert_string_equal(name, expected[n++]);
		}
	}
	assert_int_equal(n, ARRAY_SIZE(expected));
}

static void several_of_a_kind_go_together(void **state)
{
	struct removal_order r = { made, ARRAY_SIZE(made), "volume" };
	const char *names[2];

	(void)state;
	assert_int_equal(removal_next(&r, names, 2), 2);
	assert_string_equal(names[0], "v3");
	assert_string_equal(names[1], "v2");
	assert_int_equal(removal_next(&r, names, 2), 1);
	assert_string_equal(names[0], "v1");
	assert_int_equal(removal_next(&r, names, 2), 0);
}

static void an_inventory_without_a_kind_gives_none(void **state)
{
	struct removal_order r = { made, ARRAY_SIZE(made), "container" };
	const char *name;

	(void)state;
	assert_int_equal(removal_next(&r, &name, 1), 0);
}

static void a_long_log_keeps_its_end_by_lines(void **state)
{
	char path[] = "/tmp/medley-test-XXXXXX";
	cleanup(buf_release) struct buf text = BUF_INIT(1024);
	cleanup(closep) int fd = mkstemp(path);
	struct error err;

	(void)state;
	assert_ok(file_write(path, "one\ntwo\nthree\n", 14, 0600, &err), err);
	assert_ok(file_keep_end(path, 14, &err), err);
	assert_ok(file_read(path, &text, &err), err);
	assert_string_equal(buf_text(&text), "one\ntwo\nthree\n");
	assert_ok(file_keep_end(path, 12, &err), err);
	buf_clear(&text);
	assert_ok(file_read(path, &text, &err), err);
	unlink(path);
	assert_string_equal(buf_text(&text), "two\nthree\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(users_go_before_what_they_use),
		cmocka_unit_test(several_of_a_kind_go_together),
		cmocka_unit_test(an_inventory_without_a_kind_gives_none),
		cmocka_unit_test(a_long_log_keeps_its_end_by_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

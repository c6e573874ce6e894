/* SPDX-License-Identifier: Apache-2.0 */
/* cell_name_test.c - the names of cells. */
#include "run/cell_name.h"

#include "base/cleanup.h"
#include "test/support/test.h"

static void a_name_has_a_notary_or_stands_for_all(void **state)
{
	(void)state;
	assert_true(cell_name_is("4.10:4.0:4.8", "4.10", "4.0", "4.8"));
	assert_false(cell_name_is("4.10:4.0:4.8", "4.10", "4.0", "4.9"));
	assert_false(cell_name_is("4.10:4.0:4.8", "4.0", "4.10", "4.8"));
	assert_false(cell_name_is("4.10:4.0:4", "4.10", "4.0", "4.8"));
	assert_false(cell_name_is("4.10:4.0:", "4.10", "4.0", "4.8"));
	assert_false(cell_name_is("4.10", "4.10", "4.0", "4.8"));
	assert_false(cell_name_is("4.1:4.0", "4.10", "4.0", "4.8"));
	assert_true(cell_name_is("4.10:4.0", "4.10", "4.0", "4.8"));
	assert_true(cell_name_is("4.10:4.0", "4.10", "4.0", "4.9"));
	assert_true(cell_name_is_any("4.10:4.0", "4.10", "4.0"));
	assert_false(cell_name_is_any("4.10:4.0:4.8", "4.10", "4.0"));
}

static void labels_of_others_may_have_colons(void **state)
{
	(void)state;
	assert_true(
		cell_name_is("maven:4.10:4.0:a:b", "maven:4.10", "4.0", "a:b"));
	assert_false(cell_name_is("maven:4.10:4.0", "maven", "4.10", "4"));
}

static void a_name_is_written_as_it_is_read(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(64);

	(void)state;
	cell_name_add(&out, "4.10", "4.0", "4.8");
	assert_string_equal(buf_text(&out), "4.10:4.0:4.8");
	buf_clear(&out);
	cell_name_add(&out, "4.10", "4.0", NULL);
	assert_string_equal(buf_text(&out), "4.10:4.0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_has_a_notary_or_stands_for_all),
		cmocka_unit_test(labels_of_others_may_have_colons),
		cmocka_unit_test(a_name_is_written_as_it_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

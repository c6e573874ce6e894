/* SPDX-License-Identifier: Apache-2.0 */
/* zip_test.c - what is written is found again, by us and in a node's zip. */
#include "data/zip.h"

#include "base/cleanup.h"
#include "test/support/test.h"

static void finds_what_it_wrote(void **state)
{
	static const struct zip_entry entries[] = {
		{ "leaf.cer", "one", 3 }, { "root.cer", "three", 5 }
	};
	cleanup(buf_release) struct buf zip = BUF_INIT(65536);
	cleanup(buf_release) struct buf again = BUF_INIT(65536);
	cleanup(buf_release) struct buf member = BUF_INIT(1024);
	char dir[PATH_ROOM], path[PATH_ROOM];
	struct error err = { 0 };

	(void)state;
	assert_ok(dir_make_temporary("/tmp/zip-test-", dir, &err), err);
	path_join(path, dir, "a.zip");
	assert_ok(zip_write(entries, 2, &zip, &err), err);
	assert_ok(zip_write(entries, 2, &again, &err), err);
	assert_int_equal(zip.len, again.len);
	assert_memory_equal(zip.data, again.data, zip.len);
	assert_ok(file_write(path, zip.data, zip.len, 0600, &err), err);
	assert_ok(zip_member(path, "root.cer", &member, &err), err);
	assert_string_equal(buf_text(&member), "three");
	assert_error(zip_member(path, "nobody", &member, &err), err,
		     "has no nobody");
	buf_clear(&member);
	assert_ok(zip_member_of(&zip, "root.cer", &member, &err), err);
	assert_string_equal(buf_text(&member), "three");
	assert_error(zip_member_of(&zip, "nobody", &member, &err), err,
		     "has no nobody");
	zip.len /= 2;
	assert_error(zip_member_of(&zip, "nobody", &member, &err), err, "zip");
	assert_ok(dir_remove(dir, &err), err);
}

static void refuses_what_has_no_room(void **state)
{
	static const struct zip_entry entry = { "a", "some bytes", 10 };
	cleanup(buf_release) struct buf zip = BUF_INIT(64);
	struct error err = { 0 };

	(void)state;
	assert_true(zip_write(&entry, 1, &zip, &err) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_it_wrote),
		cmocka_unit_test(refuses_what_has_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

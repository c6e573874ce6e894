/* SPDX-License-Identifier: Apache-2.0 */
/* released_test.c - the nearest of the released versions is first. */
#include "build-and-publish/released.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "test/support/scratch.h"

static void the_nearest_is_first(void **state)
{
	struct scratch *at = *state;
	cleanup(buf_release) struct buf list = BUF_INIT(1024);

	scratch_write(at, "releases.txt",
		      "# released\nmaven:4.0\nmaven:4.8\nmain\nmaven:4.10\n"
		      "maven:4.9");
	setenv("MEDLEY_HOME", at->dir, 1);
	released_versions("4.99", &list);
	assert_string_equal(buf_text(&list), "4.9, 4.0, 4.8, 4.10");
	buf_clear(&list);
	setenv("MEDLEY_HOME", "/nowhere", 1);
	released_versions("4.99", &list);
	assert_string_equal(buf_text(&list), "");
	unsetenv("MEDLEY_HOME");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(the_nearest_is_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

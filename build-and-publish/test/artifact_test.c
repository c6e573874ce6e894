/* SPDX-License-Identifier: Apache-2.0 */
/* artifact_test.c - a released file is kept as images can use it. */
#include "build-and-publish/artifact.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "test/support/scratch.h"

/* Maven makes its files as the umask says; those of an image are the same for
 * every user who builds it. */
static void its_mode_does_not_depend_on_the_umask(void **state)
{
	struct scratch *at = *state;
	mode_t before = umask(077);
	struct artifact a;
	struct stat st;

	setenv("MEDLEY_CACHE", at->dir, 1);
	scratch_write(at, "corda.jar", "bytes");
	assert_ok(artifact_init(&a, "net.corda:corda:4.8", &at->arena,
				&at->err),
		  at->err);
	assert_int_equal(
		chmod(arena_printf(&at->arena, "%s/corda.jar", at->dir), 0600),
		0);
	assert_ok(artifact_keep(&a, at->dir, &at->err), at->err);
	umask(before);
	assert_int_equal(stat(a.file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(its_mode_does_not_depend_on_the_umask),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

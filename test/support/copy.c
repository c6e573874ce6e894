/* SPDX-License-Identifier: Apache-2.0 */
/* copy.c - a directory as it is now, to begin from it again. */
#include "test/support/copy.h"

#include <sys/stat.h>
#include <unistd.h>

#include "sys/file.h"
#include "test/support/test.h"

static int link_file(const char *name, void *ctx)
{
	const char *const *dirs = ctx;
	char from[PATH_ROOM], to[PATH_ROOM];
	const char *below[2] = { path_join(from, dirs[0], name),
				 path_join(to, dirs[1], name) };

	if (link(from, to) == 0)
		return 0;
	assert_int_equal(mkdir(to, 0700), 0);
	return dir_each(from, link_file, below, NULL);
}

void copy_by_links(const char *from, const char *to)
{
	const char *dirs[2] = { from, to };
	struct error err = { 0 };

	assert_ok(dir_remove(to, &err), err);
	assert_ok(dir_make(to, 0700, &err), err);
	assert_ok(dir_each(from, link_file, dirs, &err), err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* run_links.c - refuses symbolic links in the directory of a run. */
#include <string.h>
#include <sys/stat.h>

#include "run/run.h"

/* config/<set>/<file> is the deepest that medley makes. */
enum { DEPTH_MAX = 8 };

struct look {
	const char *dir;
	unsigned depth;
	struct error *err;
};

/* Both are only read: the manifests of a configuration that was generated
 * before, and the passwords of a driver in a cluster, which has them in memory.
 */
static bool may_be_link(const char *name)
{
	return !strcmp(name, "config") || !strcmp(name, "secrets.json");
}

static int look_at(const char *name, void *ctx)
{
	const struct look *l = ctx;
	char path[PATH_ROOM];
	struct look below = { path, l->depth + 1, l->err };
	struct stat st;

	if (!l->depth && may_be_link(name))
		return 0;
	path_join(path, l->dir, name);
	if (lstat(path, &st) < 0)
		return 0; /* it has just gone */
	if (S_ISLNK(st.st_mode))
		return error_set(
			l->err, ERROR_INPUT,
			"%s is a symbolic link; medley makes no such link in "
			"a run: remove it, or put the file there",
			path);
	if (!S_ISDIR(st.st_mode))
		return 0;
	if (below.depth > DEPTH_MAX)
		return error_set(
			l->err, ERROR_INPUT,
			"%s: directories are nested too deep for a run", path);
	return dir_each(path, look_at, &below, l->err);
}

int run_refuse_links(const char *run_dir, struct error *err)
{
	struct look l = { run_dir, 0, err };

	return dir_each(run_dir, look_at, &l, err);
}

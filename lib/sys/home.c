/* SPDX-License-Identifier: Apache-2.0 */
/* home.c - where medley's own data files and its cache are. */
#include "sys/home.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void directory_of(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash)
		*slash = 0;
	else
		path[0] = 0;
}

/* Whoever can write there could have medley read a recipe of theirs, and run
 * what it says. */
static bool others_can_write(const char *dir)
{
	struct stat st;

	return stat(dir, &st) < 0 || (st.st_mode & S_IWOTH);
}

static bool has_file(char room[PATH_ROOM], const char *dir,
		     const char *relative)
{
	return !others_can_write(dir) &&
	       file_exists(path_join(room, dir, relative));
}

const char *home_path(char room[PATH_ROOM], const char *relative)
{
	const char *home = getenv("MEDLEY_HOME");
	char dir[PATH_ROOM], up[PATH_ROOM], share[PATH_ROOM];
	ssize_t n;

	if (home && *home)
		return path_join(room, home, relative);
	n = readlink("/proc/self/exe", dir, sizeof(dir) - 1);
	dir[n < 0 ? 0 : n] = 0;
	directory_of(dir);
	for (path_printf(up, "%s", dir); up[0]; directory_of(up)) {
		path_join(share, up, "share/medley");
		if (has_file(room, up, relative) ||
		    has_file(room, share, relative))
			return room;
	}
	return path_join(room, MEDLEY_DATA, relative);
}

/* Any data file shows where all are. */
int home_check(struct error *err)
{
	static const char landmark[] = "generate/node-conf.yaml";
	const char *home = getenv("MEDLEY_HOME");
	char path[PATH_ROOM];

	if (file_exists(home_path(path, landmark)))
		return 0;
	if (home && *home)
		return error_set(err, ERROR_INPUT,
				 "MEDLEY_HOME is %s, which has no %s; set it "
				 "to a checkout of medley, or to "
				 "PREFIX/share/medley of an installed one",
				 home, landmark);
	return error_set(err, ERROR_INPUT,
			 "medley's data files (%s and others) are neither "
			 "beside the program nor in %s; run 'make install', "
			 "or set MEDLEY_HOME to the directory that has them",
			 landmark, MEDLEY_DATA);
}

/* As a shell and podman have it. */
static const char *user_home(void)
{
	const char *home = getenv("HOME");
	const struct passwd *user;

	if (home && *home)
		return home;
	user = getpwuid(geteuid());
	return user ? user->pw_dir : "/";
}

int cache_path(char room[PATH_ROOM], const char *relative, struct error *err)
{
	const char *own = getenv("MEDLEY_CACHE");
	const char *xdg = getenv("XDG_CACHE_HOME");
	char base[PATH_ROOM];

	if (own && *own)
		path_printf(base, "%s", own);
	else if (xdg && *xdg)
		path_join(base, xdg, "medley");
	else
		path_join(base, user_home(), ".cache/medley");
	if (dir_make(base, 0700, err) < 0)
		return error_wrap(err, "medley's cache (MEDLEY_CACHE names "
				       "another directory)");
	path_join(room, base, relative);
	return 0;
}

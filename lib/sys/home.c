/* SPDX-License-Identifier: Apache-2.0 */
/* home.c - where medley's own data files and its cache are. */
#include "sys/home.h"

#include <pthread.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/home_data.h"

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

/* Any data file shows where all are. */
static const char landmark[] = "generate/node-conf.yaml";

static bool has_data(const char *dir)
{
	char path[PATH_ROOM];

	return !others_can_write(dir) &&
	       file_exists(path_join(path, dir, landmark));
}

/* The nearest directory above the binary that has the data. All files come from
 * there: one alone may be somebody's who has a file of the same name. */
static bool find_around(char room[PATH_ROOM])
{
	char up[PATH_ROOM];
	ssize_t n = readlink("/proc/self/exe", up, sizeof(up) - 1);

	up[n < 0 ? 0 : n] = 0;
	for (directory_of(up); up[0]; directory_of(up))
		if (has_data(path_printf(room, "%s", up)) ||
		    has_data(path_join(room, up, "share/medley")))
			return true;
	return false;
}

/* The data of a program that has none around it: found once. */
static struct {
	pthread_once_t once;
	char dir[PATH_ROOM];
	struct error why; /* it cannot be made */
} unpacked = { .once = PTHREAD_ONCE_INIT };

static void find_own(void)
{
	if (home_unpack(unpacked.dir, &unpacked.why) < 0)
		unpacked.dir[0] = 0;
}

const char *home_path(char room[PATH_ROOM], const char *relative)
{
	const char *home = getenv("MEDLEY_HOME");
	char dir[PATH_ROOM];

	if (home && *home)
		return path_join(room, home, relative);
	if (find_around(dir))
		return path_join(room, dir, relative);
	pthread_once(&unpacked.once, find_own);
	if (unpacked.dir[0])
		return path_join(room, unpacked.dir, relative);
	room[0] = 0; /* which no call opens */
	return room;
}

int home_check(struct error *err)
{
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
	return error_set(err, unpacked.why.kind ?: ERROR_INTERNAL,
			 "unpacking medley's data files: %s",
			 unpacked.why.text);
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

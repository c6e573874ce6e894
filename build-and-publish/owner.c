/* SPDX-License-Identifier: Apache-2.0 */
/* owner.c - decides whether a clone may be read, as git does. */
#include "build-and-publish/owner.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/file.h"

enum { SETTINGS_MAX = 1000 };

bool owner_is_user(const char *path, uid_t *ret_owner)
{
	const char *caller = getenv("SUDO_UID");
	struct stat st;
	char *end;
	unsigned long uid;

	if (lstat(path, &st) < 0)
		return true; /* whoever opens it says what is wrong */
	*ret_owner = st.st_uid;
	if (st.st_uid == geteuid())
		return true;
	if (geteuid() || !caller || !*caller)
		return false;
	uid = strtoul(caller, &end, 10);
	return !*end && uid == st.st_uid;
}

/* "~/x" is below the user's home directory. */
static const char *expand(const char *value, char room[PATH_ROOM])
{
	const char *home = getenv("HOME");

	if (!strncmp(value, "~/", 2) && home)
		return path_join(room, home, value + 2);
	return value;
}

static bool names_clone(const char *value, const char *clone)
{
	char room[PATH_ROOM], real[PATH_MAX];
	size_t len;

	if (!strcmp(value, "*"))
		return true;
	value = expand(value, room);
	len = strlen(value);
	/* git passes over other relative paths than ".". */
	if (value[0] != '/' && strcmp(value, ".") != 0)
		return false;
	/* "/srv/clones/" "*" is all that is below. */
	if (len >= 2 && !strcmp(value + len - 2, "/*"))
		return !strncmp(clone, value, len - 1);
	while (len > 1 && value[len - 1] == '/')
		len--;
	if (strlen(clone) == len && !strncmp(value, clone, len))
		return true;
	return realpath(value, real) && !strcmp(real, clone);
}

void safe_directory_take(struct safe_directories *s, const char *value)
{
	if (!value || !*value)
		s->safe = false;
	else if (names_clone(value, s->clone))
		s->safe = true;
}

void safe_directory_take_environment(struct safe_directories *s)
{
	const char *text = getenv("GIT_CONFIG_COUNT"), *key;
	long count = text ? strtol(text, NULL, 10) : 0;
	char name[64];

	for (long i = 0; i < count && i < SETTINGS_MAX; i++) {
		snprintf(name, sizeof(name), "GIT_CONFIG_KEY_%ld", i);
		key = getenv(name);
		if (!key || strcasecmp(key, "safe.directory") != 0)
			continue;
		snprintf(name, sizeof(name), "GIT_CONFIG_VALUE_%ld", i);
		safe_directory_take(s, getenv(name));
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/* artifact.c - released files, fetched once by Maven's own client. */
#include "build-and-publish/artifact.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "run/release_word.h"
#include "sys/home.h"

int artifact_init(struct artifact *a, const char *coordinate,
		  struct arena *arena, struct error *err)
{
	char *parts = arena_strdup(arena, coordinate);
	char cache[PATH_ROOM];
	const char *part[3] = { 0 };

	for (int i = 0; i < 3; i++) {
		part[i] = strsep(&parts, ":");
		if (!part[i] || release_version_check(part[i], err) < 0)
			return error_set(
				err, ERROR_INPUT,
				"\"%s\" is not a valid Maven coordinate; "
				"expected GROUP:NAME:VERSION of a released "
				"version",
				coordinate);
	}
	if (parts)
		return error_set(err, ERROR_INPUT,
				 "\"%s\" has too many parts; expected "
				 "GROUP:NAME:VERSION",
				 coordinate);
	if (cache_path(cache, "artifacts", err) < 0)
		return -1;
	a->coordinate = coordinate;
	a->dir = arena_printf(arena, "%s/%s/%s/%s", cache, part[0], part[1],
			      part[2]);
	a->file =
		arena_printf(arena, "%s/%s.jar", a->dir ? a->dir : "", part[1]);
	return a->dir && a->file ? 0 : error_nomem(err);
}

const char **artifact_command(const struct artifact *a, const char *into,
			      struct arena *arena)
{
	const char **argv = arena_array(arena, 10, sizeof(*argv));

	if (!argv)
		return NULL;
	argv[0] = "mvn";
	argv[1] = "--quiet";
	argv[2] = "--batch-mode";
	argv[3] = "dependency:copy";
	argv[4] = arena_printf(arena, "-Dartifact=%s", a->coordinate);
	argv[5] = arena_printf(arena, "-DoutputDirectory=%s", into);
	argv[6] = "-Dmdep.stripVersion=true";
	argv[7] = "-Dstyle.color=never";
	argv[8] = "--update-snapshots"; /* ask again for what was missing */
	return argv[4] && argv[5] ? argv : NULL;
}

int artifact_keep(const struct artifact *a, const char *into, struct error *err)
{
	const char *name = strrchr(a->file, '/') + 1;
	char from[PATH_ROOM];

	path_join(from, into, name);
	if (!file_exists(from))
		return error_set(
			err, ERROR_BUILD,
			"Maven reported success, but did not download %s",
			a->coordinate);
	if (dir_make(a->dir, 0700, err) < 0)
		return -1;
	/* The mode becomes that of the image's file, so it must not depend on
	 * the umask. A rename, so that nobody ever sees half a file. */
	if (chmod(from, 0644) < 0 || rename(from, a->file) < 0)
		return error_errno(err, ERROR_BUILD, errno, "storing %s",
				   a->file);
	return 0;
}

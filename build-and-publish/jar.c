/* SPDX-License-Identifier: Apache-2.0 */
/* jar.c - reads members and the manifest of a jar. */
#include "build-and-publish/jar.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "data/zip.h"

enum { MANIFEST_MAX = 1024 * 1024 };

int jar_member(const char *path, const char *name, struct buf *out,
	       struct error *err)
{
	if (zip_member(path, name, out, err) == 0)
		return 0;
	if (err)
		err->kind = ERROR_BUILD;
	return -1;
}

/* One line without its end and with its continuations; `*at` moves on. */
static void next_line(const char **at, struct buf *line)
{
	size_t len;

	buf_clear(line);
	do {
		len = strcspn(*at, "\r\n");
		buf_add(line, *at, len);
		*at += len;
		*at += **at == '\r';
		*at += **at == '\n';
	} while (**at == ' ' && (*at)++);
}

const char *manifest_value(const char *manifest, const char *name,
			   struct arena *arena)
{
	cleanup(buf_release) struct buf line = BUF_INIT(MANIFEST_MAX);
	size_t len = strlen(name);

	while (*manifest) {
		next_line(&manifest, &line);
		if (!line.len)
			return NULL; /* the main section ends */
		if (!strncmp(buf_text(&line), name, len) &&
		    !strncmp(buf_text(&line) + len, ": ", 2))
			return arena_strdup(arena, buf_text(&line) + len + 2);
	}
	return NULL;
}

int jar_manifest_int(const char *path, const char *name, int *ret,
		     struct error *err)
{
	cleanup(buf_release) struct buf manifest = BUF_INIT(MANIFEST_MAX);
	cleanup(arena_release) struct arena arena = ARENA_INIT(MANIFEST_MAX);
	const char *text;
	char *end;
	long v;

	if (jar_member(path, "META-INF/MANIFEST.MF", &manifest, err) < 0)
		return -1;
	text = manifest_value(buf_text(&manifest), name, &arena);
	v = text ? strtol(text, &end, 10) : 0;
	if (!text || end == text || *end || v < 1 || v > INT_MAX)
		return error_set(
			err, ERROR_BUILD,
			"%s: the manifest has no %s, or its value is not "
			"a number",
			path, name);
	*ret = (int)v;
	return 0;
}

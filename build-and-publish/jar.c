/* SPDX-License-Identifier: Apache-2.0 */
/* jar.c - looks into a jar, through libarchive. */
#include "build-and-publish/jar.h"

#include <archive.h>
#include <archive_entry.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

enum { MANIFEST_MAX = 1024 * 1024, BLOCK = 64 * 1024 };

static void archive_freep(struct archive **a)
{
	archive_read_free(*a);
}

static int jar_error(struct archive *a, const char *path, struct error *err)
{
	const char *text = archive_error_string(a);

	return error_set(err, ERROR_BUILD, "%s: %s", path,
			 text ? text : "cannot be read");
}

static int read_member(struct archive *a, const char *path, struct buf *out,
		       struct error *err)
{
	char bytes[4096];
	la_ssize_t n;

	while ((n = archive_read_data(a, bytes, sizeof(bytes))) > 0)
		buf_add(out, bytes, n);
	if (n < 0)
		return jar_error(a, path, err);
	buf_add(out, "", 0);
	return buf_check(out, err) < 0 ? error_wrap(err, "%s", path) : 0;
}

int jar_member(const char *path, const char *name, struct buf *out,
	       struct error *err)
{
	cleanup(archive_freep) struct archive *a = archive_read_new();
	struct archive_entry *entry;
	const char *found;
	int rc;

	if (!a)
		return error_nomem(err);
	archive_read_support_format_zip(a);
	if (archive_read_open_filename(a, path, BLOCK) != ARCHIVE_OK)
		return jar_error(a, path, err);
	while ((rc = archive_read_next_header(a, &entry)) == ARCHIVE_OK) {
		found = archive_entry_pathname(entry);
		if (found && !strcmp(found, name))
			return read_member(a, path, out, err);
	}
	if (rc != ARCHIVE_EOF)
		return jar_error(a, path, err);
	return error_set(err, ERROR_BUILD, "%s has no %s", path, name);
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
		return error_set(err, ERROR_BUILD,
				 "%s: its manifest has no %s with a number",
				 path, name);
	*ret = (int)v;
	return 0;
}

int jar_time(const char *path, int64_t *ret, struct error *err)
{
	cleanup(archive_freep) struct archive *a = archive_read_new();
	struct archive_entry *entry;
	int64_t newest = 0;
	int rc;

	if (!a)
		return error_nomem(err);
	archive_read_support_format_zip(a);
	if (archive_read_open_filename(a, path, BLOCK) != ARCHIVE_OK)
		return jar_error(a, path, err);
	while ((rc = archive_read_next_header(a, &entry)) == ARCHIVE_OK)
		if (archive_entry_mtime(entry) > newest)
			newest = archive_entry_mtime(entry);
	if (rc != ARCHIVE_EOF)
		return jar_error(a, path, err);
	*ret = newest;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* alternates.c - finds the directories of objects of a clone. */
#include "build-and-publish/alternates.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"

enum { FILE_BYTES_MAX = 1024 * 1024, NESTED_MAX = 5 };

/* "\n", "\"", "\\", "\303": the character behind the backslash at `p`; how many
 * bytes of the line it takes, 0 when it is none. */
static size_t unescape(const char *p, size_t len, char *ret)
{
	static const char letters[] = "abtnvfr\"\\";
	static const char meant[] = "\a\b\t\n\v\f\r\"\\";
	const char *at;
	unsigned v = 0;

	if (len < 2)
		return 0;
	at = p[1] ? strchr(letters, p[1]) : NULL;
	if (at) {
		*ret = meant[at - letters];
		return 2;
	}
	for (size_t i = 1; i < 4; i++) {
		if (i >= len || p[i] < '0' || p[i] > '7')
			return 0;
		v = v * 8 + (unsigned)(p[i] - '0');
	}
	*ret = (char)v;
	return v && v < 256 ? 4 : 0;
}

/* False unless all of the line is one quoted text. */
static bool unquote(const char *line, size_t len, char room[PATH_ROOM])
{
	size_t at = 1, n = 0, used;

	while (at < len && line[at] != '"' && n < PATH_ROOM - 1) {
		used = 1;
		room[n] = line[at];
		if (line[at] == '\\')
			used = unescape(line + at, len - at, &room[n]);
		if (!used)
			return false;
		at += used;
		n++;
	}
	room[n] = 0;
	return at + 1 == len && line[at] == '"';
}

int alternate_parse(const char *line, size_t len, char room[PATH_ROOM])
{
	room[0] = 0;
	if (!len || line[0] == '#')
		return 0;
	/* A quote that nothing ends is a part of the name. */
	if (line[0] == '"' && unquote(line, len, room))
		return 0;
	room[0] = 0;
	if (len >= PATH_ROOM || memchr(line, 0, len))
		return -1;
	memcpy(room, line, len);
	room[len] = 0;
	return 0;
}

static bool has(const struct stores *s, const char *path)
{
	for (unsigned i = 0; i < s->count; i++)
		if (!strcmp(s->paths[i], path))
			return true;
	return false;
}

/* What the walk shares. */
struct walk {
	struct stores *stores;
	struct arena *arena;
	struct error *err;
};

static int add_store(struct walk *w, const char *path, unsigned depth);

static int add_line(struct walk *w, const char *objects, const char *line,
		    unsigned depth)
{
	char path[PATH_ROOM], full[PATH_ROOM];

	if (alternate_parse(line, strlen(line), path) < 0 || !*path)
		return 0;
	if (path[0] != '/')
		path_join(full, objects, path);
	else
		path_printf(full, "%s", path);
	return add_store(w, full, depth + 1);
}

static int follow(struct walk *w, const char *objects, unsigned depth)
{
	cleanup(buf_release) struct buf text = BUF_INIT(FILE_BYTES_MAX);
	char path[PATH_ROOM];
	char *at, *line;

	path_join(path, objects, "info/alternates");
	if (depth == NESTED_MAX || !file_exists(path))
		return 0;
	if (file_read(path, &text, w->err) < 0)
		return -1;
	at = (char *)buf_text(&text);
	while ((line = strsep(&at, "\n")))
		if (add_line(w, objects, line, depth) < 0)
			return -1;
	return 0;
}

static int add_store(struct walk *w, const char *path, unsigned depth)
{
	struct stores *s = w->stores;
	char real[PATH_MAX];
	const char *kept;

	if (!realpath(path, real)) {
		if (!s->missing)
			s->missing = arena_strdup(w->arena, path);
		return 0;
	}
	if (has(s, real) || s->count == STORES_MAX)
		return 0;
	kept = arena_strdup(w->arena, real);
	if (!kept)
		return error_nomem(w->err);
	s->paths[s->count++] = kept;
	return follow(w, kept, depth);
}

int stores_find(const char *objects, struct arena *arena, struct stores *ret,
		struct error *err)
{
	struct walk w = { ret, arena, err };

	*ret = (struct stores){ 0 };
	return add_store(&w, objects, 0);
}

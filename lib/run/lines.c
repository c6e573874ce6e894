/* SPDX-License-Identifier: Apache-2.0 */
/* lines.c - files of a run that hold one JSON object a line. */
#include "run/lines.h"

#include <string.h>

#include "base/utf8.h"
#include "sys/file.h"

enum { LINE_MAX_BYTES = 1024 * 1024 };
static const size_t file_max = (size_t)1 << 30;

int lines_append(const char *run_dir, const char *file, struct js *line,
		 struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(LINE_MAX_BYTES);
	cleanup(js_freep) struct js *owned = line;
	char path[PATH_ROOM];

	path_join(path, run_dir, file);
	if (js_print(owned, JS_LINE, &text, err) < 0)
		return error_wrap(err, "%s", path);
	buf_add_str(&text, "\n");
	if (buf_check(&text, err) < 0)
		return error_wrap(err, "%s", path);
	return file_append(path, text.data, text.len, 0644, err);
}

static int one_line(const char *path, unsigned number, const char *text,
		    size_t len, lines_fn *fn, void *ctx, struct error *err)
{
	cleanup(js_freep) struct js *line = NULL;
	int rc;

	if (js_parse_line(path, number, text, len, &line, err) < 0)
		return -1;
	rc = fn(line, ctx, err);
	if (rc < 0)
		error_wrap(err, "%s:%u", path, number);
	return rc;
}

int lines_each(const char *run_dir, const char *file, lines_fn *fn, void *ctx,
	       struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(file_max);
	char path[PATH_ROOM];
	const char *p, *end, *stop;
	int rc;

	path_join(path, run_dir, file);
	rc = file_read_if_there(path, &text, err);
	if (rc <= 0)
		return rc;
	rc = 0;
	p = buf_text(&text);
	stop = p + text.len; /* not a NUL: what follows it must be seen */
	for (unsigned n = 1; !rc && (end = memchr(p, '\n', (size_t)(stop - p)));
	     n++) {
		rc = one_line(path, n, p, (size_t)(end - p), fn, ctx, err);
		p = end + 1;
	}
	return rc;
}

void lines_set_text(struct js *line, const char *key, const char *text)
{
	cleanup(buf_release) struct buf clean = BUF_INIT(LINE_MAX_BYTES);

	if (text)
		utf8_add_clean(&clean, text);
	if (clean.failed)
		js_set(line, key, NULL); /* which js_print() finds */
	else
		js_set_str(line, key, text ? buf_text(&clean) : NULL);
}

const char *lines_text(const struct js *line, const char *key,
		       struct arena *arena, bool *failed)
{
	const char *text = js_str(line, key);
	const char *copy = text ? arena_strdup(arena, text) : NULL;

	if (text && !copy)
		*failed = true;
	return copy;
}

struct js *lines_part(const struct js *line, const char *key, bool *failed)
{
	const struct js *part = js_get(line, key);
	struct js *copy = js_copy(part);

	if (part && !copy)
		*failed = true;
	return copy;
}

void *line_list_add(struct line_list *list)
{
	size_t room = list->room ? list->room * 2 : 16;
	void *items;

	if (list->count == list->room) {
		items = arena_array(list->arena, room, list->size);
		if (!items)
			return NULL;
		if (list->count)
			memcpy(items, list->items, list->count * list->size);
		list->items = items;
		list->room = room;
	}
	return (char *)list->items + list->count++ * list->size;
}

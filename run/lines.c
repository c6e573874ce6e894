/* SPDX-License-Identifier: Apache-2.0 */
/* lines.c - files of a run that hold one JSON object a line. */
#include "run/lines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "run/line_reader.h"
#include "sys/file.h"

/* Of files whose lines are all kept in memory. */
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
	return file_append_line(path, text.data, text.len, 0644, err);
}

static int one_line(const struct line_reader *r, const char *text, size_t len,
		    lines_fn *fn, void *ctx, struct error *err)
{
	cleanup(js_freep) struct js *line = NULL;
	int rc;

	if (js_parse_line(line_file(r), line_number(r), text, len, &line, err) <
	    0)
		return -1;
	rc = fn(line, ctx, err);
	return rc < 0 ? line_wrap(r, err) : rc;
}

int lines_each(const char *run_dir, const char *file, lines_fn *fn, void *ctx,
	       struct error *err)
{
	cleanup(line_reader_freep) struct line_reader *r = NULL;
	char *text;
	size_t len;
	int rc = 0, more = line_reader_open(run_dir, file, &r, err);

	if (more >= 0 && line_file_size(r) > file_max)
		return error_set(err, ERROR_INPUT, "%s: larger than %zu bytes",
				 line_file(r), file_max);
	while (more >= 0 && !rc && (more = line_next(r, &text, &len, err)) > 0)
		rc = one_line(r, text, len, fn, ctx, err);
	return more < 0 ? more : rc;
}

int lines_cut(const char *run_dir, const char *file, struct error *err)
{
	cleanup(closep) int fd = -1;
	char path[PATH_ROOM], last;
	size_t size;
	int rc;

	path_join(path, run_dir, file);
	rc = file_open_to_read(path, &fd, &size, err);
	if (rc <= 0 || !size)
		return rc < 0 ? -1 : 0;
	if (lseek(fd, (off_t)size - 1, SEEK_SET) < 0 ||
	    file_read_some(fd, &last, 1) != 1)
		return error_errno(err, ERROR_INPUT, errno, "%s", path);
	return last != '\n';
}

/* ---- a line as text ---- */

void line_begin(struct buf *line)
{
	buf_add_str(line, "{");
}

static void add_key(struct buf *line, const char *key)
{
	size_t len = strlen(key);
	char *at = buf_reserve(line, len + 4);

	if (!at)
		return;
	if (line->len > 1)
		*at++ = ',', line->len++;
	*at++ = '"';
	memcpy(at, key, len);
	memcpy(at + len, "\":", 3);
	line->len += len + 3;
}

void line_int(struct buf *line, const char *key, int64_t v)
{
	char digits[24], *p = digits + sizeof(digits);
	uint64_t rest = v < 0 ? -(uint64_t)v : (uint64_t)v;

	do {
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (v < 0)
		*--p = '-';
	add_key(line, key);
	buf_add(line, p, (size_t)(digits + sizeof(digits) - p));
}

void line_bool(struct buf *line, const char *key, bool v)
{
	add_key(line, key);
	buf_add_str(line, v ? "true" : "false");
}

/* How long a text is that needs no escape; SIZE_MAX: it needs some. */
static size_t plain_length(const char *text)
{
	const char *p = text;

	while ((unsigned char)*p >= ' ' && (unsigned char)*p < 0x7f &&
	       *p != '"' && *p != '\\')
		p++;
	return *p ? SIZE_MAX : (size_t)(p - text);
}

static void add_escaped(struct buf *line, const char *text)
{
	cleanup(buf_release) struct buf clean = BUF_PART(line, LINE_MAX_BYTES);

	utf8_add_clean(&clean, text);
	line->failed |= clean.failed;
	js_quote(line, buf_text(&clean));
}

void line_text(struct buf *line, const char *key, const char *text)
{
	size_t len = text ? plain_length(text) : 0;
	char *at;

	add_key(line, key);
	if (!text) {
		buf_add_str(line, "null");
	} else if (len == SIZE_MAX) {
		add_escaped(line, text);
	} else if ((at = buf_reserve(line, len + 2))) {
		*at++ = '"';
		memcpy(at, text, len);
		at[len] = '"';
		at[len + 1] = 0;
		line->len += len + 2;
	}
}

void line_end(struct buf *line)
{
	buf_add_str(line, "}\n");
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

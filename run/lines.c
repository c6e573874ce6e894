/* SPDX-License-Identifier: Apache-2.0 */
/* lines.c - files of a run that hold one JSON object a line. */
#include "run/lines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "sys/file.h"

enum { LINE_MAX_BYTES = 1024 * 1024, CHUNK = 64 * 1024 };
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

struct reader {
	const char *path;
	int fd;
	unsigned number; /* of the line */
	struct buf text; /* what was read and not used */
	lines_fn *fn;
	void *ctx;
};

/* Each line of which the end has been read. */
static int use_lines(struct reader *r, struct error *err)
{
	const char *start = buf_text(&r->text), *p = start, *end;
	const char *stop = p + r->text.len; /* not a NUL: what follows it
					     * must be seen */
	int rc = 0;

	while (!rc && (end = memchr(p, '\n', (size_t)(stop - p)))) {
		rc = one_line(r->path, ++r->number, p, (size_t)(end - p), r->fn,
			      r->ctx, err);
		p = end + 1;
	}
	buf_consume(&r->text, (size_t)(p - start));
	return rc;
}

/* 1 when there may be more, 0 at the end of the file. */
static int read_more(struct reader *r, struct error *err)
{
	void *at = buf_reserve(&r->text, CHUNK);
	ssize_t n;

	if (!at && r->text.no_memory)
		return error_nomem(err);
	if (!at)
		return error_set(err, ERROR_INPUT,
				 "%s:%u: a line of more than %d bytes", r->path,
				 r->number + 1, LINE_MAX_BYTES);
	n = file_read_some(r->fd, at, CHUNK);
	if (n < 0)
		return error_errno(err, ERROR_INPUT, errno, "%s", r->path);
	r->text.len += (size_t)n;
	return n > 0;
}

static int read_lines(struct reader *r, struct error *err)
{
	int rc, more;

	do {
		more = read_more(r, err);
		rc = more > 0 ? use_lines(r, err) : more;
	} while (more > 0 && !rc);
	return rc;
}

int lines_each(const char *run_dir, const char *file, lines_fn *fn, void *ctx,
	       struct error *err)
{
	char path[PATH_ROOM];
	struct reader r = { .path = path,
			    .fd = -1,
			    .text = BUF_INIT(LINE_MAX_BYTES + CHUNK),
			    .fn = fn,
			    .ctx = ctx };
	size_t size;
	int rc;

	path_join(path, run_dir, file);
	rc = file_open_to_read(path, &r.fd, &size, err);
	if (rc <= 0)
		return rc;
	if (size > file_max)
		rc = error_set(err, ERROR_INPUT, "%s: larger than %zu bytes",
			       path, file_max);
	else
		rc = read_lines(&r, err);
	close(r.fd);
	buf_release(&r.text);
	return rc;
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

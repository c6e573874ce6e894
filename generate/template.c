/* SPDX-License-Identifier: Apache-2.0 */
/* template.c - fills the holes of a text. */
#include "generate/template.h"

#include <string.h>

#include "base/cleanup.h"
#include "data/yaml.h"
#include "sys/file.h"
#include "sys/home.h"

enum { TEMPLATE_MAX = 1024 * 1024 };

struct filling {
	const char *file;
	unsigned line;
	const struct hole *holes;
	size_t count;
	struct buf *out;
	struct error *err;
};

static const struct hole *hole_of(const struct filling *f, const char *name,
				  size_t len)
{
	for (size_t i = 0; i < f->count; i++) {
		if (strlen(f->holes[i].name) == len &&
		    !memcmp(f->holes[i].name, name, len))
			return &f->holes[i];
	}
	error_set(f->err, ERROR_INTERNAL, "%s:%u: no value for {{%.*s}}",
		  f->file, f->line, (int)len, name);
	return NULL;
}

/* Each line of the value, with the blanks before it. */
static void add_block(struct buf *out, const char *blanks, size_t len,
		      const char *value)
{
	while (*value) {
		size_t n = strcspn(value, "\n");

		if (n)
			buf_add(out, blanks, len);
		buf_add(out, value, n);
		buf_add_str(out, "\n");
		value += n + (value[n] == '\n');
	}
}

/* From "key: " or "- " to the end of the line. */
static bool is_whole_value(const char *line, const char *open,
			   const char *close, const char *end)
{
	size_t before = (size_t)(open - line);

	if (close + 2 != end || before < 2 || open[-1] != ' ')
		return false;
	return open[-2] == ':' ||
	       (open[-2] == '-' && strspn(line, " ") == before - 2);
}

/* One line, without its newline: 1 if it was a block, which brings its own. */
static int fill_line(struct filling *f, const char *line, size_t len)
{
	const char *end = line + len;
	bool alone = true;

	for (const char *p = line; p < end;) {
		const char *open = memmem(p, end - p, "{{", 2), *close;
		const struct hole *hole;

		close = open ? memmem(open, end - open, "}}", 2) : NULL;
		if (open && !close)
			return error_set(f->err, ERROR_INTERNAL,
					 "%s:%u: {{ is not closed", f->file,
					 f->line);
		if (!open) {
			buf_add(f->out, p, end - p);
			return 0;
		}
		hole = hole_of(f, open + 2, close - open - 2);
		if (!hole)
			return -1;
		alone = p == line && close + 2 == end &&
			strspn(line, " ") >= (size_t)(open - line);
		if (alone) {
			add_block(f->out, line, open - line, hole->value);
			return 1;
		}
		buf_add(f->out, p, open - p);
		if (hole->is_text && is_whole_value(line, open, close, end))
			yaml_quote(f->out, hole->value);
		else
			buf_add_str(f->out, hole->value);
		p = close + 2;
	}
	return 0;
}

int template_fill(const char *file, const char *text, const struct hole *holes,
		  size_t count, struct buf *out, struct error *err)
{
	struct filling f = { .file = file,
			     .line = 1,
			     .holes = holes,
			     .count = count,
			     .out = out,
			     .err = err };

	for (; *text; f.line++) {
		size_t len = strcspn(text, "\n");
		int block = fill_line(&f, text, len);

		if (block < 0)
			return -1;
		if (!block && text[len])
			buf_add_str(out, "\n");
		text += len + (text[len] == '\n');
	}
	return buf_check(out, err);
}

int template_fill_file(const char *relative, const struct hole *holes,
		       size_t count, struct buf *out, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEMPLATE_MAX);
	char path[PATH_ROOM];

	if (file_read(home_path(path, relative), &text, err) < 0)
		return -1;
	return template_fill(relative, buf_text(&text), holes, count, out, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* table.c - tables for people, which fit the terminal. */
#include "cli/table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/plain.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "cli/print.h"
#include "sys/terminal.h"

enum {
	TEXT_MAX = 8 * 1024 * 1024,
	LAST_LEAST = 20, /* columns that the last column gets */
	CELL_LEAST = 8, /* columns of a cell that is cut */
	INDENT = 4
};

/* ---- words that are too long ---- */

static size_t bytes_of(const char *text, size_t columns)
{
	const char *at = text;
	unsigned code;

	while (columns-- && *at)
		at += utf8_next(at, &code) ?: 1;
	return (size_t)(at - text);
}

/* Adds the text without its middle where it is wider than `columns`. */
static void add_cut(struct buf *out, const char *text, size_t columns)
{
	size_t all = utf8_count(text), head = columns / 2;

	if (all <= columns) {
		buf_add_str(out, text);
		return;
	}
	buf_add(out, text, bytes_of(text, head));
	buf_add_str(out, terminal_utf8() ? "…" : "~");
	buf_add_str(out, text + bytes_of(text, all - (columns - head - 1)));
}

static void add_words(struct buf *out, const char *text, size_t columns)
{
	cleanup(freep) char *copy = strdup(text);
	char *at = copy, *word;
	bool first = true;

	while (at && (word = strsep(&at, " "))) {
		if (!first)
			buf_add_u8(out, ' ');
		first = false;
		add_cut(out, word, columns);
	}
}

static size_t longest_word(const char *text)
{
	size_t longest = 0, n;

	for (; *text; text += n + (text[n] == ' ')) {
		n = strcspn(text, " ");
		longest = n > longest ? n : longest;
	}
	return longest;
}

static size_t first_word(const char *text)
{
	return utf8_count(text) - utf8_count(text + strcspn(text, " "));
}

static void break_line(struct buf *out, size_t indent)
{
	while (out->len && out->data[out->len - 1] == ' ')
		out->len--;
	buf_addf(out, "\n%*s", (int)indent, "");
}

void table_wrap(struct buf *out, int fd, const char *text, size_t at)
{
	cleanup(buf_release) struct buf words = BUF_INIT(TEXT_MAX);
	size_t width, longest = longest_word(text), indent = at;

	if (!isatty(fd)) {
		buf_addf(out, "%s\n", text);
		return;
	}
	width = terminal_columns(fd);
	/* A whole word counts more than a straight column. */
	if (at + LAST_LEAST > width ||
	    (at + longest > width && INDENT + longest <= width))
		indent = INDENT;
	add_words(&words, text, width - indent);
	if (at + first_word(buf_text(&words)) > width) {
		break_line(out, indent);
		at = indent;
	}
	text_wrap(out, buf_text(&words), at, indent, width);
}

/* ---- a row by itself ---- */

void table_line(FILE *to, size_t at, const char *fmt, ...)
{
	cleanup(buf_release) struct buf plain = BUF_INIT(TEXT_MAX);
	cleanup(buf_release) struct buf line = BUF_INIT(TEXT_MAX);
	va_list args;

	va_start(args, fmt);
	print_add(&plain, fmt, args);
	va_end(args);
	at = at < plain.len ? at : plain.len;
	buf_add(&line, plain.data, at);
	table_wrap(&line, fileno(to), buf_text(&plain) + at,
		   text_columns(buf_text(&line)));
	print_lines(to, buf_text(&line));
}

/* ---- rows ---- */

static bool more_room(struct table *t)
{
	size_t room = t->room ? 2 * t->room : 64 * (size_t)t->count;
	char **cells = reallocarray(t->cells, room, sizeof(*cells));

	if (!cells)
		return false;
	t->cells = cells;
	t->room = room;
	return true;
}

void table_row(struct table *t, const char *const *cells)
{
	if (t->failed || (t->used == t->room && !more_room(t))) {
		t->failed = true;
		return;
	}
	for (unsigned i = 0; i < t->count; i++) {
		cleanup(buf_release) struct buf plain = BUF_INIT(TEXT_MAX);

		plain_line(&plain, cells[i] ?: "");
		t->cells[t->used] = strdup(buf_text(&plain));
		t->failed |= !t->cells[t->used++];
	}
}

void table_release(struct table *t)
{
	for (size_t i = 0; i < t->used; i++)
		free(t->cells[i]);
	free(t->cells);
	t->cells = NULL;
	t->used = t->room = 0;
}

static void measure(const struct table *t, bool terminal,
		    size_t widths[TABLE_COLUMNS])
{
	for (unsigned i = 0; i < t->count; i++)
		widths[i] = !terminal ? t->columns[i].width
			    : t->head ? strlen(t->columns[i].head)
				      : 0;
	for (size_t i = 0; terminal && i < t->used; i++) {
		size_t n = utf8_count(t->cells[i]);

		if (n > widths[i % t->count])
			widths[i % t->count] = n;
	}
}

/* Takes from the widest columns until the last one has room. */
static void squeeze(const struct table *t, size_t width,
		    size_t widths[TABLE_COLUMNS])
{
	for (;;) {
		size_t taken = t->columns[t->count - 1].gap;
		unsigned widest = 0;

		for (unsigned i = 0; i + 1 < t->count; i++) {
			taken += t->columns[i].gap + widths[i];
			if (widths[i] > widths[widest])
				widest = i;
		}
		if (taken + LAST_LEAST <= width || widths[widest] <= CELL_LEAST)
			return;
		widths[widest]--;
	}
}

static void add_cell(struct buf *line, const struct table_column *c,
		     size_t width, bool terminal, const char *text)
{
	size_t taken = utf8_count(text);
	int n = taken < width ? (int)(width - taken) : 0;

	buf_addf(line, "%*s", (int)c->gap, "");
	if (c->right)
		buf_addf(line, "%*s", n, "");
	if (terminal)
		add_cut(line, text, width);
	else
		buf_add_str(line, text);
	if (!c->right)
		buf_addf(line, "%*s", n, "");
}

static void print_cells(const struct table *t, const size_t *widths, FILE *to,
			const char *const *cells)
{
	cleanup(buf_release) struct buf line = BUF_INIT(TEXT_MAX);
	const struct table_column *last = &t->columns[t->count - 1];
	bool terminal = isatty(fileno(to));
	size_t end;

	for (unsigned i = 0; i + 1 < t->count; i++)
		add_cell(&line, &t->columns[i], widths[i], terminal, cells[i]);
	if (*cells[t->count - 1]) {
		buf_addf(&line, "%*s", (int)last->gap, "");
		table_wrap(&line, fileno(to), cells[t->count - 1],
			   text_columns(buf_text(&line)));
	}
	for (end = line.len; end && strchr(" \n", line.data[end - 1]);)
		end--;
	line.len = end;
	buf_add_u8(&line, '\n');
	print_lines(to, buf_text(&line));
}

void table_print(const struct table *t, FILE *to)
{
	const char *heads[TABLE_COLUMNS];
	size_t widths[TABLE_COLUMNS];

	measure(t, isatty(fileno(to)), widths);
	if (isatty(fileno(to)))
		squeeze(t, terminal_columns(fileno(to)), widths);
	for (unsigned i = 0; i < t->count; i++)
		heads[i] = t->columns[i].head;
	if (t->head)
		print_cells(t, widths, to, heads);
	for (size_t i = 0; i + t->count <= t->used; i += t->count)
		print_cells(t, widths, to, (const char *const *)&t->cells[i]);
	if (t->failed)
		fputs("(out of memory: rows are missing)\n", to);
}

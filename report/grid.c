/* SPDX-License-Identifier: Apache-2.0 */
/* grid.c - the matrix of one notary release, laid out for a terminal. */
#include "report/grid.h"

#include <stdio.h>
#include <string.h>

#include "report/notes.h"
#include "report/words.h"

enum { CELL_ROOM = 48, NOTES_MAX = 12 };

struct grid {
	struct buf *out;
	const struct judgement *j;
	unsigned notary;
	bool numbered; /* columns are headed by numbers */
	bool counted; /* cells have numbers of payments */
	size_t gap; /* blanks between columns */
	size_t stub; /* columns of the row labels, with gap */
	size_t column; /* columns of a cell, with gap */
};

void ink(struct buf *out, int colour, enum ink which)
{
	static const char *const codes[] = {
		[INK_PLAIN] = "\033[0m",  [INK_GOOD] = "\033[32m",
		[INK_BAD] = "\033[1;31m", [INK_DOUBT] = "\033[33m",
		[INK_DIM] = "\033[2m",	  [INK_BOLD] = "\033[1m",
	};

	if (colour)
		buf_add_str(out, codes[which]);
}

enum ink verdict_ink(enum verdict v)
{
	switch (v) {
	case VERDICT_PASS:
		return INK_GOOD;
	case VERDICT_FAIL:
		return INK_BAD;
	case VERDICT_FLAKY:
	case VERDICT_UNDECIDED:
		return INK_DOUBT;
	default:
		return INK_DIM;
	}
}

/* What is left of `room`. Labels that memory did not suffice to measure are
 * wider than the room that was measured for them. */
static size_t less(size_t room, size_t taken)
{
	return room > taken ? room - taken : 0;
}

static void pad(struct buf *out, size_t n)
{
	while (n--)
		buf_add_u8(out, ' ');
}

static void cell_text(char room[CELL_ROOM], const struct grid *g,
		      const struct cell *cell)
{
	const char *word = verdict_short(cell->verdict);
	const struct counts *t = &cell->score.counts;

	if (!g->counted || !t->payments)
		snprintf(room, CELL_ROOM, "%s", word);
	else if (cell->verdict == VERDICT_PASS)
		snprintf(room, CELL_ROOM, "%s %zu", word, t->settled);
	else
		snprintf(room, CELL_ROOM, "%s %zu/%zu", word, t->settled,
			 t->payments);
}

static void row_label(struct buf *out, const struct grid *g, unsigned bank)
{
	if (g->numbered)
		buf_addf(out, "#%u ", bank + 1);
	plain_line(out, g->j->record->net.releases[g->j->banks[bank]].label);
}

/* A label that is too long for a cell gives way to a number: see choose(). */
static void column_label(char room[CELL_ROOM], const struct grid *g,
			 unsigned bank)
{
	cleanup(buf_release) struct buf label = BUF_PART(g->out, 4096);

	if (g->numbered)
		buf_addf(&label, "#%u", bank + 1);
	else
		plain_line(&label,
			   g->j->record->net.releases[g->j->banks[bank]].label);
	snprintf(room, CELL_ROOM, "%s", buf_text(&label));
}

static size_t wider(size_t a, size_t b)
{
	return a > b ? a : b;
}

static void measure_labels(struct grid *g)
{
	char room[CELL_ROOM];

	for (unsigned i = 0; i < g->j->bank_count; i++) {
		struct buf label = BUF_PART(g->out, 4096);

		row_label(&label, g, i);
		g->stub = wider(g->stub, columns(buf_text(&label)));
		buf_release(&label);
		column_label(room, g, i);
		g->column = wider(g->column, columns(room));
	}
}

/* Without the blanks behind the last column. */
static size_t grid_width(const struct grid *g)
{
	return g->stub + g->column * g->j->bank_count - g->gap;
}

/* The width of the whole under the choices made. */
static size_t measure(struct grid *g)
{
	char room[CELL_ROOM];

	g->stub = strlen("payer");
	g->column = strlen("pass");
	measure_labels(g);
	for (size_t i = 0; i < g->j->cell_count; i++) {
		if (g->j->cells[i].notary != g->notary)
			continue;
		cell_text(room, g, &g->j->cells[i]);
		g->column = wider(g->column, columns(room));
	}
	g->stub += g->gap;
	g->column += g->gap;
	return grid_width(g);
}

static void choose(struct grid *g)
{
	static const struct {
		bool numbered, counted;
		size_t gap;
	} choices[] = {
		{ false, true, 3 }, { false, true, 2 }, { true, true, 3 },
		{ true, true, 2 },  { true, false, 2 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(choices); i++) {
		g->numbered = choices[i].numbered;
		g->counted = choices[i].counted;
		g->gap = choices[i].gap;
		if (measure(g) <= TEXT_WIDTH)
			return;
	}
}

static void centred(struct buf *out, const struct grid *g, const char *text,
		    int colour, enum ink which)
{
	size_t width = columns(text);
	size_t before = less(g->column, g->gap + width) / 2;

	pad(out, before);
	if (which != INK_PLAIN)
		ink(out, colour, which);
	buf_add_str(out, text);
	if (which != INK_PLAIN)
		ink(out, colour, INK_PLAIN);
	pad(out, less(g->column, before + width));
}

static void trim(struct buf *out)
{
	while (out->len && out->data[out->len - 1] == ' ')
		out->data[--out->len] = 0;
}

static void head(struct buf *out, const struct grid *g, int colour)
{
	cleanup(buf_release) struct buf label = BUF_PART(out, 4096);
	char room[CELL_ROOM];
	size_t width;

	buf_add_str(&label, "notary ");
	plain_line(&label, g->j->record->net.releases[g->notary].label);
	width = columns(buf_text(&label));
	ink(out, colour, INK_BOLD);
	buf_add_str(out, buf_text(&label));
	ink(out, colour, INK_PLAIN);
	pad(out, width + 2 < g->stub ? g->stub - width : 2);
	buf_add_str(out, "payee\npayer");
	pad(out, less(g->stub, strlen("payer")));
	for (unsigned i = 0; i < g->j->bank_count; i++) {
		column_label(room, g, i);
		centred(out, g, room, colour, INK_PLAIN);
	}
	trim(out);
	buf_add_u8(out, '\n');
}

/* One row; returns the columns it takes when its blanks are kept. */
static void row(struct buf *out, const struct grid *g, unsigned bank,
		int colour)
{
	size_t start = out->len;
	char room[CELL_ROOM];

	row_label(out, g, bank);
	if (!out->failed)
		pad(out, less(g->stub, columns((char *)out->data + start)));
	for (unsigned i = 0; i < g->j->bank_count; i++) {
		const struct cell *cell = judgement_cell(
			g->j, g->j->banks[bank], g->j->banks[i], g->notary);

		cell_text(room, g, cell);
		centred(out, g, room, colour, verdict_ink(cell->verdict));
	}
}

void write_wrapped(struct buf *out, const char *text, size_t at, size_t indent)
{
	bool fresh = true; /* nothing on this line yet */

	while (*text) {
		size_t len = strcspn(text, " ");
		char word[256];
		size_t width;

		if (len > sizeof(word) - 1)
			len = sizeof(word) - 1;
		while (len > 1 && ((unsigned char)text[len] & 0xC0) == 0x80)
			len--; /* not within a character */
		snprintf(word, sizeof(word), "%.*s", (int)len, text);
		width = columns(word);
		if (!fresh && at + 1 + width > TEXT_WIDTH) {
			buf_add_u8(out, '\n');
			pad(out, indent);
			at = indent;
			fresh = true;
		}
		buf_add_str(out, fresh ? "" : " ");
		plain_line(out, word);
		at += width + !fresh;
		fresh = false;
		text += len;
		while (*text == ' ')
			text++;
	}
	buf_add_u8(out, '\n');
}

static bool fits_beside(const struct grid *g, const char *note)
{
	return grid_width(g) + g->gap + 3 + columns(note) <= TEXT_WIDTH;
}

void grid_write(struct buf *out, const struct judgement *j, unsigned notary,
		int colour)
{
	struct grid g = { .out = out, .j = j, .notary = notary };
	struct note notes[NOTES_MAX];
	size_t count = notes_of(j, notary, notes, NOTES_MAX), said = 0;

	choose(&g);
	head(out, &g, colour);
	for (unsigned i = 0; i < j->bank_count; i++) {
		struct buf note = BUF_PART(out, 65536);

		row(out, &g, i, colour);
		if (said < count)
			write_note(&note, j, &notes[said]);
		if (note.len && fits_beside(&g, buf_text(&note))) {
			buf_addf(out, "   %s", buf_text(&note));
			said++;
		}
		buf_release(&note);
		trim(out);
		buf_add_u8(out, '\n');
	}
	for (; said < count; said++) {
		struct buf note = BUF_PART(out, 65536);

		write_note(&note, j, &notes[said]);
		buf_add_str(out, "  ");
		write_wrapped(out, buf_text(&note), 2, 4);
		buf_release(&note);
	}
}

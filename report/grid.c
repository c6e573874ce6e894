/* SPDX-License-Identifier: Apache-2.0 */
/* grid.c - the matrix of one notary release, laid out for a terminal. */
#include "report/grid.h"

#include <stdio.h>
#include <string.h>

#include "base/wrap.h"
#include "report/notes.h"
#include "report/words.h"

enum { CELL_ROOM = 48, NOTES_MAX = 12 };

struct grid {
	struct buf *out;
	const struct judgement *j;
	unsigned notary;
	const struct text_look *look;
	bool numbered; /* columns are headed by numbers */
	bool counted; /* cells have numbers of payments */
	bool signs; /* a cell is one sign; digits of a number are one below
		     * the other */
	unsigned from, to; /* the columns of this block */
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

/* What any terminal shows. */
static const char signs[VERDICTS] = {
	[VERDICT_PASS] = 'P',	     [VERDICT_FAIL] = 'F',
	[VERDICT_FLAKY] = '~',	     [VERDICT_UNDECIDED] = '?',
	[VERDICT_UNSUPPORTED] = 'u', [VERDICT_NOT_RUN] = '-',
	[VERDICT_KNOWN] = 'k',
};

static void cell_text(char room[CELL_ROOM], const struct grid *g,
		      const struct cell *cell)
{
	const char *word = verdict_short(cell->verdict);
	const struct counts *t = &cell->score.counts;

	if (g->signs)
		snprintf(room, CELL_ROOM, "%c", signs[cell->verdict]);
	else if (!g->counted || !t->payments)
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
		g->stub = wider(g->stub, text_columns(buf_text(&label)));
		buf_release(&label);
		column_label(room, g, i);
		if (!g->signs)
			g->column = wider(g->column, text_columns(room));
	}
}

/* Without the blanks behind the last column. */
static size_t grid_width(const struct grid *g)
{
	return g->stub + g->column * (g->to - g->from) - g->gap;
}

/* The width of the whole under the choices made. */
static size_t measure(struct grid *g)
{
	char room[CELL_ROOM];

	g->stub = strlen("payer");
	g->column = g->signs ? 1 : strlen("pass");
	g->from = 0;
	g->to = g->j->bank_count;
	measure_labels(g);
	for (size_t i = 0; i < g->j->cell_count; i++) {
		if (g->j->cells[i].notary != g->notary)
			continue;
		cell_text(room, g, &g->j->cells[i]);
		g->column = wider(g->column, text_columns(room));
	}
	g->stub += g->gap;
	g->column += g->gap;
	return grid_width(g);
}

static void choose(struct grid *g)
{
	static const struct {
		bool numbered, counted, signs;
		size_t gap;
	} choices[] = {
		{ false, true, false, 3 }, { false, true, false, 2 },
		{ true, true, false, 3 },  { true, true, false, 2 },
		{ true, false, false, 2 }, { true, false, true, 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(choices); i++) {
		g->numbered = choices[i].numbered;
		g->counted = choices[i].counted;
		g->signs = choices[i].signs;
		g->gap = choices[i].gap;
		if (measure(g) <= g->look->width)
			return;
	}
}

/* How many columns a block has. */
static unsigned block_size(const struct grid *g)
{
	size_t fit = less(g->look->width + g->gap, g->stub) / g->column;

	return fit < 1			? 1
	       : fit > g->j->bank_count ? g->j->bank_count
					: (unsigned)fit;
}

static void centred(struct buf *out, const struct grid *g, const char *text,
		    enum ink which)
{
	size_t width = text_columns(text);
	size_t before = less(g->column, g->gap + width) / 2;

	pad(out, before);
	if (which != INK_PLAIN)
		ink(out, g->look->colour, which);
	buf_add_str(out, text);
	if (which != INK_PLAIN)
		ink(out, g->look->colour, INK_PLAIN);
	pad(out, less(g->column, before + width));
}

static void trim(struct buf *out)
{
	while (out->len && out->data[out->len - 1] == ' ')
		out->data[--out->len] = 0;
}

/* The digits of the numbers over the columns, one below the other. */
static void head_digits(struct buf *out, const struct grid *g)
{
	unsigned divisor = 1;

	while (g->j->bank_count / divisor >= 10)
		divisor *= 10;
	for (; divisor; divisor /= 10) {
		buf_add_str(out, divisor == 1 ? "payer" : "");
		pad(out, less(g->stub, divisor == 1 ? strlen("payer") : 0));
		for (unsigned i = g->from; i < g->to; i++) {
			buf_add_u8(out,
				   i + 1 < divisor && divisor > 1
					   ? ' '
					   : (uint8_t)('0' +
						       (i + 1) / divisor % 10));
			pad(out, g->gap);
		}
		trim(out);
		buf_add_u8(out, '\n');
	}
}

static void head_labels(struct buf *out, const struct grid *g)
{
	char room[CELL_ROOM];

	buf_add_str(out, "payer");
	pad(out, less(g->stub, strlen("payer")));
	for (unsigned i = g->from; i < g->to; i++) {
		column_label(room, g, i);
		centred(out, g, room, INK_PLAIN);
	}
	trim(out);
	buf_add_u8(out, '\n');
}

static void head(struct buf *out, const struct grid *g)
{
	cleanup(buf_release) struct buf label = BUF_PART(out, 4096);
	size_t width;

	buf_add_str(&label, "notary ");
	plain_line(&label, g->j->record->net.releases[g->notary].label);
	width = text_columns(buf_text(&label));
	ink(out, g->look->colour, INK_BOLD);
	buf_add_str(out, buf_text(&label));
	ink(out, g->look->colour, INK_PLAIN);
	pad(out, width + 2 < g->stub ? g->stub - width : 2);
	buf_add_str(out, "payee\n");
	if (g->signs)
		head_digits(out, g);
	else
		head_labels(out, g);
}

/* One row; returns the columns it takes when its blanks are kept. */
static void row(struct buf *out, const struct grid *g, unsigned bank)
{
	size_t start = out->len;
	char room[CELL_ROOM];

	row_label(out, g, bank);
	if (!out->failed)
		pad(out,
		    less(g->stub, text_columns((char *)out->data + start)));
	for (unsigned i = g->from; i < g->to; i++) {
		const struct cell *cell = judgement_cell(
			g->j, g->j->banks[bank], g->j->banks[i], g->notary);

		cell_text(room, g, cell);
		centred(out, g, room, verdict_ink(cell->verdict));
	}
}

/* "P pass  F fail", of the verdicts that the matrix has. */
static void legend(struct buf *out, const struct grid *g)
{
	cleanup(buf_release) struct buf text = BUF_PART(out, 4096);
	bool used[VERDICTS] = { false };

	for (size_t i = 0; i < g->j->cell_count; i++)
		if (g->j->cells[i].notary == g->notary)
			used[g->j->cells[i].verdict] = true;
	for (unsigned v = 0; v < VERDICTS; v++)
		if (used[v])
			buf_addf(&text, "%s%c: %s", text.len ? ", " : "",
				 signs[v], verdict_name(v));
	buf_add_str(out, "  ");
	write_wrapped(out, buf_text(&text), 2, 4, g->look->width);
}

void write_wrapped(struct buf *out, const char *text, size_t at, size_t indent,
		   unsigned width)
{
	cleanup(buf_release) struct buf plain = BUF_PART(out, out->max);

	plain_line(&plain, text);
	text_wrap(out, buf_text(&plain), at, indent, width);
}

static bool fits_beside(const struct grid *g, const char *note)
{
	return grid_width(g) + g->gap + 3 + text_columns(note) <=
	       g->look->width;
}

/* The rows of a block; the notes that fit beside them are counted in *said. */
static void rows(struct buf *out, const struct grid *g,
		 const struct note *notes, size_t count, size_t *said)
{
	for (unsigned i = 0; i < g->j->bank_count; i++) {
		struct buf note = BUF_PART(out, 65536);

		row(out, g, i);
		if (*said < count)
			write_note(&note, g->j, &notes[*said]);
		if (note.len && fits_beside(g, buf_text(&note))) {
			buf_addf(out, "   %s", buf_text(&note));
			(*said)++;
		}
		buf_release(&note);
		trim(out);
		buf_add_u8(out, '\n');
	}
}

void grid_write(struct buf *out, const struct judgement *j, unsigned notary,
		const struct text_look *look)
{
	struct grid g = { .out = out, .j = j, .look = look, .notary = notary };
	struct note notes[NOTES_MAX];
	size_t count = notes_of(j, notary, notes, NOTES_MAX), said = 0;
	unsigned size;

	choose(&g);
	size = block_size(&g);
	for (g.from = 0; g.from < j->bank_count; g.from += size) {
		g.to = g.from + size < j->bank_count ? g.from + size
						     : j->bank_count;
		buf_add_str(out, g.from ? "\n" : "");
		head(out, &g);
		rows(out, &g, notes, count, &said);
	}
	if (g.signs)
		legend(out, &g);
	for (; said < count; said++) {
		struct buf note = BUF_PART(out, 65536);

		write_note(&note, j, &notes[said]);
		buf_add_str(out, "  ");
		write_wrapped(out, buf_text(&note), 2, 4, look->width);
		buf_release(&note);
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/* notes.c - what is to be said of cells that did not plainly pass or fail, and
 * of the machine. */
#include "report/notes.h"

#include <string.h>

#include "report/words.h"

static struct note *find(struct note *notes, size_t count,
			 const struct cell *cell)
{
	for (size_t i = 0; i < count; i++)
		if (notes[i].first->verdict == cell->verdict &&
		    !strcmp(notes[i].first->reason, cell->reason))
			return &notes[i];
	return NULL;
}

size_t notes_of(const struct judgement *j, unsigned notary, struct note *ret,
		size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < j->cell_count; i++) {
		const struct cell *cell = &j->cells[i];
		struct note *same;

		if (cell->notary != notary || !cell->reason ||
		    cell->verdict == VERDICT_FAIL)
			continue;
		same = find(ret, count, cell);
		if (same)
			same->count++;
		else if (count < max)
			ret[count++] = (struct note){ cell, 1 };
	}
	return count;
}

void write_note(struct buf *out, const struct judgement *j,
		const struct note *note)
{
	const struct cell *cell = note->first;

	if (cell->verdict == VERDICT_NOT_RUN) {
		buf_add_str(out, "- not run: ");
		plain_line(out, cell->reason);
		return;
	}
	buf_addf(out, "%s ", verdict_name(cell->verdict));
	write_way(out, j, cell);
	if (note->count > 1)
		buf_addf(out, " and %zu more", note->count - 1);
	buf_add_str(out, ": ");
	plain_line(out, cell->reason);
}

const char *phase_note(const struct record *r, size_t number)
{
	if (number < r->note_count)
		return r->notes[number];
	number -= r->note_count;
	for (size_t i = 0; i < r->phase_count; i++) {
		const struct js *notes = js_get(r->phases[i].details, "notes");
		size_t count = js_count(notes);

		if (number < count)
			return js_text(js_at(notes, number)) ?: "";
		number -= count;
	}
	return NULL;
}

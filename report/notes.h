/* SPDX-License-Identifier: Apache-2.0 */
/* notes.h - what is to be said of cells that did not plainly pass or fail, and
 * of the machine. */
#ifndef REPORT_NOTES_H
#define REPORT_NOTES_H

#include "base/buf.h"
#include "report/judgement.h"

/* Cells of one notary release that share verdict and reason. */
struct note {
	const struct cell *first;
	size_t count;
};

/* Those of flaky, undecided, unsupported and not-run cells, each once, in
 * order of the cells; at most `max`. Returns how many. */
size_t notes_of(const struct judgement *j, unsigned notary, struct note *ret,
		size_t max);
/* "- not run: the release has one bank", "flaky 4.0 -> 4.5: why (and 2
 * more)" */
void write_note(struct buf *out, const struct judgement *j,
		const struct note *note);

/* The note of that number, from 0: those about joined results, then those of
 * all phases: what a step did otherwise than was asked, as the machine forced
 * it to. NULL: there are no more. */
const char *phase_note(const struct record *r, size_t number);

#endif

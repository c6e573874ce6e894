/* SPDX-License-Identifier: Apache-2.0 */
/* excuse.h - what the entries of expected.yaml mean for the cells of a run, and
 * which entries are out of date. */
#ifndef REPORT_EXCUSE_H
#define REPORT_EXCUSE_H

#include "report/judgement.h"

/* "excused" …, as in results.json; NULL of EXCUSE_NONE. */
const char *excuse_name(enum excuse_state state);
/* What the entry means for a cell of its releases that is judged already,
 * whichever other entries there are. `began_us`: of the run. */
enum excuse_state excuse_of(const struct expected_entry *e,
			    const struct cell *cell, int64_t began_us);
/* Fills `entry` and `excuse` of a cell that is judged already: of several
 * entries the one that says most, of equal ones the first. */
void excuse_cell(struct cell *cell, const struct record *record,
		 int64_t began_us);
/* "; expected.yaml:7 declares the finding lost": what a reason lacks of a cell
 * that its entry does not excuse; "" else; NULL without memory. */
const char *excuse_refused(const struct cell *cell, struct arena *arena);
/* " (https://…/12, owner anna, until 2026-12-31)", or "". */
const char *excuse_details(const struct expected_entry *e, struct arena *arena);

/* "expired" …, as in results.json. */
const char *remark_name(enum remark_kind kind);
/* False: it is a note, nothing to be done. */
bool remark_warns(const struct remark *r);
size_t remark_warnings(const struct judgement *j);
/* Lists the remarks, once all cells are judged. */
int excuse_remarks(struct judgement *j, struct arena *arena, struct error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* excuse.h - applies the entries of expected.yaml to the cells of a run, and
 * finds entries that are out of date. */
#ifndef REPORT_EXCUSE_H
#define REPORT_EXCUSE_H

#include "report/judgement.h"

/* "excused" …, as in results.json; NULL for EXCUSE_NONE. */
const char *excuse_name(enum excuse_state state);
/* What the entry means for a cell of its releases, which is judged already;
 * other entries are ignored. `began_us`: the beginning of the run. */
enum excuse_state excuse_of(const struct expected_entry *e,
			    const struct cell *cell, int64_t began_us);
/* Fills `entry` and `excuse` of a cell that is judged already. If several
 * entries are about the cell, the one with the highest excuse_state is used,
 * and the first of equal ones. */
void excuse_cell(struct cell *cell, const struct record *record,
		 int64_t began_us);
/* "; expected.yaml:7 declares the finding lost": the end of the reason of a
 * cell that its entry does not excuse; otherwise "". NULL: out of memory. */
const char *excuse_refused(const struct cell *cell, struct arena *arena);
/* " (https://…/12, owner anna, until 2026-12-31)", or "". */
const char *excuse_details(const struct expected_entry *e, struct arena *arena);

/* "expired" …, as in results.json. */
const char *remark_name(enum remark_kind kind);
/* True: a warning; false: a note, for which nothing is to be done. */
bool remark_warns(const struct remark *r);
size_t remark_warnings(const struct judgement *j);
/* Lists the remarks; all cells must be judged. */
int excuse_remarks(struct judgement *j, struct arena *arena, struct error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* report.h - judges a stored run: the matrix of verdicts and its evidence. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/buf.h"
#include "base/error.h"

/* The answer of a run as an exit code: 0 pass, 1 failed, 2 undecided, or the
 * error_kind of the phase that ended it (65 … 68). */

/*
 * Reads what the run's directory holds (network, history, settlements,
 * findings, phases) and writes results.json, junit.xml, matrix.md and
 * report.html there. Adds what a person reads on a terminal to `text`, as
 * `look` says; NULL: without colours, in lines of at most 100 columns.
 */
struct text_look {
	bool colour; /* ANSI */
	unsigned width; /* of a line; commands, to be copied, may be longer */
};

int report_write(const char *run_dir, const struct text_look *look,
		 struct buf *text, int *ret_exit_code, struct error *err);

#endif

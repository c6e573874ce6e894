/* SPDX-License-Identifier: Apache-2.0 */
/* report.h - judges a stored run: the matrix of verdicts and its evidence. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/buf.h"
#include "base/error.h"
#include "report/against.h"

/* How the answer is written, for whoever reads it. */
struct text_look {
	bool json; /* as results.json; the members below do not matter then */
	bool colour; /* ANSI */
	unsigned width; /* of a line; commands, to be copied, may be longer */
};

/*
 * Reads what the run's directory holds (network, history, settlements,
 * findings, phases) and writes results.json, junit.xml, matrix.md and
 * report.html there. Adds the answer to `text`, as `look` says; NULL: for
 * people, without colours, in lines of at most 100 columns. *ret_exit_code is
 * the answer as an exit code: 0 pass, 1 failed, 2 undecided, or the error_kind
 * of the phase that ended the run (65 … 68).
 *
 * A run that is judged, but whose files cannot be written, is an error. Then
 * `text` and `*ret_exit_code` have the answer all the same: of a directory that
 * is read-only or full, it is what matters. Without an answer `text` stays
 * empty.
 */
int report_write(const char *run_dir, const struct text_look *look,
		 struct buf *text, int *ret_exit_code, struct error *err);
/*
 * The same, and all outputs but junit.xml say what differs from earlier runs:
 * report/baseline.h. The exit code is still that of the run alone. ERROR_INPUT,
 * and nothing is written, if an earlier run cannot be found or read.
 */
int report_write_against(const char *run_dir, const struct text_look *look,
			 const struct against *against, struct buf *text,
			 int *ret_exit_code, struct error *err);

/*
 * The same of the results of several runs, which may be parts of one matrix or
 * repeats of one network: joins the results.json of `dirs` and writes the four
 * files into `out_dir`, which is there. docs/verdicts.md, "Joined results", has
 * the rules.
 */
int report_merge(const char *const *dirs, size_t count, const char *out_dir,
		 const struct text_look *look, struct buf *text,
		 int *ret_exit_code, struct error *err);

#endif

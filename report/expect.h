/* SPDX-License-Identifier: Apache-2.0 */
/* expect.h - declares a cell of a run in expected.yaml. */
#ifndef REPORT_EXPECT_H
#define REPORT_EXPECT_H

#include "base/buf.h"
#include "base/error.h"
#include "report/expected.h"

/* What a person declares. Texts are borrowed; NULL: none. */
struct declaration {
	enum expected_kind kind;
	const char *cell; /* run/cell_name.h */
	const char *reason;
	const char *issue, *owner, *message;
	int64_t expires_us; /* 0: never */
	bool flaky;
};

/* What was written. */
struct declared {
	char file[PATH_ROOM];
	int line; /* of the entry in it */
	/* `medley report` judges the run by the file that the run keeps: the
	 * entry counts from the next run on. */
	bool of_next_run;
};

/*
 * Adds an entry to `file`, NULL: to expected.yaml beside the network file of
 * the run, and its lines to `text`. A known failure names the kinds of findings
 * that its cells have. The file is made if it is not there, and replaced at
 * once; its other lines stay as they are. Errors, ERROR_INPUT: the run has no
 * such cell, it did not fail, or the file has an entry about it. Then nothing
 * is written.
 */
int expect_write(const char *run_dir, const struct declaration *what,
		 const char *file, struct declared *ret, struct buf *text,
		 struct error *err);

#endif

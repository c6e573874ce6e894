/* SPDX-License-Identifier: Apache-2.0 */
/* expect.h - adds an entry about a cell of a run to expected.yaml. */
#ifndef REPORT_EXPECT_H
#define REPORT_EXPECT_H

#include "base/buf.h"
#include "base/error.h"
#include "report/expected.h"

/* The entry, as the user gives it. Texts are borrowed; NULL: none. */
struct declaration {
	enum expected_kind kind;
	const char *cell; /* run/cell_name.h */
	const char *reason;
	const char *issue, *owner, *message;
	int64_t expires_us; /* 0: never */
	bool flaky;
};

/* The place of the new entry. */
struct declared {
	char file[PATH_ROOM];
	int line; /* of the entry in the file */
	/* `medley report` judges this run by the copy that the run has, so the
	 * entry counts only from the next run on. */
	bool of_next_run;
};

/*
 * Adds an entry to `file` (NULL: to expected.yaml beside the network file of
 * the run), and the lines of the entry to `text`. A known failure names the
 * kinds of findings that its cells have. The file is created if it does not
 * exist; else it is replaced by an atomic rename, and its other lines stay as
 * they are. ERROR_INPUT, and nothing is written: the run has no such cell, the
 * cell did not fail, or the file has an entry about the cell already.
 */
int expect_write(const char *run_dir, const struct declaration *what,
		 const char *file, struct declared *ret, struct buf *text,
		 struct error *err);

#endif

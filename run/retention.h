/* SPDX-License-Identifier: Apache-2.0 */
/* retention.h - decides which runs are kept, by a policy: "30d,last-green". */
#ifndef RUN_RETENTION_H
#define RUN_RETENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * A policy is a list of terms, separated by commas. A run is kept if at least
 * one term keeps it:
 *
 *	30d		each run that is younger than this
 *	last-green	the newest run of each network with exit code 0
 *	last=10		the 10 newest runs of each network
 *	failed=90d	each run with this answer that is younger than this
 *
 * The answers are passed (exit code 0), failed (1), undecided (2), broken (any
 * other exit code) and unjudged (there is no results.json that can be read).
 * Times are as in base/duration.h.
 */
enum retention_answer {
	RETENTION_PASSED,
	RETENTION_FAILED,
	RETENTION_UNDECIDED,
	RETENTION_BROKEN,
	RETENTION_UNJUDGED,
	RETENTION_ANSWERS
};

struct retention {
	int64_t any_us; /* of the term "30d"; 0: no such term */
	int64_t answer_us[RETENTION_ANSWERS]; /* 0: no such term */
	unsigned last; /* 0: no such term */
	bool last_green;
};

/* Reasons to keep a run, independent of the policy. */
enum retention_hold {
	RETENTION_FREE,
	RETENTION_WORKING, /* a medley process works on it */
	RETENTION_UP, /* it was not torn down */
	RETENTION_FRESH, /* its files were written a moment ago */
	RETENTION_UNKNOWN /* its inventory cannot be read */
};

struct retention_run {
	const char *name, *network;
	int64_t begun_us; /* wall clock; in the future: young */
	enum retention_answer answer;
	enum retention_hold hold;
};

/* Why a run is kept, or goes. */
enum { RETENTION_WHY = 64 };

struct retention_verdict {
	bool kept;
	bool failed; /* set by the caller: it cannot be removed */
	char why[RETENTION_WHY]; /* "last-green", "the network is up" … */
};

/* `option`, such as "--keep", is the name in errors. ERROR_INPUT names the term
 * that is not valid. */
int retention_parse(const char *option, const char *text, struct retention *ret,
		    struct error *err);
enum retention_answer retention_answer_of(int exit_code);
/* Decides about `count` runs, in any order; `ret` has one item for each run. */
void retention_decide(const struct retention *r,
		      const struct retention_run *runs, size_t count,
		      int64_t now_us, struct retention_verdict *ret);

#endif

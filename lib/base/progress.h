/* SPDX-License-Identifier: Apache-2.0 */
/* progress.h - shows a person the progress of a room. */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdint.h>

/*
 * Rooms print nothing. A command gives them a struct progress. `say` shows one
 * short line of text, which replaces the line before on a terminal: `done` of
 * `total` steps are done (total 0: unknown), and the whole step takes about
 * `expected` seconds (0: unknown), which the command uses for its estimate.
 */
struct progress {
	void (*say)(struct progress *p, uint64_t done, uint64_t total,
		    double expected, const char *text);
	void *ctx;
};

void progress_say(struct progress *p, uint64_t done, uint64_t total,
		  double expected, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

#endif

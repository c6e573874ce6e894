/* SPDX-License-Identifier: Apache-2.0 */
/* screen.h - what a person sees while a step goes on, and of its end. */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

#include <stdbool.h>
#include <stdio.h>

#include "base/progress.h"
#include "cli/groups.h"

/*
 * On a terminal a live line on standard error, with the time gone by and an
 * estimate of the whole; elsewhere a plain line now and then. The ends of
 * steps are results: they go to `out`, which is standard error with --json.
 */
struct screen;

int screen_open(const struct common_options *common, struct screen **ret,
		struct error *err);
void screen_close(struct screen *s);
static inline void screen_closep(struct screen **s)
{
	screen_close(*s);
}

/* For the rooms; valid between begin and end. */
struct progress *screen_begin(struct screen *s, const char *step);
/* "build     4 images, all cached      0.4 s"; red when it failed. */
void screen_end(struct screen *s, const char *summary, double seconds,
		bool failed);
/* A line of its own; `right` at the right margin, or NULL. */
void screen_line(struct screen *s, const char *left, const char *right);

FILE *screen_out(struct screen *s);
/* Colours on standard output are welcome. */
bool screen_colour(const struct screen *s);

enum { SECONDS_TEXT = 32 };
/* "8 ms", "0.4 s", "41 s", "3 min 2 s" */
const char *seconds_text(char room[SECONDS_TEXT], double seconds);

#endif

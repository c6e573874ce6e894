/* SPDX-License-Identifier: Apache-2.0 */
/* appender.h - a file of lines that stays open while lines are added. */
#ifndef SYS_APPENDER_H
#define SYS_APPENDER_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/cleanup.h"
#include "base/error.h"

/*
 * Lines are collected and written together, under a lock, so that the lines of
 * several writers never mix. They are written when there are APPENDER_BYTES,
 * when the first of them is APPENDER_US old, and when the caller flushes. A
 * process that is killed loses at most the lines of the last second, and none
 * that it has flushed. If a full disk accepts only a part of the lines, this
 * part is removed again and all lines stay in memory; the next flush tries
 * again.
 */
enum { APPENDER_BYTES = 1024 * 1024, APPENDER_US = 1000 * 1000 };

struct appender;

/* Opens or creates the file, and removes an incomplete line that a killed
 * process may have left at its end. Refuses links and files that are not
 * regular. */
int appender_open(const char *path, mode_t mode, struct appender **ret,
		  struct error *err);
/* Drops lines that are not written yet: for a writer that has failed. */
void appender_free(struct appender *a);
DEFINE_FREEP(struct appender, appender)
/* Writes the remaining lines. Frees the appender even if that fails. */
int appender_close(struct appender *a, struct error *err);

/* Claims a number for this appender until it is closed. False if another
 * appender of this file, in any process, has claimed it. Always true on a file
 * system without locks. */
bool appender_claim(struct appender *a, unsigned number);

/* Adds a whole line, its newline included. */
int appender_add(struct appender *a, const void *line, size_t len,
		 struct error *err);
/* To be called often: writes lines that are a second old. */
int appender_tick(struct appender *a, struct error *err);
int appender_flush(struct appender *a, struct error *err);

#endif

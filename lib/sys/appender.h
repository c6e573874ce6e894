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
 * several writers never mix: when APPENDER_BYTES are full, when the first of
 * them is APPENDER_US old, and when the caller asks. A process that is killed
 * loses the lines of the last second at most, and of these none that it has
 * flushed. What a full disk took only a part of is taken back and kept in
 * memory; the next flush tries again.
 */
enum { APPENDER_BYTES = 1024 * 1024, APPENDER_US = 1000 * 1000 };

struct appender;

/* Opens or makes the file, and cuts off the half line that a killed process may
 * have left at its end. Refuses links and what is not a regular file. */
int appender_open(const char *path, mode_t mode, struct appender **ret,
		  struct error *err);
/* Without writing what is not written yet: for a writer that has failed. */
void appender_free(struct appender *a);
DEFINE_FREEP(struct appender, appender)
/* Writes what is left. The appender is gone also when that fails. */
int appender_close(struct appender *a, struct error *err);

/* True if no other appender of this file, in any process, has claimed this
 * number: it is this one's until it is closed. Always true on a file system
 * without locks. */
bool appender_claim(struct appender *a, unsigned number);

/* Adds a whole line, its newline included. */
int appender_add(struct appender *a, const void *line, size_t len,
		 struct error *err);
/* To be called often: writes what is a second old. */
int appender_tick(struct appender *a, struct error *err);
int appender_flush(struct appender *a, struct error *err);

#endif

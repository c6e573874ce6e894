/* SPDX-License-Identifier: Apache-2.0 */
/* error.h - why a call failed: a kind and one bounded line of text. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Every fallible function returns an int, 0 or -1, and takes a `struct error
 * *err` last. On -1 the error is filled; on 0 it is untouched. `err` may be
 * NULL when the caller does not care. Outputs (`ret_x`) are written only on
 * success. The error is the caller's, on its stack; it owns no memory.
 *
 * Failing is one line:		return error_set(err, ERROR_INPUT, "...");
 * Adding context is one line:	return error_wrap(err, "reading %s", path);
 */

/* What kind of failure; the value is the exit code of the process. */
enum error_kind {
	ERROR_NONE = 0,
	ERROR_INPUT = 64, /* usage or bad input file: the user mends it */
	ERROR_BUILD = 65, /* a release could not be built */
	ERROR_DEPLOY = 66, /* the network did not come up */
	ERROR_LOAD = 67, /* the load could not be driven */
	ERROR_LEFT = 68, /* something was left behind by teardown */
	ERROR_INTERNAL = 70, /* a bug of medley, or the machine failed it */
	ERROR_INTERRUPTED = 130 /* the user asked to stop */
};

struct error {
	enum error_kind kind;
	bool memory; /* out of memory: see error_is_memory() */
	bool pipe; /* nobody reads what was written (EPIPE) */
	char text[1024]; /* one line, no newline; see shorten() */
};

/* The kind as files have it: "build" …; NULL for ERROR_NONE. */
const char *error_kind_word(enum error_kind kind);
/* ERROR_NONE when no kind has this word. */
enum error_kind error_kind_of_word(const char *word);

/* Fills `err` and returns -1. */
int error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* As error_set(), with ": " and the text of errno value `errnum` appended; out
 * of memory is never ERROR_INPUT. */
int error_errno(struct error *err, enum error_kind kind, int errnum,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The same of a failed call on a path: ERROR_INPUT for what the user mends by
 * another path or other permissions; else ERROR_INTERNAL, as for a full disk.
 */
int error_path(struct error *err, int errnum, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Out of memory, or a ceiling was reached where that cannot be told apart. */
int error_nomem(struct error *err);
/* True if the call failed by error_nomem(): then the failure says nothing about
 * what the call was given. */
bool error_is_memory(const struct error *err);

/* Puts "context: " before the text of an error that is set; returns -1. */
int error_wrap(struct error *err, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* faults.h - makes the nth allocation or file operation of a test fail. */
#ifndef TEST_SUPPORT_FAULTS_H
#define TEST_SUPPORT_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A program named …_fault_test is linked with its own malloc(), read(),
 * write() and so on (heap.c, calls.c). They do what the C library does, until
 * a fault is armed:
 *
 *	fault_arm(FAULT_WRITE_SHORT, 3);
 *	rc = the operation;
 *	fired = fault_fired();
 *	fault_disarm();
 *
 * Calls that a library makes are counted too, calls that the C library makes
 * within itself are not: a failing opendir() inside scandir() is tried by a
 * failing scandir(). The same works under the sanitizers.
 */
enum fault_kind {
	FAULT_NONE,
	FAULT_ALLOC, /* one allocation by medley's code */
	FAULT_ALLOC_PAIR, /* and the next one */
	FAULT_ALLOC_REST, /* and all that follow */
	FAULT_LIBRARY_ALLOC, /* one allocation by a library */
	FAULT_LIBRARY_PAIR, /* and the next one */
	FAULT_LIBRARY_REST, /* and all that follow */
	FAULT_READ_EINTR,
	FAULT_READ_SHORT, /* one byte is read */
	FAULT_READ_TRICKLE, /* from then on, 61 bytes at most are read */
	FAULT_READ_EIO,
	FAULT_WRITE_EINTR,
	FAULT_WRITE_SHORT, /* one byte is written */
	FAULT_WRITE_TRICKLE, /* from then on, 61 bytes at most are written */
	FAULT_WRITE_EIO,
	FAULT_WRITE_ENOSPC, /* nothing of one write is written */
	FAULT_DISK_FULL, /* half is written; no later write, no new file */
	FAULT_LOOK, /* EIO of access(): whether a file is there is not known */
	FAULT_OPEN, /* EMFILE: files, directories, temporary ones */
	FAULT_SYNC, /* EIO of fsync() */
	FAULT_CLOSE, /* EIO of close(); it is closed */
	FAULT_CHANGE, /* EIO of rename(), mkdir(), unlink(), chmod() … */
	FAULT_LOCK_EINTR,
	FAULT_RANDOM_EINTR, /* up to 256 bytes are never short */
	FAULT_KINDS
};

/* The nth call that the kind is about fails, from 1; 0 counts them only. */
void fault_arm(enum fault_kind kind, unsigned nth);
bool fault_fired(void);
/* How many calls there were. */
unsigned fault_disarm(void);

/* "an allocation" … */
const char *fault_name(enum fault_kind kind);
/* True if an operation must not show that the call was interrupted or short. */
bool fault_is_invisible(enum fault_kind kind);
bool fault_is_memory(enum fault_kind kind);
/* Where the fault fired first, on standard error, as addresses for addr2line;
 * and a number that is the same for the same place. */
void fault_print_place(void);
uint64_t fault_place(void);

/*
 * ---- for heap.c and calls.c ----
 *
 * Groups of calls, and what becomes of one.
 */
enum fault_call {
	CALL_ALLOC = 1 << 0,
	CALL_LIBRARY_ALLOC = 1 << 1,
	CALL_READ = 1 << 2,
	CALL_WRITE = 1 << 3,
	CALL_OPEN = 1 << 4,
	CALL_CREATE = 1 << 5, /* an open that makes a file */
	CALL_SYNC = 1 << 6,
	CALL_CLOSE = 1 << 7,
	CALL_CHANGE = 1 << 8,
	CALL_LOCK = 1 << 9,
	CALL_RANDOM = 1 << 10,
	CALL_LOOK = 1 << 11
};

enum fault_effect {
	EFFECT_NONE,
	EFFECT_FAIL, /* errno is set */
	EFFECT_SHORT
};

/* `*len` is cut for EFFECT_SHORT; NULL for calls that have no length. */
enum fault_effect fault_strikes(enum fault_call call, size_t *len);

#endif

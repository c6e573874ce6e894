/* SPDX-License-Identifier: Apache-2.0 */
/* fault_loop.h - an operation, made to fail at each place where it can. */
#ifndef TEST_SUPPORT_FAULT_LOOP_H
#define TEST_SUPPORT_FAULT_LOOP_H

#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "test/support/faults/faults.h"

/*
 * An operation runs once undisturbed. Then, for each kind of fault, it runs
 * again and again, with the fault at its first call, its second … until it
 * has no such call any more. Each time it must either give the very result of
 * the undisturbed run, or fail cleanly: a negative value, an error with a kind
 * and a text, outputs as they were, and a second try, undisturbed, gives the
 * result. Interrupted and short calls must not show at all. Neither memory nor
 * descriptors may be left over.
 *
 * A story is the operation and what surrounds it; all callbacks get `ctx`.
 */
struct fault_story {
	const char *name;
	uint64_t kinds; /* FAULTS_… */
	/* Makes everything as it is before the operation. May be NULL. */
	void (*prepare)(void *ctx);
	int (*run)(void *ctx, struct error *err);
	/* Adds outputs and files, as text or bytes, for comparison. */
	void (*show)(void *ctx, struct buf *out);
	/* Frees what prepare() and run() made. May be NULL. */
	void (*release)(void *ctx);
	/* What show() may show after a failure, besides what it showed before
	 * the operation. */
	enum fault_trace {
		TRACE_NONE,
		TRACE_DONE, /* the result: a file is either old or new */
		TRACE_ANY /* anything, as long as a second try succeeds */
	} trace;
	/* run() keeps memory for later, on purpose: none is missed. */
	bool keeps_memory;
	/* Places tried of a kind: all up to so many, then in steps that make up
	 * as many again. 0: 1,000. */
	unsigned places;
};

#define FAULT_BIT(kind) (UINT64_C(1) << (kind))

#define FAULTS_MEMORY                                                          \
	(FAULT_BIT(FAULT_ALLOC) | FAULT_BIT(FAULT_ALLOC_PAIR) |                \
	 FAULT_BIT(FAULT_ALLOC_REST))
#define FAULTS_LIBRARY FAULT_BIT(FAULT_LIBRARY_ALLOC)
#define FAULTS_LIBRARY_ALL                                                     \
	(FAULT_BIT(FAULT_LIBRARY_ALLOC) | FAULT_BIT(FAULT_LIBRARY_PAIR) |      \
	 FAULT_BIT(FAULT_LIBRARY_REST))
#define FAULTS_READ                                                            \
	(FAULT_BIT(FAULT_READ_EINTR) | FAULT_BIT(FAULT_READ_SHORT) |           \
	 FAULT_BIT(FAULT_READ_TRICKLE) | FAULT_BIT(FAULT_READ_EIO) |           \
	 FAULT_BIT(FAULT_LOOK) | FAULT_BIT(FAULT_OPEN))
/* Without FAULT_DISK_FULL, which is all of these at once. */
#define FAULTS_WRITE                                                           \
	(FAULT_BIT(FAULT_WRITE_EINTR) | FAULT_BIT(FAULT_WRITE_SHORT) |         \
	 FAULT_BIT(FAULT_WRITE_TRICKLE) | FAULT_BIT(FAULT_WRITE_EIO) |         \
	 FAULT_BIT(FAULT_WRITE_ENOSPC) | FAULT_BIT(FAULT_OPEN) |               \
	 FAULT_BIT(FAULT_SYNC) | FAULT_BIT(FAULT_CLOSE) |                      \
	 FAULT_BIT(FAULT_CHANGE))
#define FAULTS_FULL FAULT_BIT(FAULT_DISK_FULL)
#define FAULTS_RANDOM FAULT_BIT(FAULT_RANDOM_EINTR)

void fault_loop(const struct fault_story *story, void *ctx);

#endif

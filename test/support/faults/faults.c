/* SPDX-License-Identifier: Apache-2.0 */
/* faults.c - makes the nth allocation or file operation of a test fail. */
#include "test/support/faults/faults.h"

#include <errno.h>
#include <execinfo.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>
#include <unwind.h>

enum { TRICKLE = 61, FRAMES = 32, PLACE_FRAMES = 10 };

/* How a call is cut short. */
enum cut { CUT_NOT, CUT_ONE_BYTE, CUT_TRICKLE, CUT_HALF };

static const struct fault {
	const char *name;
	unsigned calls;
	unsigned times;
	int errnum;
	enum cut cut;
	bool invisible;
} faults[FAULT_KINDS] = {
	[FAULT_NONE] = { "nothing", 0, 0, 0, CUT_NOT, true },
	[FAULT_ALLOC] = { "an allocation", CALL_ALLOC, 1, ENOMEM, CUT_NOT,
			  false },
	[FAULT_ALLOC_PAIR] = { "two allocations", CALL_ALLOC, 2, ENOMEM,
			       CUT_NOT, false },
	[FAULT_ALLOC_REST] = { "all later allocations", CALL_ALLOC, UINT_MAX,
			       ENOMEM, CUT_NOT, false },
	[FAULT_LIBRARY_ALLOC] = { "a library's allocation", CALL_LIBRARY_ALLOC,
				  1, ENOMEM, CUT_NOT, false },
	[FAULT_LIBRARY_PAIR] = { "two allocations of a library",
				 CALL_LIBRARY_ALLOC, 2, ENOMEM, CUT_NOT,
				 false },
	[FAULT_LIBRARY_REST] = { "all later allocations of libraries",
				 CALL_LIBRARY_ALLOC, UINT_MAX, ENOMEM, CUT_NOT,
				 false },
	[FAULT_READ_EINTR] = { "an interrupted read", CALL_READ, 3, EINTR,
			       CUT_NOT, true },
	[FAULT_READ_SHORT] = { "a short read", CALL_READ, 1, 0, CUT_ONE_BYTE,
			       true },
	[FAULT_READ_TRICKLE] = { "short reads", CALL_READ, UINT_MAX, 0,
				 CUT_TRICKLE, true },
	[FAULT_READ_EIO] = { "a read error", CALL_READ, 1, EIO, CUT_NOT,
			     false },
	[FAULT_WRITE_EINTR] = { "an interrupted write", CALL_WRITE, 3, EINTR,
				CUT_NOT, true },
	[FAULT_WRITE_SHORT] = { "a short write", CALL_WRITE, 1, 0, CUT_ONE_BYTE,
				true },
	[FAULT_WRITE_TRICKLE] = { "short writes", CALL_WRITE, UINT_MAX, 0,
				  CUT_TRICKLE, true },
	[FAULT_WRITE_EIO] = { "a write error", CALL_WRITE, 1, EIO, CUT_NOT,
			      false },
	[FAULT_WRITE_ENOSPC] = { "no space for a write", CALL_WRITE, 1, ENOSPC,
				 CUT_NOT, false },
	[FAULT_DISK_FULL] = { "a full disk", CALL_WRITE | CALL_CREATE, UINT_MAX,
			      ENOSPC, CUT_HALF, false },
	[FAULT_LOOK] = { "a look for a file", CALL_LOOK, 1, EIO, CUT_NOT,
			 false },
	[FAULT_OPEN] = { "an open", CALL_OPEN | CALL_CREATE, 1, EMFILE, CUT_NOT,
			 false },
	[FAULT_SYNC] = { "a sync", CALL_SYNC, 1, EIO, CUT_NOT, false },
	[FAULT_CLOSE] = { "a close", CALL_CLOSE, 1, EIO, CUT_NOT, false },
	[FAULT_CHANGE] = { "a change of a directory", CALL_CHANGE, 1, EIO,
			   CUT_NOT, false },
	[FAULT_LOCK_EINTR] = { "an interrupted lock", CALL_LOCK, 3, EINTR,
			       CUT_NOT, true },
	[FAULT_RANDOM_EINTR] = { "an interrupted getrandom", CALL_RANDOM, 3,
				 EINTR, CUT_NOT, true },
};

/* The kind is written last and read first: threads may be at work. */
static atomic_uint armed, wanted, seen, fired;

static void *place[FRAMES];
static int place_len;

/* backtrace() would load a library for this, which allocates. */
static _Unwind_Reason_Code take_frame(struct _Unwind_Context *at, void *ctx)
{
	(void)ctx;
	if (place_len == FRAMES)
		return _URC_END_OF_STACK;
	place[place_len++] = (void *)_Unwind_GetIP(at);
	return _URC_NO_REASON;
}

void fault_arm(enum fault_kind kind, unsigned nth)
{
	place_len = 0;
	atomic_store(&wanted, nth);
	atomic_store(&seen, 0);
	atomic_store(&fired, 0);
	atomic_store(&armed, kind);
}

bool fault_fired(void)
{
	return atomic_load(&fired) > 0;
}

unsigned fault_disarm(void)
{
	atomic_store(&armed, FAULT_NONE);
	return atomic_load(&seen);
}

const char *fault_name(enum fault_kind kind)
{
	return faults[kind].name;
}

bool fault_is_invisible(enum fault_kind kind)
{
	return faults[kind].invisible;
}

bool fault_is_memory(enum fault_kind kind)
{
	return faults[kind].errnum == ENOMEM;
}

void fault_print_place(void)
{
	backtrace_symbols_fd(place, place_len, STDERR_FILENO);
}

uint64_t fault_place(void)
{
	uint64_t hash = 0;

	for (int i = 0; i < place_len && i < PLACE_FRAMES; i++)
		hash = (hash ^ (uintptr_t)place[i]) *
		       UINT64_C(0x9e3779b97f4a7c15);
	return hash;
}

static enum fault_effect cut_short(const struct fault *f, size_t *len,
				   bool first)
{
	size_t most = f->cut == CUT_TRICKLE ? TRICKLE : 1;

	if (f->cut == CUT_HALF) {
		*len /= 2;
		return first && *len ? EFFECT_SHORT : EFFECT_FAIL;
	}
	if (*len > most)
		*len = most;
	return EFFECT_SHORT;
}

enum fault_effect fault_strikes(enum fault_call call, size_t *len)
{
	const struct fault *f = &faults[atomic_load(&armed)];
	unsigned nth = atomic_load(&wanted), n;
	enum fault_effect effect = EFFECT_FAIL;

	if (!(f->calls & call))
		return EFFECT_NONE;
	n = atomic_fetch_add(&seen, 1) + 1;
	if (!nth || n < nth || n - nth >= f->times)
		return EFFECT_NONE;
	if (f->cut != CUT_NOT && len)
		effect = cut_short(f, len, n == nth);
	if (atomic_fetch_add(&fired, 1) == 0)
		_Unwind_Backtrace(take_frame, NULL);
	if (effect == EFFECT_FAIL)
		errno = f->errnum;
	return effect;
}

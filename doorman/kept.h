/* SPDX-License-Identifier: Apache-2.0 */
/* kept.h - an index of the stored requests, to count them quickly. */
#ifndef DOORMAN_KEPT_H
#define DOORMAN_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "net/share.h"

/*
 * An index in memory of the requests in the store. The process that serves
 * reads it from the store at the first request, and keeps it up to date,
 * because only this process accepts requests. If another process forgets or
 * decides requests, the index may count too many, but never too few. Such a
 * process marks the store (kept_mark()), and the server reads the index again
 * before it refuses a request.
 *
 * A request counts against its sender's share (net/share.h) unless the operator
 * has decided it, or its node is in the map. An undecided request is removed,
 * when the next one comes, if its node has not asked about it for KEPT_DAYS.
 */
enum { KEPT_MAX = 10000, KEPT_DAYS = 7 };

struct doorman;

struct kept {
	struct kept_request {
		char id[65];
		uint8_t from[ADDRESS_KEY];
		int64_t asked_us; /* wall clock: when its node asked about it
				   * last */
		bool decided, counts;
	} *list; /* sorted by id; owned */
	size_t count, room;
	unsigned most; /* KEPT_MAX, but for tests */
	bool loaded;
	char mark[17]; /* the mark of the store when the index was read */
};

/* Frees the index. The next call that needs it reads it again. */
void kept_release(struct kept *k);

/* Only within a change. Removes expired requests. ERROR_INTERNAL if there is no
 * room for one more request of this sender. */
int kept_make_room(struct doorman *d, const char *from, struct error *err);
/* A new request was stored. */
void kept_add(struct doorman *d, const char *id, const char *from);
/* Its node asks whether it was decided. */
void kept_asked(struct doorman *d, const char *id);
/* Its node is in the map. */
void kept_in_map(struct doorman *d, const char *id);
/* Within a change, before an operator's call decides or removes requests. */
int kept_mark(struct doorman *d, struct error *err);
/* Reads the index from the store. */
int kept_load(struct doorman *d, struct error *err);

#endif

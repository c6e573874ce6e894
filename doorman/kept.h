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
 * An index in memory of the requests in the store. It is read from the store
 * when a first request comes, and kept up by the process that serves, as only
 * that one takes requests. What the operator's calls change meanwhile makes it
 * count too many, never too few of those that are there: such a call marks the
 * store (kept_mark()), and the index is read again before a request is refused.
 *
 * A request counts against its sender's share (net/share.h) unless the operator
 * has decided it, or its node is in the map. A request without a decision that
 * nobody has asked about for KEPT_DAYS is removed when the next one comes.
 */
enum { KEPT_MAX = 10000, KEPT_DAYS = 7 };

struct doorman;

struct kept {
	struct kept_request {
		char id[65];
		uint8_t from[ADDRESS_KEY];
		int64_t asked_us; /* wall clock: when it was asked about last */
		bool decided, counts;
	} *list; /* sorted by id; owned */
	size_t count, room;
	unsigned most; /* KEPT_MAX, but for tests */
	bool loaded;
	char mark[17]; /* the store's when it was loaded */
};

/* The index is read again when it is needed. */
void kept_release(struct kept *k);

/* Within a change. Removes what has expired; ERROR_INTERNAL when there is no
 * room for one more request of this sender now. */
int kept_make_room(struct doorman *d, const char *from, struct error *err);
/* A new request was taken. */
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

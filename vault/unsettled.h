/* SPDX-License-Identifier: Apache-2.0 */
/* unsettled.h - operations whose transaction the history does not name. */
#ifndef VAULT_UNSETTLED_H
#define VAULT_UNSETTLED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "run/operation.h"

/* What is known of such an operation before its transaction is found. */
struct unsettled_key {
	enum op_kind kind;
	unsigned payer, payee; /* indexes of nodes, or NODE_NONE */
	int64_t amount;
};

struct unsettled_entry {
	struct unsettled_key key;
	size_t op; /* index in the history */
	bool taken;
	/* Where the first of its key is: how many of them are taken, as far
	 * as no other lies between. */
	size_t skip;
};

struct unsettled {
	struct unsettled_entry *entries; /* owned; by key, then as in the
					  * history */
	size_t count, room;
};

struct op_record;

/* Adds the operation at `op` of the history; all are added, then sorted. */
int unsettled_add(struct unsettled *u, const struct op_record *record,
		  size_t op, struct error *err);
void unsettled_sort(struct unsettled *u);
void unsettled_release(struct unsettled *u);

/*
 * Takes the first operation with `key` that `fits`, so that it is not offered
 * again, and returns its index in the history; SIZE_MAX if there is none.
 */
size_t unsettled_take(struct unsettled *u, const struct unsettled_key *key,
		      bool (*fits)(const void *ctx, size_t op),
		      const void *ctx);

#endif

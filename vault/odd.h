/* SPDX-License-Identifier: Apache-2.0 */
/* odd.h - what stands in a database in place of a transaction id. */
#ifndef VAULT_ODD_H
#define VAULT_ODD_H

#include <pthread.h>
#include <stddef.h>

#include "base/error.h"
#include "vault/fact.h"

/*
 * Such a row belongs to no transaction, or to one that is known by its other
 * columns. Its finding shows the text as the database has it. Many such rows
 * are counted, and the first ones are kept.
 */
struct odd_list {
	pthread_mutex_t lock;
	struct odd *first; /* owned */
	size_t count; /* of all */
};

struct odd_place {
	uint16_t node;
	const char *table; /* a constant */
	/* The transaction or state that the row is about, whose finding shows
	 * the text; NULL: none, then it is a finding of its own. */
	const uint8_t *key;
	uint32_t index;
};

void odd_init(struct odd_list *l);
void odd_release(struct odd_list *l);

/* By any thread. */
int odd_add(struct odd_list *l, const struct odd_place *at, const char *text,
	    struct error *err);
/* NULL: there is none. Borrowed. */
const char *odd_text(const struct odd_list *l, unsigned node,
		     const uint8_t key[FACT_ID], uint32_t index);

#endif

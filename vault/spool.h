/* SPDX-License-Identifier: Apache-2.0 */
/* spool.h - facts on disk, parted by their key. */
#ifndef VAULT_SPOOL_H
#define VAULT_SPOOL_H

#include <stddef.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "vault/fact.h"

/*
 * One nameless file in the given directory, so that nothing is left behind
 * whatever happens. Each part has a block in memory; a full one goes to the
 * file. Facts are added by any thread; parts are taken when all were added.
 */
struct spool;

/* `facts`: about how many are to come; it decides the number of parts. */
int spool_open(const char *dir, size_t facts, struct spool **ret,
	       struct error *err);
void spool_free(struct spool *s);
DEFINE_FREEP(struct spool, spool)

/* A failure to write sticks and is told by spool_part(). */
void spool_add(struct spool *s, const struct fact *fact);

size_t spool_parts(const struct spool *s);
/* The facts of one part, sorted; the caller frees them. */
int spool_part(struct spool *s, size_t part, struct fact **ret_facts,
	       size_t *ret_count, struct error *err);

/*
 * Calls fn for each run of facts with the same key (and index, if `by_index`)
 * over all parts. A non-zero value stops and is returned.
 */
int spool_groups(struct spool *s, int by_index,
		 int (*fn)(const struct fact *facts, size_t count, void *ctx,
			   struct error *err),
		 void *ctx, struct error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* named.h - the operations that findings name. */
#ifndef REPORT_NAMED_H
#define REPORT_NAMED_H

#include "base/arena.h"
#include "run/records.h"

/*
 * A finding names an operation by its id, or by the transaction that it made.
 * Operations are offered one by one; those that are named are copied. Memory is
 * the arena's, and grows with the findings alone.
 */
struct named_ops;

/* `findings` is borrowed. */
int named_ops_new(const struct finding *findings, size_t count,
		  struct arena *arena, struct named_ops **ret,
		  struct error *err);
/* `s`: what the vaults say of it, or NULL. */
int named_ops_offer(struct named_ops *n, const struct operation *op,
		    const struct settlement *s, struct error *err);
/* Once all were offered: the operation with the id that the finding names, else
 * the one that made its transaction: of several, that with the lowest id, and
 * one whose node named the transaction before one for which the check found it.
 * Or NULL. */
const struct operation *named_ops_of(const struct named_ops *n,
				     const struct finding *f);

#endif

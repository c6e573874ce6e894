/* SPDX-License-Identifier: Apache-2.0 */
/* removal_order.h - in which order what a run made is taken away. */
#ifndef ENGINE_REMOVAL_ORDER_H
#define ENGINE_REMOVAL_ORDER_H

#include <stddef.h>

#include "run/run.h"

/*
 * An inventory backwards, kind by kind: what uses other things is removed
 * before them, newest first, and several of one kind may go side by side.
 */
struct removal_order {
	const struct inventory_item *items; /* oldest first */
	unsigned left; /* not looked at yet, from the end */
	const char *kind;
};

/* Pods, containers, volumes, secrets, networks: NULL-ended. */
extern const char *const removal_kinds[];

/* The next `max` names of this kind at most, newest first; their number, 0
 * when there are no more. */
size_t removal_next(struct removal_order *r, const char **names, size_t max);

#endif

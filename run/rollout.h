/* SPDX-License-Identifier: Apache-2.0 */
/* rollout.h - a StatefulSet whose nodes are upgraded one by one. */
#ifndef RUN_ROLLOUT_H
#define RUN_ROLLOUT_H

#include "run/network.h"

/*
 * A StatefulSet has one template. In the middle of a rollout it is that of the
 * newer release, and counts from an ordinal on, its partition; nodes below
 * keep the older one, also when their pods are made anew. So the highest
 * ordinal is the first to change, then the next lower, and there are never
 * more than two releases. What the nodes' releases are says all of it.
 */
struct rollout {
	const struct network_node *last; /* of the highest ordinal */
	unsigned partition; /* the lowest ordinal of its release, if all from
			     * there on are; 0: the set is whole */
};

/* The set must have nodes. */
struct rollout rollout_of(const struct network *net, const char *set);

/* ERROR_INPUT, which names what can be, unless this node may be the next that
 * gets the release of that word; or has it already. */
int rollout_check(const struct network *net, const struct network_node *node,
		  const char *word, struct error *err);

/* ERROR_INPUT unless every set is whole: one that is made anew has its newer
 * release only. */
int rollout_check_whole(const struct network *net, struct error *err);

#endif

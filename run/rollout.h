/* SPDX-License-Identifier: Apache-2.0 */
/* rollout.h - a StatefulSet whose nodes are upgraded one by one. */
#ifndef RUN_ROLLOUT_H
#define RUN_ROLLOUT_H

#include "run/network.h"

/*
 * A StatefulSet has one template. During a rollout the template has the newer
 * release. It applies to the nodes from an ordinal on, the partition; nodes
 * below the partition keep the older release, even if their pods are created
 * again. So the node with the highest ordinal changes first, then the next
 * lower one, and there are never more than two releases. The state of a rollout
 * follows from the releases of the nodes.
 */
struct rollout {
	const struct network_node *last; /* of the highest ordinal */
	unsigned partition; /* the lowest ordinal from which on all nodes
			     * have the release of `last`; 0: all nodes of
			     * the set have it */
};

/* The set must have nodes. */
struct rollout rollout_of(const struct network *net, const char *set);

/* ERROR_INPUT unless this node may be the next to get the release `word`, or
 * has it already. The error names the possible upgrades. */
int rollout_check(const struct network *net, const struct network_node *node,
		  const char *word, struct error *err);

/* ERROR_INPUT unless all nodes of each set have one release: a set that is
 * created again has only its newer release. */
int rollout_check_whole(const struct network *net, struct error *err);

#endif

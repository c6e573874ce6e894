/* SPDX-License-Identifier: Apache-2.0 */
/* node_index.h - the nodes of a network by name, for those who ask often. */
#ifndef RUN_NODE_INDEX_H
#define RUN_NODE_INDEX_H

#include "run/network.h"

/* A history names the same few nodes again and again: those that were asked for
 * lately are found without a search. */
enum { NODE_INDEX_PLACES = 256 };

struct node_index {
	const struct network *net; /* borrowed */
	const struct network_node *recent[NODE_INDEX_PLACES];
};

#define NODE_INDEX_INIT(network) { .net = (network) }

/* NULL for NULL, and for a name that no node has. */
const struct network_node *node_index_find(struct node_index *x,
					   const char *name);

#endif

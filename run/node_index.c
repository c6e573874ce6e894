/* SPDX-License-Identifier: Apache-2.0 */
/* node_index.c - the nodes of a network by name, for those who ask often. */
#include "run/node_index.h"

#include <stdint.h>
#include <string.h>

/* FNV-1a */
static unsigned place_of(const char *name)
{
	uint32_t h = 2166136261u;

	for (; *name; name++)
		h = (h ^ (uint8_t)*name) * 16777619u;
	return (h ^ h >> 16) % NODE_INDEX_PLACES;
}

const struct network_node *node_index_find(struct node_index *x,
					   const char *name)
{
	const struct network_node **at;

	if (!name)
		return NULL;
	at = &x->recent[place_of(name)];
	if (!*at || strcmp((*at)->name, name))
		*at = network_find(x->net, name);
	return *at;
}

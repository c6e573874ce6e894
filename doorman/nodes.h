/* SPDX-License-Identifier: Apache-2.0 */
/* nodes.h - published node infos, and the network map. */
#ifndef DOORMAN_NODES_H
#define DOORMAN_NODES_H

#include "doorman/inside.h"

/* ERROR_INPUT unless every identity is certified here and has signed. A known
 * node replaces its info by one of a higher serial, with the same key. */
int nodes_publish(struct doorman *d, const void *bytes, size_t len,
		  struct error *err);
/* Takes the node of this name (its hash) out of the map, if it is there. */
int nodes_remove(struct doorman *d, const char *name, struct error *err);
/* A published node accepts parameters: ERROR_INPUT for what is not so. */
int nodes_accept(struct doorman *d, const void *bytes, size_t len,
		 struct error *err);
/* Adds the signed map; with `pair`, and all its node infos. *ret_found: false
 * as long as there are no parameters. */
int nodes_map(struct doorman *d, bool pair, struct buf *out, bool *ret_found,
	      struct error *err);
/* Appends an object for each node. */
int nodes_list(struct doorman *d, struct js *list, struct error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* nodes.h - published node infos, and the network map. */
#ifndef DOORMAN_NODES_H
#define DOORMAN_NODES_H

#include "doorman/inside.h"

/* Publishes a node info. ERROR_INPUT unless this doorman certified every
 * identity and every identity has signed. A known node may replace its info by
 * one with a higher serial and the same key. */
int nodes_publish(struct doorman *d, const void *bytes, size_t len,
		  struct error *err);
/* Removes the node of this name (given as a hash) from the map, if it is
 * there. */
int nodes_remove(struct doorman *d, const char *name, struct error *err);
/* Stores that a published node accepts parameters. ERROR_INPUT if the node or
 * the parameters are not known, or the signature is not valid. */
int nodes_accept(struct doorman *d, const void *bytes, size_t len,
		 struct error *err);
/* Adds the signed map, and with `pair` all its node infos too. *ret_found is
 * false as long as there are no parameters. */
int nodes_map(struct doorman *d, bool pair, struct buf *out, bool *ret_found,
	      struct error *err);
/* Appends an object for each node. */
int nodes_list(struct doorman *d, struct js *list, struct error *err);

#endif

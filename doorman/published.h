/* SPDX-License-Identifier: Apache-2.0 */
/* published.h - reads stored node infos. */
#ifndef DOORMAN_PUBLISHED_H
#define DOORMAN_PUBLISHED_H

#include "corda/node_info.h"
#include "doorman/inside.h"

enum { PUBLISHED_ARENA = 4 * 1024 * 1024 };

/* A node info, read. */
struct published {
	struct arena arena;
	struct buf bytes;
	struct signed_node_info file;
	struct certificate leaf; /* of the legal identity */
	char hash[HASH_TEXT];
};

#define PUBLISHED_INIT                                                         \
	{ .arena = ARENA_INIT(PUBLISHED_ARENA),                                \
	  .bytes = BUF_INIT(STORE_VALUE_MAX) }

void published_release(struct published *info);
/* Reads info->bytes. */
int published_read(struct published *info, struct error *err);
/* By the hash of the node's name. */
int published_load(struct doorman *d, const char *key, struct published *info,
		   bool *ret_found, struct error *err);
/* The legal identity key of the published node with this name; .bytes is NULL
 * if there is no such node. The bytes live in `room`. */
int published_key(struct doorman *d, const struct x500_name *name,
		  struct buf *room, struct der *ret, struct error *err);

#endif

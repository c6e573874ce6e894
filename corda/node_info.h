/* SPDX-License-Identifier: Apache-2.0 */
/* node_info.h - addresses and identities of a node, signed by the node. */
#ifndef CORDA_NODE_INFO_H
#define CORDA_NODE_INFO_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "corda/der.h"
#include "corda/key.h"
#include "corda/name.h"
#include "proto/amqp_writer.h"

/*
 * The file is an outer blob around the bytes of an inner one. Signatures and
 * hash (SHA-256) cover the inner bytes, so these are stored unchanged and never
 * encoded again.
 */

/* Certificates, leaf first, root last (the blob has them the other way). */
struct certificate_path {
	const struct der *certificates;
	size_t count;
};

struct node_address {
	const char *host;
	int port;
};

struct node_info {
	const struct node_address *addresses;
	size_t address_count;
	/* The node's legal identity, then perhaps a notary service's. */
	const struct certificate_path *identities;
	size_t identity_count;
	int platform;
	int64_t serial; /* ms since 1970; a higher one replaces a lower one */
};

enum { NODE_INFO_SIGNATURES = 4, NODE_INFO_FILE_NAME = 9 + 64 + 1 };

struct signed_node_info {
	struct der inner;
	/* One for each identity, except those with a composite key. */
	struct der signatures[NODE_INFO_SIGNATURES];
	size_t signature_count;
	struct node_info info;
};

/* Adds the inner blob. */
void node_info_write(const struct node_info *info, struct buf *out);
/* Adds the file: the inner blob, signed with the keys of the identities. */
int node_info_sign(struct der inner, const struct key *const *keys,
		   size_t key_count, struct buf *out, struct error *err);
/* Parts live in the arena or in the bytes. Signatures are not verified. */
int node_info_read(const void *bytes, size_t len, struct arena *arena,
		   struct signed_node_info *ret, struct error *err);
/* What was read, as an object in a bigger value. */
void signed_node_info_write(const struct signed_node_info *file,
			    struct amqp_writer *w);
/* "nodeInfo-<HASH>", after the name of the first identity. */
int node_info_file_name(const struct x500_name *name,
			char ret[NODE_INFO_FILE_NAME], struct error *err);

#endif

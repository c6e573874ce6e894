/* SPDX-License-Identifier: Apache-2.0 */
/* partial_tree.c - the root of the tree of ids that a notary signed at once. */
#include "corda/signature.h"

#include <string.h>

#include "corda/transaction_parts.h"

#define TREE "net.corda.core.crypto.PartialMerkleTree$PartialTree$"

enum { NODES_MAX = 100000, DEPTH_MAX = 64 };

struct climb {
	struct tx_id wanted; /* the hash of the id, as a leaf */
	bool found;
	/* References could make a tree endless, or deeper than the stack. */
	unsigned nodes, depth;
	struct error *err;
};

static int root_of(struct climb *c, const struct amqp_value *node,
		   struct tx_id *ret)
{
	struct tx_id left, right;

	if (++c->nodes > NODES_MAX || c->depth >= DEPTH_MAX)
		return tx_malformed(c->err, "a tree is too large");
	if (amqp_is(node, TREE "Leaf"))
		return tx_id_of_hash(amqp_get(node, "hash"), ret, c->err);
	if (amqp_is(node, TREE "IncludedLeaf")) {
		if (tx_id_of_hash(amqp_get(node, "hash"), ret, c->err) < 0)
			return -1;
		c->found |= tx_id_equal(ret, &c->wanted);
		return 0;
	}
	if (!amqp_is(node, TREE "Node"))
		return tx_malformed(c->err, "a tree of unknown parts");
	c->depth++;
	if (root_of(c, amqp_get(node, "left"), &left) < 0 ||
	    root_of(c, amqp_get(node, "right"), &right) < 0)
		return -1;
	c->depth--;
	if (left.algorithm != right.algorithm)
		return tx_malformed(c->err, "a tree of several algorithms");
	ret->algorithm = left.algorithm;
	digest_pair(left.algorithm, left.bytes, right.bytes, ret->bytes);
	return 0;
}

int partial_tree_root(const struct amqp_value *tree, const struct tx_id *id,
		      struct tx_id *ret_root, struct error *err)
{
	struct climb c = { .wanted = { .algorithm = id->algorithm },
			   .err = err };
	struct tx_id root = { 0 };

	digest_bytes(id->algorithm, id->bytes, digest_size(id->algorithm),
		     c.wanted.bytes);
	if (root_of(&c, amqp_get(tree, "root"), &root) < 0)
		return -1;
	if (!c.found)
		return tx_malformed(err, "a tree without the transaction");
	*ret_root = root;
	return 0;
}

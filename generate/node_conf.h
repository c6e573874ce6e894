/* SPDX-License-Identifier: Apache-2.0 */
/* node_conf.h - what a node is told, by the rules of node-conf.yaml, and of
 * registration.yaml where nodes register themselves. */
#ifndef GENERATE_NODE_CONF_H
#define GENERATE_NODE_CONF_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "data/yaml.h"
#include "generate/template.h"
#include "run/network.h"

enum { NODE_CONF_PARTS = 64 };

/* The rules, read once for all nodes; parts live in the arena. */
struct node_conf_rules {
	struct node_conf_part {
		const char *text;
		const char *role; /* NULL: every node */
		const char *cluster; /* "raft", "none"; NULL: either */
		int from, below; /* platform versions */
	} parts[NODE_CONF_PARTS];
	size_t count;
};

/* From generate/node-conf.yaml, or another file. */
int node_conf_load(const char *path, struct arena *arena,
		   struct node_conf_rules *ret, struct error *err);
/* Adds the configuration of one node. The hole own_name is a name for the node
 * beside its legal name, which its service takes. */
int node_conf_write(const struct node_conf_rules *rules,
		    const struct network *net, const struct network_node *node,
		    int platform, struct buf *out, struct error *err);

/* Users of RPC and database: names, no secrets. */
#define RPC_USER "medley"
#define DATABASE_USER "corda"

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* identities.h - keys, certificates and signed files of a network, in memory.
 */
#ifndef GENERATE_IDENTITIES_H
#define GENERATE_IDENTITIES_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "corda/authority.h"
#include "corda/node_info.h"
#include "run/network.h"

/*
 * A root, a doorman below it and a node CA for each node, which issues the
 * node's TLS and identity certificates; the parameters are signed by a network
 * map key right below the root. Every release from 4.0 on takes this, in and
 * out of dev mode.
 *
 * The nodes of a notary's cluster have the service as a second identity, which
 * the doorman certifies right below itself. By Raft they share its key; by
 * BFT-SMaRt each has a part of its own, and the service's is made of them.
 */

struct node_identity {
	const struct network_node *node; /* borrowed */
	int platform;
	struct x500_name name;
	struct issued ca, tls, identity;
	struct node_identity *first; /* of its cluster; NULL: it is in none */
	struct issued part; /* key of the service: the first's own, or each's */
	struct issued composite; /* the first's, of all parts: no key */
	struct der composite_key; /* as SubjectPublicKeyInfo */
	/* What the node's files hold: */
	struct der nodekeystore, sslkeystore, info;
	char info_name[NODE_INFO_FILE_NAME];
};

struct identities {
	struct arena arena; /* all bytes */
	struct issued root, doorman, network_map;
	struct node_identity *nodes; /* those of the network that run */
	unsigned node_count;
	struct der truststore, network_parameters;
	/* What the store of an earlier generation had, see identity_store.h;
	 * entries and loaded certificates point into the bytes. */
	struct buf stored;
	struct keystore_entry *entries;
	const struct keystore_entry **by_alias; /* the same, sorted */
	size_t entry_count;
};

void identities_release(struct identities *ids);

/* Lists the nodes that run; nothing is made yet. The network must outlive the
 * identities. ERROR_BUILD when no notary is left. */
int identities_init(struct identities *ids, const struct network *net,
		    struct error *err);
/* Whether the node is the first of its StatefulSet: a set's nodes are in a row.
 */
bool identities_lead(const struct identities *ids, unsigned index);
/*
 * Makes all keys and certificates that are not there yet, then all files. The
 * same keys give the same files: node infos carry the time at which the
 * identity was made, the parameters that of the root.
 */
int identities_make(struct identities *ids, struct error *err);

/* identities_init() and identities_make() for a network that has none yet. */
int generate_identities(const struct network *net, struct identities *ret,
			struct error *err);

#endif

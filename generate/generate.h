/* SPDX-License-Identifier: Apache-2.0 */
/* generate.h - identities, signed network files and manifests of a run. */
#ifndef GENERATE_GENERATE_H
#define GENERATE_GENERATE_H

#include "base/error.h"

struct generate_summary {
	unsigned identities;
	unsigned files;
};

/*
 * Reads <run>/network.resolved.yaml and writes <run>/config/, in place of what
 * was there. The same network and seed give the same manifests; keys and
 * passwords are new unless they are there already. All is for its owner alone.
 *
 *	secrets.json			passwords, see run/run.h
 *	identities.jks			all keys, for a repeated step
 *	config/network/network.yaml	Secret medley-passwords (rpc-password,
 *					database-password), ConfigMap network,
 *					Service and StatefulSet database,
 *					ConfigMap node-infos; beyond 200 nodes
 *					node-infos-1 … as well
 *	config/<set>/<set>.yaml		Service <set>, ConfigMap <set>-conf
 *					(node-<ordinal>.conf), Secret <set>-keys
 *					(<ordinal>.nodekeystore.jks,
 *					<ordinal>.sslkeystore.jks,
 *					truststore.jks), StatefulSet <set>
 *
 * Init containers of a node, in this order: boot (the node's image, as it
 * makes the data volume the node's own), cordapps; its container: node. Those
 * of the database: init, database; the server's data lie in
 * /var/lib/postgresql/data/pgdata, sockets in /tmp, and its one role `corda`
 * is a superuser with a database `postgres`.
 *
 * Nodes of a release that was not built are left out; ERROR_BUILD when no
 * notary is left.
 */
int generate_config(const char *run_dir, struct generate_summary *ret,
		    struct error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* network_keys.h - the keys of network.yaml and of its resolved form. */
#ifndef RUN_NETWORK_KEYS_H
#define RUN_NETWORK_KEYS_H

#include "data/keys.h"
#include "run/network.h"

/* One line of banks or notaries, as a person wrote it. */
struct plan_entry {
	const struct yaml_node *at;
	const char *release;
	const char *cordapps; /* NULL: the network's */
	const char *jvm; /* NULL: the network's */
	int count;
	bool validating;
	const char *cluster; /* of a notary: "raft", "bft-smart" or NULL */
};

/* Which files have a key (lib/data/keys.h). */
enum network_form {
	NETWORK_GIVEN = 1, /* network.yaml, as a person writes it */
	NETWORK_RESOLVED = 2, /* network.resolved.yaml, which rooms read */
	NETWORK_WHOLE = NETWORK_GIVEN | NETWORK_RESOLVED,
	NETWORK_LOAD = 4 /* a file of a load (load.h) */
};

/* Either file; what needs no layout goes to `net` at once. */
struct network_file {
	struct network net;
	/* Of the given one. */
	struct plan_entry *banks, *notaries;
	unsigned bank_count, notary_count;
	const char *cordapps; /* of the whole network, or NULL */
	const char *jvm; /* of the nodes that do not have their own */
	const char *database;
	/* Of the resolved one. */
	const char *medley; /* version that wrote the file */
};

/* What a given file has for a load that neither counts nor ends by time. */
enum { COUNT_BY_GATES = -1 };

/* One list of keys in its two forms. */
extern const struct keys network_given_keys, network_resolved_keys;

/* Parts, in network_parts.c: of struct plan_entry; */
extern const struct keys bank_keys, notary_keys;
/* of struct load, settled_gate and stable_gate, struct timeouts, struct
 * external_database, and history_database; */
extern const struct keys load_keys, gates_keys, timeouts_keys, external_keys,
	history_keys;
/* of a cluster, in cluster_keys.c: struct resources, struct kubernetes_extras;
 */
extern const struct keys resources_keys, kubernetes_keys;
/* the timeouts that a load of its own has: of struct timeouts; */
extern const struct keys load_timeouts_keys;
/* of struct release and struct network_node. */
extern const struct keys release_keys, node_keys;

#endif

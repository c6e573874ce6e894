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

/* The whole file; what needs no layout goes to `net` at once. */
struct plan {
	struct network net;
	struct plan_entry *banks, *notaries;
	unsigned bank_count, notary_count;
	const char *cordapps; /* of the whole network, or NULL */
	const char *jvm; /* of the nodes that do not have their own */
	const char *database;
};

/* What a plan has for a load that neither counts nor ends by time. */
enum { COUNT_BY_GATES = -1 };

extern const struct keys plan_keys;
/* Parts that the resolved file has as well: of struct load, settled_gate,
 * struct timeouts, struct resources and struct external_database. */
extern const struct keys load_keys, gates_keys, timeouts_keys, resources_keys,
	external_keys;
/* The timeouts that a load of its own has: of struct timeouts. */
extern const struct keys load_timeouts_keys;

#endif

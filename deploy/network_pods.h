/* SPDX-License-Identifier: Apache-2.0 */
/* network_pods.h - the pods of a run's network, as its engine knows them. */
#ifndef DEPLOY_NETWORK_PODS_H
#define DEPLOY_NETWORK_PODS_H

#include <stdbool.h>

#include "base/arena.h"
#include "engine/engine.h"
#include "run/network.h"

/* The pod of a node, or of the database for NULL, known to the engine; its
 * port is reached only if somebody wants to. */
int pod_of(struct engine *e, const struct network *net,
	   const struct network_node *node, bool reach, struct pod **ret_pod,
	   struct error *err);

/* The nodes in their order, then NULL: the database. */
static inline const struct network_node *network_pod(const struct network *net,
						     unsigned i)
{
	return i < net->node_count ? &net->nodes[i] : NULL;
}

/* Whether the pod of a node, or of the database for NULL, is asked for. */
typedef bool (*pod_wanted_fn)(const struct network_node *node, void *ctx);

/* Every pod that `wanted` says yes to, with its port: an array in the arena of
 * node_count + 1, in the order of network_pod(); NULL for the others. */
int network_pods_find(struct engine *e, const struct network *net,
		      pod_wanted_fn wanted, void *ctx, struct arena *arena,
		      struct pod ***ret, struct error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* network_pods.c - the pods of a run's network, as its engine knows them. */
#include "deploy/network_pods.h"

int pod_of(struct engine *e, const struct network *net,
	   const struct network_node *node, bool reach, struct pod **ret_pod,
	   struct error *err)
{
	struct pod_want want = { .set = net->database_set,
				 .port = DATABASE_PORT };

	if (node)
		want = (struct pod_want){ .set = node->set,
					  .ordinal = node->ordinal,
					  .port = RPC_PORT };
	if (!reach)
		want.port = 0;
	return e->ops->find(e, &want, ret_pod, err);
}

int network_pods_find(struct engine *e, const struct network *net,
		      pod_wanted_fn wanted, void *ctx, struct arena *arena,
		      struct pod ***ret, struct error *err)
{
	struct pod **pods =
		arena_array(arena, net->node_count + 1, sizeof(struct pod *));

	if (!pods)
		return error_nomem(err);
	for (unsigned i = 0; i <= net->node_count; i++) {
		const struct network_node *node = network_pod(net, i);

		if (wanted(node, ctx) &&
		    pod_of(e, net, node, true, &pods[i], err) < 0)
			return -1;
	}
	*ret = pods;
	return 0;
}

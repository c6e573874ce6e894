/* SPDX-License-Identifier: Apache-2.0 */
/* notaries.c - how many nodes of a notary make a commit. */
#include <string.h>

#include "vault/check.h"

/* A node alone; by Raft more than half of the nodes; by BFT-SMaRt those whose
 * signatures make the notary's. */
static unsigned commits_needed(const struct check *c, unsigned node)
{
	const char *cluster = c->net.nodes[node].cluster;
	unsigned nodes = check_notary_nodes(c, node);

	if (cluster && strcmp(cluster, CLUSTER_BFT_SMART) == 0)
		return network_bft_signers(nodes);
	return nodes / 2 + 1;
}

bool check_is_commit(const struct check *c, unsigned node, unsigned have)
{
	return node < c->net.node_count && have >= commits_needed(c, node);
}

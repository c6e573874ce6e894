/* SPDX-License-Identifier: Apache-2.0 */
/* job_nodes.c - the nodes of a run that a word of the command line means. */
#include "cli/job.h"

#include <string.h>

const struct network_node *job_find_node(const struct job *job,
					 const char *word, struct error *err)
{
	size_t len = strlen(word);

	for (unsigned i = 0; i < job->net.node_count; i++) {
		const struct network_node *n = &job->net.nodes[i];

		if (!strcmp(n->name, word) || !strcmp(n->set, word) ||
		    (!strncmp(n->name, word, len) && n->name[len] == '-' &&
		     !n->name[len + 1 +
			      strspn(n->name + len + 1, "0123456789")]))
			return n;
	}
	error_set(err, ERROR_INPUT,
		  "%s has no nodes '%s'; 'medley status' lists the nodes",
		  job->run_dir, word);
	return NULL;
}

int job_refuse_cluster(const struct network_node *node, struct error *err)
{
	if (!node->cluster)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "%s is a notary of several nodes; after a restart "
			 "these lose the list of spent states, or do not find "
			 "each other (docs/notaries.md): change network.yaml "
			 "and start a new run",
			 node->set);
}

void job_name_releases(const struct network *net, struct buf *out)
{
	for (int role = NODE_BANK; role <= NODE_NOTARY; role++) {
		const char *last = NULL;

		if (role == NODE_NOTARY)
			buf_add_str(out, " around notary");
		for (unsigned i = 0; i < net->node_count; i++) {
			const struct network_node *n = &net->nodes[i];

			if ((int)n->role != role || last == n->set)
				continue;
			last = n->set;
			buf_addf(out, "%s%s", out->len ? " " : "",
				 net->releases[n->release].label);
		}
	}
}

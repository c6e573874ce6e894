/* SPDX-License-Identifier: Apache-2.0 */
/* rollout.c - a StatefulSet whose nodes are upgraded one by one. */
#include "run/rollout.h"

#include <assert.h>
#include <string.h>

static bool is_of(const struct network_node *node, const char *set)
{
	return !strcmp(node->set, set);
}

struct rollout rollout_of(const struct network *net, const char *set)
{
	struct rollout r = { .last = NULL };

	for (unsigned i = 0; i < net->node_count; i++) {
		const struct network_node *n = &net->nodes[i];

		if (is_of(n, set) && (!r.last || n->ordinal > r.last->ordinal))
			r.last = n;
	}
	assert(r.last);
	for (unsigned i = 0; i < net->node_count; i++) {
		const struct network_node *n = &net->nodes[i];

		if (is_of(n, set) && n->release != r.last->release &&
		    n->ordinal >= r.partition)
			r.partition = n->ordinal + 1;
	}
	return r;
}

static const struct network_node *node_at(const struct network *net,
					  const char *set, unsigned ordinal)
{
	for (unsigned i = 0; i < net->node_count; i++)
		if (is_of(&net->nodes[i], set) &&
		    net->nodes[i].ordinal == ordinal)
			return &net->nodes[i];
	return NULL;
}

int rollout_check(const struct network *net, const struct network_node *node,
		  const char *word, struct error *err)
{
	struct rollout r = rollout_of(net, node->set);
	const struct network_node *next = r.last;
	const char *newer = word;

	if (!strcmp(net->releases[node->release].word, word))
		return 0;
	if (r.partition) {
		next = node_at(net, node->set, r.partition - 1);
		newer = net->releases[r.last->release].word;
	}
	if (node == next && !strcmp(newer, word))
		return 0;
	return error_set(
		err, ERROR_INPUT,
		"%s cannot be upgraded to %s alone: the nodes of a StatefulSet "
		"are upgraded from the highest number down, and have at most "
		"two releases; 'medley upgrade %s %s' upgrades the next node, "
		"'medley upgrade %s %s' upgrades all nodes",
		node->name, word, next ? next->name : node->name, newer,
		node->set, word);
}

int rollout_check_whole(const struct network *net, struct error *err)
{
	for (unsigned i = 0; i < net->node_count; i++) {
		const struct network_node *n = &net->nodes[i];
		struct rollout r;

		if (n->ordinal)
			continue;
		r = rollout_of(net, n->set);
		if (r.partition)
			return error_set(err, ERROR_INPUT,
					 "%s has %s and %s has %s since "
					 "'medley upgrade', but a StatefulSet "
					 "can start with one release only: "
					 "start a new run from network.yaml",
					 n->name,
					 net->releases[n->release].label,
					 r.last->name,
					 net->releases[r.last->release].label);
	}
	return 0;
}

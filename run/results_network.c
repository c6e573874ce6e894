/* SPDX-License-Identifier: Apache-2.0 */
/* results_network.c - releases and nodes of a results.json, read back. */
#include <string.h>

#include "run/network.h"
#include "run/results.h"

/* As many as a network.yaml may have (run/network.c). */
enum { RELEASES_MAX = 120, NODES_MAX = 5180, GATE_MAX = 1000000000 };

struct reading {
	const char *name; /* of the file */
	struct arena *arena;
	struct network *net;
	struct error *err;
};

static int wrong(const struct reading *r, const char *what, size_t at)
{
	return error_set(r->err, ERROR_INPUT, "%s: %s %zu is not valid",
			 r->name, what, at);
}

static int take_release(const struct reading *r,
			const struct result_release *from, size_t at)
{
	if (from->platform < 0 || from->platform > INT32_MAX)
		return wrong(r, "release", at);
	r->net->releases[at] = (struct release){
		.label = from->label,
		.word = from->word,
		.commit = from->commit,
		.image = from->image,
		.platform = (int)from->platform,
		.cordapps = from->cordapps,
		.cordapps_image = from->cordapps_image,
		.contracts = from->contracts,
		.failure = from->failure,
	};
	return 0;
}

static int take_releases(const struct reading *r, const struct results *from)
{
	struct network *net = r->net;

	if (from->release_count > RELEASES_MAX)
		return error_set(r->err, ERROR_INPUT,
				 "%s: more than %d releases", r->name,
				 RELEASES_MAX);
	net->release_count = (unsigned)from->release_count;
	net->releases = arena_array(r->arena, net->release_count + 1,
				    sizeof(*net->releases));
	if (!net->releases)
		return error_nomem(r->err);
	for (unsigned i = 0; i < net->release_count; i++)
		if (take_release(r, &from->releases[i], i) < 0)
			return -1;
	return 0;
}

static bool find_release(const struct network *net, const char *label,
			 unsigned *ret)
{
	for (unsigned i = 0; label && i < net->release_count; i++)
		if (!strcmp(net->releases[i].label, label)) {
			*ret = i;
			return true;
		}
	return false;
}

static int read_node(const struct reading *r, const struct js *from, size_t at)
{
	struct network_node *node = &r->net->nodes[at];
	const char *role = js_str(from, "role");
	bool is_notary = role && !strcmp(role, "notary");

	*node = (struct network_node){
		.name = js_str(from, "name"),
		.role = is_notary ? NODE_NOTARY : NODE_BANK,
		.validating = js_bool(from, "validating", false),
		.jvm = js_str(from, "jvm"),
	};
	if (!node->name || !role || (!is_notary && strcmp(role, "bank")) ||
	    !find_release(r->net, js_str(from, "release"), &node->release))
		return wrong(r, "node", at);
	return 0;
}

static int read_nodes(const struct reading *r, const struct js *list)
{
	struct network *net = r->net;

	if (js_count(list) > NODES_MAX)
		return error_set(r->err, ERROR_INPUT, "%s: more than %d nodes",
				 r->name, NODES_MAX);
	net->node_count = (unsigned)js_count(list);
	net->nodes =
		arena_array(r->arena, net->node_count + 1, sizeof(*net->nodes));
	if (!net->nodes)
		return error_nomem(r->err);
	for (unsigned i = 0; i < net->node_count; i++)
		if (read_node(r, js_at(list, i), i) < 0)
			return -1;
	return 0;
}

int results_network(const char *name, const struct results *results,
		    struct arena *arena, struct network *ret, struct error *err)
{
	const struct js *root = results->root;
	int64_t gate = js_int(root, "settled_gate", 0);
	struct network net = { .file = results->network,
			       .engine = results->engine,
			       .seed = (uint64_t)js_int(root, "seed", 0) };
	const struct reading r = { name, arena, &net, err };

	if (gate < 0 || gate > GATE_MAX)
		return error_set(err, ERROR_INPUT,
				 "%s: settled_gate is out of range", name);
	net.settled_gate = (int)gate;
	if (take_releases(&r, results) < 0 ||
	    read_nodes(&r, js_get(root, "nodes")) < 0)
		return -1;
	*ret = net;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* node_conf.c - the configuration of a node, by the rules of node-conf.yaml. */
#include "generate/node_conf.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "data/json.h"

enum { CONF_MAX = 64 * 1024, VALUE_MAX = 4096 };

static int read_number(const struct yaml_file *file,
		       const struct yaml_node *part, const char *key, int *ret,
		       struct error *err)
{
	const struct yaml_node *value = yaml_get(part, key);
	char *end;
	long n;

	if (!value)
		return 0;
	n = value->type == YAML_SCALAR ? strtol(value->text, &end, 10) : 0;
	if (n < 1 || n > INT_MAX || *end)
		return yaml_error(file, value, err,
				  "%s: expected a platform version, e.g. 8",
				  key);
	*ret = n;
	return 0;
}

static int check_keys(const struct yaml_file *file,
		      const struct yaml_node *part, struct error *err)
{
	static const char *const known[] = { "text", "role", "cluster", "from",
					     "below" };

	for (size_t i = 0; i < part->count; i++) {
		size_t j = 0;

		while (j < ARRAY_SIZE(known) &&
		       strcmp(part->keys[i]->text, known[j]))
			j++;
		if (j == ARRAY_SIZE(known))
			return yaml_error(file, part->keys[i], err,
					  "unknown key %s, expected text, "
					  "role, cluster, from or below",
					  part->keys[i]->text);
	}
	return 0;
}

static int read_part(const struct yaml_file *file, const struct yaml_node *node,
		     struct node_conf_part *ret, struct error *err)
{
	struct node_conf_part part = { .below = INT_MAX };

	if (node->type != YAML_MAP || !yaml_str(node, "text"))
		return yaml_error(file, node, err,
				  "expected a part with a text");
	part.text = yaml_str(node, "text");
	part.role = yaml_str(node, "role");
	part.cluster = yaml_str(node, "cluster");
	if (part.role && strcmp(part.role, "bank") &&
	    strcmp(part.role, "notary"))
		return yaml_error(file, node, err,
				  "role %s, expected bank or notary",
				  part.role);
	if (check_keys(file, node, err) < 0 ||
	    read_number(file, node, "from", &part.from, err) < 0 ||
	    read_number(file, node, "below", &part.below, err) < 0)
		return -1;
	*ret = part;
	return 0;
}

int node_conf_load(const char *path, struct arena *arena,
		   struct node_conf_rules *ret, struct error *err)
{
	struct node_conf_rules rules = { .count = 0 };
	const struct yaml_node *parts;
	struct yaml_file file;

	if (yaml_read(path, arena, &file, err) < 0)
		return -1;
	parts = file.count == 1 ? yaml_get(file.documents[0], "parts") : NULL;
	if (!parts || parts->type != YAML_SEQUENCE ||
	    parts->count > NODE_CONF_PARTS)
		return yaml_error(&file, parts, err,
				  "expected parts, a list of at most %d",
				  NODE_CONF_PARTS);
	for (size_t i = 0; i < parts->count; i++) {
		if (read_part(&file, parts->items[i], &rules.parts[i], err) < 0)
			return -1;
		rules.count++;
	}
	*ret = rules;
	return 0;
}

static bool part_fits(const struct node_conf_part *part,
		      const struct network_node *node, int platform)
{
	const char *role = node->role == NODE_NOTARY ? "notary" : "bank";

	const char *cluster = node->cluster ? node->cluster : "none";

	return platform >= part->from && platform < part->below &&
	       (!part->role || !strcmp(part->role, role)) &&
	       (!part->cluster || !strcmp(part->cluster, cluster));
}

/* What fills the holes, quoted as HOCON, which takes JSON's strings. */
struct values {
	struct buf name, own_name, address, url, role, rpc_user;
	struct buf service, raft, raft_first, raft_join,
		peers; /* of a notary of several nodes */
	char ordinal[16];
};

static void values_release(struct values *v)
{
	buf_release(&v->name);
	buf_release(&v->own_name);
	buf_release(&v->address);
	buf_release(&v->url);
	buf_release(&v->role);
	buf_release(&v->rpc_user);
	buf_release(&v->service);
	buf_release(&v->raft);
	buf_release(&v->raft_first);
	buf_release(&v->raft_join);
	buf_release(&v->peers);
}

static void quote(struct buf *out, const char *text)
{
	buf_init(out, VALUE_MAX);
	js_quote(out, text);
}

/* All nodes of the cluster, each at its place: "a:1", "b:1". */
static void add_peers(struct values *v, const struct network *net,
		      const struct network_node *node, struct buf *text)
{
	const struct network_node *first = network_notary(net, node);

	for (unsigned i = 0; i < net->node_count; i++) {
		if (network_notary(net, &net->nodes[i]) != first)
			continue;
		buf_clear(text);
		buf_addf(text, "%s:%d", net->nodes[i].host, CLUSTER_PORT);
		buf_add_str(&v->peers, v->peers.len ? ", " : "");
		js_quote(&v->peers, buf_text(text));
	}
}

/* The first node begins a Raft cluster, the others join it there. */
static int add_cluster(struct values *v, const struct network *net,
		       const struct network_node *node, struct error *err)
{
	const struct network_node *first = network_notary(net, node);
	cleanup(buf_release) struct buf text = BUF_INIT(VALUE_MAX);

	quote(&v->service, node->service ? node->service : "");
	buf_addf(&text, "%s:%d", node->host, CLUSTER_PORT);
	quote(&v->raft, buf_text(&text));
	buf_clear(&text);
	buf_addf(&text, "%s:%d", first->host, CLUSTER_PORT);
	quote(&v->raft_first, buf_text(&text));
	buf_init(&v->raft_join, VALUE_MAX);
	if (strcmp(first->name, node->name))
		js_quote(&v->raft_join, buf_text(&text));
	snprintf(v->ordinal, sizeof(v->ordinal), "%u", node->ordinal);
	buf_init(&v->peers, VALUE_MAX);
	if (node->cluster)
		add_peers(v, net, node, &text);
	if (buf_check(&v->service, err) < 0 || buf_check(&v->raft, err) < 0 ||
	    buf_check(&v->peers, err) < 0)
		return -1;
	return buf_check(&v->raft_join, err);
}

static int values_init(struct values *v, const struct network *net,
		       const struct network_node *node, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(VALUE_MAX);

	buf_addf(&text, "%s:%d", node->host, P2P_PORT);
	quote(&v->address, buf_text(&text));
	buf_clear(&text);
	buf_addf(&text, "jdbc:postgresql://%s:%d/%s?currentSchema=public",
		 net->external.host ? net->external.host : "database",
		 net->external.host ? net->external.port : 5432,
		 node->database);
	quote(&v->url, buf_text(&text));
	quote(&v->role, node->database);
	quote(&v->name, node->legal_name);
	buf_clear(&text);
	buf_addf(&text, "OU=Node, %s", node->legal_name);
	quote(&v->own_name, buf_text(&text));
	quote(&v->rpc_user, RPC_USER);
	if (buf_check(&text, err) < 0 || buf_check(&v->address, err) < 0 ||
	    buf_check(&v->url, err) < 0 || buf_check(&v->own_name, err) < 0 ||
	    buf_check(&v->role, err) < 0)
		return -1;
	return buf_check(&v->name, err) < 0 ? -1
					    : add_cluster(v, net, node, err);
}

int node_conf_write(const struct node_conf_rules *rules,
		    const struct network *net, const struct network_node *node,
		    int platform, struct buf *out, struct error *err)
{
	cleanup(values_release) struct values v = { .name.max = VALUE_MAX };

	if (values_init(&v, net, node, err) < 0)
		return -1;
	const struct hole holes[] = {
		{ "legal_name", buf_text(&v.name) },
		{ "own_name", buf_text(&v.own_name) },
		{ "p2p_address", buf_text(&v.address) },
		{ "database_url", buf_text(&v.url) },
		{ "database_user", buf_text(&v.role) },
		{ "rpc_user", buf_text(&v.rpc_user) },
		{ "service_name", buf_text(&v.service) },
		{ "raft_address", buf_text(&v.raft) },
		{ "raft_first", buf_text(&v.raft_first) },
		{ "raft_join", buf_text(&v.raft_join) },
		{ "peers", buf_text(&v.peers) },
		{ "ordinal", v.ordinal },
		{ "validating", node->validating ? "true" : "false" },
	};

	for (size_t i = 0; i < rules->count; i++) {
		const struct node_conf_part *part = &rules->parts[i];

		if (part_fits(part, node, platform) &&
		    template_fill("generate/node-conf.yaml", part->text, holes,
				  ARRAY_SIZE(holes), out, err) < 0)
			return -1;
	}
	return 0;
}

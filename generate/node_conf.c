/* SPDX-License-Identifier: Apache-2.0 */
/* node_conf.c - the configuration of a node, by the rules of node-conf.yaml. */
#include "generate/node_conf.h"

#include <limits.h>
#include <stdarg.h>
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

/* Texts that fill holes, quoted as HOCON, which takes JSON's strings. The last
 * few are of a notary of several nodes. */
enum text {
	LEGAL_NAME,
	OWN_NAME,
	P2P_ADDRESS,
	DATABASE_URL,
	DOORMAN_URL,
	DATABASE_ROLE,
	RPC_NAME,
	SERVICE_NAME,
	RAFT_ADDRESS,
	RAFT_FIRST,
	RAFT_JOIN,
	PEERS,
	TEXTS
};

static const char *const hole_names[TEXTS] = {
	[LEGAL_NAME] = "legal_name",	 [OWN_NAME] = "own_name",
	[P2P_ADDRESS] = "p2p_address",	 [DATABASE_URL] = "database_url",
	[DOORMAN_URL] = "doorman_url",	 [DATABASE_ROLE] = "database_user",
	[RPC_NAME] = "rpc_user",	 [SERVICE_NAME] = "service_name",
	[RAFT_ADDRESS] = "raft_address", [RAFT_FIRST] = "raft_first",
	[RAFT_JOIN] = "raft_join",	 [PEERS] = "peers",
};

struct values {
	struct buf texts[TEXTS];
	char ordinal[16];
};

static void values_release(struct values *v)
{
	for (int i = 0; i < TEXTS; i++)
		buf_release(&v->texts[i]);
}

/* Adds a text in quotes; one that is too long fails the buffer. */
__attribute__((format(printf, 2, 3))) static void quote(struct buf *out,
							const char *fmt, ...)
{
	char text[VALUE_MAX];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (n < 0 || n >= VALUE_MAX)
		out->failed = true;
	js_quote(out, text);
}

/* All nodes of the cluster, each at its place: "a:1", "b:1". */
static void add_peers(const struct network *net,
		      const struct network_node *node, struct buf *out)
{
	const struct network_node *first = network_notary(net, node);

	for (unsigned i = 0; i < net->node_count; i++) {
		if (network_notary(net, &net->nodes[i]) != first)
			continue;
		buf_add_str(out, out->len ? ", " : "");
		quote(out, "%s:%d", net->nodes[i].host, CLUSTER_PORT);
	}
}

/* The first node begins a Raft cluster, the others join it there. */
static void add_cluster(struct values *v, const struct network *net,
			const struct network_node *node)
{
	const struct network_node *first = network_notary(net, node);
	struct buf *texts = v->texts;

	quote(&texts[SERVICE_NAME], "%s", node->service ? node->service : "");
	quote(&texts[RAFT_ADDRESS], "%s:%d", node->host, CLUSTER_PORT);
	quote(&texts[RAFT_FIRST], "%s:%d", first->host, CLUSTER_PORT);
	if (strcmp(first->name, node->name))
		quote(&texts[RAFT_JOIN], "%s:%d", first->host, CLUSTER_PORT);
	if (node->cluster)
		add_peers(net, node, &texts[PEERS]);
}

static int values_init(struct values *v, const struct network *net,
		       const struct network_node *node, struct error *err)
{
	const struct external_database *e = &net->external;
	struct buf *texts = v->texts;

	for (int i = 0; i < TEXTS; i++)
		buf_init(&texts[i], VALUE_MAX);
	quote(&texts[P2P_ADDRESS], "%s:%d", node->host, P2P_PORT);
	quote(&texts[DATABASE_URL],
	      "jdbc:postgresql://%s:%d/%s?currentSchema=public",
	      e->host ? e->host : net->database_set, e->host ? e->port : 5432,
	      node->database);
	quote(&texts[DOORMAN_URL], "http://%sdoorman:8080",
	      network_prefix(net));
	quote(&texts[DATABASE_ROLE], "%s", node->database);
	quote(&texts[LEGAL_NAME], "%s", node->legal_name);
	quote(&texts[OWN_NAME], "OU=Node, %s", node->legal_name);
	quote(&texts[RPC_NAME], "%s", RPC_USER);
	add_cluster(v, net, node);
	snprintf(v->ordinal, sizeof(v->ordinal), "%u", node->ordinal);
	for (int i = 0; i < TEXTS; i++)
		if (buf_check(&texts[i], err) < 0)
			return error_wrap(err, "%s", hole_names[i]);
	return 0;
}

int node_conf_write(const struct node_conf_rules *rules,
		    const struct network *net, const struct network_node *node,
		    int platform, struct buf *out, struct error *err)
{
	cleanup(values_release) struct values v = { .ordinal = "" };
	struct hole holes[TEXTS + 2] = {
		[TEXTS] = { "ordinal", v.ordinal },
		[TEXTS + 1] = { "validating",
				node->validating ? "true" : "false" },
	};

	if (values_init(&v, net, node, err) < 0)
		return -1;
	for (int i = 0; i < TEXTS; i++)
		holes[i] = (struct hole){ .name = hole_names[i],
					  .value = buf_text(&v.texts[i]) };
	for (size_t i = 0; i < rules->count; i++) {
		const struct node_conf_part *part = &rules->parts[i];

		if (part_fits(part, node, platform) &&
		    template_fill("generate/node-conf.yaml", part->text, holes,
				  ARRAY_SIZE(holes), out, err) < 0)
			return -1;
	}
	return 0;
}

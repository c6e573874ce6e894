/* SPDX-License-Identifier: Apache-2.0 */
/* manifest_services.c - the doorman and the health check, as manifests. */
#include "generate/manifests.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "data/yaml.h"

enum {
	/* A map of more nodes is large: they ask for it less often. */
	MANY_NODES = 200,
	POLL_SECONDS = 10,
	POLL_SECONDS_MANY = 60,
	/* Beyond, one node stands for each release. */
	TARGETS_MAX = 100
};

static const char shared[] = "network";

/* ---- doorman ---- */

static int lowest_platform(const struct identities *ids)
{
	int lowest = 0;

	for (unsigned i = 0; i < ids->node_count; i++)
		if (!i || ids->nodes[i].platform < lowest)
			lowest = ids->nodes[i].platform;
	return lowest;
}

static void add_notaries(const struct manifest_input *in, struct buf *out)
{
	for (unsigned i = 0; i < in->ids->node_count; i++) {
		const struct network_node *n = in->ids->nodes[i].node;

		if (n->role != NODE_NOTARY || network_notary(in->net, n) != n)
			continue;
		buf_add_str(out, "- name: ");
		yaml_quote(out, network_party(n));
		buf_addf(out, "\n  validating: %s\n",
			 n->validating ? "true" : "false");
	}
}

static void add_state(const struct manifest_input *in, struct values *v)
{
	const struct external_database *e = &in->net->external;
	char uri[VALUE_BYTES_MAX / 16], room[OBJECT_NAME];
	const char *name = network_doorman_database(in->net, room);

	snprintf(uri, sizeof(uri), "postgresql://%s@%s:%d/%s", name,
		 e->host ? e->host : in->net->database_set,
		 e->host ? e->port : DATABASE_PORT, name);
	values_text(v, "state", uri);
	values_text(v, "database_volume", "tmp");
	values_text(v, "database_home", "/tmp");
	values_text(v, "migrated_mark", "");
	buf_addf(values_add(v, "createdb_env", VALUE_BYTES_MAX),
		 "- name: DATABASE_NAME\n"
		 "  value: %s\n"
		 "- name: ROLE_PASSWORD\n"
		 "  valueFrom:\n"
		 "    secretKeyRef:\n"
		 "      name: %sdoorman\n"
		 "      key: database-password\n",
		 name, network_prefix(in->net));
}

static int write_doorman_secret(const struct manifest_input *in,
				struct output *out, struct error *err)
{
	char name[OBJECT_NAME], database[OBJECT_NAME], password[ROLE_PASSWORD];
	const struct secret_manifest secret = {
		"doorman-secret", shared, "doorman-secret",
		network_object(in->net, "doorman", name), NULL
	};
	cleanup(values_release) struct values v = { .count = 0 };
	struct buf *keys = values_add(&v, "keys", VALUE_BYTES_MAX);

	manifest_common(in, &v);
	secrets_role_password(in->secrets,
			      network_doorman_database(in->net, database),
			      password);
	manifest_pair(keys, "database-password",
		      (struct der){ (uint8_t *)password, strlen(password) });
	return manifest_secret(in, &v, &secret, keys, out, err);
}

static int write_doorman(const struct manifest_input *in, struct output *out,
			 struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };
	const bool many = in->ids->node_count > MANY_NODES;
	char poll[16], name[OBJECT_NAME];

	manifest_common(in, &v);
	manifest_image(in, &v, "doorman_image", "doorman",
		       in->net->doorman_image);
	snprintf(poll, sizeof(poll), "%d",
		 many ? POLL_SECONDS_MANY : POLL_SECONDS);
	values_text(&v, "poll", poll);
	values_number(&v, "minimum_platform",
		      (unsigned)lowest_platform(in->ids));
	add_notaries(in, values_add(&v, "notaries", VALUE_BYTES_MAX));
	add_state(in, &v);
	if (manifest_createdb(in, &v, err) < 0)
		return -1;
	if (manifest_add(&v, "doorman", out, shared, "doorman", err) < 0 ||
	    write_doorman_secret(in, out, err) < 0)
		return -1;
	return manifest_budget(in, shared,
			       network_object(in->net, "doorman", name), 0, out,
			       err);
}

/* ---- health ---- */

/* What must be there; banks may have been scaled to none. */
static void add_services(const struct network *net, struct buf *out)
{
	const struct external_database *e = &net->external;

	buf_addf(out, "- tcp://%s:%d\n", e->host ? e->host : net->database_set,
		 e->host ? e->port : DATABASE_PORT);
	if (net->identity == IDENTITY_DOORMAN)
		buf_addf(out, "- tcp://%sdoorman:8080\n", network_prefix(net));
}

static void add_nodes(const struct identities *ids, struct buf *out)
{
	const bool all = ids->node_count <= TARGETS_MAX;

	for (unsigned i = 0; i < ids->node_count; i++) {
		const struct network_node *n = ids->nodes[i].node;

		if (!all && n->ordinal)
			continue;
		buf_addf(out, "- rpc://%s@%s:%d%s\n", RPC_USER, n->host,
			 RPC_PORT, n->role == NODE_BANK ? "/optional" : "");
	}
}

void manifest_targets(const struct manifest_input *in, struct buf *out)
{
	add_services(in->net, out);
	add_nodes(in->ids, out);
}

static int write_health(const struct manifest_input *in, struct output *out,
			struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };
	struct buf *targets;

	manifest_common(in, &v);
	manifest_image(in, &v, "health_image", "healthcheck",
		       in->net->health_image);
	targets = values_add(&v, "targets", VALUE_BYTES_MAX);
	manifest_targets(in, targets);
	return manifest_add(&v, "healthcheck", out, shared, "healthcheck", err);
}

int manifests_write_services(const struct manifest_input *in,
			     struct output *out, struct error *err)
{
	if (in->net->identity == IDENTITY_DOORMAN &&
	    write_doorman(in, out, err) < 0)
		return -1;
	return in->net->health_image ? write_health(in, out, err) : 0;
}

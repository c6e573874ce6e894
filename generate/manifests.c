/* SPDX-License-Identifier: Apache-2.0 */
/* manifests.c - what all nodes of a network share, as manifests. */
#include "generate/manifests.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

enum {
	MANIFEST_MAX = 16 * 1024 * 1024,
	BLOCK_MAX = 4 * 1024 * 1024,
	CONNECTIONS_PER_NODE = 10, /* the pool of a node, on every release */
	CONNECTIONS_OF_MEDLEY = 30,
	/* In large steps: another number restarts the database. */
	CONNECTIONS_STEP = 500,
	/* MiB that the database may take: a process a connection. */
	DATABASE_MEMORY = 1024,
	MEMORY_PER_CONNECTION = 8
};

static const char shared[] = "network";

/* Named so that it is applied before what lives in it. */
static int write_namespace(const struct manifest_input *in, struct output *out,
			   struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };
	cleanup(buf_release) struct buf text = BUF_INIT(MANIFEST_MAX);

	manifest_common(in, &v);
	/* helm installs into a namespace that is there. */
	manifest_begin_if(in, "createNamespace", &text);
	if (values_fill(&v, "generate/manifests/namespace.yaml", &text, err) <
	    0)
		return -1;
	manifest_end_if(in, &text);
	return output_add(out, shared, "00-namespace.yaml", &text, err);
}

static void add_password(struct buf *keys, const char *key, const char *text)
{
	manifest_pair(keys, key,
		      (struct der){ (const uint8_t *)text, strlen(text) });
}

static int write_passwords(const struct manifest_input *in, struct output *out,
			   struct error *err)
{
	char name[OBJECT_NAME];
	const struct secret_manifest passwords = {
		"passwords", shared, "passwords",
		network_object(in->net, "medley-passwords", name), NULL
	};
	cleanup(values_release) struct values v = { .count = 0 };
	const struct secrets *s = in->secrets;
	struct buf *keys = values_add(&v, "keys", VALUE_BYTES_MAX);

	manifest_common(in, &v);
	add_password(keys, "database-password", s->database_password);
	add_password(keys, "database-user", s->database_user);
	add_password(keys, "rpc-password", s->rpc_password);
	return manifest_secret(in, &v, &passwords, keys, out, err);
}

static int write_login(const struct manifest_input *in, struct output *out,
		       struct error *err)
{
	char name[OBJECT_NAME];
	const struct secret_manifest regsecret = {
		"regsecret", shared, "regsecret",
		network_object(in->net, "regsecret", name),
		"kubernetes.io/dockerconfigjson"
	};
	cleanup(values_release) struct values v = { .count = 0 };
	cleanup(buf_release) struct buf login = BUF_INIT(256 * 1024);
	struct buf *keys = values_add(&v, "keys", BLOCK_MAX);

	if (!in->login)
		return 0;
	if (registry_auth_write(in->login, &login, err) < 0)
		return -1;
	manifest_common(in, &v);
	manifest_pair(keys, ".dockerconfigjson",
		      (struct der){ login.data, login.len });
	return manifest_secret(in, &v, &regsecret, keys, out, err);
}

static int write_database(const struct manifest_input *in, struct output *out,
			  struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };
	unsigned connections = CONNECTIONS_PER_NODE * in->ids->node_count +
			       CONNECTIONS_OF_MEDLEY;

	if (in->net->external.host)
		return 0;
	connections += CONNECTIONS_STEP - 1;
	connections -= connections % CONNECTIONS_STEP;
	manifest_common(in, &v);
	manifest_image(in, &v, "database_image", "database",
		       in->net->database_image);
	values_number(&v, "max_connections", connections);
	buf_addf(values_add(&v, "database_memory", VALUE_BYTES_MAX), "%uMi",
		 DATABASE_MEMORY + MEMORY_PER_CONNECTION * connections);
	if (manifest_add(&v, "database", out, shared, "database", err) < 0)
		return -1;
	return manifest_budget(in, shared, in->net->database_set, 0, out, err);
}

static int write_info_map(const struct manifest_input *in, unsigned index,
			  struct output *out, struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };
	const struct identities *ids = in->ids;
	unsigned from = index * INFOS_PER_MAP;
	struct buf *infos;
	char name[PART_NAME], object[OBJECT_NAME];

	manifest_part_name("node-infos", index, name);
	manifest_common(in, &v);
	values_text(&v, "name", network_object(in->net, name, object));
	infos = values_add(&v, "infos", BLOCK_MAX);
	for (unsigned i = from; i < from + INFOS_PER_MAP && i < ids->node_count;
	     i++)
		manifest_pair(infos, ids->nodes[i].info_name,
			      ids->nodes[i].info);
	return manifest_add(&v, "node-infos", out, shared, name, err);
}

/* What is known of static identities before the first node starts. */
static int write_static(const struct manifest_input *in, struct output *out,
			struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };
	unsigned maps = manifest_parts(in->ids->node_count, INFOS_PER_MAP);

	manifest_common(in, &v);
	values_base64(&v, "network_parameters",
		      in->ids->network_parameters.bytes,
		      in->ids->network_parameters.len);
	if (manifest_add(&v, "network", out, shared, shared, err) < 0)
		return -1;
	for (unsigned i = 0; i < maps; i++) {
		if (write_info_map(in, i, out, err) < 0)
			return -1;
	}
	return 0;
}

int manifests_write_network(const struct manifest_input *in, struct output *out,
			    struct error *err)
{
	if (write_namespace(in, out, err) < 0 ||
	    write_passwords(in, out, err) < 0 ||
	    write_login(in, out, err) < 0 || write_database(in, out, err) < 0)
		return -1;
	if (in->net->identity == IDENTITY_STATIC &&
	    write_static(in, out, err) < 0)
		return -1;
	if (manifests_write_services(in, out, err) < 0)
		return -1;
	return manifests_write_policies(in, out, err);
}

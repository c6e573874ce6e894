/* SPDX-License-Identifier: Apache-2.0 */
/* manifest_set.c - the nodes of one release, as manifests. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "data/yaml.h"
#include "generate/chart.h"
#include "generate/manifests.h"
#include "generate/registration.h"
#include "run/jvm.h"
#include "run/rollout.h"

enum { BLOCK_MAX = 4 * 1024 * 1024 };

/* The nodes of one StatefulSet, in order of their ordinals. */
struct set {
	const struct manifest_input *in;
	const struct node_identity *first;
	const struct node_identity **nodes; /* owned */
	unsigned count;
	struct rollout rollout;
	const struct release *release; /* of the template */
	bool notary;
	const char *part;
	char confs[PART_NAME], keys[PART_NAME]; /* names of their maps */
};

static void set_release(struct set *s)
{
	free(s->nodes);
}

static int set_init(struct set *s, const struct manifest_input *in,
		    const struct node_identity *first, struct error *err)
{
	const struct identities *ids = in->ids;
	const char *name = first->node->set;

	*s = (struct set){ .in = in,
			   .first = first,
			   .rollout = rollout_of(in->net, name),
			   .notary = first->node->role == NODE_NOTARY };
	s->release = &in->net->releases[s->rollout.last->release];
	s->part = s->notary ? "network" : name;
	snprintf(s->confs, sizeof(s->confs), "%s-conf", name);
	snprintf(s->keys, sizeof(s->keys), "%s-keys", name);
	s->nodes = calloc(ids->node_count, sizeof(*s->nodes));
	if (!s->nodes)
		return error_nomem(err);
	for (unsigned i = (unsigned)(first - ids->nodes); i < ids->node_count;
	     i++)
		if (!strcmp(ids->nodes[i].node->set, name))
			s->nodes[s->count++] = &ids->nodes[i];
	return 0;
}

/* The value of a label: what a label of ours may hold besides becomes '_'. */
static void add_version(const struct set *s, struct values *v)
{
	struct buf *out = values_add_text(v, "version", VALUE_BYTES_MAX);

	for (const char *p = s->release->label; *p; p++)
		buf_add_u8(out, isalnum((unsigned char)*p) || strchr(".-_", *p)
					? (uint8_t)*p
					: '_');
}

/* The holes that all templates of a set may have. */
static void add_common(const struct set *s, struct values *v)
{
	manifest_common(s->in, v);
	values_text(v, "set", s->first->node->set);
	values_text(v, "component", s->notary ? "notary" : "node");
	add_version(s, v);
}

/* node-<ordinal>.conf as a block, each of its lines indented. */
static int add_conf(const struct manifest_input *in,
		    const struct node_identity *n, struct buf *out,
		    struct error *err)
{
	cleanup(buf_release) struct buf conf = BUF_INIT(64 * 1024);

	if (node_conf_write(in->rules, in->net, n->node, n->platform, &conf,
			    err) < 0)
		return -1;
	buf_addf(out, "node-%u.conf: |\n", n->node->ordinal);
	for (const char *p = buf_text(&conf); *p;) {
		size_t len = strcspn(p, "\n");

		buf_addf(out, "%s%.*s\n", len ? "  " : "", (int)len, p);
		p += len + (p[len] == '\n');
	}
	return 0;
}

static int write_confs(const struct set *s, unsigned index, struct output *out,
		       struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };
	unsigned from = index * CONFS_PER_MAP;
	struct buf *confs;
	char name[PART_NAME];

	manifest_part_name(s->confs, index, name);
	add_common(s, &v);
	values_text(&v, "name", name);
	confs = values_add(&v, "confs", BLOCK_MAX);
	for (unsigned i = from; i < from + CONFS_PER_MAP && i < s->count; i++)
		if (add_conf(s->in, s->nodes[i], confs, err) < 0)
			return -1;
	return manifest_add(&v, "set-conf", out, s->part, name, err);
}

static void add_keys(const struct set *s, const struct node_identity *n,
		     struct buf *out)
{
	char key[64], password[ROLE_PASSWORD];

	snprintf(key, sizeof(key), "%u.nodekeystore.jks", n->node->ordinal);
	manifest_pair(out, key, n->nodekeystore);
	snprintf(key, sizeof(key), "%u.sslkeystore.jks", n->node->ordinal);
	manifest_pair(out, key, n->sslkeystore);
	snprintf(key, sizeof(key), "%u.database", n->node->ordinal);
	secrets_role_password(s->in->secrets, n->node->database, password);
	manifest_pair(out, key,
		      (struct der){ (uint8_t *)password, strlen(password) });
}

static int add_secret(const struct set *s, struct values *v, const char *name,
		      const struct buf *keys, struct output *out,
		      struct error *err)
{
	const struct secret_manifest m = { "set-keys", s->part, name, name,
					   NULL };

	return manifest_secret(s->in, v, &m, keys, out, err);
}

static int write_keys(const struct set *s, unsigned index, struct output *out,
		      struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };
	unsigned from = index * KEYS_PER_SECRET;
	struct buf *keys;
	char name[PART_NAME];

	manifest_part_name(s->keys, index, name);
	add_common(s, &v);
	values_text(&v, "name", name);
	keys = values_add(&v, "keys", BLOCK_MAX);
	for (unsigned i = from; i < from + KEYS_PER_SECRET && i < s->count; i++)
		add_keys(s, s->nodes[i], keys);
	if (!index)
		manifest_pair(keys, "truststore.jks", s->in->ids->truststore);
	return add_secret(s, &v, name, keys, out, err);
}

static int add_createdb(const struct set *s, const char *mark, struct values *v,
			struct error *err)
{
	values_text(v, "migrated_mark", mark);
	values_yaml(v, "createdb_env", "");
	values_text(v, "database_volume", "data");
	values_text(v, "database_home", "/var/lib/corda");
	return manifest_createdb(s->in, v, err);
}

/* An image of this set's own; in a chart a value. */
static void set_image(const struct set *s, struct values *v, const char *hole,
		      const char *kind, const char *image)
{
	if (s->in->format == GENERATE_HELM)
		chart_set_image(values_add_text(v, hole, VALUE_BYTES_MAX),
				s->first->node->set, kind);
	else
		values_text(v, hole, image);
}

static void add_resources(const struct set *s, struct values *v)
{
	const struct resources *r = &s->in->net->resources;
	struct buf *limits;

	if (s->in->format == GENERATE_HELM) {
		chart_resources(v);
		return;
	}
	values_text(v, "cpu", r->cpu);
	values_text(v, "memory", r->memory);
	limits = values_add(v, "limits", VALUE_BYTES_MAX);
	if (r->cpu_limit) {
		buf_add_str(limits, "cpu: ");
		yaml_quote(limits, r->cpu_limit);
		buf_add_str(limits, "\n");
	}
	buf_add_str(limits, "memory: ");
	yaml_quote(limits, r->memory_limit);
	buf_add_str(limits, "\n");
}

/* A variable of the container; the nodes of a set have the same options. */
static void add_jvm(const struct set *s, struct values *v)
{
	struct buf *jvm = values_add(v, "jvm", VALUE_BYTES_MAX);
	const char *options = jvm_options(s->first->node->jvm);

	if (!*options)
		return;
	buf_add_str(jvm, "- name: _JAVA_OPTIONS\n  value: ");
	yaml_quote(jvm, options);
	buf_add_str(jvm, "\n");
}

/* For which images the tables were made, as a word of a shell. */
static void add_mark(const struct set *s, struct buf *out)
{
	if (s->in->format != GENERATE_HELM) {
		buf_addf(out, "'%s %s'", s->release->image,
			 s->release->cordapps_image);
		return;
	}
	buf_add_str(out, "'");
	chart_set_image(out, s->first->node->set, "node");
	buf_add_str(out, " ");
	chart_set_image(out, s->first->node->set, "cordapps");
	buf_add_str(out, "'");
}

/* Releases that make their tables themselves have no such init container. */
static int add_migration(const struct set *s, struct values *v,
			 struct error *err)
{
	const struct migration *m =
		migration_for(s->in->migrations, s->release->platform);
	struct buf *mark;

	if (values_block(v, "node_env", "generate/manifests/node-env.yaml",
			 err) < 0)
		return -1;
	if (!m) {
		values_yaml(v, "migrate", "");
		return 0;
	}
	mark = values_add(v, "mark", VALUE_BYTES_MAX);
	add_mark(s, mark);
	buf_addf(values_add(v, "words", VALUE_BYTES_MAX), "%s %s", m->after,
		 m->insert);
	return values_block(v, "migrate", "generate/manifests/migrate.yaml",
			    err);
}

/* What all need is there at once. Banks state none, so that a second apply does
 * not change how many are running. */
static void add_replicas(const struct set *s, struct values *v)
{
	struct buf *replicas = values_add(v, "replicas", VALUE_BYTES_MAX);

	if (s->in->format == GENERATE_HELM)
		chart_replicas(replicas, s->first->node->set);
	else if (s->notary)
		buf_addf(replicas, "replicas: %u\n", s->count);
}

/* In the middle of a rollout: who has the template's release. */
static void add_strategy(const struct set *s, struct values *v)
{
	struct buf *strategy = values_add(v, "strategy", VALUE_BYTES_MAX);

	if (s->rollout.partition)
		buf_addf(strategy,
			 "updateStrategy:\n  rollingUpdate:\n"
			 "    partition: %u\n",
			 s->rollout.partition);
}

/* For people: nothing where they are too many for an annotation. */
static int add_names(const struct set *s, struct values *v, struct error *err)
{
	cleanup(buf_release) struct buf names = BUF_INIT(VALUE_BYTES_MAX);

	for (unsigned i = 0; i < s->count; i++)
		buf_addf(&names, "%s%s", i ? "," : "", s->nodes[i]->node->name);
	if (names.no_memory)
		return error_nomem(err);
	values_text(v, "nodes", names.failed ? "" : buf_text(&names));
	return 0;
}

/* Files of a generated identity, and how a pod takes its own. */
static int add_files(const struct set *s, struct values *v, struct error *err)
{
	unsigned nodes = s->in->ids->node_count;
	char infos[OBJECT_NAME];

	manifest_volumes(v, "conf_mounts", "conf_volumes", "conf", s->confs,
			 manifest_parts(s->count, CONFS_PER_MAP), false);
	manifest_volumes(v, "key_mounts", "key_volumes", "keys", s->keys,
			 manifest_parts(s->count, KEYS_PER_SECRET), true);
	manifest_volumes(v, "info_mounts", "info_volumes", "node-infos",
			 network_object(s->in->net, "node-infos", infos),
			 manifest_parts(nodes, INFOS_PER_MAP), false);
	if (values_block(v, "boot", "generate/manifests/set-boot.yaml", err) <
		    0 ||
	    values_block(v, "infos", "generate/manifests/set-infos.yaml", err) <
		    0)
		return -1;
	return values_block(v, "file_volumes",
			    "generate/manifests/set-volumes.yaml", err);
}

/* A node whose identity was generated. */
static int add_static(const struct set *s, struct values *v, struct error *err)
{
	set_image(s, v, "image", "node", s->release->image);
	values_number(v, "startup_tries", 300);
	if (add_files(s, v, err) < 0 || add_migration(s, v, err) < 0)
		return -1;
	return values_block(v, "process", "generate/manifests/set-process.yaml",
			    err);
}

/* Whether the nodes share a key beside those that they make themselves. */
static bool shares_key(const struct set *s)
{
	return s->in->net->identity == IDENTITY_DOORMAN &&
	       s->first->node->service;
}

/* Nodes of a cluster have the doorman certify the key that they share. */
static int add_service_key(const struct set *s, struct values *v,
			   struct error *err)
{
	if (!shares_key(s)) {
		values_yaml(v, "boot", "");
		values_yaml(v, "file_volumes", "");
		return 0;
	}
	values_text(v, "service_name", s->first->node->service);
	manifest_image(s->in, v, "doorman_image", "doorman",
		       s->in->net->doorman_image);
	manifest_volumes(v, "key_mounts", "file_volumes", "keys", s->keys, 1,
			 true);
	return values_block(v, "boot", "generate/manifests/set-service.yaml",
			    err);
}

static int write_service_key(const struct set *s, struct output *out,
			     struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };
	cleanup(key_freep) struct key *key = NULL;
	uint8_t secret[SECRET_BYTES];
	struct buf *keys;

	secrets_derive(s->in->secrets, s->first->node->service, secret);
	if (key_from_secret(secret, &key, err) < 0)
		return -1;
	add_common(s, &v);
	values_text(&v, "name", s->keys);
	keys = values_add(&v, "keys", BLOCK_MAX);
	manifest_pair(keys, "service.key", key_pkcs8(key));
	return add_secret(s, &v, s->keys, keys, out, err);
}

/* A node that registers itself; it may have to wait for its approval. */
static int add_registering(const struct set *s, struct values *v,
			   struct error *err)
{
	static const char *const none[] = { "infos", "migrate" };

	set_image(s, v, "image", "node", s->release->notary_image);
	values_number(v, "startup_tries", 1800);
	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		values_yaml(v, none[i], "");
	if (add_service_key(s, v, err) < 0 ||
	    registration_write(
		    s->in->registration, s->in->net, s->nodes[s->count - 1],
		    values_add(v, "registration", VALUE_BYTES_MAX), err) < 0)
		return -1;
	return values_block(v, "process",
			    "generate/manifests/registers-process.yaml", err);
}

/* How many of the nodes the network can do without: some of a notary's. */
static unsigned spare_nodes(const struct set *s)
{
	if (!s->notary || !s->first->node->cluster)
		return 0;
	return s->count - network_notary_needs(s->first->node, s->count);
}

static int write_set(const struct set *s, struct output *out, struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };
	const bool registers = s->in->net->identity == IDENTITY_DOORMAN;
	int rc;

	add_common(s, &v);
	values_text(&v, "release", s->release->label);
	set_image(s, &v, "cordapps_image", "cordapps",
		  s->release->cordapps_image);
	if (add_names(s, &v, err) < 0)
		return -1;
	add_replicas(s, &v);
	add_strategy(s, &v);
	add_resources(s, &v);
	add_jvm(s, &v);
	rc = registers ? add_registering(s, &v, err) : add_static(s, &v, err);
	if (rc < 0 ||
	    add_createdb(s, registers ? "migrated" : ".migrated", &v, err) < 0)
		return -1;
	if (manifest_add(&v, "set", out, s->part, s->first->node->set, err) < 0)
		return -1;
	return manifest_budget(s->in, s->part, s->first->node->set,
			       spare_nodes(s), out, err);
}

int manifests_write_set(const struct manifest_input *in,
			const struct node_identity *first, struct output *out,
			struct error *err)
{
	cleanup(set_release) struct set s = { .nodes = NULL };

	if (set_init(&s, in, first, err) < 0 || write_set(&s, out, err) < 0)
		return -1;
	if (shares_key(&s))
		return write_service_key(&s, out, err);
	if (in->net->identity == IDENTITY_DOORMAN)
		return 0;
	for (unsigned i = 0; i < manifest_parts(s.count, CONFS_PER_MAP); i++)
		if (write_confs(&s, i, out, err) < 0)
			return -1;
	for (unsigned i = 0; i < manifest_parts(s.count, KEYS_PER_SECRET); i++)
		if (write_keys(&s, i, out, err) < 0)
			return -1;
	return 0;
}

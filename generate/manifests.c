/* SPDX-License-Identifier: Apache-2.0 */
/* manifests.c - what a cluster, or podman, is told to run. */
#include "generate/manifests.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "data/base64.h"
#include "data/yaml.h"
#include "generate/template.h"

enum {
	BLOCK_MAX = 64 * 1024 * 1024,
	VALUE_MAX = 4096,
	CONNECTIONS_PER_NODE = 10, /* the pool of a node, on every release */
	CONNECTIONS_OF_MEDLEY = 30
};

/* A file's template is filled from a handful of values made for it. */
struct values {
	struct hole holes[16];
	struct buf texts[16];
	size_t count;
};

static void values_release(struct values *v)
{
	for (size_t i = 0; i < v->count; i++)
		buf_release(&v->texts[i]);
}

/* The buffer for the value of a hole; its text may still grow. */
static struct buf *add_value(struct values *v, const char *name, size_t max)
{
	struct buf *b = &v->texts[v->count];

	buf_init(b, max);
	v->holes[v->count++].name = name;
	return b;
}

static void add_quoted(struct values *v, const char *name, const char *text)
{
	yaml_quote(add_value(v, name, VALUE_MAX), text ? text : "");
}

static void add_plain(struct values *v, const char *name, const char *text)
{
	buf_add_str(add_value(v, name, VALUE_MAX), text);
}

static void add_number(struct values *v, const char *name, unsigned number)
{
	buf_addf(add_value(v, name, VALUE_MAX), "%u", number);
}

static void add_base64(struct values *v, const char *name, const void *bytes,
		       size_t len)
{
	base64_encode(bytes, len, add_value(v, name, BLOCK_MAX));
}

static int fill(struct values *v, const char *template, struct buf *out,
		struct error *err)
{
	for (size_t i = 0; i < v->count; i++) {
		if (buf_check(&v->texts[i], err) < 0)
			return error_wrap(err, "%s", v->holes[i].name);
		v->holes[i].value = buf_text(&v->texts[i]);
	}
	return template_fill_file(template, v->holes, v->count, out, err);
}

/* "node-infos", then "node-infos-1" …: 200 nodes each. */
static void info_map_name(unsigned index, char ret[32])
{
	if (index)
		snprintf(ret, 32, "node-infos-%u", index);
	else
		snprintf(ret, 32, "node-infos");
}

static unsigned info_map_count(const struct identities *ids)
{
	return (ids->node_count + INFOS_PER_MAP - 1) / INFOS_PER_MAP;
}

static void add_pair(struct buf *out, const char *key, struct der value)
{
	buf_addf(out, "%s: ", key);
	base64_encode(value.bytes, value.len, out);
	buf_add_str(out, "\n");
}

static int write_info_map(const struct manifest_input *in, unsigned index,
			  struct buf *out, struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };
	unsigned end = (index + 1) * INFOS_PER_MAP;
	struct buf *infos;
	char name[32];

	info_map_name(index, name);
	add_plain(&v, "name", name);
	add_plain(&v, "namespace", in->net->namespace);
	add_quoted(&v, "run", in->run_id);
	infos = add_value(&v, "infos", BLOCK_MAX);
	for (unsigned i = index * INFOS_PER_MAP;
	     i < end && i < in->ids->node_count; i++)
		add_pair(infos, in->ids->nodes[i].info_name,
			 in->ids->nodes[i].info);
	return fill(&v, "generate/manifests/node-infos.yaml", out, err);
}

int manifests_write_network(const struct manifest_input *in, struct buf *out,
			    struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };
	const struct secrets *s = in->secrets;

	add_plain(&v, "namespace", in->net->namespace);
	add_quoted(&v, "run", in->run_id);
	add_base64(&v, "rpc_password", s->rpc_password,
		   strlen(s->rpc_password));
	add_base64(&v, "database_password", s->database_password,
		   strlen(s->database_password));
	add_base64(&v, "network_parameters", in->ids->network_parameters.bytes,
		   in->ids->network_parameters.len);
	add_quoted(&v, "database_image", in->net->database_image);
	add_plain(&v, "database_user", s->database_user);
	add_number(&v, "max_connections",
		   CONNECTIONS_PER_NODE * in->ids->node_count +
			   CONNECTIONS_OF_MEDLEY);
	if (fill(&v, "generate/manifests/network.yaml", out, err) < 0)
		return -1;
	for (unsigned i = 0; i < info_map_count(in->ids); i++) {
		if (write_info_map(in, i, out, err) < 0)
			return -1;
	}
	return 0;
}

/* node-<ordinal>.conf as a block, each of its lines indented. */
static int add_conf(const struct manifest_input *in,
		    const struct node_identity *n, struct buf *out,
		    struct error *err)
{
	cleanup(buf_release) struct buf conf = BUF_INIT(64 * 1024);

	if (node_conf_write(in->rules, n->node, n->platform, &conf, err) < 0)
		return -1;
	buf_addf(out, "node-%u.conf: |\n", n->node->ordinal);
	for (const char *p = buf_text(&conf); *p;) {
		size_t len = strcspn(p, "\n");

		buf_addf(out, "%s%.*s\n", len ? "  " : "", (int)len, p);
		p += len + (p[len] == '\n');
	}
	return 0;
}

static void add_keys(const struct node_identity *n, struct buf *out)
{
	char key[64];

	snprintf(key, sizeof(key), "%u.nodekeystore.jks", n->node->ordinal);
	add_pair(out, key, n->nodekeystore);
	snprintf(key, sizeof(key), "%u.sslkeystore.jks", n->node->ordinal);
	add_pair(out, key, n->sslkeystore);
}

static bool same_set(const struct node_identity *a,
		     const struct node_identity *b)
{
	return !strcmp(a->node->set, b->node->set);
}

/* What each node of the set has of its own; `replicas` is their number. */
static int add_nodes(const struct manifest_input *in,
		     const struct node_identity *first, struct values *v,
		     struct error *err)
{
	struct buf *confs = add_value(v, "confs", BLOCK_MAX);
	struct buf *keys = add_value(v, "keys", BLOCK_MAX);
	cleanup(buf_release) struct buf names = BUF_INIT(VALUE_MAX * 16);
	unsigned replicas = 0;

	for (unsigned i = 0; i < in->ids->node_count; i++) {
		const struct node_identity *n = &in->ids->nodes[i];

		if (!same_set(n, first))
			continue;
		if (add_conf(in, n, confs, err) < 0)
			return -1;
		add_keys(n, keys);
		buf_addf(&names, "%s%s", replicas++ ? "," : "", n->node->name);
	}
	add_pair(keys, "truststore.jks", in->ids->truststore);
	if (buf_check(&names, err) < 0)
		return -1;
	yaml_quote(add_value(v, "nodes", VALUE_MAX * 32), buf_text(&names));
	add_number(v, "replicas", replicas);
	return 0;
}

/* Every ConfigMap of node infos is a volume of its own. */
static void add_info_volumes(const struct identities *ids, struct values *v)
{
	struct buf *volumes = add_value(v, "info_volumes", BLOCK_MAX);
	struct buf *mounts = add_value(v, "info_mounts", BLOCK_MAX);
	char name[32];

	for (unsigned i = 0; i < info_map_count(ids); i++) {
		info_map_name(i, name);
		buf_addf(volumes, "- name: %s\n  configMap:\n    name: %s\n",
			 name, name);
		buf_addf(mounts,
			 "- name: %s\n  mountPath: /boot/%s\n"
			 "  readOnly: true\n",
			 name, name);
	}
}

int manifests_write_set(const struct manifest_input *in,
			const struct node_identity *first, struct buf *out,
			struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };
	const struct release *release =
		&in->net->releases[first->node->release];

	add_plain(&v, "set", first->node->set);
	add_plain(&v, "namespace", in->net->namespace);
	add_quoted(&v, "run", in->run_id);
	add_quoted(&v, "release", release->label);
	add_quoted(&v, "image", release->image);
	add_quoted(&v, "cordapps_image", release->cordapps_image);
	add_info_volumes(in->ids, &v);
	if (add_nodes(in, first, &v, err) < 0)
		return -1;
	return fill(&v, "generate/manifests/set.yaml", out, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* chart_files.c - the files that only a chart of Helm has. */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/version.h"
#include "data/keys.h"
#include "data/yaml.h"
#include "generate/chart.h"
#include "run/rollout.h"
#include "sys/file.h"
#include "sys/home.h"

enum { FILE_MAX = 4 * 1024 * 1024 };

/* ---- values.yaml ---- */

static void add_text(struct buf *out, const char *before, const char *text)
{
	buf_add_str(out, before);
	yaml_quote(out, text ? text : "");
	buf_add_str(out, "\n");
}

static void add_images(const struct manifest_input *in, struct buf *out)
{
	const struct network *net = in->net;
	const bool registers = net->identity == IDENTITY_DOORMAN;
	const struct {
		const char *key, *image;
	} images[] = { { "  database: ", net->database_image },
		       { "  driver: ", net->driver_image },
		       { "  healthcheck: ", net->health_image },
		       { "  doorman: ",
			 registers ? net->doorman_image : NULL } };

	buf_add_str(out, "images:\n");
	add_text(out, "  pullPolicy: ", net->extras.image_pull_policy);
	buf_add_str(out, "  # Secrets with the login to the registry.\n");
	if (in->login)
		buf_addf(out, "  pullSecrets: [{name: %sregsecret}]\n",
			 network_prefix(net));
	else
		buf_add_str(out, "  pullSecrets: []\n");
	for (size_t i = 0; i < ARRAY_SIZE(images); i++)
		if (images[i].image)
			add_text(out, images[i].key, images[i].image);
	buf_add_str(out, "  nodes: # of each StatefulSet\n");
	for (unsigned i = 0; i < in->ids->node_count; i++) {
		const char *set = in->ids->nodes[i].node->set;
		const struct release *r;

		if (!identities_lead(in->ids, i))
			continue;
		r = &net->releases[rollout_of(net, set).last->release];
		buf_addf(out, "    %s:\n", set);
		add_text(out, "      node: ",
			 registers ? r->notary_image : r->image);
		add_text(out, "      cordapps: ", r->cordapps_image);
	}
}

static void add_replicas(const struct identities *ids, struct buf *out)
{
	buf_add_str(out, "# Number of nodes that run, for each StatefulSet.\n"
			 "replicas:\n");
	for (unsigned i = 0; i < ids->node_count; i++) {
		const struct network_node *n = ids->nodes[i].node;
		unsigned nodes = 0;

		if (!identities_lead(ids, i))
			continue;
		while (i + nodes < ids->node_count &&
		       !strcmp(ids->nodes[i + nodes].node->set, n->set))
			nodes++;
		buf_addf(out, "  %s: %u\n", n->set,
			 n->role == NODE_NOTARY ? nodes : 0);
	}
}

static void add_resources(const struct network *net, struct buf *out)
{
	const struct resources *r = &net->resources;

	buf_add_str(out, "# Resources of a node's container.\n"
			 "resources:\n"
			 "  requests:\n");
	add_text(out, "    cpu: ", r->cpu);
	add_text(out, "    memory: ", r->memory);
	buf_add_str(out, "  limits:\n");
	add_text(out, "    cpu: ", r->cpu_limit);
	add_text(out, "    memory: ", r->memory_limit);
	buf_add_str(out, "# Ephemeral storage of each container of every pod.\n"
			 "ephemeralStorage:\n");
	add_text(out, "  request: ", r->ephemeral_storage);
	add_text(out, "  limit: ", r->ephemeral_storage_limit);
	buf_add_str(out,
		    "# Storage of each volume; without className the cluster's "
		    "default.\n"
		    "storage:\n");
	add_text(out, "  className: ", net->storage_class);
	add_text(out, "  size: ", r->storage);
}

static void add_pairs(struct buf *out, const char *key,
		      const struct key_pair *pairs, unsigned count)
{
	buf_addf(out, "%s:%s\n", key, count ? "" : " {}");
	for (unsigned i = 0; i < count; i++) {
		buf_add_str(out, "  ");
		yaml_quote(out, pairs[i].name);
		add_text(out, ": ", pairs[i].value);
	}
}

static void add_extras(const struct kubernetes_extras *e, struct buf *out)
{
	buf_add_str(out, "# Labels and annotations of all objects and pods, "
			 "beside medley's own.\n");
	add_pairs(out, "labels", e->labels, e->label_count);
	add_pairs(out, "annotations", e->annotations, e->annotation_count);
	buf_add_str(out, "# Scheduling of the pods.\n");
	add_pairs(out, "nodeSelector", e->node_selector, e->selector_count);
	buf_add_str(out, e->toleration_count ? "" : "tolerations: []\n");
	manifest_tolerations(e, out);
	add_text(out, "priorityClassName: ", e->priority_class);
	buf_addf(out,
		 "# See docs/how-to/shared-cluster.md of medley.\n"
		 "networkPolicy: %s\n"
		 "disruptionBudget: %s\n",
		 e->network_policy ? "true" : "false",
		 e->disruption_budget ? "true" : "false");
}

static int write_values(const struct manifest_input *in, struct output *out,
			struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(FILE_MAX);

	buf_add_str(&text,
		    "# true if nothing else creates the namespace, as with "
		    "`helm template`.\n"
		    "createNamespace: false\n");
	add_images(in, &text);
	add_replicas(in->ids, &text);
	add_resources(in->net, &text);
	add_extras(&in->net->extras, &text);
	buf_add_str(&text, "# Keys and passwords: the values in "
			   ".medley/secrets.yaml (-f). Without them the\n"
			   "# Secrets must already be in the namespace.\n"
			   "secrets: {}\n");
	return output_file(out, "values.yaml", &text, err);
}

/* ---- Secrets ---- */

int chart_secret(struct buf *secret_values, const struct secret_manifest *m,
		 const struct buf *keys, struct error *err)
{
	buf_addf(secret_values, "  %s:\n", m->name);
	if (m->type)
		add_text(secret_values, "    type: ", m->type);
	buf_add_str(secret_values, "    data:\n");
	for (const char *p = buf_text(keys); *p;) {
		size_t len = strcspn(p, "\n");

		buf_addf(secret_values, "      %.*s\n", (int)len, p);
		p += len + (p[len] == '\n');
	}
	return buf_check(secret_values, err);
}

static int write_secrets(const struct manifest_input *in, struct output *out,
			 struct error *err)
{
	cleanup(buf_release) struct buf text =
		BUF_INIT(in->secret_values->max + FILE_MAX);

	buf_add_str(&text,
		    "# Keys and passwords of the network: values for its "
		    "chart (helm install -f).\n"
		    "secrets:\n");
	buf_add(&text, in->secret_values->data, in->secret_values->len);
	return output_file(out, ".medley/secrets.yaml", &text, err);
}

/* ---- helm test ---- */

/* By the health check, if there is one; else whether the database answers. */
static void add_test(const struct manifest_input *in, struct buf *out)
{
	const struct external_database *e = &in->net->external;

	if (in->net->health_image) {
		buf_addf(out,
			 "image: \"{{ .Values.images.healthcheck }}\"\n"
			 "env:\n"
			 "  - name: RPC_PASSWORD\n"
			 "    valueFrom:\n"
			 "      secretKeyRef:\n"
			 "        name: %smedley-passwords\n"
			 "        key: rpc-password\n"
			 "args:\n"
			 "- health\n"
			 "- --seconds\n"
			 "- \"300\"\n",
			 network_prefix(in->net));
		manifest_targets(in, out);
		return;
	}
	buf_addf(out,
		 "image: \"{{ .Values.images.database }}\"\n"
		 "command: [/usr/lib/postgresql/15/bin/pg_isready]\n"
		 "args: [-t, \"60\", -h, \"%s\", -p, \"%d\"]\n",
		 e->host ? e->host : in->net->database_set,
		 e->host ? e->port : DATABASE_PORT);
}

static int write_test(const struct manifest_input *in, struct output *out,
		      struct error *err)
{
	cleanup(values_release) struct values v = { .count = 0 };
	cleanup(buf_release) struct buf text = BUF_INIT(FILE_MAX);

	manifest_common(in, &v);
	add_test(in, values_add(&v, "test", VALUE_BYTES_MAX));
	if (values_fill(&v, "generate/chart/test.yaml", &text, err) < 0)
		return -1;
	return output_add(out, "tests", "test.yaml", &text, err);
}

/* ---- the rest ---- */

/* The file, behind a first line. */
static int copy(struct output *out, const char *first, const char *name,
		const char *to, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(FILE_MAX);
	char path[PATH_ROOM];

	buf_add_str(&text, first);
	if (file_read(home_path(path, name), &text, err) < 0)
		return -1;
	return output_file(out, to, &text, err);
}

static int write_chart(struct output *out, struct error *err)
{
	cleanup(buf_release) struct buf chart = BUF_INIT(1024);

	buf_addf(&chart,
		 "apiVersion: v2\n"
		 "name: medley\n"
		 "description: Corda nodes of several releases in one network\n"
		 "type: application\n"
		 "version: %s\n"
		 "appVersion: \"%s\"\n",
		 medley_version, medley_version);
	return output_file(out, "Chart.yaml", &chart, err);
}

int chart_write(const struct manifest_input *in, struct output *out,
		struct error *err)
{
	/* Keys of the generation lie in the chart's directory. */
	static const char hidden[] = ".medley/\n";
	cleanup(buf_release) struct buf ignore = BUF_INIT(64);
	char prefix[OBJECT_NAME];

	snprintf(prefix, sizeof(prefix), "{{- $prefix := \"%s\" }}\n",
		 network_prefix(in->net));
	buf_add_str(&ignore, hidden);
	if (output_file(out, ".helmignore", &ignore, err) < 0 ||
	    write_chart(out, err) < 0 || write_values(in, out, err) < 0 ||
	    copy(out, "", "generate/chart/values.schema.json",
		 "values.schema.json", err) < 0 ||
	    copy(out, prefix, "generate/chart/secrets.yaml",
		 "templates/secrets.yaml", err) < 0 ||
	    write_test(in, out, err) < 0)
		return -1;
	return write_secrets(in, out, err);
}

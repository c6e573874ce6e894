/* SPDX-License-Identifier: Apache-2.0 */
/* manifest_parts.c - what the files that write manifests have in common. */
#include "generate/manifest_parts.h"

#include <stdio.h>

#include "base/cleanup.h"
#include "data/base64.h"
#include "data/yaml.h"
#include "generate/chart.h"

enum { MANIFEST_MAX = 16 * 1024 * 1024, BLOCK_MAX = 4 * 1024 * 1024 };

void manifest_common(const struct manifest_input *in, struct values *v)
{
	const struct network *net = in->net;
	char room[OBJECT_NAME];
	struct buf *class, *pull;

	values_text(v, "prefix", network_prefix(net));
	values_text(v, "run", in->run);
	values_text(v, "database_secret",
		    net->external.host && net->external.secret
			    ? net->external.secret
			    : network_object(net, "medley-passwords", room));
	if (in->format == GENERATE_HELM) {
		chart_common(v);
		return;
	}
	values_text(v, "namespace", net->namespace);
	pull = values_add(v, "pull_secret", VALUE_BYTES_MAX);
	if (in->login)
		buf_addf(pull, "imagePullSecrets:\n  - name: %s\n",
			 network_object(net, "regsecret", room));
	class = values_add(v, "storage_class", VALUE_BYTES_MAX);
	if (net->storage_class) {
		buf_add_str(class, "storageClassName: ");
		yaml_quote(class, net->storage_class);
		buf_add_str(class, "\n");
	}
	values_text(v, "storage", net->resources.storage);
	manifest_extras(net, v);
}

void manifest_run_label(const struct manifest_input *in, struct buf *out)
{
	yaml_quote(out, in->run);
}

bool manifest_wants(const struct manifest_input *in, bool setting)
{
	return setting || in->format == GENERATE_HELM;
}

void manifest_begin_if(const struct manifest_input *in, const char *value,
		       struct buf *out)
{
	if (in->format == GENERATE_HELM)
		buf_addf(out, "{{- if .Values.%s }}\n", value);
}

void manifest_end_if(const struct manifest_input *in, struct buf *out)
{
	if (in->format == GENERATE_HELM)
		buf_add_str(out, "{{- end }}\n");
}

int manifest_createdb(const struct manifest_input *in, struct values *v,
		      struct error *err)
{
	const struct external_database *e = &in->net->external;
	char port[16];

	snprintf(port, sizeof(port), "%d", e->host ? e->port : DATABASE_PORT);
	values_text(v, "database_host",
		    e->host ? e->host : in->net->database_set);
	values_text(v, "database_port", port);
	manifest_image(in, v, "database_image", "database",
		       in->net->database_image);
	return values_block(v, "createdb", "generate/manifests/createdb.yaml",
			    err);
}

int manifest_add(struct values *v, const char *template, struct output *out,
		 const char *part, const char *name, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(MANIFEST_MAX);
	char file[PART_NAME + 8], path[128];

	snprintf(path, sizeof(path), "generate/manifests/%s.yaml", template);
	snprintf(file, sizeof(file), "%s.yaml", name);
	if (values_fill(v, path, &text, err) < 0)
		return -1;
	return output_add(out, part, file, &text, err);
}

int manifest_secret(const struct manifest_input *in, struct values *v,
		    const struct secret_manifest *m, const struct buf *keys,
		    struct output *out, struct error *err)
{
	if (in->format == GENERATE_HELM)
		return chart_secret(in->secret_values, m, keys, err);
	return manifest_add(v, m->template, out, m->part, m->file, err);
}

void manifest_image(const struct manifest_input *in, struct values *v,
		    const char *hole, const char *key, const char *image)
{
	if (in->format == GENERATE_HELM)
		buf_addf(values_add_text(v, hole, VALUE_BYTES_MAX),
			 "{{ .Values.images.%s }}", key);
	else
		values_text(v, hole, image);
}

void manifest_part_name(const char *stem, unsigned index, char ret[PART_NAME])
{
	if (index)
		snprintf(ret, PART_NAME, "%s-%u", stem, index);
	else
		snprintf(ret, PART_NAME, "%s", stem);
}

unsigned manifest_parts(unsigned count, unsigned each)
{
	return (count + each - 1) / each;
}

void manifest_pair(struct buf *out, const char *key, struct der value)
{
	buf_addf(out, "%s: \"", key);
	base64_encode(value.bytes, value.len, out);
	buf_add_str(out, "\"\n");
}

void manifest_volumes(struct values *v, const char *mounts_hole,
		      const char *volumes_hole, const char *volume,
		      const char *stem, unsigned parts, bool secret)
{
	struct buf *mounts = values_add(v, mounts_hole, BLOCK_MAX);
	struct buf *volumes = values_add(v, volumes_hole, BLOCK_MAX);
	char name[PART_NAME], object[PART_NAME];

	for (unsigned i = 0; i < parts; i++) {
		manifest_part_name(volume, i, name);
		manifest_part_name(stem, i, object);
		buf_addf(mounts,
			 "- name: %s\n  mountPath: /boot/%s\n"
			 "  readOnly: true\n",
			 name, name);
		buf_addf(volumes, "- name: %s\n", name);
		if (secret)
			buf_addf(volumes,
				 "  secret:\n    secretName: %s\n"
				 "    defaultMode: 0440\n",
				 object);
		else
			buf_addf(volumes, "  configMap:\n    name: %s\n",
				 object);
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/* manifest_extras.c - what network.yaml adds to all objects and pods. */
#include "data/keys.h"
#include "generate/manifest_parts.h"
#include "run/engine_names.h"

/* Podman runs pods on this machine, from images that no registry has. */
static const struct kubernetes_extras nothing = { .image_pull_policy =
							  "IfNotPresent" };
static const struct resources no_resources = { .ephemeral_storage = NULL };

/* "key": "value", a line, with blanks before it. */
static void add_line(struct buf *out, const char *blanks, const char *key,
		     const char *value)
{
	buf_add_str(out, blanks);
	yaml_quote(out, key);
	buf_add_str(out, ": ");
	yaml_quote(out, value);
	buf_add_str(out, "\n");
}

/* The pairs, below a key of their own if there is one. */
static void add_pairs(struct buf *out, const char *key,
		      const struct key_pair *pairs, unsigned count)
{
	if (key && count)
		buf_addf(out, "%s:\n", key);
	for (unsigned i = 0; i < count; i++)
		add_line(out, key ? "  " : "", pairs[i].name, pairs[i].value);
}

static void add_toleration(struct buf *out, const struct toleration *t)
{
	const struct {
		const char *key, *text;
	} members[] = { { "key", t->key },
			{ "value", t->value },
			{ "effect", t->effect } };

	buf_addf(out, "  - operator: %s\n", t->op);
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (members[i].text)
			add_line(out, "    ", members[i].key, members[i].text);
	if (t->seconds)
		buf_addf(out, "    tolerationSeconds: %d\n", t->seconds);
}

void manifest_tolerations(const struct kubernetes_extras *e, struct buf *out)
{
	if (e->toleration_count)
		buf_add_str(out, "tolerations:\n");
	for (unsigned i = 0; i < e->toleration_count; i++)
		add_toleration(out, &e->tolerations[i]);
}

/* Where pods run, and which of them first. */
static void add_scheduling(const struct kubernetes_extras *e, struct buf *out)
{
	add_pairs(out, "nodeSelector", e->node_selector, e->selector_count);
	manifest_tolerations(e, out);
	if (e->priority_class)
		add_line(out, "", "priorityClassName", e->priority_class);
}

static void add_quantity(struct values *v, const char *hole, const char *text)
{
	struct buf *out = values_add(v, hole, VALUE_BYTES_MAX);

	if (text)
		add_line(out, "", "ephemeral-storage", text);
}

const struct kubernetes_extras *manifest_extras_of(const struct network *net)
{
	return engine_is_cluster(net->engine) ? &net->extras : &nothing;
}

void manifest_extras(const struct network *net, struct values *v)
{
	const struct kubernetes_extras *e = manifest_extras_of(net);
	const struct resources *r =
		e == &net->extras ? &net->resources : &no_resources;

	add_pairs(values_add(v, "labels", VALUE_BYTES_MAX), NULL, e->labels,
		  e->label_count);
	add_pairs(values_add(v, "annotations", VALUE_BYTES_MAX), "annotations",
		  e->annotations, e->annotation_count);
	add_pairs(values_add(v, "annotation_lines", VALUE_BYTES_MAX), NULL,
		  e->annotations, e->annotation_count);
	add_scheduling(e, values_add(v, "scheduling", VALUE_BYTES_MAX));
	values_text(v, "pull_policy", e->image_pull_policy);
	add_quantity(v, "more_requests", r->ephemeral_storage);
	add_quantity(v, "more_limits", r->ephemeral_storage_limit);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* network_cluster.c - checks the keys of network.yaml that clusters follow. */
#include <string.h>

#include "base/cleanup.h"
#include "run/network_labels.h"
#include "run/network_layout.h"
#include "run/network_names.h"

/* ---- quantities and names ---- */

static int check_quantity(struct layout *l, const char *key, const char *text)
{
	const struct yaml_node *map = layout_place(l, NULL, "resources");

	if (!text || quantity_valid(text))
		return 0;
	return COMPLAIN(l, layout_place(l, map, key),
			"%s: expected a quantity such as 500m, 2 or 512Mi, "
			"not '%s'",
			key, text);
}

static int check_resources(struct layout *l)
{
	const struct resources *r = &l->net->resources;
	const struct {
		const char *key, *text;
	} all[] = { { "cpu", r->cpu },
		    { "memory", r->memory },
		    { "cpu_limit", r->cpu_limit },
		    { "memory_limit", r->memory_limit },
		    { "storage", r->storage },
		    { "ephemeral_storage", r->ephemeral_storage },
		    { "ephemeral_storage_limit", r->ephemeral_storage_limit } };

	int rc = 0;

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (layout_stops(l, check_quantity(l, all[i].key, all[i].text),
				 &rc))
			return -1;
	return rc;
}

/* The name of an object; `map` is where the key is. */
static int check_name(struct layout *l, const struct yaml_node *map,
		      const char *key, const char *name, const char *what)
{
	if (!name || name_is_dns_subdomain(name))
		return 0;
	return COMPLAIN(l, layout_place(l, map, key),
			"%s: expected the name of a %s, not '%s'", key, what,
			name);
}

static int check_prefix(struct layout *l, const struct yaml_node *map)
{
	const char *prefix = l->net->extras.prefix;

	if (!prefix || !*prefix || name_is_prefix(prefix))
		return 0;
	return COMPLAIN(l, layout_place(l, map, "prefix"),
			"prefix: expected at most %d lower-case letters, "
			"digits and '-', a letter first and '-' last, such as "
			"red-, not '%.80s'",
			NAME_PREFIX_MAX, prefix);
}

/* ---- labels, annotations, tolerations ---- */

/* Where the name of a pair stands. */
static const struct yaml_node *place_of(const struct yaml_node *map, size_t at)
{
	return map && map->type == YAML_MAP ? map->keys[at] : map;
}

static int check_pair(struct layout *l, const char *key,
		      const struct yaml_node *at, const char *name)
{
	if (!label_key_valid(name))
		return COMPLAIN(l, at,
				"%s: expected a name of letters, digits and "
				"'-._', at most 63, such as team or "
				"example.com/team, not '%.80s'",
				key, name);
	return 0;
}

static int check_own(struct layout *l, const char *key,
		     const struct yaml_node *at, const char *name)
{
	if (!label_is_medleys(name))
		return 0;
	return COMPLAIN(l, at,
			"%s: medley sets '%.80s' itself; use another "
			"name",
			key, name);
}

static int check_label_value(struct layout *l, const char *key,
			     const struct yaml_node *at,
			     const struct key_pair *pair)
{
	if (label_value_valid(pair->value))
		return 0;
	return COMPLAIN(l, at,
			"%s: %s: expected at most 63 letters, digits and "
			"'-._', the first and last a letter or digit, not "
			"'%.80s'",
			key, pair->name, pair->value);
}

static int check_pairs(struct layout *l, const char *key,
		       const struct key_pair *pairs, unsigned count,
		       bool labels, bool own)
{
	const struct yaml_node *map =
		yaml_get(yaml_get(l->file.documents[0], "kubernetes"), key);
	size_t bytes = 0;

	for (unsigned i = 0; i < count; i++) {
		const struct yaml_node *at = place_of(map, i);

		if (check_pair(l, key, at, pairs[i].name) < 0 ||
		    (own && check_own(l, key, at, pairs[i].name) < 0) ||
		    (labels &&
		     check_label_value(l, key, map ? map->items[i] : NULL,
				       &pairs[i]) < 0))
			return -1;
		bytes += strlen(pairs[i].name) + strlen(pairs[i].value);
	}
	if (bytes <= PAIRS_BYTES_MAX)
		return 0;
	return COMPLAIN(l, map, "%s: %zu bytes in all; expected at most %d",
			key, bytes, PAIRS_BYTES_MAX);
}

static int check_toleration(struct layout *l, const struct toleration *t,
			    const struct yaml_node *at)
{
	bool exists = !strcmp(t->op, "Exists");

	if (t->key && !label_key_valid(t->key))
		return check_pair(l, "key", layout_place(l, at, "key"), t->key);
	if (!t->key && !exists)
		return COMPLAIN(l, at,
				"tolerations: expected 'key:', or 'operator: "
				"Exists' for every taint");
	if (t->value && exists)
		return COMPLAIN(l, layout_place(l, at, "value"),
				"value: 'operator: Exists' accepts any value; "
				"expected no value");
	if (t->value && !label_value_valid(t->value))
		return check_label_value(
			l, "tolerations", layout_place(l, at, "value"),
			&(struct key_pair){ "value", t->value });
	if (t->seconds && (!t->effect || strcmp(t->effect, "NoExecute")))
		return COMPLAIN(l, layout_place(l, at, "seconds"),
				"seconds: only the effect NoExecute evicts "
				"pods; expected 'effect: NoExecute'");
	return 0;
}

static int check_extras(struct layout *l)
{
	const struct kubernetes_extras *e = &l->net->extras;
	const struct yaml_node *map =
		yaml_get(l->file.documents[0], "kubernetes");
	const struct yaml_node *list = yaml_get(map, "tolerations");

	int rc = 0;

	if (layout_stops(l, check_prefix(l, map), &rc) ||
	    layout_stops(l,
			 check_pairs(l, "labels", e->labels, e->label_count,
				     true, true),
			 &rc) ||
	    layout_stops(l,
			 check_pairs(l, "annotations", e->annotations,
				     e->annotation_count, false, true),
			 &rc) ||
	    layout_stops(l,
			 check_pairs(l, "node_selector", e->node_selector,
				     e->selector_count, true, false),
			 &rc) ||
	    layout_stops(l,
			 check_name(l, map, "priority_class", e->priority_class,
				    "PriorityClass"),
			 &rc))
		return -1;
	for (unsigned i = 0; i < e->toleration_count; i++)
		if (layout_stops(l,
				 check_toleration(l, &e->tolerations[i],
						  list->items[i]),
				 &rc))
			return -1;
	return rc;
}

static int check_registry(struct layout *l)
{
	const char *registry = l->net->registry;

	if (!registry || registry_valid(registry))
		return 0;
	return COMPLAIN(l, layout_place(l, NULL, "registry"),
			"registry: expected host[:port][/path], not '%s'",
			registry);
}

int layout_check_cluster(struct layout *l)
{
	const struct network *net = l->net;
	const struct yaml_node *external =
		layout_place(l, NULL, "external_database");
	int rc = 0;

	if (layout_stops(l, check_resources(l), &rc) ||
	    layout_stops(l,
			 check_name(l, NULL, "storage_class",
				    net->storage_class, "StorageClass"),
			 &rc) ||
	    layout_stops(l,
			 check_name(l, external, "host", net->external.host,
				    "server"),
			 &rc) ||
	    layout_stops(l,
			 check_name(l, external, "secret", net->external.secret,
				    "Secret"),
			 &rc) ||
	    layout_stops(l, check_registry(l), &rc) ||
	    layout_stops(l, check_extras(l), &rc))
		return -1;
	return rc;
}

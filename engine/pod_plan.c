/* SPDX-License-Identifier: Apache-2.0 */
/* pod_plan.c - turns a StatefulSet into Pods that podman can play. */
#include "engine/pod_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "engine/pod_command.h"
#include "data/yaml_edit.h"

/* The plan while it is made. */
struct draft {
	const struct pod_scope *scope;
	const struct manifests *manifests;
	const struct pod_order *order;
	struct yaml_edit tree;
	const struct yaml_node *set;
	struct yaml_node *spec; /* of the Pod */
	struct yaml_node *documents;
	struct yaml_node *volumes; /* names */
	const char *name;
	bool no_memory_limit, no_cpu_limit; /* a limit was left out */
	struct error *err;
};

static const char *own_name(struct draft *d, const char *name)
{
	const char *own = arena_printf(d->tree.arena, "%s-%s", d->name, name);

	d->tree.failed |= !own;
	return own ? own : "";
}

static void add_labels(struct draft *d, struct yaml_node *metadata)
{
	struct yaml_node *labels = yaml_get(metadata, "labels");

	if (!labels)
		labels = yaml_edit_map(&d->tree);
	yaml_edit_set_text(&d->tree, labels, "app.kubernetes.io/managed-by",
			   "medley");
	yaml_edit_set_text(&d->tree, labels, "medley.run", d->scope->run_id);
	yaml_edit_set(&d->tree, metadata, "labels", labels);
}

/* An object with a name and our labels, in the list of documents. */
static struct yaml_node *add_object(struct draft *d, const char *version,
				    const char *kind, const char *name)
{
	struct yaml_node *object = yaml_edit_map(&d->tree);
	struct yaml_node *metadata = yaml_edit_map(&d->tree);

	yaml_edit_set_text(&d->tree, object, "apiVersion", version);
	yaml_edit_set_text(&d->tree, object, "kind", kind);
	yaml_edit_set_text(&d->tree, metadata, "name", name);
	add_labels(d, metadata);
	yaml_edit_set(&d->tree, object, "metadata", metadata);
	yaml_edit_append(&d->tree, d->documents, object);
	return object;
}

static void record_volume(struct draft *d, const char *name)
{
	yaml_edit_append(&d->tree, d->volumes, yaml_edit_text(&d->tree, name));
}

/* A copy of the ConfigMap under the pod's name; podman needs it beside it. */
static int own_config_map(struct draft *d, struct yaml_node *reference,
			  const char *key)
{
	const char *name = yaml_str(reference, key);
	const struct yaml_node *map;
	struct yaml_node *copy;
	const char *own;

	map = name ? manifests_find(d->manifests, "ConfigMap", name) : NULL;
	if (!map)
		return error_set(d->err, ERROR_INPUT,
				 "StatefulSet %s: there is no ConfigMap %s",
				 d->order->set, name ? name : "without a name");
	own = own_name(d, name);
	yaml_edit_set_text(&d->tree, reference, key, own);
	for (size_t i = 0; i < d->documents->count; i++)
		if (!strcmp(manifest_name(d->documents->items[i]), own))
			return 0;
	copy = add_object(d, "v1", "ConfigMap", own);
	yaml_edit_set(&d->tree, copy, "data",
		      yaml_edit_copy(&d->tree, yaml_get(map, "data")));
	yaml_edit_set(&d->tree, copy, "binaryData",
		      yaml_edit_copy(&d->tree, yaml_get(map, "binaryData")));
	return 0;
}

static int secret_as_files(struct draft *d, struct yaml_node *volume)
{
	const struct yaml_node *secret = yaml_get(volume, "secret");
	const char *name = yaml_str(secret, "secretName");
	struct yaml_node *path = yaml_edit_map(&d->tree);
	const char *files;

	if (!name || !manifests_find(d->manifests, "Secret", name) ||
	    yaml_get(secret, "items"))
		return error_set(d->err, ERROR_INPUT,
				 "StatefulSet %s: secret volume %s: expected "
				 "the name of a Secret, and no items",
				 d->order->set, yaml_str(volume, "name"));
	files = arena_printf(d->tree.arena, "%s/%s", d->scope->secret_dir,
			     name);
	yaml_edit_set_text(&d->tree, path, "path", files);
	yaml_edit_set_text(&d->tree, path, "type", "Directory");
	yaml_edit_drop(volume, "secret");
	yaml_edit_set(&d->tree, volume, "hostPath", path);
	return 0;
}

/* Every mount of `name` in a list of containers becomes one of `own`. */
static void rename_mounts(struct draft *d, struct yaml_node *containers,
			  const char *name, const char *own)
{
	for (size_t i = 0; i < yaml_edit_count(containers); i++) {
		struct yaml_node *mounts =
			yaml_get(containers->items[i], "volumeMounts");

		for (size_t j = 0; j < yaml_edit_count(mounts); j++) {
			const char *its = yaml_str(mounts->items[j], "name");

			if (its && !strcmp(its, name))
				yaml_edit_set_text(&d->tree, mounts->items[j],
						   "name", own);
		}
	}
}

static void own_empty_dir(struct draft *d, struct yaml_node *volume)
{
	const char *name = yaml_str(volume, "name");
	const char *own = own_name(d, name ? name : "");

	if (!name)
		return;
	rename_mounts(d, yaml_get(d->spec, "initContainers"), name, own);
	rename_mounts(d, yaml_get(d->spec, "containers"), name, own);
	yaml_edit_set_text(&d->tree, volume, "name", own);
	yaml_edit_set(&d->tree, volume, "emptyDir", yaml_edit_map(&d->tree));
	record_volume(d, own);
}

static int own_volume(struct draft *d, struct yaml_node *volume)
{
	struct yaml_node *map = yaml_get(volume, "configMap");

	if (yaml_get(volume, "secret"))
		return secret_as_files(d, volume);
	if (yaml_get(volume, "emptyDir"))
		own_empty_dir(d, volume);
	if (!map)
		return 0;
	if (own_config_map(d, map, "name") < 0)
		return -1;
	record_volume(d, yaml_str(map, "name"));
	return 0;
}

/* The template's claim becomes a claim and a volume of this pod. */
static void add_claim(struct draft *d, const struct yaml_node *template)
{
	const char *name = manifest_name(template);
	const char *own = own_name(d, name ? name : "data");
	struct yaml_node *claim, *volume, *source;

	claim = add_object(d, "v1", "PersistentVolumeClaim", own);
	yaml_edit_set(&d->tree, claim, "spec",
		      yaml_edit_copy(&d->tree, yaml_get(template, "spec")));
	volume = yaml_edit_map(&d->tree);
	source = yaml_edit_map(&d->tree);
	yaml_edit_set_text(&d->tree, volume, "name", name);
	yaml_edit_set_text(&d->tree, source, "claimName", own);
	yaml_edit_set(&d->tree, volume, "persistentVolumeClaim", source);
	yaml_edit_append(&d->tree, yaml_get(d->spec, "volumes"), volume);
	record_volume(d, own);
}

static int own_volumes(struct draft *d)
{
	struct yaml_node *volumes = yaml_get(d->spec, "volumes");
	const struct yaml_node *claims =
		yaml_edit_at(d->set, "spec", "volumeClaimTemplates", NULL);

	for (size_t i = 0; i < yaml_edit_count(volumes); i++)
		if (own_volume(d, volumes->items[i]) < 0)
			return -1;
	if (!volumes)
		yaml_edit_set(&d->tree, d->spec, "volumes",
			      yaml_edit_list(&d->tree));
	for (size_t i = 0; i < yaml_edit_count(claims); i++)
		add_claim(d, claims->items[i]);
	return 0;
}

static void own_secret(struct draft *d, struct yaml_node *reference)
{
	const char *name = yaml_str(reference, "name");

	if (name)
		yaml_edit_set_text(&d->tree, reference, "name",
				   arena_printf(d->tree.arena, "%s-%s",
						d->scope->prefix, name));
}

static int own_variables(struct draft *d, struct yaml_node *container)
{
	struct yaml_node *env = yaml_get(container, "env");
	struct yaml_node *from = yaml_get(container, "envFrom"), *map;

	for (size_t i = 0; i < yaml_edit_count(env); i++) {
		own_secret(d, yaml_edit_at(env->items[i], "valueFrom",
					   "secretKeyRef", NULL));
		map = yaml_edit_at(env->items[i], "valueFrom",
				   "configMapKeyRef", NULL);
		if (map && own_config_map(d, map, "name") < 0)
			return -1;
	}
	for (size_t i = 0; i < yaml_edit_count(from); i++) {
		own_secret(d, yaml_get(from->items[i], "secretRef"));
		map = yaml_get(from->items[i], "configMapRef");
		if (map && own_config_map(d, map, "name") < 0)
			return -1;
	}
	return 0;
}

/* Whether the container had such a limit. */
static bool drop_resource(struct yaml_node *container, const char *name)
{
	struct yaml_node *resources = yaml_get(container, "resources");
	struct yaml_node *limits = yaml_get(resources, "limits");
	bool limited = yaml_get(limits, name) != NULL;

	yaml_edit_drop(limits, name);
	yaml_edit_drop(yaml_get(resources, "requests"), name);
	return limited;
}

static int own_containers(struct draft *d, struct yaml_node *containers)
{
	static const char *const unheeded[] = { "startupProbe",
						"readinessProbe",
						"livenessProbe", "lifecycle",
						"ports" };

	for (size_t i = 0; i < yaml_edit_count(containers); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(unheeded); j++)
			yaml_edit_drop(containers->items[i], unheeded[j]);
		if (d->scope->no_memory_limit)
			d->no_memory_limit |=
				drop_resource(containers->items[i], "memory");
		if (d->scope->no_cpu_limit)
			d->no_cpu_limit |=
				drop_resource(containers->items[i], "cpu");
		if (own_variables(d, containers->items[i]) < 0)
			return -1;
	}
	return 0;
}

static struct yaml_node *number(struct draft *d, unsigned value)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	return yaml_edit_plain(&d->tree, text);
}

static void publish(struct draft *d, struct yaml_node *container)
{
	struct yaml_node *port = yaml_edit_map(&d->tree);
	struct yaml_node *ports = yaml_edit_list(&d->tree);

	yaml_edit_set(&d->tree, port, "containerPort",
		      number(d, d->order->port));
	yaml_edit_set(&d->tree, port, "hostPort",
		      number(d, d->order->host_port));
	yaml_edit_set_text(&d->tree, port, "hostIP", "127.0.0.1");
	yaml_edit_append(&d->tree, ports, port);
	yaml_edit_set(&d->tree, container, "ports", ports);
}

/* The set's own container, the first one, gets what this order asks. */
static int adjust_first(struct draft *d, struct yaml_node *container)
{
	if (d->order->job)
		return pod_command_change(&d->tree, container, d->order,
					  d->err);
	if (d->order->port)
		publish(d, container);
	return 0;
}

/* What a cluster's pods do by themselves: here databases and their tables are
 * made by schema.c before a pod starts, and node infos do not change. */
static bool for_clusters(const struct yaml_node *container)
{
	static const char *const names[] = { "createdb", "migrate", "infos" };
	const char *name = yaml_str(container, "name");

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (name && !strcmp(name, names[i]))
			return true;
	return false;
}

static void drop_for_clusters(struct draft *d)
{
	const struct yaml_node *all = yaml_get(d->spec, "initContainers");
	struct yaml_node *kept = yaml_edit_list(&d->tree);

	for (size_t i = 0; i < yaml_edit_count(all); i++)
		if (!for_clusters(all->items[i]))
			yaml_edit_append(&d->tree, kept, all->items[i]);
	if (all)
		yaml_edit_set(&d->tree, d->spec, "initContainers", kept);
}

static int draft_spec(struct draft *d)
{
	struct yaml_node *containers = yaml_get(d->spec, "containers");

	if (!yaml_edit_count(containers))
		return error_set(d->err, ERROR_INPUT,
				 "StatefulSet %s has no containers",
				 d->order->set);
	yaml_edit_set_text(&d->tree, d->spec, "hostname",
			   arena_printf(d->tree.arena, "%s-%u", d->order->set,
					d->order->ordinal));
	yaml_edit_set_text(&d->tree, d->spec, "restartPolicy", "Never");
	drop_for_clusters(d);
	if (own_containers(d, yaml_get(d->spec, "initContainers")) < 0 ||
	    own_containers(d, containers) < 0 || own_volumes(d) < 0)
		return -1;
	return adjust_first(d, containers->items[0]);
}

static void add_pod(struct draft *d)
{
	struct yaml_node *pod = add_object(d, "v1", "Pod", d->name);
	const struct yaml_node *labels = yaml_edit_at(
		d->set, "spec", "template", "metadata", "labels", NULL);
	struct yaml_node *metadata = yaml_get(pod, "metadata");

	if (labels)
		yaml_edit_set(&d->tree, metadata, "labels",
			      yaml_edit_copy(&d->tree, labels));
	add_labels(d, metadata);
	yaml_edit_set(&d->tree, pod, "spec", d->spec);
}

static const char *const *names_of(struct draft *d,
				   const struct yaml_node *list)
{
	const char **names = arena_array(
		d->tree.arena, yaml_edit_count(list) + 1, sizeof(*names));

	d->tree.failed |= !names;
	for (size_t i = 0; names && i < yaml_edit_count(list); i++)
		names[i] = list->items[i]->text;
	return names;
}

/* "bank-0.bank.ns.svc.cluster.local", and the Service's names. */
static const char *const *aliases_of(struct draft *d, const char *host)
{
	const char *service = yaml_str(yaml_get(d->set, "spec"), "serviceName");
	const char *ns = d->scope->namespace;
	struct arena *arena = d->tree.arena;
	struct yaml_node *names = yaml_edit_list(&d->tree);

	yaml_edit_append(&d->tree, names, yaml_edit_text(&d->tree, host));
	if (service && host && set_replicas(d->set) == 1) {
		yaml_edit_append(&d->tree, names,
				 yaml_edit_text(&d->tree, service));
		yaml_edit_append(
			&d->tree, names,
			yaml_edit_text(&d->tree,
				       arena_printf(arena,
						    "%s.%s.svc.cluster.local",
						    service, ns)));
	}
	return names_of(d, names);
}

static int finish(struct draft *d, struct pod_plan *ret)
{
	const struct yaml_node *first =
		yaml_get(d->spec, "containers")->items[0];
	const char *service = yaml_str(yaml_get(d->set, "spec"), "serviceName");
	const char *host = NULL;

	if (!d->order->job)
		host = arena_printf(d->tree.arena,
				    "%s-%u.%s.%s.svc.cluster.local",
				    d->order->set, d->order->ordinal,
				    service ? service : d->order->set,
				    d->scope->namespace);
	add_pod(d);
	*ret = (struct pod_plan){
		.name = d->name,
		.container = own_name(d, yaml_str(first, "name")),
		.host = host,
		.aliases = aliases_of(d, host),
		.volumes = names_of(d, d->volumes),
		.no_memory_limit = d->no_memory_limit,
		.no_cpu_limit = d->no_cpu_limit,
		.documents = d->documents,
	};
	return yaml_edit_check(&d->tree, d->err);
}

int pod_plan(const struct pod_scope *scope, const struct manifests *m,
	     const struct pod_order *order, struct arena *arena,
	     struct pod_plan *ret, struct error *err)
{
	struct draft d = { .scope = scope,
			   .manifests = m,
			   .order = order,
			   .tree = { .arena = arena },
			   .err = err };

	d.set = manifests_find(m, "StatefulSet", order->set);
	if (!d.set)
		return error_set(err, ERROR_INPUT,
				 "there is no StatefulSet %s in the manifests",
				 order->set);
	d.name = arena_printf(arena, "%s-%s-%u%s%s", scope->prefix, order->set,
			      order->ordinal, order->job ? "-" : "",
			      order->job ? order->job : "");
	d.spec = yaml_edit_copy(&d.tree, yaml_edit_at(d.set, "spec", "template",
						      "spec", NULL));
	d.documents = yaml_edit_list(&d.tree);
	d.volumes = yaml_edit_list(&d.tree);
	if (!d.name || yaml_edit_check(&d.tree, NULL) < 0)
		return error_nomem(err);
	if (draft_spec(&d) < 0)
		return -1;
	return finish(&d, ret);
}

void pod_plan_write(const struct pod_plan *plan, struct buf *out)
{
	for (size_t i = 0; i < plan->documents->count; i++) {
		buf_add_str(out, "---\n");
		yaml_write(out, plan->documents->items[i], 0);
	}
}

unsigned set_replicas(const struct yaml_node *set)
{
	const char *text = yaml_str(yaml_get(set, "spec"), "replicas");

	return text ? (unsigned)strtoul(text, NULL, 10) : 0;
}

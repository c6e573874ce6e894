/* SPDX-License-Identifier: Apache-2.0 */
/* placement.c - where a network goes, as the command line says. */
#include "cli/placement.h"

#include <stdlib.h>
#include <string.h>

#include "run/engine_names.h"
#include "run/network_names.h"
#include "sys/file.h"

static const struct option engine_list[] = {
	{ .name = "engine",
	  .value = "ENGINE",
	  OPTION_OF(struct placement, engine),
	  .choices = ENGINE_WORDS,
	  .help = "engine of the network: podman or kubernetes (the engine in "
		  "the file)" },
};

const struct option_group engine_group =
	OPTION_GROUP(engine_list, struct placement);

static const struct option context_list[] = {
	{ .name = "context",
	  .value = "NAME",
	  OPTION_OF(struct placement, context),
	  .help = "context of the cluster in the kubeconfig" },
};

const struct option_group context_group =
	OPTION_GROUP(context_list, struct placement);

static const struct option kubeconfig_list[] = {
	{ .name = "kubeconfig",
	  .value = "FILE",
	  OPTION_OF(struct placement, kubeconfig),
	  .help = "kubeconfig of the cluster ($KUBECONFIG, or "
		  "~/.kube/config)" },
};

const struct option_group kubeconfig_group =
	OPTION_GROUP(kubeconfig_list, struct placement);

/* What `medley generate` writes manifests for. */
static const struct option target_list[] = {
	{ .name = "namespace",
	  .letter = 'n',
	  .value = "NAME",
	  OPTION_OF(struct placement, namespace),
	  .help = "namespace in the cluster (the namespace in the file, or "
		  "medley)" },
	{ .name = "storage-class",
	  .letter = 's',
	  .value = "NAME",
	  OPTION_OF(struct placement, storage_class),
	  .help = "StorageClass of the volumes (the class in the file, or the "
		  "cluster's default)" },
	{ .name = "docker-registry",
	  .value = "REGISTRY",
	  OPTION_OF(struct placement, registry),
	  .help = "registry that has the images: host[:port][/path]" },
	OPTIONS_OF_SAME(context_group, struct placement),
};

const struct option_group target_group =
	OPTION_GROUP(target_list, struct placement);

static const struct option placement_list[] = {
	OPTIONS_OF_SAME(engine_group, struct placement),
	OPTIONS_OF_SAME(target_group, struct placement),
	OPTIONS_OF_SAME(kubeconfig_group, struct placement),
};

const struct option_group placement_group =
	OPTION_GROUP(placement_list, struct placement);

int placement_check(const struct placement *place, struct error *err)
{
	const char *class = place->storage_class, *registry = place->registry;

	if (place->namespace && !name_is_dns_label(place->namespace))
		return error_set(err, ERROR_INPUT,
				 "--namespace: expected lower-case letters, "
				 "digits and '-', at most 40, not '%s'",
				 place->namespace);
	if (class && !name_is_dns_subdomain(class))
		return error_set(err, ERROR_INPUT,
				 "--storage-class: expected the name of a "
				 "StorageClass, not '%s'",
				 class);
	if (registry && !registry_valid(registry))
		return error_set(err, ERROR_INPUT,
				 "--docker-registry: expected "
				 "host[:port][/path], not '%s'",
				 registry);
	return 0;
}

int placement_apply(const struct placement *place, struct network *net,
		    struct arena *arena, struct error *err)
{
	if (place->engine)
		net->engine = place->engine;
	if (place->registry)
		net->registry = place->registry;
	if (place->storage_class)
		net->storage_class = place->storage_class;
	if (place->context)
		net->context = place->context;
	if (place->namespace)
		return network_move(net, place->namespace, arena, err);
	return 0;
}

static int must_be(const char *option, const char *given, const char *is,
		   struct error *err)
{
	if (!given || (is && !strcmp(given, is)))
		return 0;
	return error_set(err, ERROR_INPUT,
			 "--%s %s: the run has %s, and this cannot be changed",
			 option, given, is ? is : "the current one");
}

int placement_settle(const struct placement *place, struct network *net,
		     const char *run_dir, struct error *err)
{
	char path[PATH_ROOM];
	bool was_up = run_dir && file_exists(path_join(path, run_dir,
						       "engine/cluster.json"));

	if (must_be("engine", place->engine, net->engine, err) < 0 ||
	    must_be("namespace", place->namespace, net->namespace, err) < 0 ||
	    must_be("storage-class", place->storage_class, net->storage_class,
		    err) < 0 ||
	    must_be("docker-registry", place->registry, net->registry, err) < 0)
		return -1;
	if (net->context || was_up)
		return must_be("context", place->context, net->context, err);
	net->context = place->context;
	return 0;
}

int placement_use_kubeconfig(const struct placement *place, struct error *err)
{
	if (place->kubeconfig && setenv("KUBECONFIG", place->kubeconfig, 1) < 0)
		return error_nomem(err);
	return 0;
}

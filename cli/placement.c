/* SPDX-License-Identifier: Apache-2.0 */
/* placement.c - where a network goes, as the command line says. */
#include "cli/placement.h"

#include <string.h>

#include "run/engine_names.h"
#include "run/network_names.h"
#include "sys/file.h"

int placement_check(const struct cli *cli, struct error *err)
{
	const char *class = cli->storage_class, *registry = cli->registry;

	if (cli->engine && engine_id_of(cli->engine) == ENGINE_IDS)
		return error_set(err, ERROR_INPUT,
				 "--engine: expected " ENGINE_EXPECTED ", not "
				 "'%s'",
				 cli->engine);
	if (cli->namespace && !name_is_dns_label(cli->namespace))
		return error_set(err, ERROR_INPUT,
				 "--namespace: expected lower-case letters, "
				 "digits and '-', at most 40, not '%s'",
				 cli->namespace);
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

int placement_apply(const struct cli *cli, struct network *net,
		    struct arena *arena, struct error *err)
{
	if (cli->engine)
		net->engine = cli->engine;
	if (cli->registry)
		net->registry = cli->registry;
	if (cli->storage_class)
		net->storage_class = cli->storage_class;
	if (cli->context)
		net->context = cli->context;
	if (cli->namespace)
		return network_move(net, cli->namespace, arena, err);
	return 0;
}

static int must_be(const char *option, const char *given, const char *is,
		   struct error *err)
{
	if (!given || (is && !strcmp(given, is)))
		return 0;
	return error_set(
		err, ERROR_INPUT,
		"--%s %s: the run's is %s, and a run stays where it is", option,
		given, is ? is : "the current one");
}

int placement_settle(const struct cli *cli, struct network *net,
		     const char *run_dir, struct error *err)
{
	char path[PATH_ROOM];
	bool was_up = run_dir && file_exists(path_join(path, run_dir,
						       "engine/cluster.json"));

	if (must_be("engine", cli->engine, net->engine, err) < 0 ||
	    must_be("namespace", cli->namespace, net->namespace, err) < 0 ||
	    must_be("storage-class", cli->storage_class, net->storage_class,
		    err) < 0 ||
	    must_be("docker-registry", cli->registry, net->registry, err) < 0)
		return -1;
	if (net->context || was_up)
		return must_be("context", cli->context, net->context, err);
	net->context = cli->context;
	return 0;
}

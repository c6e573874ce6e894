/* SPDX-License-Identifier: Apache-2.0 */
/* generate_run.c - the configuration of a run. */
#include "generate/generate.h"

#include <string.h>

#include "base/cleanup.h"
#include "run/run.h"
#include "sys/file.h"

enum { ARENA_MAX = 64 * 1024 * 1024 };

struct run_network {
	struct arena arena;
	struct network net;
};

static void run_network_release(struct run_network *r)
{
	arena_release(&r->arena);
}

/* One machine has its own database. */
static int load_run(const char *run_dir, struct run_network *r,
		    struct error *err)
{
	if (network_load(run_dir, &r->arena, &r->net, err) < 0)
		return -1;
	if (r->net.external.host && !strcmp(r->net.engine, "podman"))
		return error_set(err, ERROR_INPUT,
				 "%s: external_database is for clusters; with "
				 "the engine podman, the database is one of "
				 "the run's own",
				 r->net.file);
	return 0;
}

int generate_config(const char *run_dir, struct generate_summary *ret,
		    struct error *err)
{
	cleanup(run_network_release) struct run_network r = {
		.arena = ARENA_INIT(ARENA_MAX)
	};
	char id[PATH_ROOM], config[PATH_ROOM], keys[PATH_ROOM],
		passwords[PATH_ROOM];
	struct generate_order order = {
		.dir = path_join(config, run_dir, "config"),
		.keys = path_join(keys, run_dir, "identities.jks"),
		.passwords = path_join(passwords, run_dir, "secrets.json"),
		.run = run_label(run_dir, id),
	};

	if (load_run(run_dir, &r, err) < 0 || dir_remove(config, err) < 0)
		return -1;
	order.login = strcmp(r.net.engine, "podman") != 0;
	return generate_network(&r.net, &order, ret, err);
}

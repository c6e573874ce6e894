/* SPDX-License-Identifier: Apache-2.0 */
/* generate_run.c - the configuration of a run. */
#include "generate/generate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "run/engine_names.h"
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

/* Whole or not at all: a link, to what is others' as well, gives way too. */
static int replace_config(const char *aside, const char *config,
			  struct error *err)
{
	if (dir_remove(config, err) < 0)
		return -1;
	if (rename(aside, config) < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "%s", config);
	return 0;
}

int generate_config(const char *run_dir, struct generate_summary *ret,
		    struct error *err)
{
	cleanup(run_network_release) struct run_network r = {
		.arena = ARENA_INIT(ARENA_MAX)
	};
	char id[PATH_ROOM], config[PATH_ROOM], aside[PATH_ROOM],
		keys[PATH_ROOM], passwords[PATH_ROOM];
	struct generate_order order = {
		.dir = path_join(aside, run_dir, "config.new"),
		.keys = path_join(keys, run_dir, "identities.jks"),
		.passwords = path_join(passwords, run_dir, "secrets.json"),
		.run = id,
	};

	if (run_label(run_dir, id, err) < 0 ||
	    network_load(run_dir, &r.arena, &r.net, err) < 0 ||
	    network_check_engine(&r.net, err) < 0 || dir_remove(aside, err) < 0)
		return -1;
	order.login = engine_is_cluster(r.net.engine);
	if (generate_network(&r.net, &order, ret, err) < 0)
		return -1;
	return replace_config(aside, path_join(config, run_dir, "config"), err);
}

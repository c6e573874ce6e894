/* SPDX-License-Identifier: Apache-2.0 */
/* generate.c - identities, signed network files and manifests of a run. */
#include "generate/generate.h"

#include <string.h>

#include "base/cleanup.h"
#include "generate/identities.h"
#include "generate/identity_store.h"
#include "generate/manifests.h"
#include "generate/secrets.h"
#include "run/run.h"
#include "sys/file.h"

enum { ARENA_MAX = 64 * 1024 * 1024, MANIFEST_MAX = 256 * 1024 * 1024 };

struct generating {
	const char *run_dir;
	struct arena arena;
	struct network net;
	struct secrets secrets;
	struct identities ids;
	struct node_conf_rules rules;
	char run_id[PATH_ROOM];
	unsigned files;
};

static void generating_release(struct generating *g)
{
	identities_release(&g->ids);
	arena_release(&g->arena);
}

/* A release either failed to build or has all that the build gives. */
static int check_built(const struct network *net, struct error *err)
{
	for (unsigned i = 0; i < net->release_count; i++) {
		const struct release *r = &net->releases[i];

		if (!r->failure &&
		    (!r->image || !r->cordapps_image || r->platform < 1))
			return error_set(err, ERROR_INPUT,
					 "release %s has no images yet: run "
					 "medley build first",
					 r->label);
	}
	if (!net->database_image)
		return error_set(err, ERROR_INPUT,
				 "the database has no image yet: run medley "
				 "build first");
	return 0;
}

static int load(struct generating *g, struct error *err)
{
	char path[PATH_ROOM];

	if (network_load(g->run_dir, &g->arena, &g->net, err) < 0 ||
	    check_built(&g->net, err) < 0)
		return -1;
	run_id(g->run_dir, g->run_id);
	home_path(path, "generate/node-conf.yaml");
	return node_conf_load(path, &g->arena, &g->rules, err);
}

/* Keys are stored before anything is made of them. */
static int make_identities(struct generating *g, struct error *err)
{
	if (identities_init(&g->ids, &g->net, err) < 0 ||
	    identity_store_load(g->run_dir, &g->ids, err) < 0 ||
	    identities_make(&g->ids, err) < 0)
		return -1;
	g->files++;
	return identity_store_save(g->run_dir, &g->ids, err);
}

/* Manifests hold keys and passwords: they are for their owner alone. */
static int write_manifest(struct generating *g, const char *name,
			  const struct buf *text, struct error *err)
{
	char dir[PATH_ROOM], path[PATH_ROOM];

	path_printf(dir, "%s/config/%s", g->run_dir, name);
	if (dir_make(dir, 0700, err) < 0)
		return -1;
	g->files++;
	return file_write(path_printf(path, "%s/%s.yaml", dir, name),
			  text->data, text->len, 0600, err);
}

/* True for the first node of its StatefulSet. */
static bool leads_set(const struct identities *ids, unsigned index)
{
	for (unsigned i = 0; i < index; i++) {
		if (!strcmp(ids->nodes[i].node->set,
			    ids->nodes[index].node->set))
			return false;
	}
	return true;
}

static int write_manifests(struct generating *g, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(MANIFEST_MAX);
	const struct manifest_input in = { .run_id = g->run_id,
					   .net = &g->net,
					   .ids = &g->ids,
					   .secrets = &g->secrets,
					   .rules = &g->rules };

	if (manifests_write_network(&in, &text, err) < 0 ||
	    write_manifest(g, "network", &text, err) < 0)
		return -1;
	for (unsigned i = 0; i < g->ids.node_count; i++) {
		const struct node_identity *n = &g->ids.nodes[i];

		if (!leads_set(&g->ids, i))
			continue;
		buf_clear(&text);
		if (manifests_write_set(&in, n, &text, err) < 0 ||
		    write_manifest(g, n->node->set, &text, err) < 0)
			return error_wrap(err, "StatefulSet %s", n->node->set);
	}
	return 0;
}

int generate_config(const char *run_dir, struct generate_summary *ret,
		    struct error *err)
{
	cleanup(generating_release) struct generating g = {
		.run_dir = run_dir, .arena = ARENA_INIT(ARENA_MAX)
	};
	char config[PATH_ROOM];

	path_join(config, run_dir, "config");
	if (load(&g, err) < 0 ||
	    secrets_make(run_dir, &g.arena, &g.secrets, err) < 0 ||
	    make_identities(&g, err) < 0 || dir_remove(config, err) < 0 ||
	    write_manifests(&g, err) < 0)
		return -1;
	*ret = (struct generate_summary){ .identities = g.ids.node_count,
					  .files = g.files + 1 };
	return 0;
}

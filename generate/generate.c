/* SPDX-License-Identifier: Apache-2.0 */
/* generate.c - identities, signed network files and manifests of a network. */
#include "generate/generate.h"

#include <string.h>

#include "base/cleanup.h"
#include "generate/chart.h"
#include "generate/identities.h"
#include "generate/identity_store.h"
#include "generate/manifests.h"
#include "generate/secrets.h"
#include "run/run.h"
#include "sys/file.h"
#include "sys/home.h"

enum { ARENA_MAX = 64 * 1024 * 1024, SECRETS_MAX = 256 * 1024 * 1024 };

struct generating {
	const struct network *net;
	const struct generate_order *order;
	struct arena arena;
	struct secrets secrets;
	struct identities ids;
	struct node_conf_rules rules, registration;
	struct migrations migrations;
	struct registry_auth login;
	bool has_login;
	struct output output;
};

static void generating_release(struct generating *g)
{
	output_release(&g->output);
	identities_release(&g->ids);
	arena_release(&g->arena);
}

/* Nodes that register themselves are of other images. */
static int check_registering(const struct network *net, struct error *err)
{
	for (unsigned i = 0; i < net->release_count; i++) {
		const struct release *r = &net->releases[i];

		if (!r->failure && !r->notary_image)
			return error_set(err, ERROR_INPUT,
					 "release %s has no notary image, "
					 "which 'identity: doorman' needs: run "
					 "'medley build notary %s' first",
					 r->label, r->word);
	}
	if (!net->doorman_image)
		return error_set(err, ERROR_INPUT,
				 "the doorman has no image: run 'medley build "
				 "doorman' first");
	return 0;
}

/* A release either failed to build or has all that the build gives. */
static int check_built(const struct network *net, struct error *err)
{
	for (unsigned i = 0; i < net->release_count; i++) {
		const struct release *r = &net->releases[i];

		if (!r->failure &&
		    (!r->image || !r->cordapps_image || r->platform < 1))
			return error_set(err, ERROR_INPUT,
					 "release %s has no images: run "
					 "'medley build' first",
					 r->label);
	}
	if (!net->database_image)
		return error_set(
			err, ERROR_INPUT,
			"the database has no image: run 'medley build' first");
	return net->identity == IDENTITY_DOORMAN ? check_registering(net, err)
						 : 0;
}

static int load(struct generating *g, struct error *err)
{
	char path[PATH_ROOM];

	home_path(path, "generate/node-conf.yaml");
	if (node_conf_load(path, &g->arena, &g->rules, err) < 0)
		return -1;
	home_path(path, "generate/registration.yaml");
	if (node_conf_load(path, &g->arena, &g->registration, err) < 0)
		return -1;
	home_path(path, "deploy/migration.yaml");
	return migrations_read(path, &g->arena, &g->migrations, err);
}

/* Keys are stored before anything is made of them. With a doorman, the nodes
 * make their own. */
static int make_identities(struct generating *g, struct error *err)
{
	if (identities_init(&g->ids, g->net, err) < 0)
		return -1;
	if (g->net->identity == IDENTITY_DOORMAN)
		return 0;
	if (identity_store_load(g->order->keys, &g->ids, err) < 0 ||
	    identities_make(&g->ids, err) < 0)
		return -1;
	return identity_store_save(g->order->keys, &g->ids, err);
}

/* The login of whoever generates becomes the cluster's. */
static int find_login(struct generating *g, struct error *err)
{
	char repository[PATH_ROOM];
	const char *image = NULL;
	int rc;

	for (unsigned i = 0; !image && i < g->net->release_count; i++)
		image = g->net->releases[i].image;
	if (!g->order->login || !image || !strncmp(image, "localhost/", 10))
		return 0;
	path_printf(repository, "%.*s", (int)strcspn(image, "@"), image);
	rc = registry_auth_find(repository, &g->arena, &g->login, err);
	g->has_login = rc > 0;
	return rc < 0 ? -1 : 0;
}

static int write_all(const struct manifest_input *in, struct output *out,
		     struct error *err)
{
	const struct identities *ids = in->ids;

	if (manifests_write_network(in, out, err) < 0 ||
	    manifests_write_driver(in, out, err) < 0)
		return -1;
	for (unsigned i = 0; i < ids->node_count; i++) {
		const struct node_identity *n = &ids->nodes[i];

		if (identities_lead(ids, i) &&
		    manifests_write_set(in, n, out, err) < 0)
			return error_wrap(err, "StatefulSet %s", n->node->set);
	}
	return in->format == GENERATE_HELM ? chart_write(in, out, err) : 0;
}

static int write_manifests(struct generating *g, struct error *err)
{
	cleanup(buf_release) struct buf secrets = BUF_INIT(SECRETS_MAX);
	const bool chart = g->order->format == GENERATE_HELM;
	char run[OBJECT_NAME];
	const struct manifest_input in = {
		.run = chart ? network_object(g->net, CHART_RUN, run)
			     : g->order->run,
		.net = g->net,
		.ids = &g->ids,
		.secrets = &g->secrets,
		.rules = &g->rules,
		.registration = &g->registration,
		.migrations = &g->migrations,
		.login = g->has_login ? &g->login : NULL,
		.format = g->order->format,
		.secret_values = &secrets
	};

	if (output_begin(&g->output, g->order->dir, g->order->list,
			 g->order->format, err) < 0 ||
	    write_all(&in, &g->output, err) < 0)
		return -1;
	return output_end(&g->output, err);
}

/* A chart is for any namespace: its nodes have hosts without one. */
static int unbind(struct generating *g, struct network *room, struct error *err)
{
	if (g->order->format != GENERATE_HELM)
		return 0;
	*room = *g->net;
	g->net = room;
	return network_unbind(room, &g->arena, err);
}

int generate_network(const struct network *net,
		     const struct generate_order *order,
		     struct generate_summary *ret, struct error *err)
{
	cleanup(generating_release) struct generating g = {
		.net = net, .order = order, .arena = ARENA_INIT(ARENA_MAX)
	};

	const bool registers = net->identity == IDENTITY_DOORMAN;
	struct network unbound;

	if (check_built(net, err) < 0 || load(&g, err) < 0 ||
	    unbind(&g, &unbound, err) < 0 || find_login(&g, err) < 0 ||
	    secrets_make(order->passwords, &g.arena, &g.secrets, err) < 0 ||
	    make_identities(&g, err) < 0 || write_manifests(&g, err) < 0)
		return -1;
	*ret = (struct generate_summary){
		.identities = registers ? 0 : g.ids.node_count,
		.files = g.output.count,
		.login = g.has_login
	};
	return 0;
}

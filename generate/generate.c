/* SPDX-License-Identifier: Apache-2.0 */
/* generate.c - identities, signed network files and manifests of a network. */
#include "generate/generate.h"

#include <string.h>

#include "base/cleanup.h"
#include "generate/identities.h"
#include "generate/identity_store.h"
#include "generate/manifests.h"
#include "generate/secrets.h"
#include "run/run.h"
#include "sys/file.h"
#include "sys/home.h"

enum { ARENA_MAX = 64 * 1024 * 1024, CHART_MAX = 1024 * 1024 };

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

/* A chart's values: how many nodes of each set run. */
static void write_values(const struct generating *g, struct buf *out)
{
	buf_add_str(out, "# false where helm makes the namespace itself:\n"
			 "# helm install --create-namespace\n"
			 "createNamespace: true\n"
			 "# Nodes that run, of each StatefulSet.\n"
			 "replicas:\n");
	for (unsigned i = 0; i < g->ids.node_count; i++) {
		const struct network_node *n = g->ids.nodes[i].node;
		unsigned nodes = 0;

		if (!leads_set(&g->ids, i))
			continue;
		for (unsigned j = i; j < g->ids.node_count; j++)
			nodes += !strcmp(g->ids.nodes[j].node->set, n->set);
		buf_addf(out, "  %s: %u\n", n->set,
			 n->role == NODE_NOTARY ? nodes : 0);
	}
}

static int write_manifests(struct generating *g, struct error *err)
{
	cleanup(buf_release) struct buf values = BUF_INIT(CHART_MAX);
	const struct manifest_input in = { .run = g->order->run,
					   .net = g->net,
					   .ids = &g->ids,
					   .secrets = &g->secrets,
					   .rules = &g->rules,
					   .registration = &g->registration,
					   .migrations = &g->migrations,
					   .login = g->has_login ? &g->login
								 : NULL,
					   .format = g->order->format };

	if (output_begin(&g->output, g->order->dir, g->order->list,
			 g->order->format, err) < 0 ||
	    manifests_write_network(&in, &g->output, err) < 0 ||
	    manifests_write_driver(&in, &g->output, err) < 0)
		return -1;
	for (unsigned i = 0; i < g->ids.node_count; i++) {
		const struct node_identity *n = &g->ids.nodes[i];

		if (leads_set(&g->ids, i) &&
		    manifests_write_set(&in, n, &g->output, err) < 0)
			return error_wrap(err, "StatefulSet %s", n->node->set);
	}
	write_values(g, &values);
	if (buf_check(&values, err) < 0)
		return -1;
	return output_end(&g->output, &values, err);
}

int generate_network(const struct network *net,
		     const struct generate_order *order,
		     struct generate_summary *ret, struct error *err)
{
	cleanup(generating_release) struct generating g = {
		.net = net, .order = order, .arena = ARENA_INIT(ARENA_MAX)
	};

	const bool registers = net->identity == IDENTITY_DOORMAN;

	if (check_built(net, err) < 0 || load(&g, err) < 0 ||
	    find_login(&g, err) < 0 ||
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

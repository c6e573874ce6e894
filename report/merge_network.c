/* SPDX-License-Identifier: Apache-2.0 */
/* merge_network.c - one network of the releases and nodes of several runs. */
#include <string.h>

#include "report/merge.h"

/* Of all runs together; of a label there is one. */
enum { RELEASES_MAX = 240, NODES_MAX = 10360 };

/* What a release is made of: where two runs differ in it, they tested different
 * things by the same name. */
static const char *digest_of(const char *image)
{
	const char *at = image ? strchr(image, '@') : NULL;

	return at ? at + 1 : image;
}

static const char *image_of(const struct release *r)
{
	return digest_of(r->image);
}

static const char *cordapps_image_of(const struct release *r)
{
	return digest_of(r->cordapps_image);
}

static const char *commit_of(const struct release *r)
{
	return r->commit;
}

static const char *cordapps_of(const struct release *r)
{
	return r->cordapps;
}

static const char *contracts_of(const struct release *r)
{
	return r->contracts;
}

static const struct {
	const char *noun;
	const char *(*of)(const struct release *r);
} parts_of_release[] = {
	{ "commit", commit_of },
	{ "image", image_of },
	{ "CorDapps", cordapps_of },
	{ "image of CorDapps", cordapps_image_of },
	{ "contracts jar", contracts_of },
};

/* A run in which the release was not built has nothing to differ in. */
static int check_same(const struct merge *m, size_t a_run,
		      const struct release *a, size_t b_run,
		      const struct release *b, struct error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(parts_of_release); i++) {
		const char *x = parts_of_release[i].of(a);
		const char *y = parts_of_release[i].of(b);

		if (x && y && strcmp(x, y) != 0)
			return error_set(err, ERROR_INPUT,
					 "release '%s' is not the same in all "
					 "runs: its %s is %s in %s, and %s in "
					 "%s; join runs of the same images",
					 a->label, parts_of_release[i].noun, x,
					 m->parts[a_run].source.dir, y,
					 m->parts[b_run].source.dir);
	}
	return 0;
}

static unsigned find_release(const struct network *net, const char *label)
{
	unsigned i = 0;

	while (i < net->release_count && strcmp(net->releases[i].label, label))
		i++;
	return i;
}

/* The run in which each release of the joined network was built, or else is. */
struct joining {
	struct merge *m;
	size_t *built_in;
	struct error *err;
};

static int join_release(struct joining *g, size_t run, unsigned own)
{
	struct merge_part *part = &g->m->parts[run];
	const struct release *r = &part->net.releases[own];
	struct network *net = &g->m->record.net;
	unsigned at = find_release(net, r->label);

	part->releases[own] = at;
	if (at < net->release_count) {
		if (check_same(g->m, g->built_in[at], &net->releases[at], run,
			       r, g->err) < 0)
			return -1;
		if (!net->releases[at].failure || r->failure)
			return 0;
	} else if (net->release_count++ == RELEASES_MAX) {
		return error_set(g->err, ERROR_INPUT,
				 "%s: the runs up to this one have more than "
				 "%d releases",
				 part->source.dir, RELEASES_MAX);
	}
	net->releases[at] = *r;
	g->built_in[at] = run;
	return 0;
}

static int join_releases(struct merge *m, struct error *err)
{
	struct network *net = &m->record.net;
	struct joining g = { m, NULL, err };

	net->releases =
		arena_array(m->arena, RELEASES_MAX + 1, sizeof(*net->releases));
	g.built_in =
		arena_array(m->arena, RELEASES_MAX + 1, sizeof(*g.built_in));
	if (!net->releases || !g.built_in)
		return error_nomem(err);
	for (size_t i = 0; i < m->count; i++) {
		struct merge_part *part = &m->parts[i];

		part->releases =
			arena_array(m->arena, part->net.release_count + 1,
				    sizeof(*part->releases));
		if (!part->releases)
			return error_nomem(err);
		for (unsigned k = 0; k < part->net.release_count; k++)
			if (join_release(&g, i, k) < 0)
				return -1;
	}
	return 0;
}

/* ---- nodes ---- */

static bool has_node(const struct network *net, const struct network_node *node)
{
	for (unsigned i = 0; i < net->node_count; i++)
		if (net->nodes[i].release == node->release &&
		    net->nodes[i].role == node->role &&
		    !strcmp(net->nodes[i].name, node->name))
			return true;
	return false;
}

/* Banks before notaries, as in any network. */
static int join_nodes_of(struct merge *m, enum node_role role,
			 struct error *err)
{
	struct network *net = &m->record.net;

	for (size_t i = 0; i < m->count; i++) {
		const struct merge_part *part = &m->parts[i];

		for (unsigned k = 0; k < part->net.node_count; k++) {
			struct network_node node = part->net.nodes[k];

			node.release = part->releases[node.release];
			if (node.role != role || has_node(net, &node))
				continue;
			if (net->node_count == NODES_MAX)
				return error_set(err, ERROR_INPUT,
						 "%s: the runs up to this one "
						 "have more than %d nodes",
						 part->source.dir, NODES_MAX);
			net->nodes[net->node_count++] = node;
		}
	}
	return 0;
}

static int join_nodes(struct merge *m, struct error *err)
{
	struct network *net = &m->record.net;

	net->nodes = arena_array(m->arena, NODES_MAX + 1, sizeof(*net->nodes));
	if (!net->nodes)
		return error_nomem(err);
	if (join_nodes_of(m, NODE_BANK, err) < 0)
		return -1;
	return join_nodes_of(m, NODE_NOTARY, err);
}

/* ---- the rest ---- */

/* The same in all, or NULL. */
static const char *common(const char *a, const char *b)
{
	return a && b && !strcmp(a, b) ? a : NULL;
}

int merge_networks(struct merge *m, struct error *err)
{
	struct network *net = &m->record.net;

	*net = (struct network){ .file = m->parts[0].net.file,
				 .engine = m->parts[0].net.engine,
				 .seed = m->parts[0].net.seed,
				 .settled_gate = m->parts[0].net.settled_gate };
	for (size_t i = 1; i < m->count; i++) {
		const struct network *other = &m->parts[i].net;

		net->file = common(net->file, other->file);
		net->engine = common(net->engine, other->engine);
		if (other->settled_gate < net->settled_gate)
			net->settled_gate = other->settled_gate;
	}
	if (join_releases(m, err) < 0)
		return -1;
	return join_nodes(m, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* network.c - reads network.yaml and lays the nodes out. */
#include "run/network.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "run/archive.h"
#include "run/engine_names.h"
#include "run/load.h"
#include "run/network_keys.h"
#include "run/network_layout.h"
#include "run/network_names.h"
#include "sys/clock.h"
#include "sys/file.h"

enum { ENTRIES_MAX = 120, BANKS_MAX = 5000 }; /* 100 banks and 20 notaries */
static int read_plan(struct layout *l)
{
	if (l->file.count != 1)
		return COMPLAIN(l, NULL,
				"expected one document with the keys banks "
				"and notaries, found %zu",
				l->file.count);
	l->net->file = l->file.name;
	l->net->load.count = COUNT_BY_GATES;
	l->net->seed = (uint64_t)clock_wall_us() / 1000000;
	return keys_read(&network_given_keys, &l->file, l->file.documents[0],
			 &l->plan, l->arena, l->err);
}

/* Makes the clone's path independent of where a later step is started. */
static int resolve_repo(struct layout *l)
{
	const char *slash = strrchr(l->file.name, '/');
	const char *repo = l->net->repo;
	char joined[PATH_ROOM], real[PATH_MAX];

	if (!repo)
		return 0;
	if (repo[0] == '/' || !slash)
		path_printf(joined, "%s", repo);
	else
		path_printf(joined, "%.*s/%s", (int)(slash - l->file.name),
			    l->file.name, repo);
	if (!realpath(joined, real))
		return COMPLAIN(l, layout_place(l, NULL, "repo"),
				"repo: there is no '%s'; expected the "
				"directory of a clone, relative to this file",
				joined);
	l->net->repo = arena_strdup(l->arena, real);
	return l->net->repo ? 0 : error_nomem(l->err);
}

static int find_release(struct layout *l, const struct plan_entry *e,
			const char *label, unsigned *ret)
{
	struct network *net = l->net;
	struct release *r = net->releases;

	for (unsigned i = 0; i < net->release_count; i++)
		if (!strcmp(r[i].label, label) &&
		    !strcmp(r[i].word, e->release) &&
		    !strcmp(r[i].cordapps, e->cordapps)) {
			*ret = i;
			return 0;
		}
	*ret = net->release_count++;
	r[*ret] = (struct release){ .label = label,
				    .word = e->release,
				    .cordapps = e->cordapps };
	return 0;
}

/* One StatefulSet has one release; a second line of the same is a mistake. */
static int refuse_same_set(struct layout *l, const struct plan_entry *e,
			   const struct node_names *names)
{
	for (unsigned i = 0; i < l->net->node_count; i++) {
		const struct network_node *n = &l->net->nodes[i];
		const struct release *r = &l->net->releases[n->release];

		if (strcmp(n->set, names->set))
			continue;
		if (!strcmp(r->word, e->release))
			return COMPLAIN(l, layout_place(l, e->at, "release"),
					"release %s is listed twice; list it "
					"once, with 'count:' for more nodes",
					e->release);
		return COMPLAIN(l, layout_place(l, e->at, "release"),
				"releases %s and %s both get the name '%s'; "
				"write one of them as its full SHA-1",
				r->word, e->release, names->set);
	}
	return 0;
}

static int add_nodes(struct layout *l, const struct plan_entry *e,
		     enum node_role role)
{
	bool with_jars = role == NODE_BANK && l->jars_differ;
	const char *extra =
		with_jars ? cordapps_brief(e->cordapps, l->arena) : e->cluster;
	const struct node_kind kind = { e->release, extra,
					network_prefix(l->net), role };
	struct node_names names;
	unsigned release;

	if (with_jars && !extra)
		return error_nomem(l->err);
	if (names_make(&names, &kind, l->arena, l->err) < 0 ||
	    refuse_same_set(l, e, &names) < 0 ||
	    find_release(l, e, names.label, &release) < 0)
		return -1;
	for (int i = 0; i < e->count; i++) {
		struct network_node *n = &l->net->nodes[l->net->node_count++];

		n->role = role;
		n->release = release;
		n->validating = e->validating;
		n->cluster = e->cluster;
		n->jvm = e->jvm;
		n->ordinal = (unsigned)i;
		if (names_give(&names, l->net->namespace, n, l->arena, l->err) <
		    0)
			return -1;
	}
	return 0;
}

static int lay_out(struct layout *l)
{
	struct network_file *p = &l->plan;
	struct network *net = l->net;
	unsigned banks = 0, notaries = 0;
	int rc = 0;

	for (unsigned i = 0; i < p->bank_count; i++)
		banks += (unsigned)p->banks[i].count;
	for (unsigned i = 0; i < p->notary_count; i++)
		notaries += (unsigned)p->notaries[i].count;
	if (banks < 2)
		return COMPLAIN(l, layout_place(l, NULL, "banks"),
				"one bank has nobody to pay; expected at least "
				"two: add another entry, or 'count: 2'");
	if (banks > BANKS_MAX)
		return COMPLAIN(l, layout_place(l, NULL, "banks"),
				"%u banks; expected at most %d", banks,
				BANKS_MAX);
	net->releases =
		arena_array(l->arena, ENTRIES_MAX, sizeof(net->releases[0]));
	net->nodes =
		arena_array(l->arena, banks + notaries, sizeof(net->nodes[0]));
	if (!net->releases || !net->nodes)
		return error_nomem(l->err);
	for (unsigned i = 0; i < p->bank_count; i++)
		if (layout_stops(l, add_nodes(l, &p->banks[i], NODE_BANK), &rc))
			return -1;
	for (unsigned i = 0; i < p->notary_count; i++)
		if (layout_stops(l, add_nodes(l, &p->notaries[i], NODE_NOTARY),
				 &rc))
			return -1;
	return rc;
}

static int check_namespace(struct layout *l)
{
	if (name_is_dns_label(l->net->namespace))
		return 0;
	return COMPLAIN(l, layout_place(l, NULL, "namespace"),
			"namespace: expected lower-case letters, "
			"digits and '-', at most 40, not '%s'",
			l->net->namespace);
}

/* Whether it can be had is known later, when the file is closed. */
static int keep_identity_place(struct layout *l)
{
	const struct yaml_node *at = yaml_get(l->file.documents[0], "identity");

	if (!at)
		return 0;
	l->net->identity_at = arena_printf(l->arena, "%s:%d:%d", l->file.name,
					   at->line, at->column);
	return l->net->identity_at ? 0 : error_nomem(l->err);
}

static int check_history(struct layout *l)
{
	const struct yaml_node *map = layout_place(l, NULL, "history");
	struct error why = { 0 };

	if (!l->net->history_database ||
	    archive_check_uri("history.database", l->net->history_database,
			      &why) == 0)
		return 0;
	if (why.kind != ERROR_INPUT)
		return error_set(l->err, why.kind, "%s", why.text);
	return COMPLAIN(l, layout_place(l, map, "database"), "%s", why.text);
}

/* What depends on the whole: only of a file in which nothing is wrong. */
static int settle_whole(struct layout *l)
{
	int rc = 0;

	if (layout_stops(l, lay_out(l), &rc) || rc < 0)
		return -1;
	return load_settle(&l->net->load, l->net, &l->file,
			   layout_place(l, NULL, "load"), l->err);
}

static int read_file(struct layout *l, struct network *ret)
{
	int rc = 0;

	l->net = &l->plan.net;
	if (layout_stops(l, read_plan(l), &rc))
		return -1;
	if (l->file.count != 1 || l->file.documents[0]->type != YAML_MAP)
		return -1;
	if (layout_stops(l, resolve_repo(l), &rc) ||
	    layout_stops(l, layout_check_entries(l), &rc) ||
	    (rc == 0 && layout_stops(l, settle_whole(l), &rc)) ||
	    layout_stops(l, keep_identity_place(l), &rc) ||
	    layout_stops(l, check_namespace(l), &rc) ||
	    layout_stops(l, check_history(l), &rc) ||
	    layout_stops(l, layout_check_cluster(l), &rc) || rc < 0 ||
	    names_settle(l->net, l->arena, l->err) < 0)
		return -1;
	*ret = *l->net;
	return 0;
}

int network_read(const char *path, struct arena *arena, struct network *ret,
		 struct error *err)
{
	struct layout l = { .arena = arena, .err = err };

	if (yaml_read(path, arena, &l.file, err) < 0)
		return -1;
	return read_file(&l, ret);
}

int network_check(const char *path, struct arena *arena,
		  struct yaml_faults *faults, struct network *ret,
		  struct error *err)
{
	struct layout l = { .arena = arena, .err = err };

	if (yaml_read(path, arena, &l.file, err) < 0) {
		if (err->kind == ERROR_INPUT)
			yaml_faults_add(faults, path, err);
		return -1;
	}
	l.file.faults = faults;
	return read_file(&l, ret);
}

int network_parse(const char *name, const void *text, size_t len,
		  struct arena *arena, struct network *ret, struct error *err)
{
	struct layout l = { .arena = arena, .err = err };

	if (yaml_parse(name, text, len, arena, &l.file, err) < 0)
		return -1;
	return read_file(&l, ret);
}

int network_move(struct network *net, const char *namespace,
		 struct arena *arena, struct error *err)
{
	if (!name_is_dns_label(namespace))
		return error_set(err, ERROR_INPUT,
				 "namespace: expected lower-case letters, "
				 "digits and '-', at most 40, not '%.80s'",
				 namespace);
	net->namespace = arena_strdup(arena, namespace);
	if (!net->namespace)
		return error_nomem(err);
	for (unsigned i = 0; i < net->node_count; i++)
		if (node_move(&net->nodes[i], net->namespace, arena, err) < 0)
			return -1;
	return 0;
}

int network_unbind(struct network *net, struct arena *arena, struct error *err)
{
	struct network_node *nodes =
		arena_array(arena, net->node_count, sizeof(*nodes));

	if (!nodes)
		return error_nomem(err);
	memcpy(nodes, net->nodes, net->node_count * sizeof(*nodes));
	for (unsigned i = 0; i < net->node_count; i++) {
		nodes[i].host = arena_printf(arena, "%s.%s", nodes[i].pod,
					     nodes[i].set);
		if (!nodes[i].host)
			return error_nomem(err);
	}
	net->nodes = nodes;
	return 0;
}

int network_check_engine(const struct network *net, struct error *err)
{
	if (engine_is_cluster(net->engine))
		return 0;
	if (net->identity == IDENTITY_DOORMAN)
		return error_set(err, ERROR_INPUT,
				 "%s: identity: doorman is for clusters "
				 "(medley generate -f %s -n NAMESPACE); with "
				 "the engine podman, expected static",
				 net->identity_at ? net->identity_at
						  : net->file,
				 net->file);
	if (net->external.host)
		return error_set(err, ERROR_INPUT,
				 "%s: external_database is for clusters; with "
				 "the engine podman, each run has its own "
				 "database",
				 net->file);
	return 0;
}

bool network_has_role(const struct network *net, unsigned release,
		      enum node_role role)
{
	for (unsigned i = 0; i < net->node_count; i++)
		if (net->nodes[i].release == release &&
		    net->nodes[i].role == role)
			return true;
	return false;
}

const struct network_node *network_find(const struct network *net,
					const char *name)
{
	for (unsigned i = 0; i < net->node_count; i++)
		if (!strcmp(net->nodes[i].name, name))
			return &net->nodes[i];
	return NULL;
}

unsigned network_notary_needs(const struct network_node *node, unsigned nodes)
{
	if (!node->cluster)
		return 1;
	return strcmp(node->cluster, CLUSTER_BFT_SMART) ? nodes / 2 + 1 : nodes;
}

const struct network_node *network_notary(const struct network *net,
					  const struct network_node *node)
{
	for (unsigned i = 0; node->service && i < net->node_count; i++)
		if (net->nodes[i].service &&
		    !strcmp(net->nodes[i].service, node->service))
			return &net->nodes[i];
	return node;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* clean_cluster.c - what dead runs have left in a cluster. */
#include "engine/clean.h"

#include <stdlib.h>
#include <string.h>

#include "engine/kubernetes/own_namespace.h"
#include "kube/objects.h"
#include "kube/sweep.h"
#include "run/run.h"
#include "sys/clock.h"

#define OURS "app.kubernetes.io/managed-by=medley,medley.run"
enum { ARENA_MAX = 256 * 1024 * 1024, FIND_S = 120, PROVE_S = 60 };

/* A run's objects in one namespace. */
struct group {
	const char *run, *namespace;
	int64_t newest_us;
	unsigned count, left;
	const char *first_left;
	bool owns; /* the namespace bears the run's labels */
	struct group *next;
};

struct cluster {
	struct clean_place place; /* first */
	const char *namespace; /* NULL: all */
	const char *runs_dir;
	struct arena arena;
	struct kubeconfig config;
	struct kube *kube;
	struct kinds kinds;
	struct group *groups;
	bool proving;
};

static struct group *group_of(struct cluster *c, const char *run,
			      const char *namespace)
{
	struct group *g = c->groups;

	while (g && (strcmp(g->run, run) || strcmp(g->namespace, namespace)))
		g = g->next;
	if (g)
		return g;
	g = arena_new(&c->arena, struct group);
	if (!g)
		return NULL;
	g->run = arena_strdup(&c->arena, run);
	g->namespace = arena_strdup(&c->arena, namespace);
	if (!g->run || !g->namespace)
		return NULL;
	g->next = c->groups;
	c->groups = g;
	return g;
}

static int count_left(struct cluster *c, struct group *g, const char *kind,
		      const char *name, struct error *err)
{
	if (!g->left++) {
		g->first_left = arena_printf(&c->arena, "%s %s", kind, name);
		if (!g->first_left)
			return error_nomem(err);
	}
	return 0;
}

static int add(struct cluster *c, const char *kind, const char *namespace,
	       const struct js *object, struct group **ret, struct error *err)
{
	const struct js *meta = js_get(object, "metadata");
	const char *run = js_str(js_get(meta, "labels"), "medley.run");
	const char *name = js_str(meta, "name");
	const char *made = js_str(meta, "creationTimestamp");
	struct group *g;
	int64_t us;

	if (!run || !name || !namespace)
		return error_set(err, ERROR_DEPLOY,
				 "a %s has no run, name or namespace", kind);
	g = group_of(c, run, namespace);
	if (!g)
		return error_nomem(err);
	*ret = g;
	if (c->proving)
		return count_left(c, g, kind, name, err);
	g->count++;
	if (made && clock_read(made, &us) && us > g->newest_us)
		g->newest_us = us;
	return 0;
}

static int add_object(const char *kind, const struct js *object, void *ctx,
		      struct error *err)
{
	struct group *g;

	return add(ctx, kind, js_str(js_get(object, "metadata"), "namespace"),
		   object, &g, err);
}

struct listing {
	struct cluster *cluster;
	struct error *err;
};

static int add_namespace(const struct js *object, void *ctx)
{
	struct listing *l = ctx;
	struct cluster *c = l->cluster;
	const char *name = js_str(js_get(object, "metadata"), "name");
	struct group *g;

	if (c->namespace && (!name || strcmp(name, c->namespace)))
		return 0;
	if (add(c, "Namespace", name, object, &g, l->err) < 0)
		return -1;
	g->owns = true;
	return 0;
}

static int list_all(struct cluster *c, int seconds, struct error *err)
{
	struct kube_sweep what = { .namespace = c->namespace,
				   .selector = OURS,
				   .seconds = seconds,
				   .note = c->place.note };
	struct kube_ref ref = { kube_builtin("Namespace"), NULL, NULL };
	struct kube_selection which = { OURS, NULL };
	struct listing l = { c, err };

	if (kube_sweep_each(c->kube, &c->kinds, &what, add_object, c, err) < 0)
		return -1;
	return kube_list(c->kube, &ref, &which,
			 clock_mono_us() + seconds * 1000000LL, add_namespace,
			 &l, err);
}

static const char *run_dir_of(const struct cluster *c, const char *run,
			      char room[PATH_ROOM])
{
	path_join(room, c->runs_dir, run);
	return file_exists(room) ? room : NULL;
}

static int weigh(struct cluster *c, struct group *g, struct clean_run *run,
		 struct error *err)
{
	const char *context = c->config.context ? c->config.context : "cluster";
	char room[PATH_ROOM];

	*run = (struct clean_run){ .run = g->run,
				   .where = arena_printf(&c->arena, "%s/%s",
							 context, g->namespace),
				   .active_us = g->newest_us,
				   .things = g->count,
				   .own = g };
	if (!run->where)
		return error_nomem(err);
	return clean_weigh(run_dir_of(c, g->run, room), run, err);
}

static int cluster_find(struct clean_place *p, struct error *err)
{
	struct cluster *c = (struct cluster *)p;
	unsigned i = 0;

	if (list_all(c, FIND_S, err) < 0)
		return -1;
	for (struct group *g = c->groups; g; g = g->next)
		p->count++;
	p->runs = arena_array(&c->arena, p->count + 1, sizeof(*p->runs));
	if (!p->runs)
		return error_nomem(err);
	for (struct group *g = c->groups; g; g = g->next)
		if (weigh(c, g, &p->runs[i++], err) < 0)
			return -1;
	clean_sort(p);
	return 0;
}

static int remove_namespace(struct cluster *c, const struct group *g,
			    int64_t deadline_us, struct error *err)
{
	struct own_namespace own = { c->kube, &c->kinds, g->namespace, g->run };
	struct error stays;

	if (own_namespace_remove(&own, deadline_us, &stays, err) < 0)
		return -1;
	if (stays.kind && c->place.note)
		c->place.note(stays.text, NULL);
	return 0;
}

static int remove_all(struct cluster *c, struct group *g, int seconds,
		      struct error *err)
{
	struct kube_sweep what = { .namespace = g->namespace,
				   .seconds = seconds,
				   .progress = c->place.progress,
				   .note = c->place.note };
	int64_t deadline_us = clock_mono_us() + seconds * 1000000LL;

	what.selector = arena_printf(&c->arena, OURS "=%s", g->run);
	if (!what.selector)
		return error_nomem(err);
	if (kube_sweep(c->kube, &c->kinds, &what, err) < 0)
		return -1;
	return g->owns ? remove_namespace(c, g, deadline_us, err) : 0;
}

static int cluster_remove(struct clean_place *p, struct clean_run *run,
			  int seconds, struct error *err)
{
	struct cluster *c = (struct cluster *)p;
	cleanup(closep) int fd = -1;
	char room[PATH_ROOM];
	int held = clean_hold(run_dir_of(c, run->run, room), &fd, err);
	struct error why;

	run->held = !held;
	if (held <= 0)
		return held;
	run->removed = true;
	if (remove_all(c, run->own, seconds, &why) >= 0)
		return 0;
	if (why.kind != ERROR_LEFT) {
		*err = why;
		return -1;
	}
	/* The listing at the end counts; here is why something is left. */
	if (p->note)
		p->note(why.text, NULL);
	return 0;
}

static int cluster_prove(struct clean_place *p, struct error *err)
{
	struct cluster *c = (struct cluster *)p;

	for (struct group *g = c->groups; g; g = g->next)
		g->left = 0;
	c->proving = true;
	if (list_all(c, PROVE_S, err) < 0)
		return -1;
	for (unsigned i = 0; i < p->count; i++) {
		const struct group *g = p->runs[i].own;

		if (!p->runs[i].removed)
			continue;
		p->runs[i].left = g->left;
		p->runs[i].first_left = g->left ? g->first_left : NULL;
	}
	return 0;
}

static void cluster_close(struct clean_place *p)
{
	struct cluster *c = (struct cluster *)p;

	kube_free(c->kube);
	kinds_release(&c->kinds);
	kubeconfig_release(&c->config);
	arena_release(&c->arena);
	free(c);
}

static const struct clean_ops cluster_ops = {
	.find = cluster_find,
	.remove = cluster_remove,
	.prove = cluster_prove,
	.close = cluster_close,
};

int clean_cluster(const char *context, const char *namespace,
		  const char *runs_dir, struct clean_place **ret,
		  struct error *err)
{
	struct cluster *c = calloc(1, sizeof(*c));

	if (!c)
		return error_nomem(err);
	c->place.ops = &cluster_ops;
	c->namespace = namespace;
	c->runs_dir = runs_dir;
	arena_init(&c->arena, ARENA_MAX);
	kinds_init(&c->kinds);
	if (kubeconfig_load(NULL, context, &c->config, err) < 0 ||
	    kube_open(&c->config, &c->kube, err) < 0) {
		cluster_close(&c->place);
		return -1;
	}
	*ret = &c->place;
	return 0;
}

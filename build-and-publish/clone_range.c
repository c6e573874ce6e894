/* SPDX-License-Identifier: Apache-2.0 */
/* clone_range.c - the commits of a clone between good ones and a bad one. */
#include "build-and-publish/clone_range.h"

#include <stdlib.h>
#include <string.h>

#include "build-and-publish/clone_git2.h"

enum { RANGE_MAX = 1000000, FIRST_ROOM = 256 };

static void walk_freep(git_revwalk **walk)
{
	git_revwalk_free(*walk);
}

static void commit_freep(git_commit **commit)
{
	git_commit_free(*commit);
}

static int failed(struct clone *c, struct error *err)
{
	return git_failed(err, ERROR_INPUT, c->files ?: c->git_dir);
}

/* ---- the walk ---- */

struct ids {
	git_oid *list; /* malloc() */
	unsigned count, room;
};

static void ids_release(struct ids *ids)
{
	free(ids->list);
}

static int add_id(struct ids *ids, const git_oid *id, struct error *err)
{
	if (ids->count == RANGE_MAX)
		return error_set(
			err, ERROR_INPUT,
			"more than %d commits are between the good and "
			"the bad one",
			RANGE_MAX);
	if (ids->count == ids->room) {
		const unsigned room = ids->room ? 2 * ids->room : FIRST_ROOM;
		git_oid *more = realloc(ids->list, room * sizeof(*more));

		if (!more)
			return error_nomem(err);
		ids->list = more;
		ids->room = room;
	}
	ids->list[ids->count++] = *id;
	return 0;
}

static int begin_walk(struct clone *c, const char *bad,
		      const char *const *goods, unsigned good_count,
		      git_revwalk **ret)
{
	git_oid id;

	if (git_revwalk_new(ret, c->repo) < 0 ||
	    git_oid_fromstr(&id, bad) < 0 || git_revwalk_push(*ret, &id) < 0)
		return -1;
	for (unsigned i = 0; i < good_count; i++)
		if (git_oid_fromstr(&id, goods[i]) < 0 ||
		    git_revwalk_hide(*ret, &id) < 0)
			return -1;
	return 0;
}

static int walk(struct clone *c, const char *bad, const char *const *goods,
		unsigned good_count, struct ids *ids, struct error *err)
{
	cleanup(walk_freep) git_revwalk *w = NULL;
	git_oid id;
	int rc;

	if (begin_walk(c, bad, goods, good_count, &w) < 0)
		return failed(c, err);
	while ((rc = git_revwalk_next(&id, w)) == 0)
		if (add_id(ids, &id, err) < 0)
			return -1;
	return rc == GIT_ITEROVER ? 0 : failed(c, err);
}

/* ---- its graph ---- */

/* Where an id is in the list. */
struct place {
	git_oid id;
	unsigned at;
};

static int by_id(const void *a, const void *b)
{
	return git_oid_cmp(&((const struct place *)a)->id,
			   &((const struct place *)b)->id);
}

static int find_place(const struct place *places, unsigned count,
		      const git_oid *id)
{
	const struct place key = { .id = *id };
	const struct place *found =
		bsearch(&key, places, count, sizeof(*places), by_id);

	return found ? (int)found->at : -1;
}

static int set_parents(git_commit *commit, const struct place *places,
		       unsigned count, struct arena *arena,
		       struct halving_commit *ret, struct error *err)
{
	const unsigned all = git_commit_parentcount(commit);
	unsigned *parents = arena_array(arena, all + 1, sizeof(*parents));

	if (!parents)
		return error_nomem(err);
	for (unsigned i = 0; i < all; i++) {
		const int at = find_place(places, count,
					  git_commit_parent_id(commit, i));

		if (at >= 0)
			parents[ret->parent_count++] = (unsigned)at;
	}
	ret->parents = parents;
	return 0;
}

static int set_commit(struct clone *c, const git_oid *id,
		      const struct place *places, unsigned at,
		      struct arena *arena, struct commit_range *r,
		      struct error *err)
{
	cleanup(commit_freep) git_commit *commit = NULL;
	const char *subject;

	if (git_commit_lookup(&commit, c->repo, id) < 0)
		return failed(c, err);
	subject = git_commit_summary(commit);
	git_oid_tostr(r->list[at].id, COMMIT_ROOM, id);
	r->list[at].subject = arena_strdup(arena, subject ?: "");
	if (!r->list[at].subject)
		return error_nomem(err);
	return set_parents(commit, places, r->count, arena, &r->graph[at], err);
}

/* The walk gives the newest commit first. */
static int fill(struct clone *c, const struct ids *ids, struct arena *arena,
		struct commit_range *r, struct error *err)
{
	struct place *places = arena_array(arena, r->count, sizeof(*places));

	if (!places)
		return error_nomem(err);
	for (unsigned i = 0; i < r->count; i++)
		places[i] = (struct place){ ids->list[i], r->count - 1 - i };
	qsort(places, r->count, sizeof(*places), by_id);
	for (unsigned i = 0; i < r->count; i++)
		if (set_commit(c, &ids->list[i], places, r->count - 1 - i,
			       arena, r, err) < 0)
			return -1;
	return 0;
}

int clone_range(struct clone *c, const char *bad, const char *const *goods,
		unsigned good_count, struct arena *arena,
		struct commit_range *ret, struct error *err)
{
	cleanup(ids_release) struct ids ids = { 0 };
	struct commit_range r = { 0 };

	if (walk(c, bad, goods, good_count, &ids, err) < 0)
		return -1;
	r.count = ids.count;
	r.list = arena_array(arena, r.count + 1, sizeof(*r.list));
	r.graph = arena_array(arena, r.count + 1, sizeof(*r.graph));
	if (!r.list || !r.graph)
		return error_nomem(err);
	if (r.count && fill(c, &ids, arena, &r, err) < 0)
		return -1;
	*ret = r;
	return 0;
}

int range_find(const struct commit_range *range, const char *id)
{
	for (unsigned i = 0; i < range->count; i++)
		if (!strcmp(range->list[i].id, id))
			return (int)i;
	return -1;
}

/* ---- single commits ---- */

bool clone_is_ancestor(struct clone *c, const char *ancestor, const char *of)
{
	git_oid a, b;

	if (!strcmp(ancestor, of))
		return true;
	return git_oid_fromstr(&a, ancestor) == 0 &&
	       git_oid_fromstr(&b, of) == 0 &&
	       git_graph_descendant_of(c->repo, &b, &a) == 1;
}

static int keep_bases(const git_oidarray *bases, struct arena *arena,
		      const char **list, struct error *err)
{
	char id[COMMIT_ROOM];

	for (size_t i = 0; i < bases->count; i++) {
		git_oid_tostr(id, COMMIT_ROOM, &bases->ids[i]);
		list[i] = arena_strdup(arena, id);
		if (!list[i])
			return error_nomem(err);
	}
	return 0;
}

int clone_merge_bases(struct clone *c, const char *one, const char *other,
		      struct arena *arena, const char ***ret,
		      unsigned *ret_count, struct error *err)
{
	git_oidarray bases = { 0 };
	const char **list;
	git_oid a, b;
	int rc;

	if (git_oid_fromstr(&a, one) < 0 || git_oid_fromstr(&b, other) < 0)
		return failed(c, err);
	rc = git_merge_bases(&bases, c->repo, &a, &b);
	if (rc < 0 && rc != GIT_ENOTFOUND)
		return failed(c, err);
	list = arena_array(arena, bases.count + 1, sizeof(*list));
	rc = list ? keep_bases(&bases, arena, list, err) : error_nomem(err);
	if (rc == 0) {
		*ret = list;
		*ret_count = (unsigned)bases.count;
	}
	git_oidarray_dispose(&bases);
	return rc;
}

static git_commit *look_up(struct clone *c, const char *id)
{
	git_commit *commit = NULL;
	git_oid oid;

	if (git_oid_fromstr(&oid, id) < 0 ||
	    git_commit_lookup(&commit, c->repo, &oid) < 0)
		return NULL;
	return commit;
}

const char *clone_subject(struct clone *c, const char *id, struct arena *arena)
{
	cleanup(commit_freep) git_commit *commit = look_up(c, id);
	const char *subject = commit ? git_commit_summary(commit) : NULL;

	return arena_strdup(arena, subject ?: "") ?: "";
}

int clone_each_parent(struct clone *c, const char *id,
		      int (*fn)(const char *parent, void *ctx), void *ctx)
{
	cleanup(commit_freep) git_commit *commit = look_up(c, id);
	char parent[COMMIT_ROOM];
	int rc = 0;

	for (unsigned i = 0;
	     commit && !rc && i < git_commit_parentcount(commit); i++) {
		git_oid_tostr(parent, COMMIT_ROOM,
			      git_commit_parent_id(commit, i));
		rc = fn(parent, ctx);
	}
	return rc;
}

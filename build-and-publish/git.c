/* SPDX-License-Identifier: Apache-2.0 */
/* git.c - a commit-ish becomes a commit, a commit becomes a worktree. */
#include "build-and-publish/git.h"

#include <git2.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/nearest.h"
#include "build-and-publish/lfs.h"

enum { NEAREST = 3, NAME_LEN_MAX = 120, SUBMODULES_DEEP = 8 };

static void repo_freep(git_repository **repo)
{
	git_repository_free(*repo);
}

static void object_freep(git_object **object)
{
	git_object_free(*object);
}

static void odb_freep(git_odb **odb)
{
	git_odb_free(*odb);
}

static int clone_error(struct error *err, enum error_kind kind,
		       const char *what)
{
	const git_error *e = git_error_last();

	return error_set(err, kind, "%s: %s", what,
			 e && e->message ? e->message : "git failed");
}

static int open_repo(const char *path, git_repository **ret, struct error *err)
{
	if (git_libgit2_init() < 0 || git_repository_open(ret, path) < 0)
		return clone_error(err, ERROR_INPUT, path);
	return 0;
}

/* The names that look most like a word, best first. */
struct nearest_names {
	const char *word;
	char names[NEAREST][NAME_LEN_MAX];
	unsigned distances[NEAREST];
	unsigned count;
};

static void nearest_add(struct nearest_names *near, const char *name)
{
	unsigned d = word_distance(near->word, name), at = near->count;

	if (strlen(name) >= NAME_LEN_MAX)
		return;
	if (at == NEAREST && near->distances[--at] <= d)
		return;
	for (; at > 0 && near->distances[at - 1] > d; at--) {
		near->distances[at] = near->distances[at - 1];
		strcpy(near->names[at], near->names[at - 1]);
	}
	near->distances[at] = d;
	strcpy(near->names[at], name);
	if (near->count < NEAREST)
		near->count++;
}

/* Where git looks a name up, besides refs/ itself. */
static const char *const kinds[] = { "refs/tags/", "refs/heads/",
				     "refs/remotes/" };

static int nearest_reference(const char *name, void *ctx)
{
	for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strncmp(name, kinds[i], strlen(kinds[i])))
			nearest_add(ctx, name + strlen(kinds[i]));
	return 0;
}

static int unknown_word(git_repository *repo, const char *path,
			const char *word, struct error *err)
{
	cleanup(buf_release) struct buf names = BUF_INIT(4096);
	struct nearest_names near = { .word = word };

	git_reference_foreach_name(repo, nearest_reference, &near);
	for (unsigned i = 0; i < near.count; i++)
		buf_addf(&names, "%s %s",
			 i ? "," : "; the nearest names:", near.names[i]);
	return error_set(err, ERROR_INPUT,
			 "%s has no branch, tag or commit \"%s\"%s", path, word,
			 buf_text(&names));
}

/* What may follow a name in a commit-ish. */
static const char suffixes[] = "^~@:";

/* The commits whose SHA-1 begins with a word. */
struct prefix_search {
	git_repository *repo;
	const char *word;
	struct buf names;
	git_oid last;
	unsigned commits;
};

static int prefix_object(const git_oid *id, void *ctx)
{
	struct prefix_search *s = ctx;
	cleanup(object_freep) git_object *object = NULL;
	char hex[COMMIT_ROOM];

	git_oid_tostr(hex, sizeof(hex), id);
	if (strncasecmp(hex, s->word, strcspn(s->word, suffixes)) ||
	    git_object_lookup(&object, s->repo, id, GIT_OBJECT_COMMIT) < 0 ||
	    (s->commits && git_oid_equal(id, &s->last)))
		return 0;
	git_oid_cpy(&s->last, id);
	if (s->commits++ < NEAREST)
		buf_addf(&s->names, "%s %.16s", s->commits > 1 ? "," : "", hex);
	return 0;
}

/* Several objects begin so; where one alone is a commit, it is meant. */
static int short_word(git_repository *repo, const char *path, const char *word,
		      git_object **ret, struct error *err)
{
	cleanup(odb_freep) git_odb *odb = NULL;
	struct prefix_search s = { repo, word, BUF_INIT(4096), { { 0 } }, 0 };
	char hex[COMMIT_ROOM], full[NAME_LEN_MAX];
	int rc = 0;

	if (git_repository_odb(&odb, repo) == 0)
		git_odb_foreach(odb, prefix_object, &s);
	if (s.commits != 1)
		rc = error_set(err, ERROR_INPUT,
			       "%s: \"%s\" fits several objects; commits among "
			       "them:%s",
			       path, word,
			       s.commits ? buf_text(&s.names) : " none");
	else if (snprintf(full, sizeof(full), "%s%s",
			  git_oid_tostr(hex, sizeof(hex), &s.last),
			  word + strcspn(word, suffixes)) >= NAME_LEN_MAX ||
		 git_revparse_single(ret, repo, full) < 0)
		rc = clone_error(err, ERROR_INPUT, path);
	buf_release(&s.names);
	return rc;
}

/* The names that a word may stand for, in git's order; those at the top, such
 * as HEAD, mean themselves. */
static const char *const forms[] = { "refs/%.*s", "refs/tags/%.*s",
				     "refs/heads/%.*s", "refs/remotes/%.*s",
				     "refs/remotes/%.*s/HEAD" };

/* What one word means, name by name. */
struct meanings {
	struct buf names;
	git_oid first;
	int found;
	bool differ;
};

static void add_meaning(struct meanings *m, const char *name,
			const git_oid *commit)
{
	m->differ |= m->found && !git_oid_equal(commit, &m->first);
	if (!m->found)
		git_oid_cpy(&m->first, commit);
	buf_addf(&m->names, "%s %s", m->found++ ? "," : "", name);
}

static bool reference_commit(git_repository *repo, const char *full,
			     git_oid *ret)
{
	git_reference *reference = NULL;
	git_object *commit = NULL;
	bool found =
		git_reference_lookup(&reference, repo, full) == 0 &&
		git_reference_peel(&commit, reference, GIT_OBJECT_COMMIT) == 0;

	if (found)
		git_oid_cpy(ret, git_object_id(commit));
	git_object_free(commit);
	git_reference_free(reference);
	return found;
}

/* A name of hexadecimal digits may also be the beginning of commits. */
static void add_beginnings(struct meanings *m, git_repository *repo,
			   const char *word, size_t len)
{
	cleanup(odb_freep) git_odb *odb = NULL;
	struct prefix_search s = { repo, word, BUF_INIT(4096), { { 0 } }, 0 };
	git_oid unused;

	if (len < GIT_OID_MINPREFIXLEN || len > GIT_OID_HEXSZ ||
	    git_oid_fromstrn(&unused, word, len) < 0 ||
	    git_repository_odb(&odb, repo) < 0)
		return;
	git_odb_foreach(odb, prefix_object, &s);
	if (s.commits > 1 ||
	    (s.commits && !git_oid_equal(&s.last, &m->first))) {
		buf_addf(&m->names, ", the beginning of%s", buf_text(&s.names));
		m->differ = true;
	}
	buf_release(&s.names);
}

/* git takes one of them and warns at most; whoever reads the result would not
 * know which of them it was. */
static int check_one_name(git_repository *repo, const char *path,
			  const char *word, struct error *err)
{
	struct meanings m = { .names = BUF_INIT(4096) };
	char full[NAME_LEN_MAX + 32];
	size_t len = strcspn(word, suffixes);
	git_oid id;

	for (unsigned i = 0; i < ARRAY_SIZE(forms); i++)
		if (snprintf(full, sizeof(full), forms[i], (int)len, word) <
			    (int)sizeof(full) &&
		    reference_commit(repo, full, &id))
			add_meaning(&m, full, &id);
	if (m.found)
		add_beginnings(&m, repo, word, len);
	if (m.differ)
		error_set(err, ERROR_INPUT,
			  "%s: \"%s\" is the name of several:%s; write one of "
			  "them in full",
			  path, word, buf_text(&m.names));
	buf_release(&m.names);
	return m.differ ? -1 : 0;
}

bool reference_named(const char *path, const char *word, char room[PATH_ROOM])
{
	cleanup(repo_freep) git_repository *repo = NULL;
	git_oid id;

	if (open_repo(path, &repo, NULL) < 0)
		return false;
	for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++)
		if (reference_commit(repo,
				     path_printf(room, "%s%s", kinds[i], word),
				     &id))
			return true;
	return false;
}

int commit_resolve(const char *path, const char *word, struct commit *ret,
		   struct error *err)
{
	cleanup(repo_freep) git_repository *repo = NULL;
	cleanup(object_freep) git_object *object = NULL;
	cleanup(object_freep) git_object *commit = NULL;
	int rc;

	if (open_repo(path, &repo, err) < 0 ||
	    check_one_name(repo, path, word, err) < 0)
		return -1;
	rc = git_revparse_single(&object, repo, word);
	if (rc == GIT_EAMBIGUOUS) {
		if (short_word(repo, path, word, &object, err) < 0)
			return -1;
	} else if (rc < 0) {
		return unknown_word(repo, path, word, err);
	}
	if (git_object_peel(&commit, object, GIT_OBJECT_COMMIT) < 0)
		return error_set(err, ERROR_INPUT, "%s: \"%s\" is no commit",
				 path, word);
	git_oid_tostr(ret->id, COMMIT_ROOM, git_object_id(commit));
	git_oid_tostr(ret->tree, COMMIT_ROOM,
		      git_commit_tree_id((git_commit *)commit));
	ret->time = git_commit_time((git_commit *)commit);
	return 0;
}

int repository_around(const char *dir, char room[PATH_ROOM], struct error *err)
{
	cleanup(repo_freep) git_repository *repo = NULL;
	const char *path;

	if (git_libgit2_init() < 0 ||
	    git_repository_open_ext(&repo, dir, 0, NULL) < 0)
		return error_set(err, ERROR_INPUT,
				 "%s is not in a git repository", dir);
	path = git_repository_workdir(repo) ?: git_repository_path(repo);
	path_printf(room, "%.*s", (int)strlen(path) - 1, path);
	return 0;
}

/* Makes the repository at `dir` find the objects of `clone`. */
static int borrow_objects(git_repository *clone, git_repository *own,
			  struct error *err)
{
	char from[PATH_ROOM], to[PATH_ROOM];
	cleanup(buf_release) struct buf line = BUF_INIT(PATH_ROOM);

	path_printf(from, "%sshallow", git_repository_commondir(clone));
	path_printf(to, "%sshallow", git_repository_path(own));
	if (file_exists(from) && file_copy(from, to, 0600, err) < 0)
		return -1;
	buf_addf(&line, "%sobjects\n", git_repository_commondir(clone));
	path_printf(to, "%sobjects/info/alternates", git_repository_path(own));
	return file_write(to, line.data, line.len, 0600, err);
}

static int check_out(const char *dir, const char *commit, struct error *err)
{
	git_checkout_options options;
	cleanup(repo_freep) git_repository *repo = NULL;
	cleanup(object_freep) git_object *object = NULL;

	git_checkout_options_init(&options, GIT_CHECKOUT_OPTIONS_VERSION);
	options.checkout_strategy = GIT_CHECKOUT_FORCE;
	if (open_repo(dir, &repo, err) < 0)
		return -1;
	if (git_revparse_single(&object, repo, commit) < 0 ||
	    git_checkout_tree(repo, object, &options) < 0 ||
	    git_repository_set_head_detached(repo, git_object_id(object)) < 0)
		return clone_error(err, ERROR_BUILD, commit);
	return 0;
}

static int stop_at_first(const char *name, void *ctx)
{
	(void)name, (void)ctx;
	return 1;
}

static int fill_worktree(const char *path, const char *commit, const char *dir,
			 unsigned depth, struct error *err);

/* What is needed to fill the submodules of one worktree. */
struct submodules {
	const char *from; /* the clone's common directory, with its slash */
	const char *dir;
	unsigned depth;
	struct error *err;
};

static int fill_submodule(git_submodule *sub, const char *name, void *ctx)
{
	const struct submodules *s = ctx;
	const git_oid *id = git_submodule_head_id(sub);
	char from[PATH_ROOM], to[PATH_ROOM], commit[COMMIT_ROOM];

	/* Named in .gitmodules only: the commit has nothing there. */
	if (!id)
		return 0;
	git_oid_tostr(commit, sizeof(commit), id);
	path_printf(from, "%smodules/%s", s->from, name);
	if (strstr(name, "..") || !file_exists(from))
		return error_set(s->err, ERROR_BUILD,
				 "submodule %s is not in the clone: run `git "
				 "submodule update --init --recursive` there",
				 name);
	path_join(to, s->dir, git_submodule_path(sub));
	if (fill_worktree(from, commit, to, s->depth + 1, s->err) < 0)
		return error_wrap(s->err, "submodule %s", name);
	return 0;
}

static int fill_submodules(git_repository *clone, git_repository *own,
			   const char *dir, unsigned depth, struct error *err)
{
	struct submodules s = { git_repository_commondir(clone), dir, depth,
				err };
	int rc;

	if (depth == SUBMODULES_DEEP)
		return error_set(err, ERROR_BUILD,
				 "submodules more than %d deep",
				 SUBMODULES_DEEP);
	rc = git_submodule_foreach(own, fill_submodule, &s);
	if (rc < 0 && (!err || !err->kind))
		return clone_error(err, ERROR_BUILD, "submodules");
	return rc;
}

static bool is_lfs(const char *path, void *ctx)
{
	const char *filter = NULL;

	return git_attr_get(&filter, ctx, 0, path, "filter") == 0 && filter &&
	       !strcmp(filter, "lfs");
}

static int fill_worktree(const char *path, const char *commit, const char *dir,
			 unsigned depth, struct error *err)
{
	cleanup(repo_freep) git_repository *clone = NULL;
	cleanup(repo_freep) git_repository *own = NULL;
	char store[PATH_ROOM];

	if (open_repo(path, &clone, err) < 0)
		return -1;
	if (git_repository_init(&own, dir, 0) < 0)
		return clone_error(err, ERROR_INTERNAL, dir);
	if (borrow_objects(clone, own, err) < 0 ||
	    check_out(dir, commit, err) < 0)
		return -1;
	path_printf(store, "%slfs/objects", git_repository_commondir(clone));
	if (lfs_fill(dir, store, is_lfs, own, err) < 0)
		return -1;
	return fill_submodules(clone, own, dir, depth, err);
}

int worktree_make(const char *path, const char *commit, const char *dir,
		  struct error *err)
{
	struct error why = { 0 };

	if (dir_each(dir, stop_at_first, NULL, NULL) > 0)
		return error_set(err, ERROR_INTERNAL, "%s is not empty", dir);
	if (fill_worktree(path, commit, dir, 0, &why) < 0)
		return error_set(err, why.kind, "%s", why.text);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* worktree.c - makes a worktree of a commit. */
#include "build-and-publish/worktree.h"

#include <stdio.h>
#include <string.h>

#include "build-and-publish/clone.h"
#include "build-and-publish/lfs.h"
#include "sys/file.h"

enum { SUBMODULES_DEEP = 8, SETTING_MAX = PATH_ROOM };

/* One commit of one clone on its way into a directory. */
struct filling {
	struct clone *clone;
	struct clone *own; /* the repository that the directory is */
	const char *commit, *dir;
	unsigned depth;
	struct error *err;
};

static int fill_worktree(struct clone *clone, const char *commit,
			 const char *dir, unsigned depth, struct error *err);

/* ---- files ---- */

/* Makes the repository at `dir` find the objects of `clone`. */
static int borrow_objects(struct clone *clone, const char *dir,
			  struct error *err)
{
	const struct stores *stores = clone_stores(clone);
	cleanup(buf_release) struct buf lines =
		BUF_INIT((size_t)STORES_MAX * PATH_ROOM);
	char from[PATH_ROOM], to[PATH_ROOM];

	path_join(from, clone_common_dir(clone), "shallow");
	path_join(to, dir, ".git/shallow");
	if (file_exists(from) && file_copy(from, to, 0600, err) < 0)
		return -1;
	for (unsigned i = 0; i < stores->count; i++)
		buf_addf(&lines, "%s\n", stores->paths[i]);
	path_join(to, dir, ".git/objects/info/alternates");
	if (buf_check(&lines, err) < 0)
		return -1;
	return file_write(to, lines.data, lines.len, 0600, err);
}

/* A repository in `dir` that has the clone's objects. */
static int make_repository(struct clone *clone, const char *dir,
			   struct clone **ret, struct error *err)
{
	cleanup(clone_freep) struct clone *empty = NULL;

	if (clone_make(dir, &empty, err) < 0 ||
	    borrow_objects(clone, dir, err) < 0)
		return -1;
	return clone_open_part(dir, ret, err);
}

static int check_out(struct filling *f)
{
	const char *missing = clone_stores(f->clone)->missing;

	if (clone_check_out(f->own, f->commit, f->err) == 0)
		return 0;
	if (clone_is_partial(f->clone))
		error_wrap(
			f->err,
			"the clone is partial and lacks files of the commit; "
			"`git -C %s archive %s >/dev/null` fetches them",
			clone_place(f->clone), f->commit);
	else if (missing)
		error_wrap(f->err,
			   "the clone uses the objects of %s, which does not "
			   "exist",
			   missing);
	return -1;
}

/* ---- large files ---- */

static bool is_lfs(const char *path, void *ctx)
{
	return clone_attribute_is(ctx, path, "filter", "lfs");
}

/* Adds "<dir>/objects" to the stores of large files. */
static int add_store(struct lfs_stores *s, const char *dir, struct arena *arena,
		     struct error *err)
{
	const char *path = arena_printf(arena, "%s/objects", dir);

	if (!path)
		return error_nomem(err);
	if (s->count < LFS_STORES_MAX)
		s->paths[s->count++] = path;
	return 0;
}

static int find_large_files(struct clone *clone, struct arena *arena,
			    struct lfs_stores *ret, struct error *err)
{
	cleanup(buf_release) struct buf storage = BUF_INIT(SETTING_MAX);
	const struct stores *stores = clone_stores(clone);
	char own[PATH_ROOM];

	if (!clone_setting(clone, "lfs.storage", &storage) || !storage.len)
		path_join(own, clone_common_dir(clone), "lfs");
	else if (buf_text(&storage)[0] == '/')
		path_printf(own, "%s", buf_text(&storage));
	else
		path_join(own, clone_common_dir(clone), buf_text(&storage));
	if (add_store(ret, own, arena, err) < 0)
		return -1;
	for (unsigned i = 1; i < stores->count; i++) {
		path_join(own, stores->paths[i], "../lfs");
		if (add_store(ret, own, arena, err) < 0)
			return -1;
	}
	return 0;
}

static int fill_large_files(struct filling *f)
{
	cleanup(arena_release) struct arena arena =
		ARENA_INIT((size_t)2 * LFS_STORES_MAX * PATH_ROOM);
	struct lfs_stores stores = { .place = clone_place(f->clone) };

	if (find_large_files(f->clone, &arena, &stores, f->err) < 0)
		return -1;
	return lfs_fill(f->dir, &stores, is_lfs, f->own, f->err);
}

/* ---- submodules ---- */

/* The repository of one submodule, as far as it was found. */
struct finding {
	const struct filling *f;
	const struct clone_submodule *sub;
	struct clone *found; /* has the commit */
};

/* 1 when `path` is a repository that has the submodule's commit. */
static int try_repository(struct finding *s, const char *path)
{
	cleanup(clone_freep) struct clone *clone = NULL;

	if (!file_exists(path) || clone_open_part(path, &clone, NULL) < 0 ||
	    !clone_has_commit(clone, s->sub->commit))
		return 0;
	s->found = steal(clone);
	return 1;
}

static int try_modules(struct finding *s, const char *git_dir)
{
	char path[PATH_ROOM];

	path_printf(path, "%s/modules/%s", git_dir, s->sub->name);
	return try_repository(s, path);
}

/* Of a worktree that is linked to the clone. */
static int try_worktree(const char *name, void *ctx)
{
	struct finding *s = ctx;
	char path[PATH_ROOM];

	path_printf(path, "%s/worktrees/%s", clone_common_dir(s->f->clone),
		    name);
	return try_modules(s, path);
}

/* The submodule's own directory among the clone's files, with a .git. */
static int try_files(struct finding *s)
{
	const char *files = clone_files(s->f->clone);
	char path[PATH_ROOM], git[PATH_ROOM];

	if (!files)
		return 0;
	path_join(path, files, s->sub->path);
	if (!file_exists(path_join(git, path, ".git")))
		return 0;
	return try_repository(s, path);
}

static int find_submodule(struct finding *s)
{
	struct clone *clone = s->f->clone;
	char worktrees[PATH_ROOM];

	/* A name becomes a part of a path. */
	if (strstr(s->sub->name, ".."))
		return try_files(s);
	path_join(worktrees, clone_common_dir(clone), "worktrees");
	return try_modules(s, clone_git_dir(clone)) || try_files(s) ||
	       try_modules(s, clone_common_dir(clone)) ||
	       (file_exists(worktrees) &&
		dir_each(worktrees, try_worktree, s, NULL) > 0);
}

/* As the user set the clone up; git leaves its directory empty, too. */
static bool is_unwanted(struct clone *clone, const struct clone_submodule *sub)
{
	cleanup(buf_release) struct buf value = BUF_INIT(SETTING_MAX);
	char key[PATH_ROOM];

	path_printf(key, "submodule.%s.update", sub->name);
	if (clone_setting(clone, key, &value))
		return !strcmp(buf_text(&value), "none");
	return sub->none;
}

/* `git submodule update` brings what the commit that is checked out needs. */
static int submodule_missing(const struct filling *f,
			     const struct clone_submodule *sub)
{
	const char *place = clone_place(f->clone);
	char head[COMMIT_ROOM], first[PATH_ROOM] = "";

	if (!clone_files(f->clone))
		return error_set(f->err, ERROR_BUILD,
				 "submodule %s: a bare clone has no "
				 "submodules; name a clone with files",
				 sub->name);
	if (clone_reference(f->clone, "HEAD", head) != REFERENCE_COMMIT ||
	    strcmp(head, f->commit) != 0)
		path_printf(first, "git -C %s checkout %.12s && ", place,
			    f->commit);
	return error_set(f->err, ERROR_BUILD,
			 "submodule %s is not in the clone: run `%sgit -C %s "
			 "submodule update --init --recursive`",
			 sub->name, first, place);
}

static int fill_submodule(const struct clone_submodule *sub, void *ctx)
{
	const struct filling *f = ctx;
	struct finding s = { .f = f, .sub = sub };
	char to[PATH_ROOM];
	int rc;

	if (is_unwanted(f->clone, sub))
		return 0;
	if (!find_submodule(&s))
		return clone_is_inactive(f->clone, sub->name, sub->path)
			       ? 0
			       : submodule_missing(f, sub);
	path_join(to, f->dir, sub->path);
	rc = fill_worktree(s.found, sub->commit, to, f->depth + 1, f->err);
	clone_free(s.found);
	return rc < 0 ? error_wrap(f->err, "submodule %s", sub->name) : 0;
}

static int fill_submodules(struct filling *f)
{
	if (f->depth == SUBMODULES_DEEP)
		return error_set(
			f->err, ERROR_BUILD,
			"submodules are nested more than %d levels deep",
			SUBMODULES_DEEP);
	return clone_each_submodule(f->own, fill_submodule, f, f->err);
}

/* ---- all of it ---- */

static int fill_worktree(struct clone *clone, const char *commit,
			 const char *dir, unsigned depth, struct error *err)
{
	cleanup(clone_freep) struct clone *own = NULL;
	struct filling f = { clone, NULL, commit, dir, depth, err };

	if (make_repository(clone, dir, &own, err) < 0)
		return -1;
	f.own = own;
	if (check_out(&f) < 0 || fill_large_files(&f) < 0)
		return -1;
	return fill_submodules(&f);
}

static int stop_at_first(const char *name, void *ctx)
{
	(void)name, (void)ctx;
	return 1;
}

int worktree_make(const char *path, const char *commit, const char *dir,
		  struct error *err)
{
	cleanup(clone_freep) struct clone *clone = NULL;
	struct error why = { 0 };

	if (dir_each(dir, stop_at_first, NULL, NULL) > 0)
		return error_set(err, ERROR_INTERNAL, "%s is not empty", dir);
	if (clone_open(path, &clone, err) < 0)
		return -1;
	if (fill_worktree(clone, commit, dir, 0, &why) < 0)
		return error_set(err, why.kind, "%s", why.text);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* git.c - a commit-ish becomes a commit, a commit becomes a worktree. */
#include "build-and-publish/git.h"

#include <git2.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sys/file.h"

enum { NEAREST = 3, NAME_LEN_MAX = 120 };

static void repo_freep(git_repository **repo)
{
	git_repository_free(*repo);
}

static void object_freep(git_object **object)
{
	git_object_free(*object);
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
struct nearest {
	const char *word;
	char names[NEAREST][NAME_LEN_MAX];
	unsigned distances[NEAREST];
	unsigned count;
};

/* Levenshtein's distance of two texts. */
static unsigned distance(const char *a, const char *b)
{
	unsigned row[NAME_LEN_MAX + 1], diagonal, above;
	size_t n = strnlen(b, NAME_LEN_MAX);

	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		diagonal = row[0];
		row[0] = i + 1;
		for (size_t j = 0; j < n; j++) {
			above = row[j + 1];
			unsigned best = diagonal + (a[i] != b[j]);

			if (above + 1 < best)
				best = above + 1;
			if (row[j] + 1 < best)
				best = row[j] + 1;
			diagonal = above;
			row[j + 1] = best;
		}
	}
	return row[n];
}

static void nearest_add(struct nearest *near, const char *name)
{
	unsigned d = distance(near->word, name), at = near->count;

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

static int nearest_reference(const char *name, void *ctx)
{
	static const char *const kinds[] = { "refs/heads/", "refs/tags/",
					     "refs/remotes/" };

	for (unsigned i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strncmp(name, kinds[i], strlen(kinds[i])))
			nearest_add(ctx, name + strlen(kinds[i]));
	return 0;
}

static int unknown_word(git_repository *repo, const char *path,
			const char *word, struct error *err)
{
	cleanup(buf_release) struct buf names = BUF_INIT(4096);
	struct nearest near = { .word = word };

	git_reference_foreach_name(repo, nearest_reference, &near);
	for (unsigned i = 0; i < near.count; i++)
		buf_addf(&names, "%s %s",
			 i ? "," : "; the nearest names:", near.names[i]);
	return error_set(err, ERROR_INPUT,
			 "%s has no branch, tag or commit \"%s\"%s", path, word,
			 buf_text(&names));
}

int commit_resolve(const char *path, const char *word, char ret[COMMIT_ROOM],
		   struct error *err)
{
	cleanup(repo_freep) git_repository *repo = NULL;
	cleanup(object_freep) git_object *object = NULL;
	cleanup(object_freep) git_object *commit = NULL;
	int rc;

	if (open_repo(path, &repo, err) < 0)
		return -1;
	rc = git_revparse_single(&object, repo, word);
	if (rc == GIT_EAMBIGUOUS)
		return error_set(err, ERROR_INPUT,
				 "%s: \"%s\" fits several commits", path, word);
	if (rc < 0)
		return unknown_word(repo, path, word, err);
	if (git_object_peel(&commit, object, GIT_OBJECT_COMMIT) < 0)
		return error_set(err, ERROR_INPUT, "%s: \"%s\" is no commit",
				 path, word);
	git_oid_tostr(ret, COMMIT_ROOM, git_object_id(commit));
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

int worktree_make(const char *path, const char *commit, const char *dir,
		  struct error *err)
{
	cleanup(repo_freep) git_repository *clone = NULL;
	cleanup(repo_freep) git_repository *own = NULL;

	if (open_repo(path, &clone, err) < 0)
		return -1;
	if (dir_each(dir, stop_at_first, NULL, NULL) > 0)
		return error_set(err, ERROR_INTERNAL, "%s is not empty", dir);
	if (git_repository_init(&own, dir, 0) < 0)
		return clone_error(err, ERROR_INTERNAL, dir);
	if (borrow_objects(clone, own, err) < 0)
		return -1;
	return check_out(dir, commit, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* clone.h - an opened git repository. */
#ifndef BUILD_CLONE_H
#define BUILD_CLONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "build-and-publish/alternates.h"

enum { COMMIT_ROOM = 41, REFERENCE_ROOM = 256 };

struct commit {
	char id[COMMIT_ROOM]; /* SHA-1, hex */
	char tree[COMMIT_ROOM]; /* id of its files: equal files have equal
				 * ids */
	int64_t time; /* of the commit, seconds since 1970 */
};

struct clone;

/*
 * Opens the clone at `path`, the directory of its files or a bare repository.
 * The clone may have extensions that do not change how objects are read
 * (worktreeConfig, partialClone …). ERROR_INPUT; if the clone belongs to
 * another user, or has an extension that libgit2 cannot read, the error says
 * what to do.
 */
int clone_open(const char *path, struct clone **ret, struct error *err);
/* Opens a repository inside a clone that is open. Does not check its owner,
 * because the owner of the outer clone was checked. */
int clone_open_part(const char *path, struct clone **ret, struct error *err);
/* Finds the clone that contains the directory `dir`. 1 and the clone's
 * directory; 0: no clone contains it; -1: the clone cannot be opened. */
int clone_find(const char *dir, char room[PATH_ROOM], struct error *err);
/* Makes a repository with the files in `dir`. */
int clone_make(const char *dir, struct clone **ret, struct error *err);
void clone_free(struct clone *c);
DEFINE_FREEP(struct clone, clone)

/* Directories, without a slash at the end. Of a linked worktree, the second is
 * its own, the third that of the clone that it is linked to. */
const char *clone_files(const struct clone *c); /* NULL: it is bare */
const char *clone_git_dir(const struct clone *c);
const char *clone_common_dir(const struct clone *c);
/* The directory for `git -C`, quoted as a word of a shell. The text lives as
 * long as the clone. */
const char *clone_place(const struct clone *c);
/* The directories of its objects, with those of other clones that it uses. */
const struct stores *clone_stores(const struct clone *c);

/* A setting of the clone or of the user; false if it is not set. */
bool clone_setting(struct clone *c, const char *key, struct buf *ret);
/* True for a partial clone: objects may be missing because they were not
 * fetched yet. */
bool clone_is_partial(struct clone *c);

/* ---- commits ---- */

enum clone_word {
	WORD_UNKNOWN,
	WORD_FOUND,
	WORD_SEVERAL, /* the beginning of several objects */
	WORD_NO_COMMIT, /* a tree, a file */
};

/* What a commit-ish means, as `git rev-parse` has it. */
enum clone_word clone_look_up(struct clone *c, const char *word,
			      struct commit *ret);
enum clone_reference {
	REFERENCE_NONE,
	REFERENCE_COMMIT,
	REFERENCE_OTHER, /* of a tree or a file */
	REFERENCE_BROKEN, /* the object is not in the clone */
};

/* Which kind of object a reference (its full name) points to; *ret is the
 * commit. */
enum clone_reference clone_reference(struct clone *c, const char *full,
				     char ret[COMMIT_ROOM]);
bool clone_has_commit(struct clone *c, const char *id);
/* Calls fn with the full name of each reference, until it returns non-zero. */
void clone_each_reference(struct clone *c,
			  int (*fn)(const char *full, void *ctx), void *ctx);
/* The same with each commit, once or more, whose SHA-1 begins with the first
 * `len` characters of `hex`. */
void clone_each_commit(struct clone *c, const char *hex, size_t len,
		       int (*fn)(const char *id, void *ctx), void *ctx);

/* ---- files ---- */

/* Puts the files of the commit into the directory of the clone, with HEAD
 * detached at it. ERROR_BUILD. */
int clone_check_out(struct clone *c, const char *id, struct error *err);

/* Whether .gitattributes gives the path (below the directory) this value. */
bool clone_attribute_is(struct clone *c, const char *path, const char *name,
			const char *value);

struct clone_submodule {
	const char *name, *path;
	const char *commit;
	bool none; /* .gitmodules has "update = none" */
};

/* Calls fn with each submodule of the files that are checked out, until it
 * returns non-zero, which is returned. -1: ERROR_BUILD, or fn's own. */
int clone_each_submodule(struct clone *c,
			 int (*fn)(const struct clone_submodule *sub,
				   void *ctx),
			 void *ctx, struct error *err);
/* True if a submodule is not active by the clone's settings:
 * submodule.NAME.active is false, or no pattern of submodule.active fits its
 * path.
 * */
bool clone_is_inactive(struct clone *c, const char *name, const char *path);

#endif

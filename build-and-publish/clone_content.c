/* SPDX-License-Identifier: Apache-2.0 */
/* clone_content.c - reads a clone: settings, commits, submodules. */
#include "build-and-publish/clone.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "build-and-publish/clone_git2.h"

/* ---- settings ---- */

bool clone_setting(struct clone *c, const char *key, struct buf *ret)
{
	cleanup(config_freep) git_config *config = NULL;
	const char *value;

	buf_clear(ret);
	if (git_repository_config_snapshot(&config, c->repo) < 0 ||
	    git_config_get_string(&value, config, key) < 0)
		return false;
	buf_add_str(ret, value);
	return !ret->failed;
}

static int stop_at_first(const git_config_entry *entry, void *ctx)
{
	(void)entry, (void)ctx;
	return 1;
}

bool clone_is_partial(struct clone *c)
{
	cleanup(config_freep) git_config *config = NULL;

	return git_repository_config_snapshot(&config, c->repo) == 0 &&
	       git_config_foreach_match(config,
					"^(extensions\\.partialclone|remote\\."
					".*\\.(promisor|partialclonefilter))$",
					stop_at_first, NULL) == 1;
}

static int add_spec(const git_config_entry *entry, void *ctx)
{
	git_strarray *specs = ctx;
	char **more = realloc(specs->strings,
			      (specs->count + 1) * sizeof(*specs->strings));
	char *copy = more ? strdup(entry->value ? entry->value : "") : NULL;

	if (more)
		specs->strings = more;
	if (!copy)
		return -1;
	specs->strings[specs->count++] = copy;
	return 0;
}

bool clone_is_inactive(struct clone *c, const char *name, const char *path)
{
	cleanup(config_freep) git_config *config = NULL;
	git_strarray specs = { 0 };
	git_pathspec *spec = NULL;
	char key[PATH_ROOM];
	bool out = false;
	int active;

	if (git_repository_config_snapshot(&config, c->repo) < 0)
		return false;
	path_printf(key, "submodule.%s.active", name);
	if (git_config_get_bool(&active, config, key) == 0)
		return !active;
	if (git_config_get_multivar_foreach(config, "submodule.active", NULL,
					    add_spec, &specs) == 0 &&
	    specs.count && git_pathspec_new(&spec, &specs) == 0)
		out = git_pathspec_matches_path(spec, 0, path) == 0;
	git_pathspec_free(spec);
	for (size_t i = 0; i < specs.count; i++)
		free(specs.strings[i]);
	free(specs.strings);
	return out;
}

/* ---- commits ---- */

enum clone_word clone_look_up(struct clone *c, const char *word,
			      struct commit *ret)
{
	cleanup(object_freep) git_object *object = NULL;
	cleanup(object_freep) git_object *commit = NULL;
	int rc = git_revparse_single(&object, c->repo, word);

	if (rc == GIT_EAMBIGUOUS)
		return WORD_SEVERAL;
	if (rc < 0)
		return WORD_UNKNOWN;
	if (git_object_peel(&commit, object, GIT_OBJECT_COMMIT) < 0)
		return WORD_NO_COMMIT;
	git_oid_tostr(ret->id, COMMIT_ROOM, git_object_id(commit));
	git_oid_tostr(ret->tree, COMMIT_ROOM,
		      git_commit_tree_id((git_commit *)commit));
	ret->time = git_commit_time((git_commit *)commit);
	return WORD_FOUND;
}

enum clone_reference clone_reference(struct clone *c, const char *full,
				     char ret[COMMIT_ROOM])
{
	cleanup(object_freep) git_object *object = NULL;
	cleanup(object_freep) git_object *commit = NULL;
	git_oid id;
	int rc;

	if (git_reference_name_to_id(&id, c->repo, full) < 0)
		return REFERENCE_NONE;
	if (git_object_lookup(&object, c->repo, &id, GIT_OBJECT_ANY) < 0)
		return REFERENCE_BROKEN;
	rc = git_object_peel(&commit, object, GIT_OBJECT_COMMIT);
	if (rc < 0)
		return rc == GIT_ENOTFOUND ? REFERENCE_BROKEN : REFERENCE_OTHER;
	git_oid_tostr(ret, COMMIT_ROOM, git_object_id(commit));
	return REFERENCE_COMMIT;
}

bool clone_has_commit(struct clone *c, const char *id)
{
	cleanup(object_freep) git_object *commit = NULL;
	git_oid oid;

	return git_oid_fromstr(&oid, id) == 0 &&
	       git_object_lookup(&commit, c->repo, &oid, GIT_OBJECT_COMMIT) ==
		       0;
}

void clone_each_reference(struct clone *c,
			  int (*fn)(const char *full, void *ctx), void *ctx)
{
	git_reference_foreach_name(c->repo, fn, ctx);
}

/* The commits among all objects. */
struct beginning {
	struct clone *clone;
	const char *hex;
	size_t len;
	int (*fn)(const char *id, void *ctx);
	void *ctx;
};

static int try_object(const git_oid *id, void *ctx)
{
	const struct beginning *b = ctx;
	cleanup(object_freep) git_object *commit = NULL;
	char hex[COMMIT_ROOM];

	git_oid_tostr(hex, sizeof(hex), id);
	if (strncasecmp(hex, b->hex, b->len) != 0 ||
	    git_object_lookup(&commit, b->clone->repo, id, GIT_OBJECT_COMMIT) <
		    0)
		return 0;
	return b->fn(hex, b->ctx);
}

void clone_each_commit(struct clone *c, const char *hex, size_t len,
		       int (*fn)(const char *id, void *ctx), void *ctx)
{
	cleanup(odb_freep) git_odb *odb = NULL;
	struct beginning b = { c, hex, len, fn, ctx };

	if (git_repository_odb(&odb, c->repo) == 0)
		git_odb_foreach(odb, try_object, &b);
}

/* ---- files ---- */

int clone_check_out(struct clone *c, const char *id, struct error *err)
{
	cleanup(object_freep) git_object *object = NULL;
	git_checkout_options options;

	git_checkout_options_init(&options, GIT_CHECKOUT_OPTIONS_VERSION);
	options.checkout_strategy = GIT_CHECKOUT_FORCE;
	if (git_revparse_single(&object, c->repo, id) < 0 ||
	    git_checkout_tree(c->repo, object, &options) < 0 ||
	    git_repository_set_head_detached(c->repo, git_object_id(object)) <
		    0)
		return git_failed(err, ERROR_BUILD, id);
	return 0;
}

bool clone_attribute_is(struct clone *c, const char *path, const char *name,
			const char *value)
{
	const char *found = NULL;

	return git_attr_get(&found, c->repo, 0, path, name) == 0 && found &&
	       !strcmp(found, value);
}

struct each_submodule {
	int (*fn)(const struct clone_submodule *sub, void *ctx);
	void *ctx;
};

static int give_submodule(git_submodule *sub, const char *name, void *ctx)
{
	const struct each_submodule *e = ctx;
	const git_oid *id = git_submodule_head_id(sub);
	char commit[COMMIT_ROOM];

	/* Named in .gitmodules only: the commit has nothing there. */
	if (!id)
		return 0;
	git_oid_tostr(commit, sizeof(commit), id);
	return e->fn(
		&(struct clone_submodule){
			.name = name,
			.path = git_submodule_path(sub),
			.commit = commit,
			.none = git_submodule_update_strategy(sub) ==
				GIT_SUBMODULE_UPDATE_NONE },
		e->ctx);
}

int clone_each_submodule(struct clone *c,
			 int (*fn)(const struct clone_submodule *sub,
				   void *ctx),
			 void *ctx, struct error *err)
{
	struct each_submodule e = { fn, ctx };
	int rc = git_submodule_foreach(c->repo, give_submodule, &e);

	if (rc < 0 && (!err || !err->kind))
		return git_failed(err, ERROR_BUILD, "submodules");
	return rc;
}

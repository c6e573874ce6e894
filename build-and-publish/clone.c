/* SPDX-License-Identifier: Apache-2.0 */
/* clone.c - an opened git repository. */
#include "build-and-publish/clone.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/shell.h"
#include "build-and-publish/clone_git2.h"
#include "build-and-publish/owner.h"

enum { CLONE_ARENA_MAX = 4 * 1024 * 1024, WORD_BYTES_MAX = 4 * PATH_ROOM };

static void set_up(void)
{
	/* None of them matters to whoever reads objects. */
	static const char *known[] = { "worktreeconfig", "preciousobjects",
				       "partialclone", "relativeworktrees" };
	static bool done;

	if (done)
		return;
	done = git_libgit2_init() > 0;
	git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, known, ARRAY_SIZE(known));
	/* owner.h has git's own rule. */
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
}

int git_failed(struct error *err, enum error_kind kind, const char *what)
{
	const git_error *e = git_error_last();

	return error_set(err, kind, "%s: %s", what,
			 e && e->message ? e->message : "git failed");
}

/* ---- opening ---- */

static const struct {
	const char *extension, *fix;
} unreadable[] = {
	{ "extensions.refstorage", "git clone --mirror --ref-format=files" },
	{ "extensions.objectformat", NULL },
	{ "extensions.", "git clone --mirror" },
};

/* Extensions that change how a repository is read. */
static int open_failed(const char *path, struct error *err)
{
	cleanup(buf_release) struct buf word = BUF_INIT(WORD_BYTES_MAX);
	const git_error *e = git_error_last();
	const char *said = e && e->message ? e->message : "git failed";

	shell_add_word(&word, path);
	for (size_t i = 0; i < ARRAY_SIZE(unreadable); i++) {
		if (!strcasestr(said, unreadable[i].extension))
			continue;
		if (!unreadable[i].fix)
			return error_set(err, ERROR_INPUT,
					 "%s: its objects are named by "
					 "SHA-256, which medley cannot read; a "
					 "clone with SHA-1 is needed",
					 path);
		return error_set(err, ERROR_INPUT,
				 "%s: %s, which medley cannot read: run `%s %s "
				 "COPY`, and name the copy with --repo",
				 path, said, unreadable[i].fix,
				 buf_text(&word));
	}
	return error_set(err, ERROR_INPUT, "%s: %s", path, said);
}

static int take_value(const git_config_entry *entry, void *ctx)
{
	safe_directory_take(ctx, entry->value);
	return 0;
}

static void take_file(struct safe_directories *s, const char *path)
{
	cleanup(config_freep) git_config *config = NULL;

	if (path && *path && git_config_open_ondisk(&config, path) == 0)
		git_config_get_multivar_foreach(config, "safe.directory", NULL,
						take_value, s);
}

static void take_found(struct safe_directories *s, int (*find)(git_buf *path))
{
	git_buf path = { 0 };

	if (find(&path) == 0)
		take_file(s, path.ptr);
	git_buf_dispose(&path);
}

/* Only settings of the machine, of the user and of the call count: a clone
 * cannot vouch for itself. */
static bool is_safe(const char *clone)
{
	struct safe_directories s = { .clone = clone };
	const char *system = getenv("GIT_CONFIG_SYSTEM");
	const char *global = getenv("GIT_CONFIG_GLOBAL");
	const char *none = getenv("GIT_CONFIG_NOSYSTEM");

	if (!none || !*none || !strcmp(none, "0") || !strcasecmp(none, "false"))
		system ? take_file(&s, system)
		       : take_found(&s, git_config_find_system);
	if (global) {
		take_file(&s, global);
	} else {
		take_found(&s, git_config_find_xdg);
		take_found(&s, git_config_find_global);
	}
	safe_directory_take_environment(&s);
	return s.safe;
}

static int check_owner(git_repository *repo, const char *path,
		       struct error *err)
{
	const char *files = git_repository_workdir(repo);
	const char *checked[] = { files, git_repository_path(repo) };
	cleanup(buf_release) struct buf word = BUF_INIT(WORD_BYTES_MAX);
	char real[PATH_MAX];
	uid_t owner = 0;
	bool ours = true;

	for (size_t i = 0; ours && i < ARRAY_SIZE(checked); i++)
		ours = !checked[i] || owner_is_user(checked[i], &owner);
	if (ours)
		return 0;
	if (!realpath(files ? files : checked[1], real))
		return error_errno(err, ERROR_INPUT, errno, "%s", path);
	if (is_safe(real))
		return 0;
	shell_add_word(&word, real);
	return error_set(err, ERROR_INPUT,
			 "%s belongs to another user (uid %u); if you trust "
			 "it, run `git config --global --add safe.directory "
			 "%s`",
			 path, (unsigned)owner, buf_text(&word));
}

/* Without the slash at its end. */
static const char *keep_path(struct clone *c, const char *path)
{
	return arena_strndup(&c->arena, path, strlen(path) - 1);
}

static const char *keep_word(struct clone *c, const char *path)
{
	cleanup(buf_release) struct buf word = BUF_INIT(WORD_BYTES_MAX);

	shell_add_word(&word, path);
	return word.failed ? NULL : arena_strdup(&c->arena, buf_text(&word));
}

static int find_objects(struct clone *c, struct error *err)
{
	cleanup(odb_freep) git_odb *odb = NULL;
	char path[PATH_ROOM];

	path_join(path, c->common_dir, "objects");
	if (stores_find(path, &c->arena, &c->stores, err) < 0)
		return -1;
	if (git_repository_odb(&odb, c->repo) < 0)
		return git_failed(err, ERROR_INPUT, path);
	/* The first is its own; libgit2 passes over what it has already. */
	for (unsigned i = 1; i < c->stores.count; i++)
		if (git_odb_add_disk_alternate(odb, c->stores.paths[i]) < 0)
			return git_failed(err, ERROR_INPUT, path);
	return 0;
}

/* Takes the repository over, also when it fails. */
static int clone_of(git_repository *repo, struct clone **ret, struct error *err)
{
	cleanup(clone_freep) struct clone *c = calloc(1, sizeof(*c));
	const char *files = git_repository_workdir(repo);

	if (!c) {
		git_repository_free(repo);
		return error_nomem(err);
	}
	c->repo = repo;
	arena_init(&c->arena, CLONE_ARENA_MAX);
	c->files = files ? keep_path(c, files) : NULL;
	c->git_dir = keep_path(c, git_repository_path(repo));
	c->common_dir = keep_path(c, git_repository_commondir(repo));
	if (!c->git_dir || !c->common_dir || (files && !c->files))
		return error_nomem(err);
	c->place = keep_word(c, c->files ?: c->git_dir);
	if (!c->place)
		return error_nomem(err);
	if (find_objects(c, err) < 0)
		return -1;
	*ret = steal(c);
	return 0;
}

static int open_checked(const char *path, bool check, struct clone **ret,
			struct error *err)
{
	cleanup(repo_freep) git_repository *repo = NULL;

	set_up();
	if (git_repository_open(&repo, path) < 0)
		return open_failed(path, err);
	if (check && check_owner(repo, path, err) < 0)
		return -1;
	return clone_of(steal(repo), ret, err);
}

int clone_open(const char *path, struct clone **ret, struct error *err)
{
	return open_checked(path, true, ret, err);
}

int clone_open_part(const char *path, struct clone **ret, struct error *err)
{
	return open_checked(path, false, ret, err);
}

int clone_find(const char *dir, char room[PATH_ROOM], struct error *err)
{
	cleanup(repo_freep) git_repository *repo = NULL;
	const char *path;
	int rc;

	set_up();
	rc = git_repository_open_ext(&repo, dir, 0, NULL);
	if (rc == GIT_ENOTFOUND)
		return 0;
	if (rc < 0)
		return open_failed(dir, err);
	path = git_repository_workdir(repo) ?: git_repository_path(repo);
	path_printf(room, "%.*s", (int)strlen(path) - 1, path);
	return check_owner(repo, room, err) < 0 ? -1 : 1;
}

int clone_make(const char *dir, struct clone **ret, struct error *err)
{
	git_repository *repo = NULL;

	set_up();
	if (git_repository_init(&repo, dir, 0) < 0)
		return git_failed(err, ERROR_INTERNAL, dir);
	return clone_of(repo, ret, err);
}

void clone_free(struct clone *c)
{
	if (!c)
		return;
	git_repository_free(c->repo);
	arena_release(&c->arena);
	free(c);
}

const char *clone_files(const struct clone *c)
{
	return c->files;
}

const char *clone_git_dir(const struct clone *c)
{
	return c->git_dir;
}

const char *clone_common_dir(const struct clone *c)
{
	return c->common_dir;
}

const char *clone_place(const struct clone *c)
{
	return c->place;
}

const struct stores *clone_stores(const struct clone *c)
{
	return &c->stores;
}

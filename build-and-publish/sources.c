/* SPDX-License-Identifier: Apache-2.0 */
/* sources.c - the steps that provide an image's files. */
#include "build-and-publish/sources.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "build-and-publish/artifact.h"
#include "build-and-publish/claim.h"
#include "build-and-publish/compiled.h"
#include "build-and-publish/git.h"
#include "build-and-publish/jar.h"
#include "build-and-publish/word.h"
#include "build-and-publish/worktree.h"
#include "corda/digest.h"
#include "data/zip.h"

enum { CONTRACTS_MAX = 64 * 1024 * 1024 };

/* A second name for the same bytes where the file system allows it. */
static int place(const struct build_job *job, const char *from,
		 const char *name, struct error *err)
{
	char to[PATH_ROOM];

	context_path(job, name, to);
	if (link(from, to) == 0)
		return 0;
	return file_copy(from, to, 0644, err);
}

/*
 * One released file: 0 when it is in the context, 1 when Maven has to fetch
 * it first. `job->ran` says whether it just did.
 */
static int fetch_one(struct build_job *job, const struct recipe_file *file,
		     struct build_command *ret, struct error *err)
{
	struct arena *arena = job->build->arena;
	const char *value = job->value ? job->value : "";
	const char *coordinate = word_fill(file->from, value, arena);
	struct artifact a;

	if (!coordinate)
		return error_nomem(err);
	if (artifact_init(&a, coordinate, arena, err) < 0)
		return -1;
	if (!file_exists(a.file) && job->ran)
		if (artifact_keep(&a, job->work, err) < 0)
			return -1;
	if (file_exists(a.file)) {
		job->ran = 0;
		return place(job, a.file, file->name, err);
	}
	ret->environment = ENVIRONMENT_BUILD;
	ret->argv = artifact_command(&a, job->work, arena);
	return ret->argv ? STEP_COMMAND : error_nomem(err);
}

static int fetch_all(struct build_job *job, const struct recipe_files *files,
		     struct build_command *ret, struct error *err)
{
	char path[PATH_ROOM];
	int rc;

	for (size_t i = 0; i < files->count; i++) {
		if (file_exists(context_path(job, files->items[i].name, path)))
			continue;
		rc = fetch_one(job, &files->items[i], ret, err);
		if (rc)
			return rc;
	}
	return 0;
}

int step_fetch(struct build_job *job, struct build_command *ret,
	       struct error *err)
{
	/* The word's own first: it tells soonest that there is no such one. */
	int rc = job->rule ? fetch_all(job, &job->rule->maven, ret, err) : 0;

	return rc ? rc : fetch_all(job, &job->recipe->maven, ret, err);
}

int step_debian(struct build_job *job, struct build_command *ret,
		struct error *err)
{
	const struct recipe *recipe = job->recipe;
	struct args args = { .arena = job->build->arena };

	if (!recipe->suite || job->ran)
		return STEP_DONE;
	ret->env_pass = args_as_root(&args);
	args_add(&args, "mmdebstrap");
	args_add(&args, "--variant=minbase");
	for (size_t i = 0; i < recipe->packages.count; i++)
		args_addf(&args, "--include=%s", recipe->packages.items[i]);
	args_add_all(&args, &recipe->options);
	args_add(&args, recipe->suite);
	args_addf(&args, "%s/context/rootfs.tar", job->work);
	return args_command(&args, ret, err);
}

static int make_worktree(struct build_job *job, struct error *err)
{
	char prefix[PATH_ROOM], dir[PATH_ROOM];

	path_printf(prefix, "%s/worktrees", job->build->cache);
	if (dir_make(prefix, 0700, err) < 0)
		return -1;
	path_printf(prefix, "%s/worktrees/%.12s-", job->build->cache,
		    job->result.commit);
	if (dir_make_temporary(prefix, dir, err) < 0)
		return -1;
	job->worktree_claim = claim_take(dir, err);
	if (job->worktree_claim < 0)
		return -1;
	job->worktree = arena_strdup(job->build->arena, dir);
	if (!job->worktree)
		return error_nomem(err);
	return worktree_make(job->repo, job->result.commit, dir, err);
}

static void glob_release(glob_t *found)
{
	globfree(found);
}

/* What the command made: exactly one file must fit. */
static int take_file(struct build_job *job, const struct recipe_file *file,
		     struct error *err)
{
	cleanup(glob_release) glob_t found = { 0 };
	char pattern[PATH_ROOM];

	path_join(pattern, job->worktree, file->from);
	glob(pattern, GLOB_NOSORT, NULL, &found);
	if (found.gl_pathc != 1)
		return error_set(
			err, ERROR_BUILD,
			"the build made %zu files that match %s; expected one",
			(size_t)found.gl_pathc, file->from);
	return file_copy(found.gl_pathv[0],
			 context_path(job, file->name, pattern), 0644, err);
}

/* The same files were compiled by the same recipe before, perhaps as another
 * commit: nothing to do but to take them. */
static int take_compiled(struct build_job *job, const char *dir,
			 struct error *err)
{
	const struct recipe_files *files = &job->rule->files;
	char path[PATH_ROOM];

	for (size_t i = 0; i < files->count; i++)
		if (place(job, path_join(path, dir, files->items[i].name),
			  files->items[i].name, err) < 0)
			return -1;
	return STEP_DONE;
}

static int take_files(struct build_job *job, const char *dir, struct error *err)
{
	const struct recipe_files *files = &job->rule->files;

	for (size_t i = 0; i < files->count; i++)
		if (take_file(job, &files->items[i], err) < 0)
			return -1;
	/* Without it only the next build of this tree takes longer. */
	compiled_keep(job, dir, NULL);
	return 0;
}

int step_compile(struct build_job *job, struct build_command *ret,
		 struct error *err)
{
	struct args args = { .arena = job->build->arena };
	const struct recipe_word *rule = job->rule;
	char dir[PATH_ROOM];

	if (!rule || !rule->command.count)
		return STEP_DONE;
	if (compiled_path(job, dir, err) < 0)
		return -1;
	if (job->ran)
		return take_files(job, dir, err);
	if (file_exists(dir))
		return take_compiled(job, dir, err);
	if (make_worktree(job, err) < 0)
		return -1;
	args_add_all(&args, &rule->command);
	ret->environment = ENVIRONMENT_BUILD;
	ret->env_pass = job->recipe->environment;
	ret->cwd = job->worktree;
	return args_command(&args, ret, err);
}

static int contracts_digest(struct build_job *job, const char *name,
			    struct error *err)
{
	cleanup(buf_release) struct buf bytes = BUF_INIT(CONTRACTS_MAX);
	cleanup(buf_release) struct buf hex = BUF_INIT(DIGEST_MAX * 2);
	uint8_t digest[DIGEST_MAX];
	char path[PATH_ROOM];

	if (file_read(context_path(job, name, path), &bytes, err) < 0)
		return -1;
	digest_bytes(DIGEST_SHA256, bytes.data, bytes.len, digest);
	buf_add_hex(&hex, digest, digest_size(DIGEST_SHA256));
	job->result.contracts = arena_strdup(job->build->arena, buf_text(&hex));
	return job->result.contracts ? 0 : error_nomem(err);
}

/* What is released has the time of its newest file. */
static int files_time(struct build_job *job, const struct recipe_files *files,
		      struct error *err)
{
	char path[PATH_ROOM];
	int64_t time;

	for (size_t i = 0; i < files->count; i++) {
		if (zip_time(context_path(job, files->items[i].name, path),
			     &time, err) < 0)
			return -1;
		job->time = time > job->time ? time : job->time;
	}
	return 0;
}

/* The highest that its platform version reaches. */
static int choose_base(struct build_job *job, struct error *err)
{
	const struct recipe *recipe = job->recipe;
	struct build_job *base = job->base;

	for (size_t i = 0; i < recipe->base_count; i++)
		if (job->result.platform >= recipe->bases[i].platform)
			base = job->bases[i];
	return job_stand_on(job, base, err);
}

int step_inspect(struct build_job *job, struct build_command *ret,
		 struct error *err)
{
	const char *platform = job->recipe->platform;
	const char *contracts = job->rule ? job->rule->contracts : NULL;
	char path[PATH_ROOM];

	(void)ret;
	if (platform && jar_manifest_int(context_path(job, platform, path),
					 "Corda-Platform-Version",
					 &job->result.platform, err) < 0)
		return -1;
	if (choose_base(job, err) < 0)
		return -1;
	if (job->rule && files_time(job, &job->rule->maven, err) < 0)
		return -1;
	return contracts ? contracts_digest(job, contracts, err) : STEP_DONE;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* steps.c - the way of one image, from a word to the machine's storage. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "build-and-publish/artifact.h"
#include "build-and-publish/git.h"
#include "build-and-publish/job.h"
#include "build-and-publish/sources.h"
#include "build-and-publish/word.h"
#include "sys/clock.h"
#include "sys/file.h"

/* The word becomes a commit or a version, before anything is made. */
static int step_resolve(struct job *job, struct command *ret, struct error *err)
{
	struct arena *arena = job->build->arena;
	const struct build_request *request = job->request;
	char commit[COMMIT_ROOM];

	(void)ret;
	if (!job->recipe->word_count) {
		job->result.commit =
			arena_printf(arena, "debian:%s", job->recipe->suite);
		return job->result.commit ? 0 : error_nomem(err);
	}
	if (word_check(request->word, err) < 0)
		return -1;
	job->rule =
		recipe_match(job->recipe, request->word, arena, &job->value);
	if (!job->rule)
		return error_set(err, ERROR_INPUT,
				 "%s: no pattern of %s/recipe.yaml fits",
				 request->word, job->recipe->dir);
	if (!job->rule->command.count) {
		if (word_check_version(job->value, err) < 0)
			return -1;
		job->result.commit =
			arena_printf(arena, "maven:%s", job->value);
		return job->result.commit ? 0 : error_nomem(err);
	}
	if (!request->repo)
		return error_set(err, ERROR_INPUT,
				 "\"%s\" is a commit-ish: --repo is missing",
				 request->word);
	if (commit_resolve(request->repo, request->word, commit, err) < 0)
		return -1;
	job->result.commit = arena_strdup(arena, commit);
	return job->result.commit ? 0 : error_nomem(err);
}

static int take_image(struct job *job, const struct image *image,
		      struct error *err)
{
	struct arena *arena = job->build->arena;

	job->image_id = arena_strdup(arena, image->id);
	job->result.image = arena_strdup(arena, image->reference);
	job->result.contracts =
		image->contracts ? arena_strdup(arena, image->contracts) : NULL;
	job->result.platform = image->platform;
	if (!job->image_id || !job->result.image)
		return error_nomem(err);
	return STEP_FOUND;
}

/* 0 and the key is known, or -1 because of the base. */
static int make_key(struct job *job, struct error *err)
{
	const struct job *base = job->base;

	if (base && base->state == JOB_FAILED)
		return error_set(err, ERROR_BUILD, "its base \"%s\": %s",
				 base->request->component,
				 base->result.failure);
	image_key(job->key, job->request->component, job->recipe->hash,
		  job->result.commit, base ? base->image_id : NULL);
	return 0;
}

/* Is it there already? While its base is being made, nothing can be. */
static int step_look(struct job *job, struct command *ret, struct error *err)
{
	struct image image;

	(void)ret;
	if (job->base && job->base->state == JOB_ACTIVE)
		return STEP_DONE;
	if (make_key(job, err) < 0)
		return -1;
	if (!images_find(job->build->images, job->request->component, job->key,
			 &image))
		return STEP_DONE;
	job->result.cached = 1;
	return take_image(job, &image, err);
}

/* 1: held from now on, 0: another process holds it. */
static int try_lock(struct build *build, struct error *err)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char path[PATH_ROOM];
	int fd;

	path_join(path, build->cache, "lock");
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_errno(err, ERROR_BUILD, errno, "%s", path);
	if (fcntl(fd, F_OFD_SETLK, &whole) < 0) {
		close(fd);
		return 0;
	}
	build->lock = fd;
	return 1;
}

static int wait_for_lock(struct build *build, struct error *err)
{
	int64_t now = clock_mono_us();

	if (!build->waiting_us)
		progress_say(build->progress, 0, build->count, 0,
			     "waiting for another medley that builds");
	build->waiting_us = build->waiting_us ? build->waiting_us : now;
	if (now - build->waiting_us > (int64_t)build->seconds * 1000000)
		return error_set(err, ERROR_BUILD,
				 "another medley builds for over %d s",
				 build->seconds);
	return STEP_WAIT;
}

/*
 * Two that made the same image would take its name from each other, so that
 * the first could not be found by it any more. The second waits, and finds.
 */
static int step_lock(struct job *job, struct command *ret, struct error *err)
{
	struct build *build = job->build;
	struct js *list = NULL;
	int rc;

	if (build->lock < 0) {
		rc = try_lock(build, err);
		if (rc < 0)
			return -1;
		if (rc == 0)
			return wait_for_lock(build, err);
		if (images_list(&list, err) < 0)
			return -1;
		js_free(build->images);
		build->images = list;
	}
	return step_look(job, ret, err);
}

static int step_prepare(struct job *job, struct command *ret, struct error *err)
{
	char prefix[PATH_ROOM], dir[PATH_ROOM];

	(void)ret;
	path_join(prefix, job->build->cache, "work-");
	if (dir_make_temporary(prefix, dir, err) < 0)
		return -1;
	job->work = arena_strdup(job->build->arena, dir);
	job->result.log = job->log;
	if (!job->work)
		return error_nomem(err);
	return dir_make(path_join(dir, job->work, "context"), 0700, err);
}

/* Waits for the base; its ID is a part of the key. */
static int step_base(struct job *job, struct command *ret, struct error *err)
{
	(void)ret;
	if (job->base && job->base->state == JOB_ACTIVE)
		return STEP_WAIT;
	return make_key(job, err);
}

/* The image is found by its key like one that was there before. */
static int step_find(struct job *job, struct command *ret, struct error *err)
{
	cleanup(js_freep) struct js *list = NULL;
	struct image image;

	(void)ret;
	if (images_list(&list, err) < 0)
		return -1;
	if (!images_find(list, job->request->component, job->key, &image))
		return error_set(err, ERROR_BUILD,
				 "the image is not in podman's storage");
	return take_image(job, &image, err);
}

const struct step steps[] = {
	{ "resolving", NEEDS_NOTHING, step_resolve },
	{ "looking", NEEDS_NOTHING, step_look },
	{ "waiting for another medley", NEEDS_NOTHING, step_lock },
	{ "preparing", NEEDS_NOTHING, step_prepare },
	{ "fetching", NEEDS_NETWORK, step_fetch },
	{ "installing packages", NEEDS_PROCESSOR, step_debian },
	{ "compiling", NEEDS_PROCESSOR, step_compile },
	{ "inspecting", NEEDS_NOTHING, step_inspect },
	{ "waiting for its base", NEEDS_NOTHING, step_base },
	{ "making the image", NEEDS_PROCESSOR, step_image },
	{ "finding the image", NEEDS_NOTHING, step_find },
};

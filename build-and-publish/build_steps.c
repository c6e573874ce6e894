/* SPDX-License-Identifier: Apache-2.0 */
/* build_steps.c - the steps of a job, from its word to the registry. */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "build-and-publish/claim.h"
#include "build-and-publish/publish.h"
#include "build-and-publish/sources.h"
#include "sys/clock.h"
#include "sys/file.h"

enum { LOCK_HOURS = 12 };

static int take_image(struct build_job *job, const struct image *image,
		      struct error *err)
{
	struct arena *arena = job->build->arena;

	job->image_id = arena_strdup(arena, image->id);
	job->result.image = arena_strdup(arena, image->reference);
	job->result.contracts =
		image->contracts ? arena_strdup(arena, image->contracts) : NULL;
	job->result.platform = image->platform;
	job->time = image->time;
	if (!job->image_id || !job->result.image)
		return error_nomem(err);
	return STEP_FOUND;
}

static bool base_is_coming(const struct build_job *job)
{
	return job->base && !job->base->image_id &&
	       job->base->state == JOB_ACTIVE;
}

static void make_key(struct build_job *job, const struct build_job *base)
{
	image_key(job->key, job->request.component, job->recipe->hash,
		  job->request.word, job->result.commit,
		  base ? base->image_id : NULL);
}

static int base_failed(const struct build_job *base, struct error *err)
{
	return error_set(err, ERROR_BUILD, "its base \"%s\": %s",
			 base->request.component, base->result.failure);
}

/* Takes it if it is there on this base, which may be NULL. */
static int look_on(struct build_job *job, struct build_job *base,
		   struct error *err)
{
	struct image image;

	if (base && !base->image_id)
		return STEP_DONE;
	make_key(job, base);
	if (!images_find(job->build->images, job->request.component, job->key,
			 &image))
		return STEP_DONE;
	job->result.cached = true;
	return job_stand_on(job, base, err) < 0 ? -1
						: take_image(job, &image, err);
}

/* Is it there already? While its base is being made, nothing can be. */
static int step_look(struct build_job *job, struct build_command *ret,
		     struct error *err)
{
	const size_t count = job->recipe->base_count;
	const struct build_job *base = job->base;
	int answer = count ? STEP_DONE : look_on(job, NULL, err);

	(void)ret;
	for (size_t i = 0; answer == STEP_DONE && i < count; i++)
		answer = look_on(job, job->bases[i], err);
	if (answer != STEP_DONE)
		return answer;
	if (count == 1 && !base->image_id && !base_is_coming(job))
		return base_failed(base, err);
	return STEP_DONE;
}

static int wait_for_lock(struct build *build, struct error *err)
{
	int64_t now = clock_mono_us();

	if (!build->waiting_us)
		progress_say(build->progress, 0, build->count, 0,
			     "waiting for another medley to finish its build");
	build->waiting_us = build->waiting_us ? build->waiting_us : now;
	/* The other one may have many images to build. */
	if (now - build->waiting_us > (int64_t)LOCK_HOURS * 3600 * 1000000)
		return error_set(
			err, ERROR_BUILD,
			"another medley has been building for more than %d "
			"hours; wait for it or end it, then try again",
			LOCK_HOURS);
	return STEP_WAIT;
}

/*
 * Two that made the same image would take its name from each other, so that
 * the first could not be found by it any more. The second waits, and finds.
 */
static int step_lock(struct build_job *job, struct build_command *ret,
		     struct error *err)
{
	struct build *build = job->build;
	struct js *list = NULL;
	int rc;

	if (!job->needed)
		return STEP_WAIT;
	if (build->lock < 0) {
		rc = claim_lock(build->cache, &build->lock, err);
		if (rc < 0)
			return -1;
		if (rc == 0)
			return wait_for_lock(build, err);
		stale_remove(build->cache);
		if (images_list(&list, err) < 0)
			return -1;
		js_free(build->images);
		build->images = list;
	}
	return step_look(job, ret, err);
}

static int step_prepare(struct build_job *job, struct build_command *ret,
			struct error *err)
{
	char dir[PATH_ROOM];

	(void)ret;
	if (job_work(job, err) < 0)
		return -1;
	return dir_make(path_join(dir, job->work, "context"), 0700, err);
}

/* Waits for the base; its ID is a part of the key. */
static int step_base(struct build_job *job, struct build_command *ret,
		     struct error *err)
{
	(void)ret;
	if (base_is_coming(job))
		return STEP_WAIT;
	if (job->base && !job->base->image_id)
		return base_failed(job->base, err);
	make_key(job, job->base);
	if (resolves_by_base(job)) {
		job->time = job->base->time;
		job->result.platform = job->base->result.platform;
	}
	return STEP_DONE;
}

/* The image is found by its key like one that was there before. */
static int step_find(struct build_job *job, struct build_command *ret,
		     struct error *err)
{
	cleanup(js_freep) struct js *list = NULL;
	struct image image;

	(void)ret;
	if (images_list(&list, err) < 0)
		return -1;
	if (!images_find(list, job->request.component, job->key, &image))
		return error_set(err, ERROR_BUILD,
				 "the image is not in podman's storage");
	return take_image(job, &image, err);
}

static int step_record(struct build_job *job, struct build_command *ret,
		       struct error *err)
{
	(void)ret;
	return job->needed ? job_record(job, err) : STEP_DONE;
}

const struct build_step steps[] = {
	{ "resolving", NEEDS_NOTHING, step_resolve, false },
	{ "looking", NEEDS_NOTHING, step_look, false },
	{ "waiting for another medley", NEEDS_NOTHING, step_lock, false },
	{ "preparing", NEEDS_NOTHING, step_prepare, false },
	{ "fetching", NEEDS_NETWORK, step_fetch, false },
	{ "installing packages", NEEDS_PROCESSOR, step_debian, false },
	{ "compiling", NEEDS_PROCESSOR, step_compile, false },
	{ "inspecting", NEEDS_NOTHING, step_inspect, false },
	{ "waiting for its base", NEEDS_NOTHING, step_base, false },
	{ "making the image", NEEDS_PROCESSOR, step_image, false },
	{ "finding the image", NEEDS_NOTHING, step_find, false },
	{ "asking the registry", NEEDS_REGISTRY, step_ask, true },
	{ "publishing", NEEDS_REGISTRY, step_push, true },
	{ "recording", NEEDS_NOTHING, step_record, true },
};

const unsigned step_count = ARRAY_SIZE(steps);

/* SPDX-License-Identifier: Apache-2.0 */
/* build.c - makes an image of each release of each component, and publishes
 * it. */
#include "build-and-publish/build.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "build-and-publish/claim.h"
#include "build-and-publish/build_job.h"
#include "build-and-publish/request.h"
#include "build-and-publish/word.h"
#include "sys/containers.h"
#include "sys/file.h"
#include "sys/home.h"

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static struct build_job *find_job(struct build *build,
				  const struct build_request *r)
{
	for (unsigned i = 0; i < build->count; i++) {
		const struct build_request *have = &build->jobs[i].request;

		if (same_text(have->component, r->component) &&
		    same_text(have->word, r->word) &&
		    same_text(have->repo, r->repo))
			return &build->jobs[i];
	}
	return NULL;
}

static const char *log_path(const struct build *build,
			    const struct build_request *r)
{
	char safe[WORD_SAFE_ROOM];

	return arena_printf(build->arena, "%s/logs/%s%s%s.log",
			    build->options->built_dir, r->component,
			    r->word ? "-" : "",
			    r->word ? word_safe(safe, r->word) : "");
}

static struct build_job *add_job(struct build *build, struct build_request r,
				 unsigned depth, struct error *err);

/* The job of an image below; of the same word where that one takes words. */
static int add_base(struct build *build, const struct build_request *r,
		    const char *base, unsigned depth, struct build_job **ret,
		    struct error *err)
{
	struct build_request below = { .component = base };
	enum build_words words;

	if (build_words(base, build->options->recipes, build->arena, &words,
			err) < 0)
		return -1;
	if (words != BUILD_WORDLESS) {
		below.word = r->word;
		below.repo = r->repo;
	}
	*ret = add_job(build, below, depth + 1, err);
	return *ret ? 0 : -1;
}

static int add_bases(struct build *build, const struct build_request *r,
		     const struct recipe *recipe, unsigned depth,
		     struct build_job *bases[RECIPE_BASES_MAX],
		     struct error *err)
{
	if (recipe->base_count && depth == RECIPE_DEPTH_MAX)
		return error_set(err, ERROR_INPUT,
				 "%s: the bases of the recipes form a cycle; "
				 "change 'base' in one of them",
				 recipe->dir);
	for (size_t i = 0; i < recipe->base_count; i++)
		if (add_base(build, r, recipe->bases[i].component, depth,
			     &bases[i], err) < 0)
			return -1;
	if (bases[0])
		bases[0]->needed = true;
	return 0;
}

/* The jobs below come first in the array, so that they look first, too. */
static struct build_job *add_job(struct build *build, struct build_request r,
				 unsigned depth, struct error *err)
{
	struct recipe *recipe = arena_new(build->arena, struct recipe);
	struct build_job *job, *bases[RECIPE_BASES_MAX] = { NULL };

	if (!recipe)
		return error_nomem(err), NULL;
	if (recipe_read(r.component, build->options->recipes, build->arena,
			recipe, err) < 0 ||
	    request_complete(&r, recipe, err) < 0)
		return NULL;
	job = find_job(build, &r);
	if (job)
		return job;
	if (add_bases(build, &r, recipe, depth, bases, err) < 0)
		return NULL;
	if (build->count == build->room)
		return error_set(err, ERROR_INPUT, "%s: too many bases",
				 recipe->dir),
		       NULL;
	job = &build->jobs[build->count++];
	*job = (struct build_job){ .request = r,
				   .build = build,
				   .recipe = recipe,
				   .base = bases[0],
				   .work_claim = -1,
				   .worktree_claim = -1,
				   .log = log_path(build, &r) };
	memcpy(job->bases, bases, sizeof(bases));
	return job->log ? job : (error_nomem(err), NULL);
}

/* Also where nothing will have to be built. */
static int remove_stale(struct build *build, struct error *err)
{
	cleanup(closep) int held = -1;
	int rc = claim_lock(build->cache, &held, err);

	if (rc > 0)
		stale_remove(build->cache);
	return rc < 0 ? -1 : 0;
}

static int build_prepare(struct build *build, struct error *err)
{
	static const char *const tools[] = { "podman", "buildah", "mmdebstrap",
					     "mvn", "skopeo" };
	char path[PATH_ROOM];

	for (unsigned i = 0; i < ARRAY_SIZE(tools); i++)
		if (!program_exists(tools[i]))
			return error_set(err, ERROR_BUILD,
					 "%s is not installed: run ./setup",
					 tools[i]);
	/* The clock times in jars mean the same everywhere. */
	setenv("TZ", "UTC", 1);
	tzset();
	if (containers_prepare(err) < 0 || cache_path(path, "build", err) < 0 ||
	    dir_make(path, 0700, err) < 0)
		return -1;
	build->cache = arena_strdup(build->arena, path);
	if (!build->cache)
		return error_nomem(err);
	if (dir_make(path_join(path, build->options->built_dir, "logs"), 0755,
		     err) < 0)
		return -1;
	if (remove_stale(build, err) < 0)
		return -1;
	return images_list(&build->images, err);
}

/* Jobs of the requests; a request that makes none has its failure said. */
static void plan(struct build *build, const struct build_request *requests,
		 unsigned count, struct build_job **jobs,
		 struct build_result *results)
{
	struct error err = { 0 };

	for (unsigned i = 0; i < count; i++) {
		results[i] = (struct build_result){ 0 };
		jobs[i] = add_job(build, requests[i], 0, &err);
		if (jobs[i])
			jobs[i]->wanted = jobs[i]->needed = true;
		else
			results[i].failure =
				arena_strdup(build->arena, err.text)
					?: "out of memory";
	}
}

static void build_release(struct build *build)
{
	js_free(build->images);
	closep(&build->lock);
}

int build_images(const struct build_request *requests, unsigned count,
		 const struct build_options *options, struct arena *arena,
		 struct progress *progress, struct build_result *ret_results,
		 struct error *err)
{
	const unsigned room = count * (RECIPE_DEPTH_MAX + 1) * RECIPE_BASES_MAX;
	cleanup(build_release) struct build build = { .arena = arena,
						      .options = options,
						      .room = room,
						      .lock = -1,
						      .progress = progress };
	struct build_job **jobs =
		arena_array(arena, count, sizeof(struct build_job *));

	build.jobs = arena_array(arena, room, sizeof(struct build_job));
	if (!jobs || !build.jobs)
		return error_nomem(err);
	if (build_prepare(&build, err) < 0)
		return -1;
	plan(&build, requests, count, jobs, ret_results);
	if (jobs_run(&build, err) < 0)
		return -1;
	for (unsigned i = 0; i < count; i++)
		if (jobs[i])
			ret_results[i] = jobs[i]->result;
	return 0;
}

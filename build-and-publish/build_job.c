/* SPDX-License-Identifier: Apache-2.0 */
/* build_job.c - the job that builds one image. */
#include "build-and-publish/build_job.h"

#include <assert.h>

#include "base/cleanup.h"
#include "build-and-publish/claim.h"
#include "build-and-publish/image_record.h"
#include "sys/file.h"

int job_work(struct build_job *job, struct error *err)
{
	char prefix[PATH_ROOM], dir[PATH_ROOM];

	if (job->work)
		return 0;
	path_join(prefix, job->build->cache, "work-");
	if (dir_make_temporary(prefix, dir, err) < 0)
		return -1;
	job->work_claim = claim_take(dir, err);
	if (job->work_claim < 0)
		return -1;
	job->work = arena_strdup(job->build->arena, dir);
	job->result.log = job->log;
	return job->work ? 0 : error_nomem(err);
}

const char *context_path(const struct build_job *job, const char *name,
			 char room[PATH_ROOM])
{
	return path_printf(room, "%s/context/%s", job->work, name);
}

int job_stand_on(struct build_job *job, struct build_job *base,
		 struct error *err)
{
	job->base = base;
	if (!base || base->needed)
		return 0;
	base->needed = true;
	return base->state == JOB_BUILT ? job_record(base, err) : 0;
}

int job_record(const struct build_job *job, struct error *err)
{
	const struct built_image image = { .image = job->result.image,
					   .component = job->request.component,
					   .release = job->request.word,
					   .commit = job->result.commit,
					   .platform = job->result.platform,
					   .contracts = job->result.contracts };

	return record_add(job->build->options->built_dir, &image, err);
}

void job_end(struct build_job *job, enum job_state state)
{
	assert(job->state == JOB_ACTIVE && state != JOB_ACTIVE);
	process_stop(&job->process);
	job->state = state;
	if (job->work)
		work_remove(job->work);
	closep(&job->work_claim);
	/* A build that went well is nothing to look at. */
	if (job->worktree && (state == JOB_BUILT || job->image_id))
		dir_remove(job->worktree, NULL);
	else if (job->worktree)
		claim_keep(job->worktree);
	closep(&job->worktree_claim);
	if (state == JOB_BUILT && !job->result.cached)
		expected_learn(job->recipe, job->result.seconds);
}

void job_fail(struct build_job *job, const struct error *why)
{
	struct arena *arena = job->build->arena;
	const char *kept = job->image_id ? NULL : job->worktree;

	job->result.failure =
		arena_printf(arena, "%s%s%s", why->text,
			     kept ? "; worktree kept: " : "", kept ? kept : "");
	if (!job->result.failure)
		job->result.failure = "out of memory";
	/* It could not be published; here it is all the same. */
	if (job->image_id && !job->published)
		job_record(job, NULL);
	job_end(job, JOB_FAILED);
}

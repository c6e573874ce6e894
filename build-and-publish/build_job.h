/* SPDX-License-Identifier: Apache-2.0 */
/* build_job.h - the job that builds one image. */
#ifndef BUILD_JOB_H
#define BUILD_JOB_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/progress.h"
#include "build-and-publish/build.h"
#include "build-and-publish/git.h"
#include "build-and-publish/image.h"
#include "build-and-publish/recipe.h"
#include "sys/file.h"
#include "sys/process.h"

/* What all jobs share. */
struct build {
	struct arena *arena;
	const struct build_options *options;
	const char *cache; /* worktrees, temporary directories */
	struct progress *progress;
	struct js *images; /* the newest list of images; owned */
	int lock; /* descriptor of the lock that one medley holds while it
		   * builds, or -1 */
	int64_t waiting_us; /* when the wait for that lock began, or 0 */
	struct build_job *jobs;
	unsigned count, room;
};

/*
 * ACTIVE: the job is at a step. BUILT: `image` is known; it was built or found.
 * FAILED: result.failure has the reason.
 */
enum job_state { JOB_ACTIVE, JOB_BUILT, JOB_FAILED };

struct build_job {
	struct build_request request;
	struct build *build;
	const struct recipe *recipe;
	/* What it may stand on, as in the recipe: earlier ones of build->jobs.
	 * Which one it is shows when the platform version is known; until then
	 * `base` is the first. NULL: none. */
	struct build_job *bases[RECIPE_BASES_MAX];
	struct build_job *base;
	bool wanted; /* the user asked for it; else it is only the base of
		      * another */
	bool needed; /* else it is looked for, and not made: no other job is
		      * known to stand on it */
	enum job_state state;
	unsigned step; /* index into the table of steps */
	struct process process; /* the command that runs now, if any */
	long said_before; /* length of the log before that command */
	int64_t started_us; /* of the first command, or 0 */
	int64_t command_us; /* when the command that runs was started */
	struct build_result result;

	/* Of this step. */
	unsigned ran; /* commands that ended well, or were allowed to fail */
	bool may_fail; /* the command that runs now */
	bool failed; /* the last command that was allowed to fail did fail */
	unsigned tries;
	int64_t not_before_us; /* of the next command */

	/* Known step by step. */
	const struct recipe_word *rule;
	const char *value; /* what "{}" stands for in this word */
	const char *repo; /* of the commit, or NULL */
	const char *tree; /* of the commit, or NULL */
	int64_t time; /* of the commit or the files, seconds since 1970 */
	char key[IMAGE_KEY_ROOM];
	const char *image_id;
	bool published; /* result.image is the registry's */
	const char *log;
	const char *work; /* temporary directory, or NULL */
	int work_claim; /* holds it, or -1 */
	const char *worktree; /* or NULL */
	int worktree_claim;
	const char *base_name; /* the base's name for this job alone, or NULL */
};

/* A command that a step asks for. */
struct build_command {
	const char *const *argv;
	enum environment environment; /* which variables it gets */
	const char *env_pass; /* names of further ones, or NULL */
	const char *cwd; /* or NULL */
	const char *output; /* file for standard output, or NULL: the log */
	bool may_fail; /* the step looks at job->failed */
};

enum step_answer {
	STEP_DONE, /* on to the next */
	STEP_COMMAND, /* run it, then ask this step again */
	STEP_WAIT, /* for another job, or until job->not_before_us */
	STEP_FOUND /* the image exists: continue with publishing */
};

enum step_needs {
	NEEDS_NOTHING,
	NEEDS_NETWORK, /* Maven's local repository, for one job at a time */
	NEEDS_PROCESSOR,
	NEEDS_REGISTRY
};

struct build_step {
	const char *title; /* what it is doing */
	enum step_needs needs;
	/* An answer, or -1. */
	int (*run)(struct build_job *job, struct build_command *ret,
		   struct error *err);
	bool publishes; /* from here on the image exists */
};

/* In order; the last ends the job. */
extern const struct build_step steps[];
extern const unsigned step_count;

/* Runs each job to its end. Returns -1 only on interrupt. Leaves no process, no
 * temporary directory and no working container behind. */
int jobs_run(struct build *build, struct error *err);

/* The path of a file in the context. */
const char *context_path(const struct build_job *job, const char *name,
			 char room[PATH_ROOM]);

/* `base` is one of job->bases, or NULL: it is needed from here on. */
int job_stand_on(struct build_job *job, struct build_job *base,
		 struct error *err);
/* Its line in node-images.txt. */
int job_record(const struct build_job *job, struct error *err);
/* Ends an active job and removes its temporary files, except those that are to
 * be kept. */
void job_end(struct build_job *job, enum job_state state);
/* The same with the reason, which is the result's failure. */
void job_fail(struct build_job *job, const struct error *why);

/* The job's temporary directory, made and claimed at the first call. */
int job_work(struct build_job *job, struct error *err);

/* Why a command failed: the line of its output (the log from `from` on) that
 * says it best. */
const char *log_reason(const char *log, long from, struct arena *arena);

/* How long an image of this component took last time, else the recipe's. */
double expected_seconds(const struct recipe *recipe);
void expected_learn(const struct recipe *recipe, double seconds);

#endif

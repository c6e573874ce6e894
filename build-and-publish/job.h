/* SPDX-License-Identifier: Apache-2.0 */
/* job.h - one image on its way: its steps, and all jobs side by side. */
#ifndef BUILD_JOB_H
#define BUILD_JOB_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/progress.h"
#include "build-and-publish/build.h"
#include "build-and-publish/image.h"
#include "build-and-publish/recipe.h"
#include "sys/process.h"

/* What all jobs share. */
struct build {
	struct arena *arena;
	const char *built_dir;
	const char *cache; /* worktrees, temporary directories */
	int seconds; /* bound of each image */
	struct progress *progress;
	struct js *images; /* as listed last; owned */
	int lock; /* file that only one medley holds while it builds, or -1 */
	int64_t waiting_us; /* since when for that, or 0 */
	struct job *jobs;
	unsigned count;
};

/*
 * ACTIVE: at a step. BUILT: `image` is known, be it made or found.
 * FAILED: result.failure says why.
 */
enum job_state { JOB_ACTIVE, JOB_BUILT, JOB_FAILED };

struct job {
	const struct build_request *request;
	struct build *build;
	const struct recipe *recipe;
	struct job *base; /* an earlier one of build->jobs, or NULL */
	enum job_state state;
	unsigned step; /* index into the table of steps */
	unsigned ran; /* commands of this step that ended well */
	struct process process; /* the command that runs now, if any */
	long said_before; /* length of the log before that command */
	int64_t started_us; /* of the first command, or 0 */
	int64_t command_us; /* when the command that runs was started */
	struct build_result result;

	/* Known step by step. */
	const struct recipe_word *rule;
	const char *value; /* what "{}" stands for in this word */
	char key[IMAGE_KEY_ROOM];
	const char *image_id;
	const char *log;
	const char *work; /* temporary directory, or NULL */
	const char *worktree; /* or NULL */
	const char *base_name; /* the base's name for this job alone, or NULL */
};

/* What a step wants to be run. */
struct command {
	const char *const *argv;
	const char *cwd; /* or NULL */
	bool own_tmp; /* $TMPDIR is the job's temporary directory */
};

enum step_answer {
	STEP_DONE, /* on to the next */
	STEP_COMMAND, /* run it, then ask this step again */
	STEP_WAIT, /* for another job */
	STEP_FOUND /* the image is there: the job ends */
};

enum step_needs { NEEDS_NOTHING, NEEDS_NETWORK, NEEDS_PROCESSOR };

struct step {
	const char *title; /* what it is doing */
	enum step_needs needs;
	/* An answer, or -1. */
	int (*run)(struct job *job, struct command *ret, struct error *err);
};

/* In order; the last has no title. */
extern const struct step steps[];

/* Runs each job to its end; -1 only on interrupt. Leaves no process, no
 * temporary directory and no working container. */
int jobs_run(struct build *build, struct error *err);

/* Why a command failed: the line of its output (the log from `from` on) that
 * says it best. */
const char *log_reason(const char *log, long from, struct arena *arena);

/* How long an image of this component took last time, else the recipe's. */
double expected_seconds(const struct recipe *recipe);
void expected_learn(const struct recipe *recipe, double seconds);

#endif

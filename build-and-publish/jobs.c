/* SPDX-License-Identifier: Apache-2.0 */
/* jobs.c - runs jobs side by side, within the machine's means.
 *
 * One thread looks at each job in turn: a job whose command ended goes on, a
 * job at a step that needs a slot waits until one is free. Maven runs once at
 * a time (its local repository is not made for more), while other jobs
 * unpack and compile, as many as there are processors.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "build-and-publish/job.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/interrupt.h"

enum { TICK_MS = 50, TIDY_SECONDS = 30 };

static double seconds_since(int64_t us)
{
	return us ? (double)(clock_mono_us() - us) / 1e6 : 0;
}

static bool slot_free(const struct build *build, enum step_needs needs)
{
	long limit = needs == NEEDS_NETWORK ? 1 : sysconf(_SC_NPROCESSORS_ONLN);

	for (unsigned i = 0; i < build->count; i++) {
		const struct job *job = &build->jobs[i];

		if (job->process.pid && steps[job->step].needs == needs)
			limit--;
	}
	return limit > 0;
}

/* Failures of these do not matter: they only take away what may be there. */
static void tidy(const char *const *argv)
{
	const struct process_spec spec = { .argv = argv,
					   .seconds = TIDY_SECONDS };

	process_run(&spec, NULL, NULL);
}

static void drop_base_name(struct job *job)
{
	const char *container;

	if (!job->base_name)
		return;
	/* buildah names its container after the image it starts from. */
	container = arena_printf(job->build->arena, "%s-working-container",
				 strrchr(job->base_name, '/') + 1);
	if (container && job->state != JOB_BUILT)
		tidy((const char *[]){ "buildah", "rm", container, NULL });
	tidy((const char *[]){ "podman", "untag", job->base->image_id,
			       job->base_name, NULL });
	job->base_name = NULL;
}

static void job_end(struct job *job, enum job_state state)
{
	process_stop(&job->process);
	job->state = state;
	drop_base_name(job);
	if (job->work)
		dir_remove(job->work, NULL);
	if (job->worktree && state == JOB_BUILT)
		dir_remove(job->worktree, NULL);
	if (state == JOB_BUILT && !job->result.cached)
		expected_learn(job->recipe, job->result.seconds);
}

static void job_fail(struct job *job, const struct error *why)
{
	struct arena *arena = job->build->arena;
	const char *kept = job->worktree;

	job->result.failure =
		arena_printf(arena, "%s%s%s", why->text,
			     kept ? "; worktree kept: " : "", kept ? kept : "");
	if (!job->result.failure)
		job->result.failure = "out of memory";
	job_end(job, JOB_FAILED);
}

static void say(struct build *build)
{
	cleanup(buf_release) struct buf text = BUF_INIT(200);
	double expected = 0, slots = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned done = 0;

	for (unsigned i = 0; i < build->count; i++) {
		const struct job *job = &build->jobs[i];

		if (!job->result.cached)
			expected += expected_seconds(job->recipe);
		done += job->state != JOB_ACTIVE;
		if (!job->process.pid)
			continue;
		buf_addf(&text, "%s%s%s%s %s", text.len ? ", " : "",
			 job->request->component, job->request->word ? " " : "",
			 job->request->word ? job->request->word : "",
			 steps[job->step].title);
	}
	progress_say(build->progress, done, build->count, expected / slots,
		     "%s", buf_text(&text));
}

static long log_length(const char *log)
{
	struct stat st;

	return stat(log, &st) < 0 ? 0 : (long)st.st_size;
}

static void log_command(const char *log, const char *const *argv)
{
	cleanup(buf_release) struct buf line = BUF_INIT(64 * 1024);

	buf_add_str(&line, "$");
	for (; *argv; argv++)
		buf_addf(&line, " %s", *argv);
	buf_add_str(&line, "\n");
	file_append(log, line.data, line.len, 0644, NULL);
}

static int job_start(struct job *job, const struct command *command,
		     struct error *err)
{
	const char *tmp = arena_printf(job->build->arena, "TMPDIR=%s",
				       job->work ? job->work : "/tmp");
	const char *const env[] = { tmp, NULL };
	const struct process_spec spec = {
		.argv = command->argv,
		.env_add = command->own_tmp ? env : NULL,
		.cwd = command->cwd,
		.log = job->log,
		.seconds = job->build->seconds,
	};

	if (!tmp)
		return error_nomem(err);
	if (!job->started_us) {
		job->started_us = clock_mono_us();
		unlink(job->log);
	}
	log_command(job->log, command->argv);
	job->said_before = log_length(job->log);
	job->command_us = clock_mono_us();
	return process_start(&spec, &job->process, err);
}

/* 1 still runs, 0 ended well. */
static int job_poll(struct job *job, struct error *err)
{
	int status, rc = process_poll(&job->process, &status, err);

	if (rc < 0)
		return -1;
	if (rc == 1 && seconds_since(job->started_us) > job->build->seconds)
		return error_set(err, ERROR_BUILD, "%s: not done within %d s",
				 steps[job->step].title, job->build->seconds);
	if (rc == 1)
		return 1;
	/* Waiting for a slot or for the base is not counted. */
	job->result.seconds += seconds_since(job->command_us);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return error_set(err, ERROR_BUILD, "%s: %s",
				 steps[job->step].title,
				 log_reason(job->log, job->said_before,
					    job->build->arena)
					 ?: "");
	job->ran++;
	return 0;
}

/* Takes steps until one runs a command, waits, or ends the job. */
static int job_advance(struct job *job, struct error *err)
{
	struct command command = { 0 };
	const struct step *step;
	int answer;

	for (;;) {
		step = &steps[job->step];
		if (step->needs && !slot_free(job->build, step->needs))
			return 0;
		answer = step->run(job, &command, err);
		if (answer == STEP_COMMAND)
			return job_start(job, &command, err);
		if (answer == STEP_FOUND)
			job_end(job, JOB_BUILT);
		if (answer != STEP_DONE)
			return answer < 0 ? -1 : 0;
		job->step++;
		job->ran = 0;
	}
}

/* True when something changed. */
static bool job_look(struct job *job)
{
	unsigned step = job->step, ran = job->ran;
	pid_t pid = job->process.pid;
	struct error err = { 0 };
	int rc = 0;

	if (job->state != JOB_ACTIVE)
		return false;
	if (pid)
		rc = job_poll(job, &err);
	if (rc == 0)
		rc = job_advance(job, &err);
	if (rc < 0 && err.kind != ERROR_INTERRUPTED)
		job_fail(job, &err);
	return job->state != JOB_ACTIVE || job->step != step ||
	       job->ran != ran || job->process.pid != pid;
}

static int jobs_interrupted(struct build *build, struct error *err)
{
	interrupt_check(err);
	interrupt_clear(); /* or tidying up would be stopped too */
	for (unsigned i = 0; i < build->count; i++) {
		struct job *job = &build->jobs[i];

		if (job->state != JOB_ACTIVE)
			continue;
		job_end(job, JOB_FAILED);
		if (job->worktree)
			dir_remove(job->worktree, NULL);
	}
	return -1;
}

int jobs_run(struct build *build, struct error *err)
{
	unsigned active;
	bool changed;

	for (;;) {
		active = 0;
		changed = false;
		for (unsigned i = 0; i < build->count; i++) {
			changed |= job_look(&build->jobs[i]);
			active += build->jobs[i].state == JOB_ACTIVE;
			if (interrupted())
				return jobs_interrupted(build, err);
		}
		if (changed)
			say(build);
		if (!active)
			return 0;
		if (!changed)
			poll(NULL, 0, TICK_MS);
	}
}

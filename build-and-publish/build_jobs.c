/* SPDX-License-Identifier: Apache-2.0 */
/* build_jobs.c - runs jobs at the same time, as the machine allows.
 *
 * One thread looks at each job in turn: a job whose command ended goes on, a
 * job at a step that needs a slot waits until one is free. Maven runs once at
 * a time (its local repository is not made for more), while other jobs
 * unpack and compile, as many as there are processors.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "build-and-publish/claim.h"
#include "build-and-publish/build_job.h"
#include "build-and-publish/released.h"
#include "run/network_names.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/interrupt.h"

enum { TICK_MS = 20, IMAGE_MIB = 512 };

static double seconds_since(int64_t us)
{
	return us ? (double)(clock_mono_us() - us) / 1e6 : 0;
}

/* Of the machine, for builds: a quarter stays for everything else. */
static long memory_mib(void)
{
	return sysconf(_SC_PHYS_PAGES) / 1024 * sysconf(_SC_PAGESIZE) / 1024 /
	       4 * 3;
}

/* What a command of a recipe needs is a build's; images are made of little. */
static long job_memory_mib(const struct build_job *job)
{
	bool compiles = job->rule && job->rule->command.count;

	return compiles ? job->recipe->memory : IMAGE_MIB;
}

static bool slot_free(const struct build_job *asks, enum step_needs needs)
{
	const struct build *build = asks->build;
	long limit = needs == NEEDS_NETWORK ? 1 : sysconf(_SC_NPROCESSORS_ONLN);
	long memory = memory_mib() - job_memory_mib(asks);
	bool alone = true;

	for (unsigned i = 0; i < build->count; i++) {
		const struct build_job *job = &build->jobs[i];

		if (!job->process.pid || steps[job->step].needs != needs)
			continue;
		alone = false;
		memory -= job_memory_mib(job);
		limit--;
	}
	return alone || (limit > 0 && (needs != NEEDS_PROCESSOR || memory > 0));
}

/* One that is not needed waits for a job that needs it, and for nothing else.
 */
static bool is_on_its_way(const struct build_job *job)
{
	return job->state == JOB_ACTIVE && job->needed;
}

static void say(struct build *build)
{
	cleanup(buf_release) struct buf text = BUF_INIT(200);
	double expected = 0, slots = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned done = 0;

	for (unsigned i = 0; i < build->count; i++) {
		const struct build_job *job = &build->jobs[i];

		if (!job->result.cached && job->needed)
			expected += expected_seconds(job->recipe);
		done += !is_on_its_way(job);
		if (!job->process.pid)
			continue;
		buf_addf(&text, "%s%s%s%s %s", text.len ? ", " : "",
			 job->request.component, job->request.word ? " " : "",
			 job->request.word ? job->request.word : "",
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

static int job_start(struct build_job *job, const struct build_command *command,
		     struct error *err)
{
	struct arena *arena = job->build->arena;
	const char *tmp = arena_printf(arena, "TMPDIR=%s", job->work);
	const char *work = arena_printf(arena, CLAIM_ENV "=%s", job->work);
	/* What has no time of its own has the time of the commit. */
	const char *epoch = arena_printf(arena, "SOURCE_DATE_EPOCH=%lld",
					 (long long)job->time);
	const char *const env[] = { tmp, work, epoch, NULL };
	const struct process_spec spec = {
		.argv = command->argv,
		.environment = command->environment,
		.env_pass = command->env_pass,
		.env_add = env,
		.cwd = command->cwd,
		.log = job->log,
		.output = command->output,
		.seconds = job->build->options->seconds,
	};

	if (!tmp || !work || !epoch)
		return error_nomem(err);
	job->may_fail = command->may_fail;
	if (!job->started_us) {
		job->started_us = clock_mono_us();
		unlink(job->log);
	}
	log_command(job->log, command->argv);
	job->said_before = log_length(job->log);
	job->command_us = clock_mono_us();
	return process_start(&spec, &job->process, err);
}

/* What to add where a release is not found. */
static const char *known_versions(const struct build_job *job, const char *why)
{
	cleanup(buf_release) struct buf list = BUF_INIT(1024);
	const char *word = job->request.word;
	const char *said;

	if (!word || !release_is_maven(word) || !released_not_found(why))
		return "";
	released_versions(release_version(word), &list);
	if (!list.len || list.failed)
		return "";
	said = arena_printf(job->build->arena, "; known released versions: %s",
			    buf_text(&list));
	return said ?: "";
}

/* Why the command ended as it did. */
static int command_failed(struct build_job *job, int status, struct error *err)
{
	const char *why =
		log_reason(job->log, job->said_before, job->build->arena);
	const char *title = steps[job->step].title;

	if (why && *why)
		return error_set(err, ERROR_BUILD, "%s: %s%s", title, why,
				 known_versions(job, why));
	if (WIFSIGNALED(status))
		return error_set(err, ERROR_BUILD, "%s: killed by %s", title,
				 strsignal(WTERMSIG(status)));
	return error_set(err, ERROR_BUILD,
			 "%s: exit code %d, and no output in %s", title,
			 WEXITSTATUS(status), job->log);
}

static int check_time(const struct build_job *job, struct error *err)
{
	int seconds = job->build->options->seconds;

	if (job->result.seconds + seconds_since(job->command_us) <= seconds)
		return 0;
	return error_set(
		err, ERROR_BUILD,
		"%s: not finished within %d s; --seconds N allows more",
		steps[job->step].title, seconds);
}

/* 1 still runs, 0 ended well. */
static int job_poll(struct build_job *job, struct error *err)
{
	int status, rc = process_poll(&job->process, &status, err);

	if (rc < 0)
		return -1;
	if (rc == 1)
		return check_time(job, err) < 0 ? -1 : 1;
	/* Waiting for a slot or for the base is not counted. */
	job->result.seconds += seconds_since(job->command_us);
	job->failed = !WIFEXITED(status) || WEXITSTATUS(status);
	if (job->failed && !job->may_fail)
		return command_failed(job, status, err);
	job->ran++;
	return 0;
}

static void next_step(struct build_job *job, unsigned step)
{
	assert(step > job->step && step <= step_count);
	job->step = step;
	job->ran = 0;
	job->tries = 0;
	job->failed = false;
	if (step == step_count)
		job_end(job, JOB_BUILT);
}

static unsigned first_after_found(unsigned step)
{
	do
		step++;
	while (step < step_count && !steps[step].publishes);
	return step;
}

/* Takes steps until one runs a command, waits, or ends the job. */
static int job_advance(struct build_job *job, struct error *err)
{
	struct build_command command = { 0 };
	const struct build_step *step;
	int answer;

	while (job->state == JOB_ACTIVE) {
		step = &steps[job->step];
		if (step->needs && !slot_free(job, step->needs))
			return 0;
		if (clock_mono_us() < job->not_before_us)
			return 0;
		answer = step->run(job, &command, err);
		if (answer == STEP_COMMAND)
			return job_start(job, &command, err);
		if (answer == STEP_WAIT || answer < 0)
			return answer < 0 ? -1 : 0;
		next_step(job, answer == STEP_FOUND
				       ? first_after_found(job->step)
				       : job->step + 1);
	}
	return 0;
}

/* True when something changed. */
static bool job_look(struct build_job *job)
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
		struct build_job *job = &build->jobs[i];

		if (job->state != JOB_ACTIVE)
			continue;
		if (job->worktree)
			dir_remove(job->worktree, NULL);
		job->worktree = NULL;
		job_end(job, JOB_FAILED);
	}
	return -1;
}

/* Whoever only publishes does not keep others from building. */
static bool any_builds(const struct build *build)
{
	for (unsigned i = 0; i < build->count; i++)
		if (is_on_its_way(&build->jobs[i]) &&
		    !steps[build->jobs[i].step].publishes)
			return true;
	return false;
}

/* Until a command ends. Jobs also wait for a time, and for what other builds on
 * this machine do: those are looked at again after a tick. */
static void jobs_wait(const struct build *build)
{
	pid_t pids[PROCESS_WAIT_MAX];
	size_t n = 0;

	for (unsigned i = 0; i < build->count && n < PROCESS_WAIT_MAX; i++)
		if (build->jobs[i].process.pid)
			pids[n++] = build->jobs[i].process.pid;
	process_wait(pids, n, clock_mono_us() + TICK_MS * 1000);
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
			active += is_on_its_way(&build->jobs[i]);
			if (interrupted())
				return jobs_interrupted(build, err);
		}
		if (changed)
			say(build);
		if (build->lock >= 0 && !any_builds(build)) {
			closep(&build->lock);
			build->lock = -1;
		}
		if (!active)
			return 0;
		if (!changed)
			jobs_wait(build);
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/* job_stable_test.c - a run that begins keeps what gates.stable_runs needs. */
#include "cli/job.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "run/stable_runs.h"
#include "test/support/judged_run.h"

static const struct common_options common = { 0 };

/* A new run beside two that were judged. */
static void begin(struct scratch *at, int gate, struct run_options *run,
		  struct job *job)
{
	char path[PATH_ROOM];

	unsetenv("MEDLEY_HISTORY_DATABASE");
	write_run(at, "20261121-000000", "pass fail", 1);
	write_run(at, "20261122-000000", "pass pass", 1);
	*run = (struct run_options){ .runs = at->dir };
	*job = (struct job){ .common = &common, .run = run };
	arena_init(&job->arena, 1 << 20);
	job->net.file = "elsewhere/quick.yaml";
	job->net.stable_gate = gate;
	path_join(job->run_dir, at->dir, "20261123-000000");
	assert_int_equal(
		mkdir(path_join(path, at->dir, "20261123-000000"), 0755), 0);
}

static void assert_kept(struct scratch *at, struct job *job)
{
	struct stable_runs s;

	assert_ok(job_keep_stable_runs(job, &at->err), at->err);
	assert_ok(stable_runs_load(job->run_dir, &at->arena, &s, &at->err),
		  at->err);
	assert_true(s.known);
	assert_int_equal(stable_runs_of(&s, "4.0", "4.10", "4.8"), 2);
	assert_int_equal(stable_runs_of(&s, "4.10", "4.0", "4.8"), 1);
	arena_release(&job->arena);
}

static void a_gate_takes_the_runs_before(void **state)
{
	struct scratch *at = *state;
	struct run_options run;
	struct job job;

	begin(at, 2, &run, &job);
	assert_kept(at, &job);
}

static void runs_of_other_networks_do_not_count(void **state)
{
	struct scratch *at = *state;
	struct run_options run;
	struct stable_runs s;
	struct job job;

	begin(at, 2, &run, &job);
	job.net.file = "other.yaml";
	assert_ok(job_keep_stable_runs(&job, &at->err), at->err);
	assert_ok(stable_runs_load(job.run_dir, &at->arena, &s, &at->err),
		  at->err);
	assert_true(s.known);
	assert_int_equal(s.count, 0);
	arena_release(&job.arena);
}

static void without_a_gate_nothing_is_written(void **state)
{
	struct scratch *at = *state;
	struct run_options run;
	struct stable_runs s;
	struct job job;

	begin(at, 0, &run, &job);
	assert_ok(job_keep_stable_runs(&job, &at->err), at->err);
	assert_ok(stable_runs_load(job.run_dir, &at->arena, &s, &at->err),
		  at->err);
	assert_false(s.known);
	arena_release(&job.arena);
}

/* The runs of this machine are better than no run. */
static void a_database_that_is_down_stops_no_run(void **state)
{
	struct scratch *at = *state;
	struct run_options run;
	struct job job;

	begin(at, 2, &run, &job);
	job.net.history_database = "postgresql://u@127.0.0.1:1/d";
	assert_kept(at, &job);
}

static void a_database_that_is_not_one_is_refused(void **state)
{
	struct scratch *at = *state;
	struct run_options run;
	struct job job;

	begin(at, 2, &run, &job);
	setenv("MEDLEY_HISTORY_DATABASE", "nowhere", 1);
	assert_error(job_keep_stable_runs(&job, &at->err), at->err,
		     "gates.stable_runs: MEDLEY_HISTORY_DATABASE: expected "
		     "postgresql://");
	unsetenv("MEDLEY_HISTORY_DATABASE");
	arena_release(&job.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_gate_takes_the_runs_before),
		SCRATCH_TEST(runs_of_other_networks_do_not_count),
		SCRATCH_TEST(without_a_gate_nothing_is_written),
		SCRATCH_TEST(a_database_that_is_down_stops_no_run),
		SCRATCH_TEST(a_database_that_is_not_one_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

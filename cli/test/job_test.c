/* SPDX-License-Identifier: Apache-2.0 */
/* job_test.c - who may do which step of a run, and what is kept of it. */
#include "cli/job.h"

#include <unistd.h>

#include "run/records.h"
#include "run/run.h"
#include "test/support/scratch.h"

static unsigned worked;

static int work(struct job *job, struct progress *progress,
		struct step_result *ret, struct error *err)
{
	(void)job, (void)progress, (void)ret, (void)err;
	worked++;
	return 0;
}

static int work_in_vain(struct job *job, struct progress *progress,
			struct step_result *ret, struct error *err)
{
	(void)job, (void)progress, (void)ret;
	return error_set(err, ERROR_INTERRUPTED, "interrupted");
}

static const struct step load = { .name = "drive",
				  .claim = "vaults",
				  .work = work };
static const struct step stopped = { .name = "drive",
				     .claim = "vaults",
				     .work = work_in_vain };
static const struct step rescue = { .name = "down",
				    .claim = NULL,
				    .work = work };

static void begin(struct scratch *at, struct job *job)
{
	static const struct common_options common = { 0 };

	assert_ok(job_open(job, &common, NULL, &at->err), at->err);
	path_printf(job->run_dir, "%s", at->dir);
	job->begun = true;
	worked = 0;
}

/* A second load would give its operations the same ids. */
static void a_claimed_step_is_left_to_who_claims_it(void **state)
{
	struct scratch *at = *state;
	struct job job;
	int fd;

	begin(at, &job);
	assert_ok(job_step(&job, &rescue, &at->err), at->err);
	assert_int_equal(run_claim(at->dir, "vaults", &fd, &at->err), 1);
	assert_error(job_step(&job, &load, &at->err), at->err,
		     "another medley process works on the vaults of ");
	assert_int_equal(at->err.kind, ERROR_INPUT);
	assert_int_equal(worked, 1);
	assert_ok(job_step(&job, &rescue, &at->err), at->err);
	close(fd);
	assert_ok(job_step(&job, &load, &at->err), at->err);
	assert_int_equal(worked, 3);
	/* It has not kept the claim. */
	assert_int_equal(run_claim(at->dir, "vaults", &fd, &at->err), 1);
	close(fd);
	job_release(&job);
}

static void the_kind_of_an_error_and_the_pressure_are_kept(void **state)
{
	struct scratch *at = *state;
	struct job job;
	struct phase *phases;
	size_t count;

	begin(at, &job);
	assert_int_equal(job_step(&job, &stopped, &at->err), -1);
	assert_ok(phase_load(at->dir, &at->arena, &phases, &count, &at->err),
		  at->err);
	assert_int_equal(count, 1);
	assert_int_equal(phases[0].kind, ERROR_INTERRUPTED);
	assert_true(phases[0].cpu_pressure >= 0);
	job_release(&job);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_claimed_step_is_left_to_who_claims_it),
		SCRATCH_TEST(the_kind_of_an_error_and_the_pressure_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

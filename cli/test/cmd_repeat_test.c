/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_repeat_test.c - medley run --repeat: which runs there are, what ends
 * them, and what is joined. */
#include "cli/test/played_rooms.h"

#define ROW "build generate deploy drive check down report"

static void repeated_runs_are_joined(void **state)
{
	char path[PATH_ROOM];

	(void)state;
	play.verdict = 2;
	assert_int_equal(run_it("--repeat=3"), 2);
	assert_string_equal(play.order, ROW " " ROW " " ROW " join");
	assert_int_equal(play.joined, 3);
	assert_int_equal(play.seeds[1], play.seeds[0]);
	assert_int_equal(play.seeds[2], play.seeds[0]);
	assert_true(file_exists(play.out));
	assert_non_null(strstr(play.out, "/merged-"));
	assert_true(file_exists(
		path_join(path, play.first_joined, "phases.jsonl")));
}

/* Not the deploy of one, but what the next runs would meet as well. */
static void what_ends_a_repetition(void **state)
{
	static const struct {
		const char *step;
		enum error_kind kind;
		const char *order;
		size_t joined;
	} cases[] = {
		{ "deploy", ERROR_DEPLOY,
		  ROW " build generate deploy down report " ROW " join", 3 },
		{ "drive", ERROR_LOAD,
		  ROW " build generate deploy drive down report " ROW " join",
		  3 },
		{ "build", ERROR_BUILD, ROW " build report join", 2 },
		{ "down", ERROR_LEFT, ROW " " ROW " join", 2 },
		{ "drive", ERROR_INTERRUPTED,
		  ROW " build generate deploy drive down report join", 2 },
		{ "report", ERROR_INTERNAL, ROW " " ROW " join", 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int code;

		memset(&play, 0, sizeof(play));
		play.failing = cases[i].step;
		play.kind = cases[i].kind;
		play.failing_run = 2;
		code = run_it("--repeat=3");
		assert_string_equal(play.order, cases[i].order);
		assert_int_equal(play.joined, cases[i].joined);
		/* The joined answer, played here as 0, has those of runs that
		 * ended; what ended the repetitions counts all the same. */
		assert_int_equal(code,
				 cases[i].joined == 3 ? 0 : (int)cases[i].kind);
	}
}

static void a_repetition_that_cannot_begin(void **state)
{
	(void)state;
	play.failing = "report";
	play.kind = ERROR_INTERNAL;
	assert_int_equal(run_it("--repeat=3"), ERROR_INTERNAL);
	assert_string_equal(play.order, ROW);
}

static void repeated_runs_do_not_stay_up(void **state)
{
	const char *argv[] = { network, "--runs", runs, "--repeat=2",
			       "--keep" };

	(void)state;
	assert_int_equal(run_line("run", ARRAY_SIZE(argv), argv), ERROR_INPUT);
	assert_string_equal(play.order, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(repeated_runs_are_joined, setup,
						teardown),
		cmocka_unit_test_setup_teardown(what_ends_a_repetition, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_repetition_that_cannot_begin,
						setup, teardown),
		cmocka_unit_test_setup_teardown(repeated_runs_do_not_stay_up,
						setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* stable_runs_test.c - what a run keeps of the runs before it. */
#include "run/stable_runs.h"

#include "base/cleanup.h"
#include "test/support/judged_run.h"

static void load(struct scratch *at, struct stable_runs *ret)
{
	assert_ok(stable_runs_load(at->dir, &at->arena, ret, &at->err),
		  at->err);
}

static void runs_in_a_row_are_kept(void **state)
{
	cleanup(archive_closep) struct archive *a = NULL;
	const struct archive_query all = { 0 };
	struct scratch *at = *state;
	struct stable_runs s;
	struct archived h;

	write_run(at, "20261120-000000", "pass fail", 1);
	write_run(at, "20261121-000000", "pass pass", 1);
	write_run(at, "20261122-000000", "pass fail", 1);
	assert_ok(archive_open(at->dir, &a, &at->err), at->err);
	assert_ok(archive_read(a, &all, &at->arena, &h, &at->err), at->err);
	assert_ok(stable_runs_write(at->dir, &h, &at->err), at->err);
	load(at, &s);
	assert_true(s.known);
	assert_int_equal(s.count, 1);
	assert_int_equal(stable_runs_of(&s, "4.0", "4.10", "4.8"), 3);
	assert_int_equal(stable_runs_of(&s, "4.10", "4.0", "4.8"), 0);
	assert_int_equal(stable_runs_of(&s, "4.0", "4.10", "4.9"), 0);
}

static void no_file_is_known_as_such(void **state)
{
	struct scratch *at = *state;
	struct stable_runs s = { .known = true, .count = 3 };

	load(at, &s);
	assert_false(s.known);
	assert_int_equal(stable_runs_of(&s, "4.0", "4.10", "4.8"), 0);
}

static void what_is_wrong_is_named(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "", "stable-runs.json" },
		{ "[]", "expected version 1 and cells" },
		{ "{\"version\":2,\"cells\":[]}", "expected version 1" },
		{ "{\"version\":1}", "expected version 1 and cells" },
		{ "{\"version\":1,\"cells\":[{}]}", "cell 0 is not valid" },
		{ "{\"version\":1,\"cells\":[{\"payer\":\"a\",\"payee\":"
		  "\"b\",\"notary\":\"c\",\"runs\":-1}]}",
		  "cell 0 is not valid" },
		{ "{\"version\":1,\"cells\":[{\"payer\":\"a\",\"payee\":"
		  "\"b\",\"notary\":3,\"runs\":1}]}",
		  "cell 0 is not valid" },
	};
	struct scratch *at = *state;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct stable_runs s = { .count = 7 };

		scratch_write(at, "stable-runs.json", bad[i].text);
		assert_error(stable_runs_load(at->dir, &at->arena, &s,
					      &at->err),
			     at->err, bad[i].why);
		assert_int_equal(at->err.kind, ERROR_INPUT);
		assert_int_equal(s.count, 7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(runs_in_a_row_are_kept),
		SCRATCH_TEST(no_file_is_known_as_such),
		SCRATCH_TEST(what_is_wrong_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

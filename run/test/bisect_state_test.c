/* SPDX-License-Identifier: Apache-2.0 */
/* bisect_state_test.c - a bisection is kept on disk, also as git's log. */
#include "run/bisect_state.h"

#include "base/cleanup.h"
#include "test/support/scratch.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccccccccccc"

static struct bisect_state state_of(struct scratch *at)
{
	const struct bisect_test tests[] = {
		{ B, "break it", BISECT_BAD, "runs/1", "3 of 6 payments" },
		{ A, "begin", BISECT_GOOD, "runs/2", NULL },
		{ C, "half\x1b[31m done", BISECT_SKIP, NULL,
		  "does not\nbuild" },
	};
	struct bisect_state s = { .repo = "/clone",
				  .cell = "main:4.8:4.8",
				  .good = { "v1", A },
				  .bad = { "main", B },
				  .release = "main",
				  .network = "banks:\n" };

	assert_ok(bisect_state_begin(&s, &at->arena, &at->err), at->err);
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++)
		assert_ok(bisect_state_add(&s, &tests[i], &at->arena, &at->err),
			  at->err);
	return s;
}

static void it_comes_back(void **state)
{
	struct scratch *at = *state;
	struct bisect_state s = state_of(at), back;
	char dir[PATH_ROOM];

	path_join(dir, at->dir, "bisect");
	assert_int_equal(bisect_state_read(dir, &at->arena, &back, &at->err),
			 0);
	s.first_bad = B;
	s.bad_run = "runs/1";
	assert_ok(bisect_state_write(dir, &s, &at->err), at->err);
	assert_int_equal(bisect_state_read(dir, &at->arena, &back, &at->err),
			 1);
	assert_string_equal(back.repo, "/clone");
	assert_string_equal(back.cell, "main:4.8:4.8");
	assert_string_equal(back.good.word, "v1");
	assert_string_equal(back.bad.commit, B);
	assert_string_equal(back.release, "main");
	assert_string_equal(back.network, "banks:\n");
	assert_string_equal(back.first_bad, B);
	assert_string_equal(back.bad_run, "runs/1");
	assert_null(back.good_run);
	assert_int_equal(back.test_count, 3);
	assert_int_equal(back.tests[2].verdict, BISECT_SKIP);
	assert_string_equal(back.tests[0].reason, "3 of 6 payments");
	assert_null(back.tests[1].reason);
	assert_int_equal(bisect_state_streak(&back), 1);
	assert_ptr_equal(bisect_state_find(&back, A), &back.tests[1]);
	assert_null(bisect_state_find(&back, "x"));
}

static void the_log_is_git_s(void **state)
{
	struct scratch *at = *state;
	struct bisect_state s = state_of(at);
	cleanup(buf_release) struct buf log = BUF_INIT(4096);

	s.first_bad = B;
	bisect_log_write(&s, &log);
	assert_string_equal(buf_text(&log),
			    "git bisect start\n"
			    "# bad: [" B "] break it\n"
			    "# run: runs/1\n"
			    "# reason: 3 of 6 payments\n"
			    "git bisect bad " B "\n"
			    "# good: [" A "] begin\n"
			    "# run: runs/2\n"
			    "git bisect good " A "\n"
			    "# skip: [" C "] half\xef\xbf\xbd[31m done\n"
			    "# reason: does not build\n"
			    "git bisect skip " C "\n"
			    "# first bad commit: [" B "] break it\n");
}

static void what_is_not_one(void **state)
{
	static const char *const texts[] = {
		"",
		"[]",
		"{}",
		"{\"version\":2}",
		"{\"version\":1}",
		"{\"version\":1,\"repo\":\"r\",\"cell\":\"c\",\"good\":{"
		"\"word\":\"g\",\"commit\":\"x\"},\"bad\":{\"word\":\"b\","
		"\"commit\":\"" B "\"},\"release\":\"b\",\"network\":\"\"}",
		"{\"version\":1,\"repo\":\"r\",\"cell\":\"c\",\"good\":{"
		"\"word\":\"g\",\"commit\":\"" A "\"},\"bad\":{\"word\":\"b\","
		"\"commit\":\"" B "\"},\"release\":\"b\",\"network\":\"\","
		"\"tests\":[{\"commit\":\"" A "\",\"verdict\":\"fine\"}]}",
	};
	struct scratch *at = *state;
	struct bisect_state s;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		assert_int_equal(bisect_state_parse("x", texts[i],
						    strlen(texts[i]),
						    &at->arena, &s, &at->err),
				 -1);
		assert_int_equal(at->err.kind, ERROR_INPUT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(it_comes_back),
		SCRATCH_TEST(the_log_is_git_s),
		SCRATCH_TEST(what_is_not_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* history_record_test.c - runs get into a team's database, where one is named.
 */
#include "cli/history_record.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "test/support/postgres.h"
#include "test/support/judged_run.h"

static void read_recorded(struct scratch *at, struct archived *ret)
{
	cleanup(archive_closep) struct archive *a = NULL;

	assert_ok(archive_connect(postgres_uri(), false, &a, &at->err),
		  at->err);
	assert_ok(archive_read_runs(a, &at->arena, ret, &at->err), at->err);
}

static void runs_are_recorded_where_they_are_to_be(void **state)
{
	cleanup(archive_closep) struct archive *a = NULL;
	struct scratch *at = *state;
	struct archived h;
	char path[PATH_ROOM];

	postgres_need();
	unsetenv("MEDLEY_HISTORY_DATABASE");
	write_run(at, "20261121-000000", "pass pass", 1);
	write_run(at, "20261122-000000", "fail pass", 1);
	write_run(at, "20261123-000000", "pass pass", 1);
	/* By the network file, then by the environment. */
	history_record_run(postgres_uri(),
			   path_join(path, at->dir, "20261121-000000"));
	read_recorded(at, &h);
	assert_int_equal(h.run_count, 1);
	setenv("MEDLEY_HISTORY_DATABASE", postgres_uri(), 1);
	history_record_run(NULL, path_join(path, at->dir, "20261122-000000"));
	unsetenv("MEDLEY_HISTORY_DATABASE");
	/* Nowhere. */
	history_record_run(NULL, path_join(path, at->dir, "20261123-000000"));
	read_recorded(at, &h);
	assert_int_equal(h.run_count, 2);
	assert_string_equal(h.runs[1].id, "20261122-000000");
	assert_string_equal(h.runs[1].answer, "FAIL");
	/* All of a directory, but for what cannot be read or is not judged. */
	write_results(at, "20261124-000000", "x");
	write_run(at, "20261125-000000", "pass pass", 1);
	assert_int_equal(remove(path_join(path, at->dir,
					  "20261125-000000/results.json")),
			 0);
	assert_ok(archive_connect(postgres_uri(), true, &a, &at->err), at->err);
	assert_ok(history_record_all(a, at->dir, &at->err), at->err);
	read_recorded(at, &h);
	assert_int_equal(h.run_count, 3);
	assert_string_equal(h.runs[2].id, "20261123-000000");
}

/* The verdict of the run counts, so that this is a warning. */
static void a_database_that_is_down_is_a_warning(void **state)
{
	struct scratch *at = *state;
	char path[PATH_ROOM];

	write_run(at, "20261121-000000", "pass pass", 1);
	history_record_run("postgresql://u@127.0.0.1:1/d",
			   path_join(path, at->dir, "20261121-000000"));
}

static void the_option_comes_before_the_environment(void **state)
{
	static const char given[] = "postgresql://a@h/d";
	static const char named[] = "postgresql://b@h/d";
	const char *uri = NULL;
	struct error err = { 0 };

	(void)state;
	setenv("MEDLEY_HISTORY_DATABASE", named, 1);
	assert_ok(history_database(given, &uri, &err), err);
	assert_string_equal(uri, given);
	assert_ok(history_database(NULL, &uri, &err), err);
	assert_string_equal(uri, named);
	assert_error(history_database("h", &uri, &err), err,
		     "--database: expected postgresql://");
	setenv("MEDLEY_HISTORY_DATABASE", "", 1);
	assert_ok(history_database(NULL, &uri, &err), err);
	assert_null(uri);
	unsetenv("MEDLEY_HISTORY_DATABASE");
	assert_ok(history_database(NULL, &uri, &err), err);
	assert_null(uri);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(runs_are_recorded_where_they_are_to_be),
		SCRATCH_TEST(a_database_that_is_down_is_a_warning),
		SCRATCH_TEST(the_option_comes_before_the_environment),
	};

	return cmocka_run_group_tests(tests, postgres_begin, postgres_end);
}

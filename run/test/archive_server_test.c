/* SPDX-License-Identifier: Apache-2.0 */
/* archive_server_test.c - runs of several machines meet in one database. */
#include "run/archive.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "data/sql.h"
#include "test/support/postgres.h"
#include "test/support/judged_run.h"

static const struct archive_query all = { 0 };

/* Each test begins without tables. */
static int drop_all(void **state)
{
	struct error err = { 0 };
	struct sql *db;

	if (scratch_set_up(state) < 0)
		return -1;
	if (!postgres_there())
		return 0;
	assert_ok(sql_open_server(postgres_uri(), 5, &db, &err), err);
	assert_ok(sql_exec(db, "drop schema public cascade", &err), err);
	assert_ok(sql_exec(db, "create schema public", &err), err);
	sql_close(db);
	return 0;
}

#define SERVER_TEST(t) cmocka_unit_test_setup_teardown(t, drop_all, scratch_end)

static void record(struct scratch *at, const char *name, int expected)
{
	cleanup(archive_closep) struct archive *a = NULL;
	char path[PATH_ROOM];
	int rc;

	assert_ok(archive_connect(postgres_uri(), true, &a, &at->err), at->err);
	rc = archive_record(a, path_join(path, at->dir, name), &at->err);
	assert_ok(rc, at->err);
	assert_int_equal(rc, expected);
}

static void read_all(struct scratch *at, struct archived *ret)
{
	cleanup(archive_closep) struct archive *a = NULL;

	assert_ok(archive_connect(postgres_uri(), false, &a, &at->err),
		  at->err);
	assert_ok(archive_read(a, &all, &at->arena, ret, &at->err), at->err);
}

static void recorded_runs_are_read_by_others(void **state)
{
	const struct archive_query one = { "quick", "4.0", "4.10", "4.8" };
	cleanup(archive_closep) struct archive *a = NULL;
	struct scratch *at = *state;
	struct archived h;

	postgres_need();
	write_run(at, "20261121-000000", "pass pass", 100);
	write_run(at, "20261122-000000", "fail pass", 200);
	record(at, "20261122-000000", 1);
	record(at, "20261121-000000", 1);
	read_all(at, &h);
	assert_int_equal(h.run_count, 2);
	assert_int_equal(h.cell_count, 2);
	assert_string_equal(h.cells[0].payee, "4.10");
	assert_int_equal(h.cells[0].count, 2);
	assert_string_equal(h.cells[0].points[0].verdict, "pass");
	assert_string_equal(h.cells[0].points[1].verdict, "fail");
	assert_int_equal(h.cells[0].points[1].p95_us, 400000);
	assert_int_equal(h.cells[0].points[1].run->begun_us,
			 INT64_C(1795305600000000));
	assert_ok(archive_connect(postgres_uri(), false, &a, &at->err),
		  at->err);
	assert_ok(archive_read(a, &one, &at->arena, &h, &at->err), at->err);
	assert_int_equal(h.cell_count, 1);
	assert_string_equal(h.cells[0].points[1].payee.digest,
			    "sha256:20261122");
	assert_string_equal(h.cells[0].points[1].notary.commit, "");
}

static void a_run_is_recorded_once(void **state)
{
	cleanup(buf_release) struct buf cells = BUF_INIT(4096);
	struct scratch *at = *state;
	struct archived h;
	char path[PATH_ROOM];

	postgres_need();
	write_run(at, "20261121-000000", "pass pass", 100);
	record(at, "20261121-000000", 1);
	record(at, "20261121-000000", 0);
	/* Judged again: the first phase stays. */
	add_result(&cells, "4.0", "4.10", "fail", 100);
	write_results(at, "20261121-000000",
		      arena_printf(&at->arena,
				   "{\"version\":3,\"run\":\"20261121-000000\","
				   "\"network\":\"nightly/quick.yaml\","
				   "\"answer\":\"FAIL\",\"exit_code\":1,"
				   "\"cells\":[%s],\"issues\":{}}",
				   buf_text(&cells)));
	record(at, "20261121-000000", 1);
	read_all(at, &h);
	assert_int_equal(h.run_count, 1);
	assert_int_equal(h.cell_count, 1);
	assert_string_equal(h.cells[0].points[0].verdict, "fail");
	/* Of another machine in the same second. */
	scratch_write(at,
		      path_printf(path, "%s/phases.jsonl", "20261121-000000"),
		      "{\"phase\":\"build\",\"seconds\":1.000002}\n");
	record(at, "20261121-000000", 1);
	read_all(at, &h);
	assert_int_equal(h.run_count, 2);
	assert_int_equal(h.cells[0].count, 2);
}

static void many_cells_are_recorded(void **state)
{
	cleanup(buf_release) struct buf cells = BUF_INIT(1024 * 1024);
	struct scratch *at = *state;
	struct archived h;
	char payee[32];

	postgres_need();
	for (unsigned i = 0; i < 400; i++) {
		snprintf(payee, sizeof(payee), "4.%u", i);
		buf_add_str(&cells, i ? "," : "");
		add_result(&cells, "4.0", payee, "pass", i);
	}
	write_results(at, "20261121-000000",
		      arena_printf(&at->arena,
				   "{\"version\":3,\"run\":\"20261121-000000\","
				   "\"network\":\"nightly/quick.yaml\","
				   "\"answer\":\"PASS\",\"exit_code\":0,"
				   "\"cells\":[%s],\"issues\":{}}",
				   buf_text(&cells)));
	record(at, "20261121-000000", 1);
	read_all(at, &h);
	assert_int_equal(h.cell_count, 400);
	assert_string_equal(h.cells[399].payee, "4.399");
	assert_int_equal(h.cells[399].points[0].p50_us, 399000);
}

static void what_cannot_be_recorded_leaves_nothing(void **state)
{
	cleanup(archive_closep) struct archive *a = NULL;
	struct scratch *at = *state;
	struct archived h;
	char path[PATH_ROOM];

	postgres_need();
	write_run(at, "20261121-000000", "pass pass", 100);
	record(at, "20261121-000000", 1);
	write_results(at, "20261121-000000", "{\"version\":3}");
	assert_ok(archive_connect(postgres_uri(), true, &a, &at->err), at->err);
	path_join(path, at->dir, "20261121-000000");
	assert_error(archive_record(a, path, &at->err), at->err,
		     "results.json: run, answer, exit_code or issues are "
		     "missing");
	/* The earlier record stays, and the connection can be used. */
	read_all(at, &h);
	assert_int_equal(h.run_count, 1);
	assert_int_equal(h.cell_count, 2);
	write_run(at, "20261122-000000", "pass pass", 100);
	path_join(path, at->dir, "20261122-000000");
	assert_int_equal(archive_record(a, path, &at->err), 1);
	path_join(path, at->dir, "none");
	assert_error(archive_record(a, path, &at->err), at->err, "none");
}

static void a_database_without_a_history_is_told(void **state)
{
	struct scratch *at = *state;
	struct archive *a = NULL;
	struct sql *db;

	postgres_need();
	assert_error(archive_connect(postgres_uri(), false, &a, &at->err),
		     at->err, "no run was recorded in it yet");
	assert_ok(archive_connect(postgres_uri(), true, &a, &at->err), at->err);
	archive_close(steal(a));
	assert_ok(sql_open_server(postgres_uri(), 5, &db, &at->err), at->err);
	assert_ok(sql_exec(db, "update medley_history set version = 99",
			   &at->err),
		  at->err);
	sql_close(db);
	assert_error(archive_connect(postgres_uri(), true, &a, &at->err),
		     at->err,
		     "its tables have version 99, but this medley needs "
		     "version 1");
	assert_int_equal(at->err.kind, ERROR_INPUT);
	assert_null(a);
}

static void an_address_has_no_password(void **state)
{
	static const struct {
		const char *uri, *why;
	} bad[] = {
		{ "postgresql://u:secret@h/d", "contains a password" },
		{ "postgresql://u@h/d?password=secret", "contains a password" },
		{ "host=h password=secret", "expected postgresql://" },
		{ "mysql://h/d", "expected postgresql://" },
		{ "postgresql://h/d?colour=secret", "expected postgresql://" },
		{ "", "expected postgresql://" },
	};
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_error(archive_check_uri("history.database", bad[i].uri,
					       &err),
			     err, bad[i].why);
		assert_int_equal(err.kind, ERROR_INPUT);
		assert_non_null(strstr(err.text, "history.database"));
		assert_null(strstr(err.text, "secret"));
	}
	assert_ok(archive_check_uri("history.database",
				    "postgresql://u@h:5432/d?sslmode=require",
				    &err),
		  err);
	assert_ok(archive_check_uri("history.database",
				    "postgresql:///?service=team", &err),
		  err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SERVER_TEST(recorded_runs_are_read_by_others),
		SERVER_TEST(a_run_is_recorded_once),
		SERVER_TEST(many_cells_are_recorded),
		SERVER_TEST(what_cannot_be_recorded_leaves_nothing),
		SERVER_TEST(a_database_without_a_history_is_told),
		cmocka_unit_test(an_address_has_no_password),
	};

	return cmocka_run_group_tests(tests, postgres_begin, postgres_end);
}

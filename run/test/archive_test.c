/* SPDX-License-Identifier: Apache-2.0 */
/* archive_test.c - the archive of a directory has what its runs have, whatever
 * became of the file. */
#include "run/archive.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "data/sql.h"
#include "test/support/judged_run.h"

static const struct archive_query all = { 0 };

static void read_all(struct scratch *at, const struct archive_query *query,
		     struct archived *ret)
{
	cleanup(archive_closep) struct archive *a = NULL;

	assert_ok(archive_open(at->dir, &a, &at->err), at->err);
	assert_ok(archive_read(a, query, &at->arena, ret, &at->err), at->err);
}

static const char *file_in(struct scratch *at, const char *name)
{
	return arena_printf(&at->arena, "%s/%s", at->dir, name);
}

/* "pass fail" of the cell, the oldest run first. */
static const char *verdicts_of(struct scratch *at,
			       const struct archive_cell *cell)
{
	const char *text = "";

	for (size_t i = 0; i < cell->count; i++)
		text = arena_printf(&at->arena, "%s%s%s", text, i ? " " : "",
				    cell->points[i].verdict);
	return text;
}

static void make_runs(struct scratch *at)
{
	write_run(at, "20261121-000000", "pass pass", 100);
	write_run(at, "20261122-000000", "fail pass", 200);
	write_run(at, "20261120-000000", "pass pass", 50);
}

static void assert_made(struct scratch *at)
{
	struct archived h;

	read_all(at, &all, &h);
	assert_int_equal(h.run_count, 3);
	assert_int_equal(h.cell_count, 2);
	assert_string_equal(verdicts_of(at, &h.cells[0]), "pass pass fail");
	assert_string_equal(verdicts_of(at, &h.cells[1]), "pass pass pass");
}

/* ---- what is read ---- */

static void cells_are_read_over_time(void **state)
{
	struct scratch *at = *state;
	struct archived h;
	const struct archive_point *p;

	make_runs(at);
	assert_made(at);
	read_all(at, &all, &h);
	assert_string_equal(h.cells[0].network, "quick");
	assert_string_equal(h.cells[0].payer, "4.0");
	assert_string_equal(h.cells[0].payee, "4.10");
	assert_string_equal(h.cells[0].notary, "4.8");
	p = &h.cells[0].points[2];
	assert_string_equal(p->run->id, "20261122-000000");
	assert_string_equal(p->run->answer, "FAIL");
	assert_int_equal(p->run->exit_code, 1);
	assert_int_equal(strlen(p->run->origin), 16);
	assert_int_equal(p->run->begun_us, INT64_C(1795305600000000));
	assert_string_equal(p->reason, "1 payment was lost");
	assert_true(p->required);
	assert_int_equal(p->payments, 7);
	assert_int_equal(p->settled, 6);
	assert_int_equal(p->lost, 1);
	assert_int_equal(p->p50_us, 200000);
	assert_int_equal(p->p95_us, 400000);
	assert_null(p->payer.commit);
}

static void one_cell_has_its_commits(void **state)
{
	const struct archive_query one = { "quick", "4.0", "4.10", "4.8" };
	const struct archive_query none = { "quick", "4.0", "4.0", "4.8" };
	const struct archive_query other = { .network = "other" };
	struct scratch *at = *state;
	struct archived h;
	const struct archive_point *p;

	make_runs(at);
	read_all(at, &one, &h);
	assert_int_equal(h.cell_count, 1);
	assert_int_equal(h.cells[0].count, 3);
	p = &h.cells[0].points[0];
	assert_string_equal(p->payer.commit, "maven:4.0");
	assert_string_equal(p->payee.commit, "0123456789abcdef");
	assert_string_equal(p->payee.digest, "sha256:20261120");
	/* results.json does not list it. */
	assert_string_equal(p->notary.commit, "");
	read_all(at, &none, &h);
	assert_int_equal(h.cell_count, 0);
	read_all(at, &other, &h);
	assert_int_equal(h.cell_count, 0);
	assert_int_equal(h.run_count, 0);
}

static void many_cells_take_several_statements(void **state)
{
	cleanup(buf_release) struct buf cells = BUF_INIT(1024 * 1024);
	struct scratch *at = *state;
	struct archived h;
	char payee[32];

	for (unsigned i = 0; i < 100; i++) {
		snprintf(payee, sizeof(payee), "4.%u", i);
		buf_add_str(&cells, i ? "," : "");
		add_result(&cells, "4.0", payee, "pass", i);
	}
	write_cells(at, "20261121-000000", buf_text(&cells));
	read_all(at, &all, &h);
	assert_int_equal(h.cell_count, 100);
	for (unsigned i = 0; i < 100; i++) {
		/* 4.9 comes before 4.10. */
		assert_string_equal(h.cells[i].payee,
				    arena_printf(&at->arena, "4.%u", i));
		assert_int_equal(h.cells[i].points[0].p50_us, i * 1000);
	}
}

static void a_network_has_one_name_everywhere(void **state)
{
	static const struct {
		const char *file, *name;
	} cases[] = {
		{ "examples/quickstart/network.yaml", "quickstart" },
		{ "/srv/nightly/network.yaml", "nightly" },
		{ "nightly/big.yaml", "big" },
		{ "big.v2.yaml", "big.v2" },
		{ "network.yaml", "network" },
		{ "./network.yaml", "network" },
		{ "../network.yaml", "network" },
		{ "/network.yaml", "network" },
		{ "a/../network.yaml", "network" },
		{ ".yaml", ".yaml" },
		{ "", "" },
		{ "a/", "" },
	};
	struct scratch *at = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(archive_network(cases[i].file, &at->arena),
				    cases[i].name);
}

/* ---- what has changed ---- */

static void only_what_changed_is_read_again(void **state)
{
	struct scratch *at = *state;
	struct archived h;
	struct stat before, after;
	char path[PATH_ROOM];

	make_runs(at);
	assert_made(at);
	assert_int_equal(stat(file_in(at, "history.sqlite"), &before), 0);
	assert_made(at);
	assert_int_equal(stat(file_in(at, "history.sqlite"), &after), 0);
	assert_memory_equal(&before.st_mtim, &after.st_mtim,
			    sizeof(before.st_mtim));
	write_run(at, "20261122-000000", "pass pass", 200);
	write_run(at, "20261123-000000", "flaky fail", 200);
	assert_ok(dir_remove(file_in(at, "20261120-000000"), &at->err),
		  at->err);
	/* Not judged any more. */
	unlink(path_join(path, at->dir, "20261121-000000/results.json"));
	read_all(at, &all, &h);
	assert_string_equal(verdicts_of(at, &h.cells[0]), "pass flaky");
	assert_string_equal(verdicts_of(at, &h.cells[1]), "pass fail");
	assert_int_equal(h.run_count, 2);
}

static void a_run_that_cannot_be_read_says_why(void **state)
{
	struct scratch *at = *state;
	struct archived h;

	make_runs(at);
	write_results(at, "20261124-000000", "{\"version\":3");
	read_all(at, &all, &h);
	assert_int_equal(h.run_count, 4);
	assert_string_equal(h.runs[3].id, "20261124-000000");
	assert_non_null(strstr(h.runs[3].unreadable, "results.json"));
	assert_string_equal(verdicts_of(at, &h.cells[0]), "pass pass fail");
	write_run(at, "20261124-000000", "pass pass", 1);
	read_all(at, &all, &h);
	assert_string_equal(h.runs[3].unreadable, "");
	assert_string_equal(verdicts_of(at, &h.cells[0]),
			    "pass pass fail pass");
}

static void a_hostile_run_changes_nothing_else(void **state)
{
	cleanup(buf_release) struct buf cells = BUF_INIT(64 * 1024);
	struct scratch *at = *state;
	struct archived h;
	char path[PATH_ROOM];

	make_runs(at);
	/* A cell twice, and words of SQL. */
	add_result(&cells, "4.0", "4.10", "pass", 1);
	buf_add_u8(&cells, ',');
	add_result(&cells, "4.0", "4.10", "fail", 1);
	buf_add_u8(&cells, ',');
	add_result(&cells, "'); drop table medley_runs; --", "$1", "pass", 1);
	write_cells(at, "20261124-000000", buf_text(&cells));
	/* Links into another run. */
	assert_int_equal(mkdir(file_in(at, "20261125-000000"), 0755), 0);
	scratch_write(at, "20261125-000000/network.resolved.yaml", "");
	assert_int_equal(symlink("../20261122-000000/results.json",
				 path_join(path, at->dir,
					   "20261125-000000/results.json")),
			 0);
	write_run(at, "20261126-000000", "fail fail", 1);
	assert_int_equal(symlink("/etc", path_join(path, at->dir,
						   "20261126-000000/logs")),
			 0);
	read_all(at, &all, &h);
	assert_int_equal(h.run_count, 5);
	assert_string_equal(h.runs[4].id, "20261126-000000");
	assert_non_null(strstr(h.runs[4].unreadable, "is a symbolic link"));
	assert_int_equal(h.cell_count, 3);
	assert_string_equal(h.cells[0].payer, "'); drop table medley_runs; --");
	assert_string_equal(h.cells[0].payee, "$1");
	/* The first of two counts. */
	assert_string_equal(verdicts_of(at, &h.cells[1]),
			    "pass pass fail pass");
	/* The link is removed; results.json is the same. */
	unlink(path_join(path, at->dir, "20261126-000000/logs"));
	read_all(at, &all, &h);
	assert_string_equal(h.runs[4].unreadable, "");
	unlink(path_join(path, at->dir, "20261126-000000/results.json"));
	read_all(at, &all, &h);
	assert_int_equal(h.run_count, 4);
}

/* ---- what became of the file ---- */

static void change_byte(struct scratch *at, off_t from, uint8_t byte)
{
	const int fd = open(file_in(at, "history.sqlite"), O_RDWR);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, &byte, 1, from), 1);
	close(fd);
}

static off_t size_of(struct scratch *at)
{
	struct stat st;

	assert_int_equal(stat(file_in(at, "history.sqlite"), &st), 0);
	return st.st_size;
}

static void a_deleted_file_is_made_again(void **state)
{
	struct scratch *at = *state;

	make_runs(at);
	assert_made(at);
	assert_int_equal(unlink(file_in(at, "history.sqlite")), 0);
	assert_made(at);
	assert_true(size_of(at) > 0);
	assert_int_equal(truncate(file_in(at, "history.sqlite"), 0), 0);
	assert_made(at);
	assert_true(size_of(at) > 0);
}

static void a_damaged_file_is_made_again(void **state)
{
	struct scratch *at = *state;
	off_t size;

	make_runs(at);
	assert_made(at);
	size = size_of(at);
	/* Half a file; then pages of nothing but one byte. */
	assert_int_equal(truncate(file_in(at, "history.sqlite"), size / 2), 0);
	assert_made(at);
	assert_int_equal(size_of(at), size);
	for (off_t page = 4096; page < size; page += 4096) {
		for (off_t i = 0; i < 512; i++)
			change_byte(at, page + i, 0xa5);
		assert_made(at);
	}
	/* The schema's page, behind the header. */
	for (off_t i = 100; i < 300; i++)
		change_byte(at, i, 0xff);
	assert_made(at);
}

static void another_version_is_made_again(void **state)
{
	struct scratch *at = *state;

	make_runs(at);
	assert_made(at);
	change_byte(at, 63, 99);
	assert_made(at);
	change_byte(at, 63, 0);
	assert_made(at);
	/* A write-ahead log would be another file of somebody's. */
	change_byte(at, 18, 2);
	change_byte(at, 19, 2);
	assert_made(at);
}

static void a_journal_beside_it_is_not_replayed(void **state)
{
	struct scratch *at = *state;
	static const char *const names[] = { "history.sqlite-journal",
					     "history.sqlite-wal",
					     "history.sqlite-shm" };

	make_runs(at);
	assert_made(at);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		scratch_write(at, names[i], "not a journal");
		assert_made(at);
		assert_false(file_exists(file_in(at, names[i])));
	}
}

static void what_is_no_archive_is_refused(void **state)
{
	struct scratch *at = *state;
	struct archive *a = NULL;
	struct sql *db = NULL;
	char path[PATH_ROOM];

	make_runs(at);
	scratch_write(at, "history.sqlite", "my notes");
	scratch_write(at, "history.sqlite-journal", "mine, too");
	assert_error(archive_open(at->dir, &a, &at->err), at->err,
		     "history.sqlite is not an index of runs that medley made; "
		     "move or remove this file");
	assert_int_equal(at->err.kind, ERROR_INPUT);
	assert_int_equal(size_of(at), 8);
	assert_true(file_exists(file_in(at, "history.sqlite-journal")));
	unlink(file_in(at, "history.sqlite-journal"));
	/* Somebody's database. */
	unlink(file_in(at, "history.sqlite"));
	assert_ok(sql_open_file(file_in(at, "history.sqlite"), &db, &at->err),
		  at->err);
	assert_ok(sql_exec(db, "create table notes (t)", &at->err), at->err);
	sql_close(db);
	assert_error(archive_open(at->dir, &a, &at->err), at->err,
		     "is not an index of runs that medley made");
	/* A link to another file. */
	unlink(file_in(at, "history.sqlite"));
	scratch_write(at, "target", "");
	assert_int_equal(symlink("target",
				 path_join(path, at->dir, "history.sqlite")),
			 0);
	assert_error(archive_open(at->dir, &a, &at->err), at->err,
		     "is not an index of runs that medley made");
	assert_null(a);
}

/* Of an archive that somebody prepared nothing is run, and nothing stays. */
static void an_altered_schema_is_made_again(void **state)
{
	static const char *const changes[] = {
		"create trigger t after insert on medley_runs begin "
		"delete from medley_run_cells; end",
		"create view v as select * from medley_runs",
		"create table more (t)",
		"create index i on medley_runs (network)",
		"drop table medley_run_cells",
		"alter table medley_runs add column c text",
	};
	struct scratch *at = *state;
	struct sql *db;

	make_runs(at);
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		assert_made(at);
		assert_ok(sql_open_file(file_in(at, "history.sqlite"), &db,
					&at->err),
			  at->err);
		assert_ok(sql_exec(db, changes[i], &at->err), at->err);
		sql_close(db);
		write_run(at, "20261122-000000", "fail pass", 200);
		assert_made(at);
	}
}

static void a_second_reader_has_an_archive_of_its_own(void **state)
{
	cleanup(archive_closep) struct archive *a = NULL;
	struct scratch *at = *state;

	make_runs(at);
	assert_ok(archive_open(at->dir, &a, &at->err), at->err);
	assert_made(at);
}

static void where_nothing_can_be_written_it_is_in_memory(void **state)
{
	cleanup(archive_closep) struct archive *a = NULL;
	struct scratch *at = *state;
	struct archived h;

	/* No directory; and a directory in the place of the journal. */
	assert_ok(archive_open(file_in(at, "none"), &a, &at->err), at->err);
	assert_ok(archive_read(a, &all, &at->arena, &h, &at->err), at->err);
	assert_int_equal(h.run_count, 0);
	make_runs(at);
	assert_int_equal(mkdir(file_in(at, "history.sqlite-journal"), 0755), 0);
	assert_made(at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(cells_are_read_over_time),
		SCRATCH_TEST(one_cell_has_its_commits),
		SCRATCH_TEST(many_cells_take_several_statements),
		SCRATCH_TEST(a_network_has_one_name_everywhere),
		SCRATCH_TEST(only_what_changed_is_read_again),
		SCRATCH_TEST(a_run_that_cannot_be_read_says_why),
		SCRATCH_TEST(a_hostile_run_changes_nothing_else),
		SCRATCH_TEST(a_deleted_file_is_made_again),
		SCRATCH_TEST(a_damaged_file_is_made_again),
		SCRATCH_TEST(another_version_is_made_again),
		SCRATCH_TEST(a_journal_beside_it_is_not_replayed),
		SCRATCH_TEST(what_is_no_archive_is_refused),
		SCRATCH_TEST(an_altered_schema_is_made_again),
		SCRATCH_TEST(a_second_reader_has_an_archive_of_its_own),
		SCRATCH_TEST(where_nothing_can_be_written_it_is_in_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* migration_test.c - releases are migrated by what the table says. */
#include "run/migration.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "test/support/test.h"

static struct migrations read_ours(struct arena *arena)
{
	struct migrations m;
	struct error err;

	assert_ok(migrations_read("deploy/migration.yaml", arena, &m, &err),
		  err);
	return m;
}

static void old_releases_make_their_tables_themselves(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1024 * 1024);
	struct migrations m = read_ours(&arena);

	(void)state;
	for (int platform = 1; platform <= 7; platform++)
		assert_null(migration_for(&m, platform));
}

static void later_releases_run_their_scripts(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1024 * 1024);
	struct migrations m = read_ours(&arena);

	(void)state;
	for (int platform = 8; platform <= 14; platform++) {
		const struct migration *found = migration_for(&m, platform);

		assert_non_null(found);
		assert_non_null(strstr(found->insert, "run-migration-scripts"));
		assert_string_equal(found->after, "/opt/corda/corda.jar");
	}
}

/* Reads `text` as a table; the error is filled when it is refused. */
static int read_text(const char *text, struct arena *arena,
		     struct migrations *ret, struct error *err)
{
	char path[] = "/tmp/medley-test-XXXXXX";
	int fd = mkstemp(path), rc;

	assert_true(fd >= 0);
	close(fd);
	assert_ok(file_write(path, text, strlen(text), 0600, err), *err);
	rc = migrations_read(path, arena, ret, err);
	unlink(path);
	return rc;
}

static void the_first_range_that_fits_holds(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1024 * 1024);
	struct migrations m;
	struct error err;

	(void)state;
	assert_ok(read_text("migrations:\n"
			    "  - {from: 3, to: 5, after: a, insert: x}\n"
			    "  - {from: 5, after: a, insert: y}\n",
			    &arena, &m, &err),
		  err);
	assert_null(migration_for(&m, 2));
	assert_string_equal(migration_for(&m, 5)->insert, "x");
	assert_string_equal(migration_for(&m, 6)->insert, "y");
	assert_null(migration_for(&m, 6)->drop);
}

static void a_bad_table_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text, *error;
	} bad[] = {
		{ "migrations:\n  - {form: 8}\n", ":2:" },
		{ "migrations:\n  - {form: 8}\n", "unknown key \"form\"" },
		{ "migrations:\n  - {from: x}\n", "platform version" },
		{ "migrations:\n  - {from: 8}\n", "keys after and insert" },
		{ "other: 1\n", "list migrations" },
	};
	cleanup(arena_release) struct arena arena = ARENA_INIT(1024 * 1024);
	struct migrations m;
	struct error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_error(read_text(bad[i].text, &arena, &m, &err), err,
			     bad[i].error);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(old_releases_make_their_tables_themselves),
		cmocka_unit_test(later_releases_run_their_scripts),
		cmocka_unit_test(the_first_range_that_fits_holds),
		cmocka_unit_test(a_bad_table_is_refused_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

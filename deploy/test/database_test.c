/* SPDX-License-Identifier: Apache-2.0 */
/* database_test.c - each node's role owns its database, and reaches no other.
 */
#include "deploy/database.h"

#include <stdio.h>
#include <string.h>

#include "sys/file.h"
#include "test/support/postgres.h"
#include "test/support/test.h"

static const struct secrets secrets = { .database_user = POSTGRES_USER,
					.database_password = POSTGRES_PASSWORD,
					.nodes_key = "a-key" };
static struct postgres server;
static struct pod pod;
static struct run_database db;
static char dir[PATH_ROOM];
static bool running;

static int start(void **state)
{
	struct pg_address address = { "127.0.0.1", 0, "postgres", POSTGRES_USER,
				      POSTGRES_PASSWORD };
	struct error err = { 0 };

	(void)state;
	assert_ok(dir_make_temporary("/tmp/database-test-", dir, &err), err);
	running = postgres_try(&server);
	if (!running)
		return 0;
	address.port = server.port;
	pod.at = (struct endpoint){ address.host, server.port };
	db = (struct run_database){ .pod = &pod, .secrets = &secrets };
	assert_ok(pg_open(&address, 30, &db.pg, &err), err);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	if (running) {
		database_release(&db);
		postgres_stop(&server);
	}
	return dir_remove(dir, NULL);
}

/* A session of a node's role. */
static int open_as(const char *role, const char *database, struct pg **ret,
		   struct error *err)
{
	char password[ROLE_PASSWORD];
	const struct pg_address address = { "127.0.0.1", server.port, database,
					    role, password };

	secrets_role_password(&secrets, role, password);
	return pg_open(&address, 30, ret, err);
}

static void make_table(const char *role)
{
	cleanup(pg_closep) struct pg *pg = NULL;
	struct error err = { 0 };

	assert_ok(open_as(role, role, &pg, &err), err);
	assert_ok(pg_exec(pg,
			  "create table t (a serial); insert into t "
			  "values (5); select lo_from_bytea(7, 'x')",
			  &err),
		  err);
}

static void assert_owns(const char *role)
{
	cleanup(pg_closep) struct pg *pg = NULL;
	struct error err = { 0 };
	int64_t n;

	assert_ok(open_as(role, role, &pg, &err), err);
	assert_ok(pg_one_int(pg,
			     "select count(*) from pg_database where "
			     "datname = current_database() and datdba = "
			     "current_user::regrole",
			     &n, &err),
		  err);
	assert_int_equal(n, 1);
	assert_ok(pg_exec(pg, "alter table t alter a set not null", &err), err);
}

static void refuses_others(void **state)
{
	struct error err = { 0 };
	struct pg *pg;

	(void)state;
	if (!running)
		skip();
	assert_ok(database_create(&db, "one", NULL, &err), err);
	assert_ok(database_create(&db, "two", NULL, &err), err);
	assert_error(open_as("one", "two", &pg, &err), err,
		     "permission denied for database \"two\"");
	make_table("one");
	assert_owns("one");
}

/* Large objects, too: they belong to who made them, like tables. */
static void a_copy_belongs_to_its_node(void **state)
{
	cleanup(pg_closep) struct pg *pg = NULL;
	struct error err = { 0 };

	(void)state;
	if (!running)
		skip();
	assert_ok(database_create(&db, "three", "one", &err), err);
	assert_owns("three");
	assert_owns("one");
	assert_ok(open_as("three", "three", &pg, &err), err);
	assert_ok(pg_exec(pg, "select lo_put(7, 0, 'y')", &err), err);
}

static void so_does_what_was_saved(void **state)
{
	static const char sql[] = "create table t (a serial primary key);";
	struct error err = { 0 };
	char path[PATH_ROOM];
	int64_t n;

	(void)state;
	if (!running)
		skip();
	path_join(path, dir, "schema.sql");
	assert_ok(file_write(path, sql, strlen(sql), 0600, &err), err);
	assert_ok(database_load_schema(&db, "four", path, &err), err);
	assert_owns("four");
	assert_ok(file_write(path, "no", 2, 0600, &err), err);
	assert_error(database_load_schema(&db, "five", path, &err), err,
		     "syntax error");
	assert_ok(pg_one_int(db.pg,
			     "select count(*) from pg_roles where rolname "
			     "= 'five'",
			     &n, &err),
		  err);
	assert_int_equal(n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_others),
		cmocka_unit_test(a_copy_belongs_to_its_node),
		cmocka_unit_test(so_does_what_was_saved),
	};

	return cmocka_run_group_tests(tests, start, stop);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* store_test.c - both stores keep what they were given, and say the same. */
#include "doorman/store.h"

#include <stdlib.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "data/pg.h"
#include "test/support/postgres.h"
#include "test/support/test.h"

static struct postgres server;
static bool running;
static char dir[PATH_ROOM];

static int start(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_ok(dir_make_temporary("/tmp/store-test-", dir, &err), err);
	running = postgres_try(&server);
	setenv("PGPASSWORD", POSTGRES_PASSWORD, 1);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	if (running)
		postgres_stop(&server);
	return dir_remove(dir, NULL);
}

static int open_store(bool in_postgres, struct store **ret, struct error *err)
{
	char uri[128], path[PATH_ROOM];

	if (!in_postgres)
		return store_open_directory(path_join(path, dir, "state"), ret,
					    err);
	snprintf(uri, sizeof(uri), "postgresql://%s@127.0.0.1:%u/postgres",
		 POSTGRES_USER, server.port);
	return store_open_postgres(uri, ret, err);
}

static int add_key(const char *key, const struct buf *value, void *ctx)
{
	buf_addf(ctx, "%s=%s,", key, buf_text(value));
	return 0;
}

static void keep_and_find(bool in_postgres)
{
	cleanup(store_closep) struct store *s = NULL;
	cleanup(buf_release) struct buf got = BUF_INIT(1024);
	struct error err = { 0 };
	bool yes;

	assert_ok(open_store(in_postgres, &s, &err), err);
	assert_ok(store_create(s, "name", "b", "one", 3, &yes, &err), err);
	assert_true(yes);
	assert_ok(store_create(s, "name", "b", "two", 3, &yes, &err), err);
	assert_false(yes);
	assert_ok(store_put(s, "name", "a", "three", 5, &err), err);
	assert_ok(store_put(s, "name", "a", "four", 4, &err), err);
	assert_ok(store_put(s, "other", "c", "", 0, &err), err);
	assert_ok(store_get(s, "name", "b", &got, &yes, &err), err);
	assert_true(yes);
	assert_string_equal(buf_text(&got), "one");
	assert_ok(store_get(s, "name", "../name/b", NULL, &yes, &err), err);
	assert_false(yes);
	assert_ok(store_get(s, "other", "c", NULL, &yes, &err), err);
	assert_true(yes);
}

static void find_again(bool in_postgres)
{
	cleanup(store_closep) struct store *s = NULL, *second = NULL;
	cleanup(buf_release) struct buf got = BUF_INIT(1024);
	struct error err = { 0 };
	bool yes;

	assert_ok(open_store(in_postgres, &s, &err), err);
	assert_ok(open_store(in_postgres, &second, &err), err);
	assert_ok(store_each(s, "name", add_key, &got, &err), err);
	assert_string_equal(buf_text(&got), "a=four,b=one,");
	assert_ok(store_remove(s, "name", "a", &err), err);
	assert_ok(store_remove(s, "name", "a", &err), err);
	assert_ok(store_get(s, "name", "a", NULL, &yes, &err), err);
	assert_false(yes);
	assert_ok(store_each(s, "nothing", add_key, &got, &err), err);
	assert_ok(store_lock(s, &err), err);
	assert_error(store_lock(second, &err), err, "another doorman serves");
}

static void keeps_files(void **state)
{
	char path[PATH_ROOM], left[PATH_ROOM];
	struct error err = { 0 };

	(void)state;
	keep_and_find(false);
	path_join(path, dir, "state/name");
	path_join(left, path, "a.tmp-123456");
	assert_ok(file_write(left, "x", 1, 0600, &err), err);
	find_again(false);
	assert_false(file_exists(left));
}

static void keeps_rows(void **state)
{
	(void)state;
	if (!running)
		skip();
	keep_and_find(true);
	find_again(true);
}

/* A lost connection is one call lost, not the store. */
static void connects_again(void **state)
{
	cleanup(store_closep) struct store *s = NULL;
	cleanup(pg_closep) struct pg *other = NULL;
	const struct pg_address address = { "127.0.0.1", server.port,
					    "postgres", POSTGRES_USER,
					    POSTGRES_PASSWORD };
	struct error err = { 0 };
	int64_t ended = 0;
	bool found;

	(void)state;
	if (!running)
		skip();
	assert_ok(open_store(true, &s, &err), err);
	assert_ok(pg_open(&address, 5, &other, &err), err);
	assert_ok(pg_one_int(other,
			     "select count(pg_terminate_backend(pid)) from "
			     "pg_stat_activity where application_name = "
			     "'medley' and pid <> pg_backend_pid()",
			     &ended, &err),
		  err);
	assert_int_equal(ended, 1);
	assert_true(store_get(s, "name", "b", NULL, &found, &err) < 0);
	assert_ok(store_get(s, "name", "b", NULL, &found, &err), err);
	assert_true(found);
}

/* A child creates keys and is killed; each that it told of is there. */
static void loses_nothing_when_killed(void **state)
{
	cleanup(store_closep) struct store *s = NULL;
	struct error err = { 0 };
	int pipe_fds[2], last = -1, n;
	pid_t child;
	bool yes;
	char key[16];

	(void)state;
	assert_int_equal(pipe(pipe_fds), 0);
	assert_ok(open_store(false, &s, &err), err);
	child = fork();
	for (n = 0; child == 0; n++) {
		snprintf(key, sizeof(key), "k%d", n);
		if (store_create(s, "kill", key, key, strlen(key), &yes,
				 NULL) ||
		    write(pipe_fds[1], &n, sizeof(n)) < 0)
			_exit(1);
	}
	close(pipe_fds[1]);
	while (last < 50 && read(pipe_fds[0], &n, sizeof(n)) == sizeof(n))
		last = n;
	kill(child, SIGKILL);
	while (read(pipe_fds[0], &n, sizeof(n)) == sizeof(n))
		last = n;
	waitpid(child, NULL, 0);
	close(pipe_fds[0]);
	assert_true(last >= 50);
	for (n = 0; n <= last; n++) {
		snprintf(key, sizeof(key), "k%d", n);
		assert_ok(store_get(s, "kill", key, NULL, &yes, &err), err);
		assert_true(yes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_files),
		cmocka_unit_test(keeps_rows),
		cmocka_unit_test(connects_again),
		cmocka_unit_test(loses_nothing_when_killed),
	};

	return cmocka_run_group_tests(tests, start, stop);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* store_test.c - both stores keep what they were given, and say the same. */
#include "doorman/store.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "data/pg.h"
#include "test/support/postgres.h"
#include "test/support/test.h"

static char dir[PATH_ROOM];

static int start(void **state)
{
	struct error err = { 0 };

	assert_ok(dir_make_temporary("/tmp/store-test-", dir, &err), err);
	return postgres_begin(state);
}

static int stop(void **state)
{
	dir_remove(dir, NULL);
	return postgres_end(state);
}

static int open_place(bool in_postgres, bool make, struct store **ret,
		      struct error *err)
{
	char path[PATH_ROOM];

	if (in_postgres)
		return store_open_postgres(postgres_uri(), make, ret, err);
	return store_open_directory(path_join(path, dir, "state"), make, ret,
				    err);
}

static int open_store(bool in_postgres, struct store **ret, struct error *err)
{
	return open_place(in_postgres, true, ret, err);
}

/* There is one. */
static void cut_off_connections(void)
{
	cleanup(pg_closep) struct pg *other = NULL;
	struct error err = { 0 };
	int64_t ended = 0;

	assert_ok(pg_open_uri(postgres_uri(), 5, &other, &err), err);
	assert_ok(pg_one_int(other,
			     "select count(pg_terminate_backend(pid)) from "
			     "pg_stat_activity where application_name = "
			     "'medley' and pid <> pg_backend_pid()",
			     &ended, &err),
		  err);
	assert_int_equal(ended, 1);
}

/* A clock by which every wait is over when it is looked at again. */
static bool hurry;

int clock_gettime(clockid_t id, struct timespec *ret)
{
	static time_t ahead;

	if (hurry)
		ahead += STORE_PATIENCE;
	if (syscall(SYS_clock_gettime, id, ret) < 0)
		return -1;
	ret->tv_sec += ahead;
	return 0;
}

static int fail_at(const char *key, const struct buf *value, void *ctx)
{
	(void)value, (void)ctx;
	fail_msg("%s is there", key);
	return 0;
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

/* What has no keys is the state of no doorman. */
static void find_keys_only(bool in_postgres)
{
	struct store *s = NULL;
	struct error err = { 0 };
	bool yes;

	for (int made = 0; made < 2; made++) {
		assert_error(open_place(in_postgres, false, &s, &err), err,
			     "does not have the state of a doorman");
		assert_int_equal(err.kind, ERROR_INPUT);
		assert_null(s);
		if (!in_postgres && !made) {
			char path[PATH_ROOM];

			path_join(path, dir, "state");
			assert_false(file_exists(path));
		}
		assert_ok(open_store(in_postgres, &s, &err), err);
		if (made)
			assert_ok(store_create(s, "keys", "authority", "k", 1,
					       &yes, &err),
				  err);
		store_close(s);
		s = NULL;
	}
	assert_ok(open_place(in_postgres, false, &s, &err), err);
	store_close(s);
}

static void makes_no_files_unless_asked(void **state)
{
	(void)state;
	find_keys_only(false);
}

static void makes_no_table_unless_asked(void **state)
{
	(void)state;
	find_keys_only(true);
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
	keep_and_find(true);
	find_again(true);
}

/* ---- changes ---- */

enum { COUNTING = 4, ROUNDS = 25 };

/* Reads a number and stores the next one: a lost count is an overlap. */
static int count_up(struct store *s, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(64);
	char next[32];
	bool found;

	if (store_get(s, "count", "n", &text, &found, err) < 0)
		return -1;
	snprintf(next, sizeof(next), "%ld",
		 strtol(buf_text(&text), NULL, 10) + 1);
	return store_put(s, "count", "n", next, strlen(next), err);
}

static int change_often(bool in_postgres)
{
	cleanup(store_closep) struct store *s = NULL;

	if (open_store(in_postgres, &s, NULL) < 0)
		return 1;
	for (int i = 0; i < ROUNDS; i++)
		if (store_begin(s, NULL) < 0 || store_begin(s, NULL) < 0 ||
		    store_end(s, count_up(s, NULL), NULL) < 0 ||
		    store_end(s, 0, NULL) < 0)
			return 1;
	return 0;
}

static void change_at_once(bool in_postgres)
{
	cleanup(store_closep) struct store *s = NULL;
	cleanup(buf_release) struct buf text = BUF_INIT(64);
	struct error err = { 0 };
	pid_t children[COUNTING];
	bool found;

	for (int i = 0; i < COUNTING; i++) {
		children[i] = fork();
		if (!children[i])
			_exit(change_often(in_postgres));
	}
	for (int i = 0; i < COUNTING; i++) {
		int status;

		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	assert_ok(open_store(in_postgres, &s, &err), err);
	assert_ok(store_get(s, "count", "n", &text, &found, &err), err);
	assert_int_equal(strtol(buf_text(&text), NULL, 10), COUNTING * ROUNDS);
}

static void changes_files_one_after_the_other(void **state)
{
	(void)state;
	change_at_once(false);
}

static void changes_rows_one_after_the_other(void **state)
{
	(void)state;
	postgres_need(); /* here: children cannot skip */
	change_at_once(true);
}

/* Of a change that failed nothing is there, nor of one that was cut off. */
static void takes_rows_back(void **state)
{
	cleanup(store_closep) struct store *s = NULL;
	struct error err = { 0 };
	bool found;

	(void)state;
	assert_ok(open_store(true, &s, &err), err);
	assert_ok(store_begin(s, &err), err);
	assert_ok(store_put(s, "half", "a", "x", 1, &err), err);
	assert_int_equal(store_end(s, -1, &err), -1);
	assert_ok(store_get(s, "half", "a", NULL, &found, &err), err);
	assert_false(found);
	assert_ok(store_begin(s, &err), err);
	assert_ok(store_put(s, "half", "a", "x", 1, &err), err);
	cut_off_connections();
	assert_true(store_put(s, "half", "b", "x", 1, &err) < 0);
	assert_error(store_put(s, "half", "c", "x", 1, &err), err,
		     "lost during a change");
	assert_error(store_end(s, 0, &err), err, "during a change");
	assert_ok(store_each(s, "half", fail_at, NULL, &err), err);
}

/* Who holds a change for ever, because it was stopped, holds nobody else. */
static void waits_for_a_change_within_bounds(void **state)
{
	cleanup(store_closep) struct store *s = NULL, *stopped = NULL;
	struct error err = { 0 };

	(void)state;
	assert_ok(open_store(false, &stopped, &err), err);
	assert_ok(open_store(false, &s, &err), err);
	assert_ok(store_begin(stopped, &err), err);
	hurry = true;
	assert_error(store_begin(s, &err), err, "another process has locked");
	hurry = false;
	assert_int_equal(err.kind, ERROR_INTERNAL);
	assert_ok(store_end(stopped, 0, &err), err);
	assert_ok(store_begin(s, &err), err);
	assert_ok(store_end(s, 0, &err), err);
}

/* ---- accidents ---- */

/* A lost connection is one call lost, not the store. */
static void connects_again(void **state)
{
	cleanup(store_closep) struct store *s = NULL;
	struct error err = { 0 };
	bool found;

	(void)state;
	assert_ok(open_store(true, &s, &err), err);
	cut_off_connections();
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
		cmocka_unit_test(makes_no_files_unless_asked),
		cmocka_unit_test(makes_no_table_unless_asked),
		cmocka_unit_test(keeps_files),
		cmocka_unit_test(keeps_rows),
		cmocka_unit_test(changes_files_one_after_the_other),
		cmocka_unit_test(changes_rows_one_after_the_other),
		cmocka_unit_test(takes_rows_back),
		cmocka_unit_test(waits_for_a_change_within_bounds),
		cmocka_unit_test(connects_again),
		cmocka_unit_test(loses_nothing_when_killed),
	};

	return cmocka_run_group_tests(tests, start, stop);
}

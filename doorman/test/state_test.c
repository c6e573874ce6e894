/* SPDX-License-Identifier: Apache-2.0 */
/* state_test.c - a state that somebody else has changed: errors, no more. */
#include "doorman/doorman.h"

#include <unistd.h>

#include "sys/clock.h"
#include "test/support/asker.h"
#include "test/support/test.h"

#define ODD "../../../../../../../../../../../../../../../../../../../../../."

static char dir[PATH_ROOM], id[PATH_ROOM];
static struct doorman *d;
static struct asker node;
static struct applicant bank;
static struct error err;

/* A doorman with one node in its map. */
static int begin(void **state)
{
	static struct doorman_settings settings = { .directory = dir };

	(void)state;
	assert_ok(dir_make_temporary("/tmp/state-test-", dir, &err), err);
	assert_ok(doorman_open(&settings, &d, &err), err);
	asker_init(&node, asker_by_route);
	node.of = d;
	applicant_init(&bank, "Bank");
	asker_register(&node, &bank, CERTIFICATE_NODE_CA);
	asker_publish(&node, &bank, NULL, 1);
	asker_said(&node, 200, "published");
	asker_request(&node, &bank, CERTIFICATE_NODE_CA, id);
	memmove(id, id + strlen("/certificate/"), DOORMAN_ID);
	return 0;
}

static int end(void **state)
{
	(void)state;
	doorman_close(d);
	asker_release(&node);
	applicant_release(&bank);
	return dir_remove(dir, NULL);
}

static void put(const char *kind, const char *key, const char *text)
{
	char path[PATH_ROOM];

	path_printf(path, "%s/%s", dir, kind);
	assert_ok(dir_make(path, 0700, &err), err);
	path_printf(path, "%s/%s/%s", dir, kind, key);
	assert_ok(file_write(path, text, strlen(text), 0600, &err), err);
}

static int put_odd(const char *name, void *ctx)
{
	put(ctx, name, ODD);
	return 0;
}

/* In place of all of a kind. */
static void damage(const char *kind)
{
	char path[PATH_ROOM];

	path_join(path, dir, kind);
	assert_ok(dir_each(path, put_odd, (void *)kind, &err), err);
}

static void a_hash_that_is_none_is_an_error(void **state)
{
	char whole[DOORMAN_ID];

	(void)state;
	damage("node");
	asker_publish(&node, &bank, NULL, 2);
	asker_said(&node, 500, "state is damaged");
	assert_error(doorman_decide(d, id, false, NULL, whole, &err), err,
		     "is not a valid hash");
	assert_int_equal(err.kind, ERROR_INTERNAL);
}

/* Somebody's copies beside the files are not part of the state. */
static void other_files_are_passed_over(void **state)
{
	cleanup(js_freep) struct js *list = NULL;
	char copy[PATH_ROOM];
	unsigned count;

	(void)state;
	path_printf(copy, "%s.bak", id);
	put("request", copy, "{}");
	put("decision", copy, "");
	put("node", "A", ODD);
	assert_ok(doorman_list(d, &list, &err), err);
	assert_int_equal(js_count(js_get(list, "requests")), 1);
	assert_int_equal(js_count(js_get(list, "nodes")), 1);
	assert_ok(doorman_forget_from(d, "127.0.0.1", &count, &err), err);
	assert_int_equal(count, 0);
	path_printf(copy, "/certificate/%s.bak", id);
	asker_ask(&node, "GET", copy, NULL);
	asker_said(&node, 404, "no such request");
}

static void numbers_out_of_range_are_errors(void **state)
{
	cleanup(js_freep) struct js *list = NULL;
	char text[256], path[PATH_ROOM], whole[DOORMAN_ID];

	(void)state;
	snprintf(text, sizeof(text),
		 "{\"hash\":\"%.64s\",\"deadline\":9223372036854775807}", id);
	put("network", "update", text);
	assert_error(doorman_flag_day(d, false, whole, &err), err,
		     "deadline 9223372036854775807 is out of range");
	assert_error(doorman_list(d, &list, &err), err, "out of range");
	put("network", "update", "{}");
	assert_error(doorman_flag_day(d, false, whole, &err), err,
		     "the update has no hash");
	unlink(path_printf(path, "%s/network/update", dir));
	put("network", "plan",
	    "{\"notaries\":[],\"event_horizon_days\":9223372036854775807}");
	asker_ask(&node, "GET", "/network-map", NULL);
	asker_said(&node, 500, "state is damaged");
}

static void times_have_bounds(void **state)
{
	char text[CLOCK_TEXT];

	(void)state;
	assert_string_equal(clock_text(text, INT64_MAX),
			    "9999-12-31T23:59:59.999Z");
	assert_string_equal(clock_text(text, INT64_MIN),
			    "1970-01-01T00:00:00.000Z");
	assert_error(doorman_plan(d, "no file", NULL, UINT64_MAX, &err), err,
		     "after the year 9999");
	assert_int_equal(err.kind, ERROR_INPUT);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_hash_that_is_none_is_an_error),
		TEST(other_files_are_passed_over),
		TEST(numbers_out_of_range_are_errors),
		TEST(times_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

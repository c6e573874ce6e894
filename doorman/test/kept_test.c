/* SPDX-License-Identifier: Apache-2.0 */
/* kept_test.c - nobody takes all the room for requests, and none is for ever.
 */
#include "doorman/kept.h"

#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>

#include "doorman/decisions.h"
#include "doorman/names.h"
#include "doorman/requests.h"
#include "sys/clock.h"
#include "test/support/asker.h"
#include "test/support/test.h"

enum { MOST = 100, SHARE = MOST / 5, DAY = 24 * 3600, CSR_MAX = 8192 };

static char dir[PATH_ROOM];
static struct doorman_settings settings;
static struct doorman *d, *operator;
static struct asker node;
static struct error err;

/* ---- the calendar, which a test turns ---- */

static time_t ahead;

int clock_gettime(clockid_t id, struct timespec *ret)
{
	if (syscall(SYS_clock_gettime, id, ret) < 0)
		return -1;
	if (id == CLOCK_REALTIME)
		ret->tv_sec += ahead;
	return 0;
}

/* ---- a doorman, and another process's view of it ---- */

static void restart(void)
{
	doorman_close(steal(d));
	doorman_close(steal(operator));
	assert_ok(doorman_open(&settings, &d, &err), err);
	assert_ok(doorman_open(&settings, &operator, & err), err);
	d->kept.most = MOST;
	node.of = d;
}

static int begin(void **state)
{
	static char state_dir[PATH_ROOM];

	(void)state;
	ahead = 0;
	assert_ok(dir_make_temporary("/tmp/kept-test-", dir, &err), err);
	path_join(state_dir, dir, "state");
	settings = (struct doorman_settings){ .directory = state_dir,
					      .by_hand = true };
	asker_init(&node, asker_by_route);
	restart();
	return 0;
}

static int end(void **state)
{
	(void)state;
	doorman_close(steal(d));
	doorman_close(steal(operator));
	asker_release(&node);
	return dir_remove(dir, NULL);
}

/* So many requests, as far as they are counted. */
static void fill(unsigned first, unsigned count, const char *from)
{
	char path[PATH_ROOM], at[CLOCK_TEXT];
	FILE *file;

	path_join(path, settings.directory, "request");
	assert_ok(dir_make(path, 0700, &err), err);
	clock_text(at, clock_wall_us());
	for (unsigned i = first; i < first + count; i++) {
		path_printf(path, "%s/request/%064u", settings.directory, i);
		file = fopen(path, "w");
		assert_non_null(file);
		fprintf(file, "{\"at\":\"%s\",\"from\":\"%s\"}\n", at, from);
		assert_int_equal(fclose(file), 0);
	}
}

/* Of a new key, from this address; whether it is taken. */
static bool submit(const char *from, char id[HASH_TEXT])
{
	cleanup(applicant_release) struct applicant a;
	cleanup(buf_release) struct buf csr = BUF_INIT(CSR_MAX);
	int rc;

	applicant_init(&a, "Bank");
	applicant_csr(&a, CERTIFICATE_NODE_CA, &csr);
	rc = request_submit(d, csr.data, csr.len, from, id, &err);
	if (rc < 0) {
		assert_error(rc, err, "no room for another request");
		assert_int_equal(err.kind, ERROR_INTERNAL);
	}
	return rc == 0;
}

static enum request_state state_of(const char *id)
{
	enum request_state state;

	assert_ok(request_state(d, id, &state, NULL, &err), err);
	return state;
}

static size_t counted(void)
{
	size_t count = 0;

	for (size_t i = 0; i < d->kept.count; i++)
		count += d->kept.list[i].counts;
	return count;
}

/* ---- room ---- */

static void leaves_room_to_others(void **state)
{
	cleanup(applicant_release) struct applicant a;
	char id[HASH_TEXT], path[PATH_ROOM];
	unsigned count;

	(void)state;
	fill(0, SHARE - 1, "10.0.0.1");
	assert_true(submit("10.0.0.1", id));
	assert_false(submit("10.0.0.1", id));
	applicant_init(&a, "Bank");
	asker_request(&node, &a, CERTIFICATE_NODE_CA, path); /* 10.0.0.1 */
	asker_said(&node, 503, "try again");
	assert_true(submit("10.0.0.2", id));
	assert_ok(doorman_forget_from(operator, "10.0.0.1", &count, &err), err);
	assert_int_equal(count, SHARE);
	assert_true(submit("10.0.0.1", id));
	assert_int_equal(d->kept.count, 2);
}

/* Neither who was approved by hand, nor whose node is in the map. */
static void counts_who_is_not_in_yet(void **state)
{
	cleanup(applicant_release) struct applicant a;
	char id[HASH_TEXT], other[HASH_TEXT], path[PATH_ROOM];

	(void)state;
	fill(0, SHARE - 1, "10.0.0.1");
	assert_true(submit("10.0.0.1", id));
	assert_false(submit("10.0.0.1", other));
	assert_ok(doorman_decide(operator, id, true, NULL, other, &err), err);
	assert_true(submit("10.0.0.1", other));
	assert_false(submit("10.0.0.1", other));
	assert_int_equal(counted(), SHARE);
	settings.by_hand = false;
	restart();
	assert_ok(doorman_decide(operator, id, false, NULL, other, &err), err);
	assert_true(submit("10.0.0.2", other));
	assert_int_equal(counted(), SHARE + 1);
	path_join(path, "/certificate", other);
	asker_ask(&node, "GET", path, NULL);
	asker_said(&node, 200, "");
	assert_int_equal(counted(), SHARE + 1);
	applicant_init(&a, "Other Bank");
	for (unsigned i = 0; i < 2; i++)
		remove(path_printf(path, "%s/request/%064u", settings.directory,
				   i));
	restart();
	asker_register(&node, &a, CERTIFICATE_NODE_CA);
	assert_int_equal(counted(), SHARE);
	asker_publish(&node, &a, NULL, 1);
	asker_said(&node, 200, "published");
	assert_int_equal(counted(), SHARE - 1);
	restart();
	assert_ok(kept_load(d, &err), err);
	assert_int_equal(counted(), SHARE - 1);
}

/* As a doorman was left that knew of no shares. */
static void is_full_until_some_are_forgotten(void **state)
{
	char id[HASH_TEXT], from[32];
	unsigned count;

	(void)state;
	for (unsigned i = 0; i < 10; i++) {
		snprintf(from, sizeof(from), "10.0.0.%u", i);
		fill(i * MOST / 10, MOST / 10, from);
	}
	assert_false(submit("10.0.1.1", id));
	assert_ok(doorman_forget_from(operator, "10.0.0.3", &count, &err), err);
	assert_int_equal(count, MOST / 10);
	assert_true(submit("10.0.1.1", id));
}

/* ---- time ---- */

static void forgets_what_nobody_asks_about(void **state)
{
	char left[HASH_TEXT], asked[HASH_TEXT], decided[HASH_TEXT];
	char path[PATH_ROOM], id[HASH_TEXT];

	(void)state;
	assert_true(submit("10.0.0.1", left));
	assert_true(submit("10.0.0.1", asked));
	assert_true(submit("10.0.0.1", decided));
	assert_ok(doorman_decide(operator, decided, true, NULL, id, &err), err);
	ahead += (KEPT_DAYS - 1) * DAY;
	asker_ask(&node, "GET", path_join(path, "/certificate", asked), NULL);
	asker_said(&node, 204, "");
	assert_true(submit("10.0.0.1", id));
	assert_int_equal(state_of(left), REQUEST_PENDING);
	ahead += 2 * DAY;
	assert_true(submit("10.0.0.1", id));
	assert_int_equal(state_of(left), REQUEST_UNKNOWN);
	assert_int_equal(state_of(asked), REQUEST_PENDING);
	assert_int_equal(state_of(decided), REQUEST_APPROVED);
}

/* The doorman was away; nodes that wait get the time to ask again. */
static void waits_for_nodes_after_a_start(void **state)
{
	char old[HASH_TEXT], id[HASH_TEXT];

	(void)state;
	assert_true(submit("10.0.0.1", old));
	ahead += 2 * KEPT_DAYS * DAY;
	restart();
	assert_true(submit("10.0.0.1", id));
	assert_int_equal(state_of(old), REQUEST_PENDING);
	ahead += 2 * 3600;
	assert_true(submit("10.0.0.1", id));
	assert_int_equal(state_of(old), REQUEST_UNKNOWN);
}

/* ---- forgetting ---- */

static void forgets_what_it_is_told(void **state)
{
	cleanup(applicant_release) struct applicant a;
	char path[PATH_ROOM], again[PATH_ROOM], id[DOORMAN_ID];
	const char *beginning = path + strlen("/certificate/");

	(void)state;
	applicant_init(&a, "Bank");
	asker_request(&node, &a, CERTIFICATE_NODE_CA, path);
	assert_ok(doorman_decide(operator, beginning, false, "no", id, &err),
		  err);
	assert_ok(doorman_forget(operator, beginning, id, &err), err);
	assert_string_equal(id, beginning);
	asker_ask(&node, "GET", path, NULL);
	asker_said(&node, 404, "no such request");
	assert_error(doorman_forget(operator, beginning, id, &err), err,
		     "no request begins with");
	asker_request(&node, &a, CERTIFICATE_NODE_CA, again);
	assert_string_equal(again, path);
	asker_ask(&node, "GET", path, NULL);
	asker_said(&node, 204, "");
	assert_error(doorman_forget_from(operator, "here", NULL, &err), err,
		     "expected an address");
}

static void keeps_who_is_in_the_map(void **state)
{
	cleanup(applicant_release) struct applicant a;
	char path[PATH_ROOM], id[DOORMAN_ID];
	const char *beginning = path + strlen("/certificate/");
	unsigned count;

	(void)state;
	settings.by_hand = false;
	restart();
	applicant_init(&a, "Bank");
	asker_request(&node, &a, CERTIFICATE_NODE_CA, path);
	asker_ask(&node, "GET", path, NULL);
	asker_take(&node, &a);
	asker_publish(&node, &a, NULL, 1);
	assert_error(doorman_forget(operator, beginning, id, &err), err,
		     "is in the map; reject the request first");
	assert_ok(doorman_forget_from(operator, "10.0.0.1", &count, &err), err);
	assert_int_equal(count, 0);
	assert_ok(doorman_decide(operator, beginning, false, NULL, id, &err),
		  err);
	assert_ok(doorman_forget(operator, beginning, id, &err), err);
	asker_publish(&node, &a, NULL, 2);
	asker_said(&node, 400, "now valid");
}

/* Parameters that name the forgotten key do not stay. */
static void signs_anew_for_a_service_after_one_was_forgotten(void **state)
{
	static const char text[] =
		"notaries:\n  - name: O=Service, L=London, C=GB\n";
	cleanup(applicant_release) struct applicant first, second;
	char path[PATH_ROOM], file[PATH_ROOM], id[DOORMAN_ID];

	(void)state;
	settings.by_hand = false;
	restart();
	path_join(file, dir, "parameters.yaml");
	assert_ok(file_write(file, text, strlen(text), 0600, &err), err);
	assert_ok(doorman_plan(operator, file, NULL, 0, &err), err);
	applicant_init(&first, "Service");
	applicant_init(&second, "Service");
	asker_request(&node, &first, CERTIFICATE_SERVICE, path);
	asker_ask(&node, "GET", path, NULL);
	asker_notary_is(&node, first.ca);
	assert_ok(doorman_forget(operator, path + strlen("/certificate/"), id,
				 &err),
		  err);
	asker_register(&node, &second, CERTIFICATE_SERVICE);
	asker_notary_is(&node, second.ca);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(leaves_room_to_others),
		STORY(counts_who_is_not_in_yet),
		STORY(is_full_until_some_are_forgotten),
		STORY(forgets_what_nobody_asks_about),
		STORY(waits_for_nodes_after_a_start),
		STORY(forgets_what_it_is_told),
		STORY(keeps_who_is_in_the_map),
		STORY(signs_anew_for_a_service_after_one_was_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

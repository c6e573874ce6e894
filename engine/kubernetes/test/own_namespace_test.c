/* SPDX-License-Identifier: Apache-2.0 */
/* own_namespace_test.c - a run's namespace goes, unless it may be others'. */
#include "engine/kubernetes/own_namespace.h"

#include "sys/clock.h"
#include "test/support/api.h"
#include "test/support/test.h"

enum { ALONE, SHARED, HIDDEN, THEIRS, HELD };

static struct api api;
static int kind_of_story;
static _Atomic unsigned asked, deleted, left, watched;

#define NAMESPACE(run)                                                         \
	"{\"metadata\":{\"name\":\"net\",\"uid\":\"u\",\"labels\":"            \
	"{\"medley.run\":\"" run "\"}}}"
#define LIST(items)                                                            \
	"{\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[" items "]}"
#define NAMED(name) "{\"metadata\":{\"name\":\"" name "\"}}"

static const char *maps(void)
{
	return kind_of_story == SHARED
		       ? LIST(NAMED("kube-root-ca.crt") "," NAMED("other"))
		       : LIST(NAMED("kube-root-ca.crt"));
}

/* The namespace itself. */
static void answer_own(int fd, const char *request)
{
	if (strstr(request, "DELETE ")) {
		assert_non_null(strstr(request, "{\"uid\":\"u\"}"));
		deleted++;
		web_send(fd, "200 OK", "", "{}");
	} else if (strstr(request, "PATCH ")) {
		assert_non_null(strstr(request, "\"medley.run\":null"));
		left++;
		web_send(fd, "200 OK", "", "{}");
	} else {
		web_send(fd, "200 OK", "",
			 kind_of_story == THEIRS ? NAMESPACE("another")
						 : NAMESPACE("r"));
	}
}

static void answer(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w, (void)n;
	asked++;
	if (strstr(request, " /api/v1/namespaces/net?") ||
	    strstr(request, " /api/v1/namespaces/net ")) {
		answer_own(fd, request);
	} else if (strstr(request, "watch=true")) {
		watched++;
		if (kind_of_story == HELD)
			return;
		web_send(fd, "200 OK", "",
			 "{\"type\":\"DELETED\",\"object\":" NAMESPACE(
				 "r") "}\n");
	} else if (strstr(request, "GET /api/v1/namespaces?")) {
		assert_non_null(strstr(request, "metadata.name%3Dnet"));
		web_send(fd, "200 OK", "", LIST(NAMESPACE("r")));
	} else if (strstr(request, "/configmaps?")) {
		assert_non_null(strstr(request, "medley.run%21%3Dr"));
		web_send(fd, "200 OK", "", maps());
	} else if (strstr(request, "/secrets?") && kind_of_story == HIDDEN) {
		web_send(fd, "403 Forbidden", "",
			 "{\"message\":\"no secrets for you\"}");
	} else {
		web_send(fd, "200 OK", "", LIST(""));
	}
}

static void remove_within(int seconds, int story, struct error *stays)
{
	struct own_namespace ns = { NULL, &api.kinds, "net", "r" };
	struct error err;
	int64_t begun;

	kind_of_story = story;
	asked = deleted = left = watched = 0;
	api_start(&api, answer);
	ns.kube = api.kube;
	begun = clock_mono_us();
	assert_ok(own_namespace_remove(&ns, begun + seconds * 1000000LL, stays,
				       &err),
		  err);
	assert_true(clock_mono_us() - begun < (seconds + 10) * 1000000LL);
	api_stop(&api);
}

static void remove_it(int story, struct error *stays)
{
	remove_within(60, story, stays);
}

static void goes_when_nobody_is_in_it(void **state)
{
	struct error stays;

	(void)state;
	remove_it(ALONE, &stays);
	assert_int_equal(stays.kind, ERROR_NONE);
	assert_int_equal(deleted, 1);
	assert_int_equal(left, 0);
	assert_int_equal(watched, 1);
}

static void is_left_to_others(void **state)
{
	struct error stays;

	(void)state;
	remove_it(SHARED, &stays);
	assert_string_equal(stays.text,
			    "Namespace net has objects that this run did not "
			    "create, so it was not removed");
	assert_int_equal(deleted, 0);
	assert_int_equal(left, 1);
}

static void may_hide_things_of_others(void **state)
{
	struct error stays;

	(void)state;
	remove_it(HIDDEN, &stays);
	assert_non_null(strstr(
		stays.text, "Namespace net may have objects that "
			    "this run did not create, so it was not removed: "
			    "list Secret net: HTTP 403: no secrets"));
	assert_int_equal(deleted, 0);
	assert_int_equal(left, 1);
}

/* Somebody made it anew. */
static void is_not_the_run_s(void **state)
{
	struct error stays;

	(void)state;
	remove_it(THEIRS, &stays);
	assert_int_equal(stays.kind, ERROR_NONE);
	assert_int_equal(deleted + left, 0);
}

/* By a finalizer: whoever asks is told that it is there, in time. */
static void is_not_waited_for_without_end(void **state)
{
	struct error stays;

	(void)state;
	remove_within(2, HELD, &stays);
	assert_int_equal(stays.kind, ERROR_NONE);
	assert_int_equal(deleted, 1);
}

static void is_let_be_when_time_is_up(void **state)
{
	struct error stays;

	(void)state;
	remove_within(0, ALONE, &stays);
	assert_int_equal(stays.kind, ERROR_NONE);
	assert_int_equal(asked, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_when_nobody_is_in_it),
		cmocka_unit_test(is_left_to_others),
		cmocka_unit_test(may_hide_things_of_others),
		cmocka_unit_test(is_not_the_run_s),
		cmocka_unit_test(is_not_waited_for_without_end),
		cmocka_unit_test(is_let_be_when_time_is_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

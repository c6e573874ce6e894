/* SPDX-License-Identifier: Apache-2.0 */
/* objects_test.c - what is asked of the server for each verb, and for many. */
#include "kube/apply.h"

#include "sys/clock.h"
#include "test/support/api.h"
#include "test/support/test.h"

static const struct kube_kind sets = { "apps/v1", "StatefulSet", "statefulsets",
				       true, NULL };
static struct api api;
static char asked[4][200];

static void answer(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w;
	if (n < 4)
		snprintf(asked[n], sizeof(asked[n]), "%.*s",
			 (int)strcspn(request, "\r"), request);
	if (strstr(request, "/missing"))
		web_send(fd, "404 Not Found", "", "{\"message\":\"none\"}");
	else if (strstr(request, "/broken"))
		web_send(fd, "200 OK", "", "{\"metadata\":");
	else if (strstr(request, "/refused") || strstr(request, "\"refused\""))
		web_send(fd, "403 Forbidden", "", "{\"message\":\"not you\"}");
	else
		web_send(fd, "201 Created", "", "{}");
}

static int begin(void **state)
{
	(void)state;
	api_start(&api, answer);
	return 0;
}

static int end(void **state)
{
	(void)state;
	api_stop(&api);
	return 0;
}

static void asks(void **state)
{
	int64_t deadline = clock_mono_us() + 5000000;
	struct kube_ref ref = { &sets, "net", "bank" };
	struct error err;

	(void)state;
	assert_ok(kube_apply(api.kube, &ref, "{}", 2, KUBE_FORCE, deadline,
			     NULL, &err),
		  err);
	assert_ok(kube_scale(api.kube, &ref, 0, deadline, &err), err);
	assert_string_equal(asked[0],
			    "PATCH /apis/apps/v1/namespaces/net/statefulsets/"
			    "bank?fieldManager=medley&fieldValidation=Strict"
			    "&force=true HTTP/1.1");
	assert_string_equal(asked[1],
			    "PATCH /apis/apps/v1/namespaces/net/statefulsets/"
			    "bank/scale?fieldManager=medley HTTP/1.1");
}

static void bears_what_is_not_there(void **state)
{
	int64_t deadline = clock_mono_us() + 5000000;
	struct kube_ref ref = { &sets, "net", "missing" };
	struct kube_deletion how = { .grace_s = -1 };
	struct js *object = NULL;
	struct error err;
	bool found = true;

	(void)state;
	assert_ok(kube_get(api.kube, &ref, deadline, &object, &err), err);
	assert_null(object);
	assert_ok(kube_delete(api.kube, &ref, &how, deadline, &found, &err),
		  err);
	assert_false(found);
	assert_memory_equal(asked[1], "DELETE ", 7);
}

/* The cluster is to blame, not a file of the user. */
static void names_an_answer_that_is_not_whole(void **state)
{
	int64_t deadline = clock_mono_us() + 5000000;
	struct kube_ref ref = { &sets, "net", "broken" };
	struct js *object = NULL;
	struct error err;

	(void)state;
	assert_error(kube_get(api.kube, &ref, deadline, &object, &err), err,
		     "read StatefulSet net/broken: the API server's answer:1:");
	assert_int_equal(err.kind, ERROR_DEPLOY);
	ref.kind = &(struct kube_kind){ .api_version = "broken/v1",
					.kind = "Set",
					.resource = "sets" };
	assert_error(kinds_find(&api.kinds, api.kube, "broken/v1", "Set",
				deadline, &ref.kind, &err),
		     err, "look up broken/v1: the API server's answer:1:");
	assert_int_equal(err.kind, ERROR_DEPLOY);
}

static void names_things_without_blanks_behind(void **state)
{
	char what[KUBE_WHAT];

	(void)state;
	assert_string_equal(kube_what(what, &sets, NULL, NULL), "StatefulSet");
	assert_string_equal(kube_what(what, &sets, "net", NULL),
			    "StatefulSet net");
	assert_string_equal(kube_what(what, &sets, "net", "bank"),
			    "StatefulSet net/bank");
	assert_string_equal(kube_what(what, &sets, NULL, "bank"),
			    "StatefulSet bank");
}

static void applies_many(void **state)
{
	static const char text[] =
		"apiVersion: v1\nkind: Service\nmetadata: {name: good}\n---\n"
		"apiVersion: v1\nkind: Service\nmetadata: {name: refused}\n";
	struct kube_application how = { .namespace = "net" };
	struct kube_outcome outcomes[2];
	struct manifest m;
	struct error err;

	(void)state;
	how.deadline_us = clock_mono_us() + 5000000;
	manifest_init(&m);
	assert_ok(manifest_parse(&m, "m.yaml", text, sizeof(text) - 1, &err),
		  err);
	assert_error(kube_apply_all(api.kube, &api.kinds, &m, &how, outcomes,
				    &err),
		     err, "not you");
	assert_true(outcomes[0].applied && outcomes[0].created);
	assert_false(outcomes[1].applied);
	assert_int_equal(api.web.seen, 3);
	manifest_release(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(asks, begin, end),
		cmocka_unit_test_setup_teardown(bears_what_is_not_there, begin,
						end),
		cmocka_unit_test_setup_teardown(
			names_an_answer_that_is_not_whole, begin, end),
		cmocka_unit_test(names_things_without_blanks_behind),
		cmocka_unit_test_setup_teardown(applies_many, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

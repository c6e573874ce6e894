/* SPDX-License-Identifier: Apache-2.0 */
/* registry_test.c - names of registries, and what their answers mean. */
#include "build-and-publish/registry.h"

#include "base/cleanup.h"
#include "build-and-publish/build.h"
#include "test/support/test.h"

static void names_are_checked(void **state)
{
	static const char *const good[] = {
		"localhost:5000",
		"registry.example.org/a/b",
		"127.0.0.1:5000/a_b-c.d",
		"[::1]:5000/x",
		"host/a__b",
	};
	static const char *const bad[] = {
		"",	     "/x",	   "host/",	    "host/A",
		"host/a//b", "host/a/",	   "-h/x",	    "http://host/x",
		"host/a b",  "host/a:tag", "host/a@sha256",
	};
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		assert_ok(registry_check(good[i], &err), err);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_error(registry_check(bad[i], &err), err,
			     "expected HOST[:PORT]/PATH");
}

static void loopback_is_local(void **state)
{
	(void)state;
	assert_true(registry_is_local("127.0.0.1:5000/x"));
	assert_true(registry_is_local("localhost/x"));
	assert_true(registry_is_local("LOCALHOST:1"));
	assert_true(registry_is_local("[::1]:5000/x"));
	assert_false(registry_is_local("localhost.example.org/x"));
	assert_false(registry_is_local("registry.example.org/localhost"));
	assert_false(registry_is_local("12.7.0.0/x"));
}

static enum registry_answer judge(const char *text, const char **fix)
{
	static struct arena arena = ARENA_INIT(1 << 20);
	enum registry_answer answer;
	struct error err = { 0 };

	assert_ok(registry_judge(text, &arena, &answer, fix, &err), err);
	return answer;
}

static void answers_are_told_apart(void **state)
{
	const char *fix;

	(void)state;
	assert_int_equal(judge("Error reading manifest x: manifest unknown",
			       &fix),
			 REGISTRY_ABSENT);
	assert_int_equal(judge("dial tcp: connect: connection refused", &fix),
			 REGISTRY_AGAIN);
	assert_null(fix);
	assert_int_equal(judge("received unexpected HTTP status: 503", &fix),
			 REGISTRY_AGAIN);
	assert_int_equal(judge("unable: UNAUTHORIZED: access", &fix),
			 REGISTRY_FINAL);
	assert_non_null(strstr(fix, "podman login"));
	assert_int_equal(judge("x509: certificate signed by unknown authority",
			       &fix),
			 REGISTRY_FINAL);
	assert_non_null(strstr(fix, "--cert-dir"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_checked),
		cmocka_unit_test(loopback_is_local),
		cmocka_unit_test(answers_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

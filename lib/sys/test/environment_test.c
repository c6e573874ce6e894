/* SPDX-License-Identifier: Apache-2.0 */
/* environment_test.c - programs get the variables that are chosen for them, and
 * none that are true for the caller of medley alone. */
#include "sys/environment.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/process.h"
#include "test/support/test.h"

#define SHELL(text) ((const char *const[]){ "sh", "-c", (text), NULL })

/* What a program of that kind finds under `name`, as a shell prints it. */
static const char *seen(enum environment kind, const char *pass,
			const char *name)
{
	static struct buf out = BUF_INIT(4096);
	char command[200];
	const struct process_spec spec = { .argv = SHELL(command),
					   .environment = kind,
					   .env_pass = pass,
					   .seconds = 60 };
	struct error err = { 0 };

	snprintf(command, sizeof(command), "printf %%s \"${%s-absent}\"", name);
	buf_clear(&out);
	assert_ok(process_run(&spec, &out, &err), err);
	return buf_text(&out);
}

static void each_kind_gets_its_own(void **state)
{
	(void)state;
	setenv("HTTPS_PROXY", "http://proxy:3128", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("JAVA_HOME", "/jdk", 1);
	setenv("AWS_PROFILE", "mine", 1);
	setenv("CONTAINERS_CONF", "/conf", 1);
	for (int kind = 0; kind < ENVIRONMENT_KINDS; kind++) {
		assert_string_equal(seen((enum environment)kind, NULL, "PATH"),
				    getenv("PATH"));
		assert_string_equal(seen((enum environment)kind, NULL,
					 "HTTPS_PROXY"),
				    "http://proxy:3128");
		assert_string_equal(seen((enum environment)kind, NULL,
					 "LC_ALL"),
				    "C.UTF-8");
	}
	assert_string_equal(seen(ENVIRONMENT_PLAIN, NULL, "JAVA_HOME"),
			    "absent");
	assert_string_equal(seen(ENVIRONMENT_BUILD, NULL, "JAVA_HOME"), "/jdk");
	assert_string_equal(seen(ENVIRONMENT_BUILD, NULL, "AWS_PROFILE"),
			    "absent");
	assert_string_equal(seen(ENVIRONMENT_LOGIN, NULL, "AWS_PROFILE"),
			    "mine");
	assert_string_equal(seen(ENVIRONMENT_LOGIN, NULL, "CONTAINERS_CONF"),
			    "/conf");
}

/* The names that git itself lists, and others that do harm elsewhere. */
static void nobody_gets_what_is_true_for_the_caller_alone(void **state)
{
	static const char *const others[] = { "MAKEFLAGS",	 "LISTEN_FDS",
					      "NOTIFY_SOCKET",	 "PGPASSWORD",
					      "RPC_PASSWORD",	 "MEDLEY_REPO",
					      "GIT_CONFIG_KEY_0" };
	static const char *const argv[] = { "git", "rev-parse",
					    "--local-env-vars", NULL };
	const struct process_spec spec = { .argv = argv, .seconds = 60 };
	cleanup(buf_release) struct buf names = BUF_INIT(65536);
	struct error err = { 0 };
	char *at, *name;
	unsigned local = 0;

	(void)state;
	assert_ok(process_run(&spec, &names, &err), err);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		buf_addf(&names, "%s\n", others[i]);
	at = (char *)buf_text(&names);
	while ((name = strsep(&at, "\n")) && *name) {
		local += !strncmp(name, "GIT_", 4);
		setenv(name, "the caller's", 1);
		for (int kind = 0; kind < ENVIRONMENT_KINDS; kind++)
			assert_string_equal(seen((enum environment)kind, NULL,
						 name),
					    "absent");
		unsetenv(name);
	}
	assert_true(local > 10);
}

static void further_names_can_be_passed(void **state)
{
	(void)state;
	setenv("NEXUS_USER", "u", 1);
	setenv("NEXUS", "n", 1);
	setenv("OTHER", "o", 1);
	assert_string_equal(seen(ENVIRONMENT_BUILD, NULL, "NEXUS_USER"),
			    "absent");
	assert_string_equal(seen(ENVIRONMENT_BUILD, "NEXUS_*", "NEXUS_USER"),
			    "u");
	assert_string_equal(seen(ENVIRONMENT_BUILD, "NEXUS_*", "NEXUS"),
			    "absent");
	assert_string_equal(
		seen(ENVIRONMENT_BUILD, "NEXUS_USER OTHER", "OTHER"), "o");
	setenv(ENVIRONMENT_VARIABLE, "OTHER NEXUS", 1);
	assert_string_equal(seen(ENVIRONMENT_PLAIN, NULL, "NEXUS"), "n");
	assert_string_equal(seen(ENVIRONMENT_PLAIN, NULL, "OTHER"), "o");
	assert_string_equal(seen(ENVIRONMENT_PLAIN, NULL, "NEXUS_USER"),
			    "absent");
	unsetenv(ENVIRONMENT_VARIABLE);
}

static void what_is_added_comes_before_what_is_there(void **state)
{
	static const char *const add[] = { "TMPDIR=/own", "MEDLEY_WORK=w",
					   NULL };
	cleanup(freep) char **all = NULL;
	struct error err = { 0 };
	unsigned tmp = 0, work = 0;

	(void)state;
	setenv("TMPDIR", "/of/the/caller", 1);
	assert_ok(environment_make(ENVIRONMENT_BUILD, NULL, add, &all, &err),
		  err);
	for (char **e = all; *e; e++) {
		tmp += !strncmp(*e, "TMPDIR=", 7);
		work += !strcmp(*e, "MEDLEY_WORK=w");
		assert_string_not_equal(*e, "TMPDIR=/of/the/caller");
	}
	assert_int_equal(tmp, 1);
	assert_int_equal(work, 1);
	unsetenv("TMPDIR");
}

/* docs/environment.md is made by `medley help environment`. */
static void documented(void **state)
{
	cleanup(buf_release) struct buf made = BUF_INIT(1 << 20);
	cleanup(buf_release) struct buf kept = BUF_INIT(1 << 20);
	struct error err = { 0 };

	(void)state;
	environment_document(&made);
	assert_ok(file_read("docs/environment.md", &kept, &err), err);
	assert_string_equal(buf_text(&made), buf_text(&kept));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_gets_its_own),
		cmocka_unit_test(nobody_gets_what_is_true_for_the_caller_alone),
		cmocka_unit_test(further_names_can_be_passed),
		cmocka_unit_test(what_is_added_comes_before_what_is_there),
		cmocka_unit_test(documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* registry_auth_test.c - entries, helpers and files of a login. */
#include "data/registry_auth.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "test/support/scratch.h"

struct story {
	struct scratch at;
	struct registry_auth auth;
};

static int set_up(void **state)
{
	struct story *s = scratch_begin(sizeof(*s));
	char path[PATH_ROOM];

	/* The user's own logins stay out of the test. */
	unsetenv("REGISTRY_AUTH_FILE");
	setenv("XDG_RUNTIME_DIR", path_join(path, s->at.dir, "run"), 1);
	setenv("XDG_CONFIG_HOME", path_join(path, s->at.dir, "config"), 1);
	setenv("DOCKER_CONFIG", path_join(path, s->at.dir, "docker"), 1);
	path_printf(path, "%s:/usr/bin:/bin", s->at.dir);
	setenv("PATH", path, 1);
	*state = s;
	return 0;
}

static int look_up(struct story *s, const char *vector, const char *repository)
{
	cleanup(buf_release) struct buf text = test_vector(vector);
	int rc = registry_auth_parse(vector, text.data, text.len, repository,
				     &s->at.arena, &s->auth, &s->at.err);

	assert_ok(rc, s->at.err);
	return rc;
}

static void put(struct story *s, const char *dir, const char *name,
		const char *text, mode_t mode)
{
	char at[PATH_ROOM], path[PATH_ROOM];

	assert_ok(dir_make(path_join(at, s->at.dir, dir), 0700, &s->at.err),
		  s->at.err);
	assert_ok(file_write(path_join(path, at, name), text, strlen(text),
			     mode, &s->at.err),
		  s->at.err);
}

static void the_longest_key_that_holds_wins(void **state)
{
	struct story *s = *state;
	static const char file[] = "registry-auth/podman.json";

	assert_int_equal(look_up(s, file, "registry.example:5000/net/app"), 1);
	assert_string_equal(s->auth.user, "net");
	assert_string_equal(s->auth.password, "pass:word");
	assert_int_equal(look_up(s, file, "registry.example:5000/network"), 1);
	assert_string_equal(s->auth.user, "host");
	assert_int_equal(look_up(s, file, "docker.io/library"), 1);
	assert_string_equal(s->auth.user, "hub");
	assert_int_equal(look_up(s, file, "old.example/x"), 1);
	assert_string_equal(s->auth.password, "pw");
	assert_int_equal(look_up(s, file, "token.example"), 1);
	assert_string_equal(s->auth.token, "abc");
	assert_int_equal(look_up(s, file, "registry.example"), 0);
}

static void a_helper_is_asked_for_the_host(void **state)
{
	struct story *s = *state;
	static const char file[] = "registry-auth/docker.json";

	put(s, "", "docker-credential-medley-test",
	    "#!/bin/sh\n[ \"$1\" = get ] && [ \"$(cat)\" = "
	    "registry.example:5000 ] || exit 1\n"
	    "echo '{\"ServerURL\":\"x\",\"Username\":\"u\",\"Secret\":\"p\"}'"
	    "\n",
	    0700);
	put(s, "", "docker-credential-medley-store",
	    "#!/bin/sh\necho 'credentials not found in native keychain'\n"
	    "exit 1\n",
	    0700);
	assert_int_equal(look_up(s, file, "registry.example:5000/net"), 1);
	assert_string_equal(s->auth.user, "u");
	assert_string_equal(s->auth.password, "p");
	assert_string_equal(s->auth.key, "registry.example:5000");
	assert_int_equal(look_up(s, file, "other.example"), 0);
}

static int parse(struct story *s, const char *text)
{
	return registry_auth_parse("f", text, strlen(text), "r.example/a",
				   &s->at.arena, &s->auth, &s->at.err);
}

static void what_is_wrong_is_named(void **state)
{
	struct story *s = *state;

	assert_error(
		parse(s, "{\"auths\":{\"r.example\":{\"auth\":\"eA==\"}}}"),
		s->at.err, "f: auth of r.example: expected base64 of user");
	assert_error(parse(s, "{\"auths\":{\"r.example\":{\"auth\":\"*\"}}}"),
		     s->at.err, "f: auth of r.example");
	assert_error(parse(s, "{\"credsStore\":\"../x\"}"), s->at.err,
		     "is not the name of a credential helper");
	assert_error(parse(s, "{\"credsStore\":\"medley-none\"}"), s->at.err,
		     "docker-credential-medley-none, which is not on the PATH");
	assert_error(parse(s, "{"), s->at.err, "f:1");
	put(s, "", "docker-credential-medley-bad",
	    "#!/bin/sh\necho broken >&2\nexit 3\n", 0700);
	assert_error(parse(s, "{\"credsStore\":\"medley-bad\"}"), s->at.err,
		     "broken");
	assert_int_equal(parse(s, "{}"), 0);
	assert_int_equal(parse(s, "[]"), 0);
}

static void a_helper_comes_before_an_entry(void **state)
{
	struct story *s = *state;
	static const char both[] =
		"{\"auths\":{\"r.example\":{\"auth\":\"dTpw\"}},"
		"\"credHelpers\":{\"r.example\":\"%s\"},"
		"\"credsStore\":\"medley-none\"}";
	char text[sizeof(both) + 40];

	put(s, "", "docker-credential-medley.exe",
	    "#!/bin/sh\necho '{\"Username\":\"hu\",\"Secret\":\"hp\"}'\n",
	    0700);
	put(s, "", "docker-credential-medley-empty",
	    "#!/bin/sh\necho '{\"Username\":\"\",\"Secret\":\"\"}'\n", 0700);
	snprintf(text, sizeof(text), both, "medley.exe");
	assert_int_equal(parse(s, text), 1);
	assert_string_equal(s->auth.user, "hu");
	assert_string_equal(s->auth.password, "hp");
	/* What the helper does not know, the old entry does not either. */
	snprintf(text, sizeof(text), both, "medley-empty");
	assert_int_equal(parse(s, text), 0);
	/* Without a helper of its own, an entry comes before the store. */
	snprintf(text, sizeof(text), both, "");
	assert_int_equal(parse(s, text), 1);
	assert_string_equal(s->auth.user, "u");
	assert_int_equal(parse(s, "{\"credsStore\":\"medley.exe\"}"), 1);
	assert_string_equal(s->auth.user, "hu");
}

static void a_nul_at_the_end_is_no_part_of_a_password(void **state)
{
	struct story *s = *state;

	assert_int_equal(
		parse(s, "{\"auths\":{\"r.example\":{\"auth\":\"dTpwAA==\"}}}"),
		1);
	assert_string_equal(s->auth.user, "u");
	assert_string_equal(s->auth.password, "p");
	/* "u:\0p" */
	assert_error(
		parse(s, "{\"auths\":{\"r.example\":{\"auth\":\"dToAcA==\"}}}"),
		s->at.err, "expected base64 of user");
}

static int find(struct story *s)
{
	int rc = registry_auth_find("r.example/a", &s->at.arena, &s->auth,
				    &s->at.err);

	assert_ok(rc, s->at.err);
	return rc;
}

static void files_are_asked_in_order(void **state)
{
	struct story *s = *state;
	char path[PATH_ROOM];

	assert_int_equal(find(s), 0);
	put(s, "docker", "config.json",
	    "{\"auths\":{\"r.example\":{\"auth\":\"ZG9ja2VyOnA=\"}}}", 0600);
	assert_int_equal(find(s), 1);
	assert_string_equal(s->auth.user, "docker");
	put(s, "config/containers", "auth.json",
	    "{\"auths\":{\"r.example\":{\"auth\":\"Y29uZmlnOnA=\"}}}", 0600);
	put(s, "run/containers", "auth.json", "", 0600);
	assert_int_equal(find(s), 1);
	assert_string_equal(s->auth.user, "config");
	put(s, "run/containers", "auth.json",
	    "{\"auths\":{\"r.example\":{\"auth\":\"cnVuOnA=\"}}}", 0600);
	assert_int_equal(find(s), 1);
	assert_string_equal(s->auth.user, "run");
	setenv("REGISTRY_AUTH_FILE", path_join(path, s->at.dir, "none"), 1);
	assert_int_equal(find(s), 0);
}

static void one_entry_is_written(void **state)
{
	struct story *s = *state;
	cleanup(buf_release) struct buf out = BUF_INIT(4096);
	const struct registry_auth hub = { .key = "docker.io",
					   .user = "u",
					   .password = "p" };

	look_up(s, "registry-auth/podman.json", "registry.example:5000/net");
	assert_ok(registry_auth_write(&s->auth, &out, &s->at.err), s->at.err);
	assert_string_equal(buf_text(&out),
			    "{\"auths\":{\"registry.example:5000/net\":"
			    "{\"auth\":\"bmV0OnBhc3M6d29yZA==\"}}}");
	buf_clear(&out);
	assert_ok(registry_auth_write(&hub, &out, &s->at.err), s->at.err);
	assert_string_equal(buf_text(&out),
			    "{\"auths\":{\"https://index.docker.io/v1/\":"
			    "{\"auth\":\"dTpw\"}}}");
}

int main(void)
{
#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, scratch_end)
	const struct CMUnitTest tests[] = {
		STORY(the_longest_key_that_holds_wins),
		STORY(a_helper_is_asked_for_the_host),
		STORY(what_is_wrong_is_named),
		STORY(a_helper_comes_before_an_entry),
		STORY(a_nul_at_the_end_is_no_part_of_a_password),
		STORY(files_are_asked_in_order),
		STORY(one_entry_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* credential_test.c - plugins asked once, token files read, answers judged. */
#include "kube/credential.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "test/support/test.h"

static const char answer[] =
	"{\"kind\":\"ExecCredential\",\"apiVersion\":"
	"\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"t1\","
	"\"expirationTimestamp\":\"2026-11-21T07:50:12Z\"}}";

static void reads_answers(void **state)
{
	struct credential c = { 0 };
	struct error err;

	(void)state;
	assert_ok(credential_parse("p", answer, strlen(answer), &c, &err), err);
	assert_string_equal(c.token, "t1");
	assert_null(c.cert_pem);
	assert_int_equal(c.expires_us / 1000000, 1795247412);
	credential_release(&c);
}

/* Plugins write their own zone: too early a time would make one run for each
 * request, too late a one would send a token that is over. */
static void reads_times_of_any_zone(void **state)
{
	static const char *const same[] = { "2026-11-21T07:50:12Z",
					    "2026-11-21T07:50:12.123456789Z",
					    "2026-11-21T08:50:12+01:00",
					    "2026-11-20T22:50:12-09:00",
					    "2026-11-21T13:20:12.5+05:30" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(same); i++) {
		struct credential c = { 0 };
		char text[512];
		struct error err;

		snprintf(text, sizeof(text),
			 "{\"kind\":\"ExecCredential\",\"status\":{\"token\":"
			 "\"t\",\"expirationTimestamp\":\"%s\"}}",
			 same[i]);
		assert_ok(credential_parse("p", text, strlen(text), &c, &err),
			  err);
		assert_int_equal(c.expires_us / 1000000, 1795247412);
		credential_release(&c);
	}
}

static void refuses(const char *text, const char *part)
{
	struct credential c;
	struct error err;

	assert_error(credential_parse("p", text, strlen(text), &c, &err), err,
		     part);
}

static void judges_answers(void **state)
{
	(void)state;
	refuses("", "p:1:");
	refuses("{}", "ExecCredential");
	refuses("{\"kind\":\"ExecCredential\",\"status\":{}}", "neither");
	refuses("{\"kind\":\"ExecCredential\",\"status\":"
		"{\"clientCertificateData\":\"x\"}}",
		"expected both clientCertificateData");
	refuses("{\"kind\":\"ExecCredential\",\"status\":"
		"{\"token\":\"a\\nHost: b\"}}",
		"p: the token contains a line break");
}

static char dir[PATH_ROOM];

/* A plugin that counts how often it is asked, and what it was told. */
static void write_plugin(char path[PATH_ROOM], const char *expires)
{
	char text[1024 + 2 * PATH_ROOM];
	struct error err;

	snprintf(text, sizeof(text),
		 "#!/bin/sh\n"
		 "echo \"$1 $WORD $KUBERNETES_EXEC_INFO\" >> %s/asked\n"
		 "echo '{\"kind\":\"ExecCredential\",\"status\":{\"token\":"
		 "\"secret\",\"expirationTimestamp\":\"%s\"}}'\n",
		 dir, expires);
	assert_ok(file_write(path_join(path, dir, "plugin"), text, strlen(text),
			     0700, &err),
		  err);
}

static int count_asked(struct buf *text)
{
	char path[PATH_ROOM];
	int lines = 0;

	buf_clear(text);
	if (file_read(path_join(path, dir, "asked"), text, NULL) < 0)
		return 0;
	for (size_t i = 0; i < text->len; i++)
		lines += buf_text(text)[i] == '\n';
	return lines;
}

static void asks_plugins(void **state)
{
	cleanup(buf_release) struct buf asked = BUF_INIT(65536);
	char path[PATH_ROOM];
	const char *argv[] = { path, "word", NULL };
	const char *env[] = { "WORD=yes", NULL };
	struct kubeconfig config = {
		.server = "https://s",
		.plugin = { argv, env, "client.authentication.k8s.io/v1", NULL,
			    true }
	};
	struct credential c = { 0 };
	struct error err;
	bool changed;

	(void)state;
	assert_ok(dir_make_temporary("/tmp/medley-test-", dir, &err), err);
	write_plugin(path, "2999-01-01T00:00:00Z");
	assert_ok(credential_renew(&c, &config, false, &changed, &err), err);
	assert_true(changed);
	assert_string_equal(c.token, "secret");
	assert_ok(credential_renew(&c, &config, false, &changed, &err), err);
	assert_false(changed);
	assert_int_equal(count_asked(&asked), 1);
	assert_non_null(strstr(buf_text(&asked), "word yes {"));
	assert_non_null(strstr(buf_text(&asked), "\"server\":\"https://s\""));
	assert_ok(credential_renew(&c, &config, true, &changed, &err), err);
	assert_int_equal(count_asked(&asked), 2);
	credential_release(&c);
	write_plugin(path, "2020-01-01T00:00:00Z");
	assert_ok(credential_renew(&c, &config, false, &changed, &err), err);
	assert_ok(credential_renew(&c, &config, false, &changed, &err), err);
	assert_int_equal(count_asked(&asked), 4);
	credential_release(&c);
	argv[0] = "/no/such/plugin";
	config.plugin.hint = "install it";
	assert_error(credential_renew(&c, &config, false, &changed, &err), err,
		     "install it");
	assert_ok(dir_remove(dir, &err), err);
}

static void reads_token_files(void **state)
{
	struct kubeconfig config = { .token_file = "/no/such" };
	struct credential c = { 0 };
	char path[PATH_ROOM];
	struct error err;
	bool changed;

	(void)state;
	assert_error(credential_renew(&c, &config, false, &changed, &err), err,
		     "/no/such");
	assert_ok(dir_make_temporary("/tmp/medley-test-", dir, &err), err);
	config.token_file = path_join(path, dir, "token");
	assert_ok(file_write(path, "one\n", 4, 0600, &err), err);
	assert_ok(credential_renew(&c, &config, false, &changed, &err), err);
	assert_string_equal(c.token, "one");
	assert_ok(file_write(path, "two", 3, 0600, &err), err);
	assert_ok(credential_renew(&c, &config, true, &changed, &err), err);
	assert_true(changed);
	assert_string_equal(c.token, "two");
	assert_ok(file_write(path, " \n", 2, 0600, &err), err);
	assert_error(credential_renew(&c, &config, true, &changed, &err), err,
		     "the file has no token");
	assert_ok(file_write(path, "a\nb\n", 4, 0600, &err), err);
	assert_error(credential_renew(&c, &config, true, &changed, &err), err,
		     "a line break");
	credential_release(&c);
	assert_ok(dir_remove(dir, &err), err);
}

/* Nothing of what is given is left out. */
static void gives_certificate_and_token(void **state)
{
	struct kubeconfig config = { .token = "given",
				     .token_file = "/no/such",
				     .cert_pem = "C",
				     .key_pem = "K" };
	struct credential c = { 0 };
	char path[PATH_ROOM];
	struct error err = { 0 };
	bool changed;

	(void)state;
	assert_ok(credential_renew(&c, &config, false, &changed, &err), err);
	assert_int_equal(err.kind, ERROR_NONE);
	assert_string_equal(c.token, "given");
	assert_string_equal(c.cert_pem, "C");
	assert_string_equal(c.key_pem, "K");
	assert_ok(dir_make_temporary("/tmp/medley-test-", dir, &err), err);
	config.token_file = path_join(path, dir, "token");
	assert_ok(file_write(path, "read\n", 5, 0600, &err), err);
	assert_ok(credential_renew(&c, &config, true, &changed, &err), err);
	assert_string_equal(c.token, "read");
	assert_string_equal(c.cert_pem, "C");
	credential_release(&c);
	assert_ok(dir_remove(dir, &err), err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_answers),
		cmocka_unit_test(reads_times_of_any_zone),
		cmocka_unit_test(judges_answers),
		cmocka_unit_test(asks_plugins),
		cmocka_unit_test(reads_token_files),
		cmocka_unit_test(gives_certificate_and_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

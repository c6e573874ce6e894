/* SPDX-License-Identifier: Apache-2.0 */
/* logs_test.c - a log is followed to its end, or until its reader has enough.
 */
#include "kube/logs.h"

#include <unistd.h>

#include "test/support/api.h"
#include "test/support/test.h"

struct reader {
	char text[200];
	unsigned silences;
	const char *enough; /* NULL: never */
};

static struct api api;

static int take(void *ctx, const void *bytes, size_t len, struct error *err)
{
	struct reader *r = ctx;

	r->silences += !len;
	strncat(r->text, bytes, len);
	if (r->enough && strstr(r->text, r->enough))
		return error_set(err, ERROR_INPUT, "enough");
	return 0;
}

static int follow(web_fn answer, struct reader *r, struct error *err)
{
	struct kube_log log = { .namespace = "net",
				.pod = "bank-0",
				.container = "node",
				.tail = 2,
				.since_us = 1795247412000000 };
	int rc;

	api_start(&api, answer);
	rc = kube_log_follow(api.kube, &log, take, r, err);
	api_stop(&api);
	return rc;
}

/* In parts, with a silence between them. */
static void talk(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w, (void)n;
	assert_non_null(strstr(request, "GET /api/v1/namespaces/net/pods/"
					"bank-0/log?container=node&tailLines=2&"
					"sinceTime=2026-11-21T07%3A50%3A12.000Z"
					"&follow=true "));
	web_send_part(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
			  "\r\n4\r\none\n\r\n");
	usleep(1200 * 1000);
	web_send_part(fd, "4\r\ntwo\n\r\n0\r\n\r\n");
}

static void follows_to_the_end(void **state)
{
	struct reader r = { .text = "" };
	struct error err;

	(void)state;
	assert_ok(follow(talk, &r, &err), err);
	assert_string_equal(r.text, "one\ntwo\n");
	assert_true(r.silences > 0);
}

static void a_reader_may_have_enough(void **state)
{
	struct reader r = { .enough = "one" };
	struct error err;

	(void)state;
	assert_error(follow(talk, &r, &err), err, "enough");
	assert_string_equal(r.text, "one\n");
}

/* Asked again, it would begin with lines that were printed already. */
static void cut(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w, (void)n, (void)request;
	web_send_part(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
			  "\r\n4\r\none\n\r\n");
}

static void a_break_is_an_error(void **state)
{
	struct reader r = { .text = "" };
	struct error err;

	(void)state;
	assert_error(follow(cut, &r, &err), err,
		     "follow the log of Pod net/bank-0");
	assert_string_equal(r.text, "one\n");
	assert_int_equal(api.web.seen, 1);
}

static void forbid(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w, (void)n, (void)request;
	web_send(fd, "403 Forbidden", "", "{\"message\":\"not you\"}");
}

static void says_refusals(void **state)
{
	struct reader r = { .text = "" };
	struct error err;

	(void)state;
	assert_error(follow(forbid, &r, &err), err, "not you");
	assert_string_equal(r.text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows_to_the_end),
		cmocka_unit_test(a_reader_may_have_enough),
		cmocka_unit_test(a_break_is_an_error),
		cmocka_unit_test(says_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

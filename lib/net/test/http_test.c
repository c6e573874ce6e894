/* SPDX-License-Identifier: Apache-2.0 */
/* http_test.c - exchanges with servers that answer, dawdle and hang up. */
#include "net/http.h"

#include <unistd.h>

#include "sys/clock.h"
#include "test/support/test.h"
#include "test/support/web.h"

static struct web web;
static struct http *http;

struct seen {
	enum http_end end;
	int status, retry_after, done, parts;
	char body[256], why[256];
	struct http_exchange *cancel;
};

static void on_done(void *ctx, const struct http_answer *a)
{
	struct seen *s = ctx;

	s->end = a->end;
	s->status = a->status;
	s->retry_after = a->retry_after;
	if (a->body->len)
		snprintf(s->body, sizeof(s->body), "%s", buf_text(a->body));
	snprintf(s->why, sizeof(s->why), "%s", a->why);
	s->done++;
}

static void on_bytes(void *ctx, const uint8_t *bytes, size_t len)
{
	struct seen *s = ctx;
	size_t have = strlen(s->body);

	snprintf(s->body + have, sizeof(s->body) - have, "%.*s", (int)len,
		 (const char *)bytes);
	s->parts++;
	http_cancel(s->cancel);
}

static void begin(web_fn answer)
{
	struct http_peer peer = { 0 };
	struct error err;

	web.answer = answer;
	web_start(&web);
	assert_ok(http_new(&peer, &http, &err), err);
}

static void end(void)
{
	http_free(http);
	web_stop(&web);
}

static struct http_request to_web(char room[64], struct seen *s)
{
	snprintf(room, 64, "http://127.0.0.1:%d/path", web.port);
	return (struct http_request){ .method = "GET",
				      .url = room,
				      .timeout_ms = 5000,
				      .max = 100,
				      .on_done = on_done,
				      .ctx = s };
}

static void until_done(struct seen *s, int count)
{
	for (int i = 0; i < 200 && s->done < count; i++)
		http_step(http, 50);
	assert_int_equal(s->done, count);
}

static void echo(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w;
	(void)n;
	if (strstr(request, "PATCH /path HTTP/1.1\r\n") &&
	    strstr(request, "\r\nX-Word: yes\r\n") &&
	    strstr(request, "\r\n\r\nhello"))
		web_send(fd, "201 Created", "", "made");
	else
		web_send(fd, "429 Too Many Requests", "Retry-After: 7\r\n",
			 "slowly");
}

static void sends_and_gathers(void **state)
{
	const char *headers[] = { "X-Word: yes", NULL };
	struct seen s = { 0 };
	char url[64];
	struct http_request r;
	struct error err;

	(void)state;
	begin(echo);
	r = to_web(url, &s);
	r.method = "PATCH";
	r.headers = headers;
	r.body = "hello";
	r.body_len = 5;
	assert_ok(http_start(http, &r, NULL, &err), err);
	until_done(&s, 1);
	assert_int_equal(s.end, HTTP_ANSWERED);
	assert_int_equal(s.status, 201);
	assert_string_equal(s.body, "made");
	end();
}

/* The answer came between two steps: nothing else is waited for. */
static void tells_at_once(void **state)
{
	struct seen s = { 0 };
	char url[64];
	struct http_request r;
	struct error err;
	int64_t began;

	(void)state;
	begin(echo);
	r = to_web(url, &s);
	assert_ok(http_start(http, &r, NULL, &err), err);
	for (int i = 0; i < 1000 && !web.seen; i++) {
		http_step(http, 0);
		usleep(1000);
	}
	usleep(100000);
	began = clock_mono_us();
	while (!s.done)
		http_step(http, 4000);
	assert_true(clock_mono_us() - began < 2000000);
	end();
}

static void keeps_the_body_of_an_error(void **state)
{
	struct seen s = { 0 };
	char url[64];
	struct http_request r;
	struct error err;

	(void)state;
	begin(echo);
	r = to_web(url, &s);
	r.on_bytes = on_bytes;
	assert_ok(http_start(http, &r, NULL, &err), err);
	until_done(&s, 1);
	assert_int_equal(s.status, 429);
	assert_int_equal(s.retry_after, 7);
	assert_string_equal(s.body, "slowly");
	assert_int_equal(s.parts, 0);
	end();
}

static void many_at_once(void **state)
{
	struct seen s = { 0 };
	char url[64];
	struct http_request r;
	struct error err;

	(void)state;
	begin(echo);
	r = to_web(url, &s);
	for (int i = 0; i < 50; i++)
		assert_ok(http_start(http, &r, NULL, &err), err);
	until_done(&s, 50);
	assert_int_equal(web.seen, 50);
	end();
}

static void in_parts(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w;
	(void)n;
	(void)request;
	web_send_part(fd, "HTTP/1.1 200 OK\r\n"
			  "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
	usleep(100 * 1000);
	web_send_part(fd, "3\r\ntwo\r\n");
	usleep(100 * 1000);
	/* And it hangs up in the middle. */
}

static void streams_and_tells_that_it_broke(void **state)
{
	struct seen s = { 0 };
	char url[64];
	struct http_request r;
	struct error err;

	(void)state;
	begin(in_parts);
	r = to_web(url, &s);
	r.on_bytes = on_bytes;
	assert_ok(http_start(http, &r, NULL, &err), err);
	until_done(&s, 1);
	assert_int_equal(s.end, HTTP_BROKEN);
	assert_int_equal(s.status, 200);
	assert_string_equal(s.body, "onetwo");
	assert_true(s.parts >= 2);
	end();
}

static void is_cancelled_by_a_callback(void **state)
{
	struct seen s = { 0 };
	char url[64];
	struct http_request r;
	struct error err;

	(void)state;
	begin(in_parts);
	r = to_web(url, &s);
	r.on_bytes = on_bytes;
	assert_ok(http_start(http, &r, &s.cancel, &err), err);
	for (int i = 0; i < 10; i++)
		http_step(http, 50);
	assert_int_equal(s.parts, 1);
	assert_int_equal(s.done, 0);
	end();
}

static void silent(struct web *w, int fd, unsigned n, const char *request)
{
	(void)n;
	(void)fd;
	(void)request;
	for (int i = 0; i < 100 && !w->over; i++)
		usleep(20 * 1000);
}

static void bounds_time(void **state)
{
	struct seen s = { 0 };
	char url[64];
	struct http_request r;
	struct error err;

	(void)state;
	begin(silent);
	r = to_web(url, &s);
	r.timeout_ms = 200;
	assert_ok(http_start(http, &r, NULL, &err), err);
	until_done(&s, 1);
	assert_int_equal(s.end, HTTP_TIMEOUT);
	end();
}

static void large(struct web *w, int fd, unsigned n, const char *request)
{
	char body[200];

	(void)w;
	(void)n;
	(void)request;
	memset(body, 'x', sizeof(body) - 1);
	body[sizeof(body) - 1] = 0;
	web_send(fd, "200 OK", "", body);
}

static void bounds_size(void **state)
{
	struct seen s = { 0 };
	char url[64];
	struct http_request r;
	struct error err;

	(void)state;
	begin(large);
	r = to_web(url, &s);
	assert_ok(http_start(http, &r, NULL, &err), err);
	until_done(&s, 1);
	assert_int_equal(s.end, HTTP_TOO_LARGE);
	end();
}

static void tells_unreachable_from_refused(void **state)
{
	struct seen s = { 0 };
	char url[64];
	struct http_request r;
	struct error err;

	(void)state;
	begin(echo);
	r = to_web(url, &s);
	web_stop(&web);
	assert_ok(http_start(http, &r, NULL, &err), err);
	until_done(&s, 1);
	assert_int_equal(s.end, HTTP_UNREACHABLE);
	assert_true(s.why[0]);
	http_free(http);
	r.url = "ftp://127.0.0.1/";
	http = NULL;
	begin(echo);
	assert_ok(http_start(http, &r, NULL, &err), err);
	until_done(&s, 2);
	assert_int_equal(s.end, HTTP_REFUSED);
	r.url = "http://[";
	assert_error(http_start(http, &r, NULL, &err), err, "bad URL");
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sends_and_gathers),
		cmocka_unit_test(tells_at_once),
		cmocka_unit_test(keeps_the_body_of_an_error),
		cmocka_unit_test(many_at_once),
		cmocka_unit_test(streams_and_tells_that_it_broke),
		cmocka_unit_test(is_cancelled_by_a_callback),
		cmocka_unit_test(bounds_time),
		cmocka_unit_test(bounds_size),
		cmocka_unit_test(tells_unreachable_from_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

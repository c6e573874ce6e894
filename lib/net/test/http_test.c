/* SPDX-License-Identifier: Apache-2.0 */
/* http_test.c - exchanges with servers that answer, dawdle and hang up. */
#include "net/http.h"

#include <sys/socket.h>
#include <unistd.h>

#include "sys/clock.h"
#include "test/support/test.h"
#include "test/support/web.h"

enum { PATIENCE_MS = 60000 };

struct seen {
	enum http_end end;
	int status, retry_after, done;
	_Atomic int parts;
	char body[256], why[256];
	struct http_exchange *cancel;
};

static struct web web;
static struct loop *loop;
static struct http *http;
static struct seen seen;
static struct http_request request; /* to web */
static char url[64];
static struct error err;
/* What the server's thread waits for, and what it has done. */
static _Atomic int told, sent;

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

static const char *url_of(char room[64], const struct web *w)
{
	snprintf(room, 64, "http://127.0.0.1:%d/path", w->port);
	return room;
}

static void begin(web_fn answer)
{
	const struct http_peer peer = { 0 };

	told = sent = 0;
	web.answer = answer;
	web_start(&web);
	assert_ok(loop_new(&loop, &err), err);
	assert_ok(http_new(loop, &peer, &http, &err), err);
	memset(&seen, 0, sizeof(seen));
	request = (struct http_request){ .method = "GET",
					 .url = url_of(url, &web),
					 .timeout_ms = PATIENCE_MS,
					 .max = 100,
					 .on_done = on_done,
					 .ctx = &seen };
}

static int end(void **state)
{
	(void)state;
	http_free(http);
	loop_free(loop);
	web_stop(&web);
	return 0;
}

static void start(void)
{
	assert_ok(http_start(http, &request, NULL, &err), err);
}

/* Every exchange has a bound: it ends. */
static void until_done(int count)
{
	while (seen.done < count)
		loop_step(loop, 50);
	assert_int_equal(seen.done, count);
}

static void echo(struct web *w, int fd, unsigned n, const char *text)
{
	(void)w, (void)n;
	if (strstr(text, "PATCH /path HTTP/1.1\r\n") &&
	    strstr(text, "\r\nX-Word: yes\r\n") &&
	    strstr(text, "\r\n\r\nhello"))
		web_send(fd, "201 Created", "", "made");
	else
		web_send(fd, "429 Too Many Requests", "Retry-After: 7\r\n",
			 "slowly");
}

static void sends_and_gathers(void **state)
{
	const char *headers[] = { "X-Word: yes", NULL };

	(void)state;
	begin(echo);
	request.method = "PATCH";
	request.headers = headers;
	request.body = "hello";
	request.body_len = 5;
	start();
	until_done(1);
	assert_int_equal(seen.end, HTTP_ANSWERED);
	assert_int_equal(seen.status, 201);
	assert_string_equal(seen.body, "made");
}

static void wait_for(struct web *w, const _Atomic int *what)
{
	while (!*what && !w->over)
		usleep(1000);
}

static void when_told(struct web *w, int fd, unsigned n, const char *text)
{
	(void)n, (void)text;
	wait_for(w, &told);
	web_send(fd, "200 OK", "", "yes");
	sent = 1;
}

/* The answer came between two steps: nothing is left that a wait could end
 * with but its bound, a minute. */
static void tells_at_once(void **state)
{
	int64_t began;

	(void)state;
	begin(when_told);
	start();
	while (!web.seen)
		loop_step(loop, 10);
	told = 1;
	wait_for(&web, &sent);
	began = clock_mono_us();
	while (!seen.done)
		loop_step(loop, PATIENCE_MS);
	assert_int_equal(seen.status, 200);
	assert_true(clock_mono_us() - began < PATIENCE_MS / 2 * 1000LL);
}

static void keeps_the_body_of_an_error(void **state)
{
	(void)state;
	begin(echo);
	request.on_bytes = on_bytes;
	start();
	until_done(1);
	assert_int_equal(seen.status, 429);
	assert_int_equal(seen.retry_after, 7);
	assert_string_equal(seen.body, "slowly");
	assert_int_equal(seen.parts, 0);
}

static void many_at_once(void **state)
{
	(void)state;
	begin(echo);
	for (int i = 0; i < 50; i++)
		start();
	until_done(50);
	assert_int_equal(web.seen, 50);
}

/* The second once the first was seen; and it hangs up in the middle. */
static void in_parts(struct web *w, int fd, unsigned n, const char *text)
{
	(void)n, (void)text;
	web_send_part(fd, "HTTP/1.1 200 OK\r\n"
			  "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n");
	wait_for(w, &seen.parts);
	web_send_part(fd, "3\r\ntwo\r\n");
	sent = 1;
}

static void streams_and_tells_that_it_broke(void **state)
{
	(void)state;
	begin(in_parts);
	request.on_bytes = on_bytes;
	start();
	until_done(1);
	assert_int_equal(seen.end, HTTP_BROKEN);
	assert_int_equal(seen.status, 200);
	assert_string_equal(seen.body, "onetwo");
	assert_int_equal(seen.parts, 2);
}

static void is_cancelled_by_a_callback(void **state)
{
	(void)state;
	begin(in_parts);
	request.on_bytes = on_bytes;
	assert_ok(http_start(http, &request, &seen.cancel, &err), err);
	while (!sent)
		loop_step(loop, 10);
	for (int i = 0; i < 10; i++)
		loop_step(loop, 10);
	assert_int_equal(seen.parts, 1);
	assert_int_equal(seen.done, 0);
	assert_true(http_idle(http));
}

/* Until its client hangs up. */
static void silent(struct web *w, int fd, unsigned n, const char *text)
{
	char byte;

	(void)w, (void)n, (void)text;
	(void)!recv(fd, &byte, 1, 0);
}

static void bounds_time(void **state)
{
	(void)state;
	begin(silent);
	request.timeout_ms = 200;
	start();
	until_done(1);
	assert_int_equal(seen.end, HTTP_TIMEOUT);
}

static void ring(void *ctx)
{
	_Atomic int *bell = ctx;

	(*bell)++;
}

static void on_beside_done(void *ctx, const struct http_answer *a)
{
	on_done(ctx, a);
	loop_stop(loop);
}

/* The server answers when the bell has rung: one loop waits for both. */
static void shares_its_loop(void **state)
{
	struct timer *timer;

	(void)state;
	begin(when_told);
	assert_ok(timer_open(loop, 20 * 1000, 0, ring, (void *)&told, &timer,
			     &err),
		  err);
	request.on_done = on_beside_done;
	start();
	loop_run(loop);
	timer_close(timer);
	assert_int_equal(seen.done, 1);
	assert_string_equal(seen.body, "yes");
}

static void large(struct web *w, int fd, unsigned n, const char *text)
{
	char body[200];

	(void)w, (void)n, (void)text;
	memset(body, 'x', sizeof(body) - 1);
	body[sizeof(body) - 1] = 0;
	web_send(fd, "200 OK", "", body);
}

static void bounds_size(void **state)
{
	(void)state;
	begin(large);
	start();
	until_done(1);
	assert_int_equal(seen.end, HTTP_TOO_LARGE);
}

static void tells_unreachable_from_refused(void **state)
{
	struct web gone = { .answer = echo };

	(void)state;
	begin(echo);
	web_start(&gone);
	web_stop(&gone);
	request.url = url_of(url, &gone);
	start();
	until_done(1);
	assert_int_equal(seen.end, HTTP_UNREACHABLE);
	assert_true(seen.why[0]);
	request.url = "ftp://127.0.0.1/";
	start();
	until_done(2);
	assert_int_equal(seen.end, HTTP_REFUSED);
	request.url = "http://[";
	assert_error(http_start(http, &request, NULL, &err), err, "bad URL");
}

#define STORY(t) cmocka_unit_test_teardown(t, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(sends_and_gathers),
		STORY(tells_at_once),
		STORY(keeps_the_body_of_an_error),
		STORY(many_at_once),
		STORY(streams_and_tells_that_it_broke),
		STORY(is_cancelled_by_a_callback),
		STORY(bounds_time),
		STORY(shares_its_loop),
		STORY(bounds_size),
		STORY(tells_unreachable_from_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* http_fault_test.c - an exchange, when memory ends. */
#include "net/http.h"

#include "test/support/fault_loop.h"
#include "test/support/test.h"
#include "test/support/web.h"

enum { PATIENCE_MS = 60000 };

struct talk {
	struct web web;
	struct loop *loop;
	struct http *http;
	bool done;
	int rc, status;
	char body[64];
	struct error why;
};

static void answer(struct web *w, int fd, unsigned n, const char *text)
{
	(void)w, (void)n, (void)text;
	web_send(fd, "200 OK", "", "yes");
}

static void on_done(void *ctx, const struct http_answer *a)
{
	struct talk *t = ctx;

	t->done = true;
	t->status = a->status;
	if (a->end != HTTP_ANSWERED && !strcmp(a->why, "out of memory"))
		t->rc = error_nomem(&t->why);
	else if (a->end != HTTP_ANSWERED)
		t->rc = error_set(&t->why, ERROR_DEPLOY, "%s", a->why);
	else if (a->body->len)
		snprintf(t->body, sizeof(t->body), "%s", buf_text(a->body));
	loop_stop(t->loop);
}

static int ask(struct talk *t, struct error *err)
{
	const struct http_peer peer = { 0 };
	char url[64];
	const struct http_request request = { .method = "GET",
					      .url = url,
					      .timeout_ms = PATIENCE_MS,
					      .max = 100,
					      .on_done = on_done,
					      .ctx = t };

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", t->web.port);
	if (loop_new(&t->loop, err) < 0 ||
	    http_new(t->loop, &peer, &t->http, err) < 0 ||
	    http_start(t->http, &request, NULL, err) < 0)
		return -1;
	loop_run(t->loop);
	assert_true(t->done);
	if (t->rc < 0)
		*err = t->why;
	return t->rc;
}

static int run(void *ctx, struct error *err)
{
	struct talk *t = ctx;
	int rc;

	t->loop = NULL;
	t->http = NULL;
	t->done = false;
	t->rc = t->status = 0;
	t->body[0] = 0;
	rc = ask(t, err);
	http_free(t->http);
	loop_free(t->loop);
	return rc;
}

static void show(void *ctx, struct buf *out)
{
	const struct talk *t = ctx;

	buf_addf(out, "%d %s", t->status, t->body);
}

static void an_exchange_without_memory_ends(void **state)
{
	const struct fault_story story = {
		.name = "an exchange",
		.kinds = FAULTS_MEMORY,
		.run = run,
		.show = show,
		.trace = TRACE_ANY,
	};
	struct talk t = { .web = { .answer = answer } };

	(void)state;
	web_start(&t.web);
	fault_loop(&story, &t);
	web_stop(&t.web);
}

static int run_raw(void *ctx, struct error *err)
{
	const struct http_peer peer = { 0 };
	struct talk *t = ctx;
	struct http_raw *raw = NULL;
	char url[64];

	t->loop = NULL;
	t->http = NULL;
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", t->web.port);
	t->rc = -1;
	if (loop_new(&t->loop, err) == 0 &&
	    http_new(t->loop, &peer, &t->http, err) == 0)
		t->rc = http_raw_open(t->http, url, PATIENCE_MS, &raw, err);
	http_raw_free(raw);
	http_free(t->http);
	loop_free(t->loop);
	return t->rc;
}

static void show_raw(void *ctx, struct buf *out)
{
	const struct talk *t = ctx;

	buf_addf(out, "%d", t->rc);
}

static void a_raw_connection_without_memory_fails(void **state)
{
	const struct fault_story story = {
		.name = "a raw connection",
		.kinds = FAULTS_MEMORY,
		.run = run_raw,
		.show = show_raw,
		.trace = TRACE_ANY,
	};
	struct talk t = { .web = { .answer = answer } };

	(void)state;
	web_start(&t.web);
	fault_loop(&story, &t);
	web_stop(&t.web);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_exchange_without_memory_ends),
		cmocka_unit_test(a_raw_connection_without_memory_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

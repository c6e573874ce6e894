/* SPDX-License-Identifier: Apache-2.0 */
/* client_test.c - calls tried again, given up, refused; kinds looked up. */
#include "kube/client.h"

#include "sys/clock.h"
#include "test/support/api.h"
#include "test/support/test.h"

static struct api api;

static int ask(int ms, int *ret_status, struct buf *out, struct error *err)
{
	struct kube_request r = { .verb = "read",
				  .what = "Secret net/keys",
				  .method = "GET",
				  .path = "/api/v1/x" };

	r.deadline_us = clock_mono_us() + ms * 1000LL;
	return kube_call(api.kube, &r, ret_status, out, err);
}

static void mends(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w;
	assert_non_null(
		strstr(request, "Authorization: Bearer " API_TOKEN "\r\n"));
	if (n == 0)
		web_send(fd, "503 Service Unavailable", "", "");
	else if (n == 1)
		web_send(fd, "500 Internal Server Error", "", "");
	else if (n == 2)
		web_send_part(fd, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n");
	else if (n == 3)
		web_send(fd, "429 Too Many Requests", "Retry-After: 1\r\n", "");
	else
		web_send(fd, "200 OK", "", "{\"good\":1}");
}

static void tries_again(void **state)
{
	struct buf out = BUF_INIT(100);
	int64_t since = clock_mono_us();
	struct error err;
	int status;

	(void)state;
	api_start(&api, mends);
	assert_ok(ask(10000, &status, &out, &err), err);
	assert_int_equal(status, 200);
	assert_string_equal(buf_text(&out), "{\"good\":1}");
	assert_int_equal(api.web.seen, 5);
	assert_true(clock_mono_us() - since > 1000000);
	buf_release(&out);
	api_stop(&api);
}

static void on_mended(void *ctx, const struct kube_reply *reply,
		      const struct error *err)
{
	int *status = ctx;

	assert_null(err);
	*status = reply->status;
	loop_stop(kube_loop(api.kube));
}

/* Whoever waits for something else beside runs the loop itself: all tries are
 * made there. */
static void tries_again_on_its_loop(void **state)
{
	int status = 0;
	struct error err;
	struct kube_request r = { .verb = "read",
				  .what = "x",
				  .method = "GET",
				  .path = "/api/v1/x",
				  .on_done = on_mended,
				  .ctx = &status };

	(void)state;
	api_start(&api, mends);
	r.deadline_us = clock_mono_us() + 10000 * 1000LL;
	assert_ok(kube_start(api.kube, &r, NULL, &err), err);
	loop_run(kube_loop(api.kube));
	assert_int_equal(status, 200);
	assert_int_equal(api.web.seen, 5);
	api_stop(&api);
}

static void knows_as_whom(struct web *w, int fd, unsigned n,
			  const char *request)
{
	(void)w, (void)n;
	if (strstr(request, "Authorization: Bearer " API_TOKEN "\r\n") &&
	    strstr(request, "\r\nImpersonate-User: some one\r\n") &&
	    strstr(request, "\r\nImpersonate-Group: g\r\n"))
		web_send(fd, "200 OK", "", "");
	else
		web_send(fd, "403 Forbidden", "", "");
}

static void says_as_whom(void **state)
{
	static const char *const as[] = { "Impersonate-User: some one",
					  "Impersonate-Group: g", NULL };
	struct error err;
	int status;

	(void)state;
	api_start(&api, knows_as_whom);
	api.config.as = as;
	assert_ok(ask(20000, &status, NULL, &err), err);
	api_stop(&api);
}

static void broken(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w;
	(void)n;
	(void)request;
	web_send(fd, "500 Internal Server Error", "", "oh no");
}

static void gives_up(void **state)
{
	struct error err;
	int status;

	(void)state;
	api_start(&api, broken);
	assert_error(ask(20000, &status, NULL, &err), err,
		     "read Secret net/keys: HTTP 500: oh no");
	assert_int_equal(api.web.seen, 3);
	web_stop(&api.web);
	assert_error(ask(700, &status, NULL, &err), err, "does not answer");
	assert_null(strstr(err.text, API_TOKEN));
	assert_int_equal(err.kind, ERROR_DEPLOY);
	kube_free(api.kube);
}

/* What a single sign-on, a proxy or a hotspot says for the API server. */
static void sign_in(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w, (void)request;
	if (n < 2)
		web_send(fd, "200 OK", "Content-Type: text/html\r\n",
			 n ? "please log in" : "\n<html>Sign in</html>");
	else
		web_send(fd, "302 Found", "Location: http://sso/\r\n",
			 "<html>");
}

static void names_a_page_in_between(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(100);
	char whole[256];
	struct error err;
	int status;

	(void)state;
	api_start(&api, sign_in);
	snprintf(whole, sizeof(whole),
		 "read Secret net/keys: the API server %s answered with a page "
		 "of HTML, not with JSON: is a login page or a proxy in "
		 "between?",
		 api.url);
	assert_error(ask(5000, &status, &out, &err), err, whole);
	assert_int_equal(err.kind, ERROR_DEPLOY);
	assert_int_equal(status, 0);
	assert_int_equal(out.len, 0);
	assert_error(ask(5000, &status, &out, &err), err,
		     "answered with other text");
	assert_error(ask(5000, &status, &out, &err), err,
		     "HTTP 302: <html>: is a login page or a proxy");
	assert_int_equal(err.kind, ERROR_DEPLOY);
	api_stop(&api);
}

static void unknown_field(struct web *w, int fd, unsigned n,
			  const char *request)
{
	(void)w;
	(void)n;
	(void)request;
	web_send(fd, "500 Internal Server Error", "",
		 "{\"kind\":\"Status\",\"message\":\".spec.replicaz: field not "
		 "declared in schema\",\"code\":500}");
}

static void gives_up_at_once(void **state)
{
	struct error err;
	int status;

	(void)state;
	api_start(&api, unknown_field);
	assert_error(ask(20000, &status, NULL, &err), err,
		     "objects of this kind have no such field");
	assert_int_equal(api.web.seen, 1);
	api_stop(&api);
}

static void refuse(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w;
	(void)request;
	if (n == 0)
		web_send(fd, "403 Forbidden", "",
			 "{\"kind\":\"Status\",\"reason\":\"Forbidden\","
			 "\"message\":\"pods is forbidden: exceeded quota: q\","
			 "\"code\":403}");
	else
		web_send(fd, "401 Unauthorized", "", "");
}

static void says_why(void **state)
{
	struct error err;
	int status;

	(void)state;
	api_start(&api, refuse);
	assert_error(ask(5000, &status, NULL, &err), err,
		     "read Secret net/keys: Forbidden: pods is forbidden: "
		     "exceeded quota: q: request fewer resources, or raise the "
		     "quota");
	assert_int_equal(status, 403);
	assert_error(ask(5000, &status, NULL, &err), err, "log in again");
	assert_int_equal(status, 401);
	api_stop(&api);
}

static void list(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w;
	(void)n;
	if (strstr(request, "GET /apis/own/v1 "))
		web_send(fd, "200 OK", "",
			 "{\"resources\":[{\"name\":\"sets\",\"kind\":"
			 "\"OwnSet\",\"namespaced\":true},{\"name\":"
			 "\"sets/scale\",\"kind\":\"Scale\"}]}");
	else
		web_send(fd, "404 Not Found", "", "");
}

static void looks_kinds_up(void **state)
{
	struct buf path = BUF_INIT(200);
	const struct kube_kind *kind;
	int64_t deadline = clock_mono_us() + 5000000;
	struct error err;

	(void)state;
	api_start(&api, list);
	assert_ok(kinds_find(&api.kinds, api.kube, "apps/v1", "StatefulSet",
			     deadline, &kind, &err),
		  err);
	assert_int_equal(api.web.seen, 0);
	assert_string_equal(kind->resource, "statefulsets");
	assert_ok(kinds_find(&api.kinds, api.kube, "own/v1", "OwnSet", deadline,
			     &kind, &err),
		  err);
	kube_path(&path, kind, "net", "bank-0");
	kube_query(&path, "labelSelector", "a=b");
	assert_string_equal(buf_text(&path),
			    "/apis/own/v1/namespaces/net/sets/bank-0"
			    "?labelSelector=a%3Db");
	assert_error(kinds_find(&api.kinds, api.kube, "own/v1", "OwnSett",
				deadline, &kind, &err),
		     err, "did you mean 'OwnSet'?");
	assert_int_equal(api.web.seen, 1);
	assert_error(kinds_find(&api.kinds, api.kube, "x.y/v1", "Z", deadline,
				&kind, &err),
		     err, "no API x.y/v1");
	buf_release(&path);
	api_stop(&api);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_as_whom),
		cmocka_unit_test(tries_again),
		cmocka_unit_test(tries_again_on_its_loop),
		cmocka_unit_test(gives_up),
		cmocka_unit_test(names_a_page_in_between),
		cmocka_unit_test(gives_up_at_once),
		cmocka_unit_test(says_why),
		cmocka_unit_test(looks_kinds_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

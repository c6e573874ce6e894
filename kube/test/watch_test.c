/* SPDX-License-Identifier: Apache-2.0 */
/* watch_test.c - a watch goes on after breaks, and lists again when it must. */
#include "kube/watch.h"

#include "sys/clock.h"
#include "test/support/api.h"
#include "test/support/test.h"

static const struct kube_kind pods = { "v1", "Pod", "pods", true, NULL };
static struct api api;
static struct kube_watch *watch;

static int open_watch(web_fn answer, struct error *err)
{
	struct kube_ref ref = { &pods, "net", NULL };
	struct kube_selection which = { "a=b", NULL };

	api_start(&api, answer);
	return kube_watch_open(api.kube, &ref, &which,
			       clock_mono_us() + 20000000, &watch, err);
}

static void end(void)
{
	kube_watch_free(watch);
	watch = NULL;
	api_stop(&api);
}

#define POD(name, version)                                                     \
	"{\"metadata\":{\"name\":\"" name "\",\"resourceVersion\":\"" version  \
	"\"}}"

/* A list; a stream that breaks; one that goes on, and says 410; a list. */
static void story(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w;
	assert_non_null(strstr(request, "labelSelector=a%3Db"));
	assert_int_equal(strstr(request, "watch=true") != NULL,
			 n != 0 && n != 3);
	if (n == 0)
		web_send(fd, "200 OK", "",
			 "{\"metadata\":{\"resourceVersion\":\"5\"},"
			 "\"items\":[" POD("a", "1") "]}");
	else if (n == 1)
		web_send_part(fd, "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n"
				  "\r\n{\"type\":\"ADDED\",\"object\":" POD(
					  "b", "6") "}\n{\"type\":");
	else if (n == 2 && strstr(request, "resourceVersion=6"))
		web_send(fd, "200 OK", "",
			 "{\"type\":\"ERROR\",\"object\":{\"code\":410}}\n");
	else if (n == 3)
		web_send(fd, "200 OK", "",
			 "{\"metadata\":{\"resourceVersion\":\"9\"},"
			 "\"items\":[" POD("c", "8") "]}");
	else
		web_send(fd, "200 OK", "", "");
}

static void goes_on(void **state)
{
	int64_t until = clock_mono_us() + 15000000;
	struct error err;

	(void)state;
	assert_ok(open_watch(story, &err), err);
	assert_non_null(view_find(kube_watch_view(watch), "a"));
	while (!view_find(kube_watch_view(watch), "c") &&
	       clock_mono_us() < until) {
		assert_ok(kube_watch_move(watch, &err), err);
		kube_step(api.kube, 100);
	}
	assert_non_null(view_find(kube_watch_view(watch), "c"));
	assert_int_equal(kube_watch_view(watch)->count, 1);
	assert_string_equal(kube_watch_view(watch)->version, "9");
	end();
}

static void forbid(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w;
	(void)n;
	(void)request;
	web_send(fd, "403 Forbidden", "", "{\"message\":\"not you\"}");
}

static void says_refusals(void **state)
{
	struct error err;

	(void)state;
	assert_error(open_watch(forbid, &err), err, "not you");
	assert_int_equal(api.web.seen, 1);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(goes_on),
		cmocka_unit_test(says_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

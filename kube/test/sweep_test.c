/* SPDX-License-Identifier: Apache-2.0 */
/* sweep_test.c - what a sweep asks of a server that refuses some of it. */
#include "kube/sweep.h"

#include "sys/clock.h"
#include "test/support/api.h"
#include "test/support/test.h"

static struct api api;
static char notes[4000];
static _Atomic unsigned deleted, alone;

static void take_note(const char *text, void *ctx)
{
	(void)ctx;
	strncat(notes, text, sizeof(notes) - strlen(notes) - 2);
	strcat(notes, "\n");
}

static void begin(web_fn answer)
{
	deleted = alone = 0;
	notes[0] = 0;
	api_start(&api, answer);
}

static struct kube_sweep sweep_of(int seconds)
{
	return (struct kube_sweep){ .namespace = "net",
				    .selector = "medley.run=r",
				    .seconds = seconds,
				    .note = take_note };
}

/* Only ConfigMaps and Secrets; `item` is what the first has. */
static void answer(int fd, const char *request, const char *item)
{
	char list[1000];

	snprintf(list, sizeof(list),
		 "{\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[%s]}",
		 item);
	if (strstr(request, "/secrets"))
		web_send(fd, "403 Forbidden", "",
			 "{\"message\":\"no secrets for you\"}");
	else if (strstr(request, "watch=true"))
		web_send(fd, "200 OK", "", "");
	else if (strstr(request, "GET /api/v1/namespaces/net/configmaps"))
		web_send(fd, "200 OK", "", list);
	else
		web_send(fd, "404 Not Found", "", "{\"message\":\"none\"}");
}

#define ITEM                                                                   \
	"{\"metadata\":{\"name\":\"conf\",\"uid\":\"u\",\"resourceVersion\":"  \
	"\"3\"}}"

/* Whose collection may not be deleted: but the object may. */
static void one_by_one(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w, (void)n;
	assert_true(!strstr(request, "/configmaps?") ||
		    strstr(request, "labelSelector=medley.run%3Dr"));
	if (strstr(request, "DELETE /api/v1/namespaces/net/configmaps?")) {
		deleted++;
		web_send(fd, "403 Forbidden", "",
			 "{\"message\":\"not all at once\"}");
	} else if (strstr(request,
			  "DELETE /api/v1/namespaces/net/configmaps/conf")) {
		assert_non_null(strstr(request, "{\"uid\":\"u\"}"));
		alone++;
		web_send(fd, "200 OK", "", "{}");
	} else if (strstr(request, "watch=true") && alone) {
		web_send(fd, "200 OK", "",
			 "{\"type\":\"DELETED\",\"object\":" ITEM "}\n");
	} else {
		answer(fd, request, alone ? "" : ITEM);
	}
}

static void deletes_one_by_one(void **state)
{
	struct kube_sweep what = sweep_of(20);
	struct error err;

	(void)state;
	begin(one_by_one);
	assert_ok(kube_sweep(api.kube, &api.kinds, &what, &err), err);
	assert_int_equal(deleted, 1);
	assert_int_equal(alone, 1);
	assert_non_null(strstr(notes, "list Secret net"));
	assert_null(strstr(notes, "all at once"));
	api_stop(&api);
}

static void refuse(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w, (void)n;
	if (strstr(request, "DELETE "))
		web_send(fd, "403 Forbidden", "",
			 "{\"message\":\"hands off\"}");
	else
		answer(fd, request, ITEM);
}

static void says_what_it_may_not(void **state)
{
	struct kube_sweep what = sweep_of(60);
	int64_t began = clock_mono_us();
	struct error err;

	(void)state;
	begin(refuse);
	assert_error(kube_sweep(api.kube, &api.kinds, &what, &err), err,
		     "1 object is left in the namespace net: delete "
		     "ConfigMap net/conf: HTTP 403: hands off: a Role");
	assert_int_equal(err.kind, ERROR_LEFT);
	assert_non_null(strstr(err.text, ": ConfigMap conf"));
	assert_true(clock_mono_us() - began < 20 * 1000000LL);
	api_stop(&api);
}

static void lists(void **state)
{
	struct arena arena = ARENA_INIT(1 << 20);
	struct kube_sweep what = sweep_of(20);
	struct kube_left *left;
	struct error err;
	unsigned count;

	(void)state;
	begin(refuse);
	assert_ok(kube_sweep_list(api.kube, &api.kinds, &what, &arena, &left,
				  &count, &err),
		  err);
	assert_int_equal(count, 1);
	assert_string_equal(left[0].kind, "ConfigMap");
	assert_string_equal(left[0].name, "conf");
	what.selector = "";
	assert_error(kube_sweep(api.kube, &api.kinds, &what, &err), err,
		     "selector");
	arena_release(&arena);
	api_stop(&api);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deletes_one_by_one),
		cmocka_unit_test(says_what_it_may_not),
		cmocka_unit_test(lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

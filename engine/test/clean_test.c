/* SPDX-License-Identifier: Apache-2.0 */
/* clean_test.c - whose a cluster's objects are, and what becomes of them. */
#include "engine/clean.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "test/support/test.h"
#include "test/support/web.h"

static struct web web;
static _Atomic unsigned gone; /* the ConfigMaps of old */
static _Atomic unsigned left; /* its namespace, to others */

#define META(name, namespace, run, time)                                       \
	"{\"metadata\":{\"name\":\"" name "\",\"uid\":\"u\",\"namespace\":"    \
	"\"" namespace "\",\"labels\":{\"medley.run\":\"" run "\"},"           \
		       "\"creationTimestamp\":\"" time "\"}}"
#define OLD META("conf", "a", "old", "2020-01-01T00:00:00Z")
#define SPACE META("a", "", "old", "2020-01-01T00:00:00Z")
#define LIST(items)                                                            \
	"{\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[" items "]}"

static const char *maps_of(const char *request)
{
	if (strstr(request, "medley.run%3Dold"))
		return gone ? LIST("") : LIST(OLD);
	/* Looking for others in a namespace. */
	if (strstr(request, "medley.run%21%3Dold"))
		return LIST(META("other", "a", "x", "2020-01-01T00:00:00Z"));
	if (gone)
		return LIST(META("conf", "b", "new", "2021-01-01T00:00:00Z"));
	return LIST(
		OLD
		"," META("late", "a", "old", "2020-01-01T00:01:00Z") "," META(
			"conf", "b", "new", "2021-01-01T00:00:00Z"));
}

static void answer(struct web *w, int fd, unsigned n, const char *request)
{
	(void)w, (void)n;
	if (strstr(request, " /api/v1/namespaces/a?") ||
	    strstr(request, " /api/v1/namespaces/a ")) {
		left |= strstr(request, "PATCH ") != NULL;
		web_send(fd, "200 OK", "", SPACE);
	} else if (strstr(request, "DELETE ")) {
		assert_non_null(strstr(request, "/namespaces/a/configmaps?"));
		assert_non_null(strstr(request, "medley.run%3Dold"));
		gone = 1;
		web_send(fd, "200 OK", "", LIST(""));
	} else if (strstr(request, "watch=true")) {
		web_send(fd, "200 OK", "",
			 gone ? "{\"type\":\"DELETED\",\"object\":" OLD "}\n"
			      : "");
	} else if (strstr(request, "/configmaps?")) {
		web_send(fd, "200 OK", "", maps_of(request));
	} else if (strstr(request, "GET /api/v1/namespaces?")) {
		web_send(fd, "200 OK", "", left ? LIST("") : LIST(SPACE));
	} else {
		web_send(fd, "200 OK", "", LIST(""));
	}
}

static void write_config(char dir[PATH_ROOM])
{
	struct error err;
	char path[PATH_ROOM], text[600];
	int len;

	assert_ok(dir_make_temporary("/tmp/medley-clean-", dir, &err), err);
	len = snprintf(text, sizeof(text),
		       "clusters:\n- {name: c, cluster: {server: "
		       "\"http://127.0.0.1:%d\"}}\n"
		       "users:\n- {name: u, user: {}}\n"
		       "contexts:\n- {name: test, context: {cluster: c, "
		       "user: u}}\ncurrent-context: test\n",
		       web.port);
	setenv("KUBECONFIG", path_join(path, dir, "config"), 1);
	assert_ok(file_write(path, text, (size_t)len, 0600, &err), err);
}

static void take_note(const char *text, void *ctx)
{
	(void)ctx;
	assert_non_null(strstr(
		text, "Namespace a has objects that this run did not create"));
}

/* The old run goes, its namespace is shared with somebody; the other stays. */
static void cleans_a_cluster(void **state)
{
	cleanup(clean_closep) struct clean_place *p = NULL;
	char dir[PATH_ROOM];
	struct error err;

	(void)state;
	web = (struct web){ .answer = answer };
	web_start(&web);
	write_config(dir);
	assert_ok(clean_cluster("test", NULL, "/nowhere", &p, &err), err);
	p->note = take_note;
	assert_ok(clean_find(p, &err), err);
	assert_int_equal(p->count, 2);
	assert_string_equal(p->runs[0].run, "old");
	assert_string_equal(p->runs[0].where, "test/a");
	assert_int_equal(p->runs[0].things, 3);
	assert_int_equal(p->runs[0].active_us, 1577836860000000);
	assert_string_equal(p->runs[1].where, "test/b");
	assert_int_equal(p->runs[1].things, 1);
	assert_ok(clean_remove(p, &p->runs[0], 20, &err), err);
	assert_ok(clean_prove(p, &err), err);
	assert_true(left);
	assert_true(p->runs[0].removed && !p->runs[0].left);
	assert_false(p->runs[1].removed);
	web_stop(&web);
	assert_ok(dir_remove(dir, &err), err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cleans_a_cluster),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

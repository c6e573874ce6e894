/* SPDX-License-Identifier: Apache-2.0 */
/* view_test.c - events change what is seen, however the bytes are cut. */
#include "kube/view.h"

#include "test/support/test.h"

#define OBJECT(name, version)                                                  \
	"{\"metadata\":{\"name\":\"" name "\",\"resourceVersion\":\"" version  \
	"\"}}"
#define EVENT(type, object) "{\"type\":\"" type "\",\"object\":" object "}\n"

static void list(struct view *v)
{
	static const char text[] =
		"{\"metadata\":{\"resourceVersion\":\"7\"},"
		"\"items\":[" OBJECT("a", "1") "," OBJECT("b", "2") "]}";
	struct js *value;
	struct error err;

	view_init(v);
	assert_ok(js_parse("list", text, sizeof(text) - 1, &value, &err), err);
	assert_ok(view_add_page(v, value, &err), err);
	js_free(value);
	assert_int_equal(v->count, 2);
	assert_string_equal(v->version, "7");
}

static void follows(void **state)
{
	static const char text[] = EVENT("ADDED", OBJECT("c", "8"))
		EVENT("MODIFIED", OBJECT("b", "9")) EVENT("DELETED",
							  OBJECT("a", "10"))
			EVENT("BOOKMARK", "{\"metadata\":{\"resourceVersion\":"
					  "\"11\"}}");
	struct error err;
	struct view v;

	(void)state;
	list(&v);
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		assert_ok(view_feed(&v, text + i, 1, &err), err);
	assert_int_equal(v.count, 2);
	assert_null(view_find(&v, "a"));
	assert_non_null(view_find(&v, "c"));
	assert_string_equal(js_str(js_get(view_find(&v, "b"), "metadata"),
				   "resourceVersion"),
			    "9");
	assert_string_equal(v.version, "11");
	view_release(&v);
}

/* What says how it is doing, and nothing else. */
static void keeps_what_matters(void **state)
{
	static const char text[] =
		"{\"type\":\"ADDED\",\"object\":{\"kind\":\"Pod\","
		"\"metadata\":{\"name\":\"p\",\"uid\":\"u\",\"finalizers\":"
		"[\"f\"],\"managedFields\":[{}],\"labels\":{}},"
		"\"spec\":{\"replicas\":3,\"volumes\":[],"
		"\"updateStrategy\":{\"rollingUpdate\":{\"partition\":1}},"
		"\"imagePullSecrets\":[{\"name\":\"s\"}]},"
		"\"status\":{\"phase\":\"Running\"},\"reason\":\"r\"}}\n";
	cleanup(buf_release) struct buf out = BUF_INIT(4096);
	struct error err;
	struct view v;

	(void)state;
	view_init(&v);
	assert_ok(view_feed(&v, text, sizeof(text) - 1, &err), err);
	assert_ok(js_print(view_find(&v, "p"), JS_LINE, &out, &err), err);
	assert_string_equal(
		buf_text(&out),
		"{\"metadata\":{\"name\":\"p\",\"uid\":\"u\","
		"\"finalizers\":[\"f\"]},\"spec\":{\"replicas\":3,"
		"\"updateStrategy\":{\"rollingUpdate\":{\"partition\":1}},"
		"\"imagePullSecrets\":[{\"name\":\"s\"}]},"
		"\"status\":{\"phase\":\"Running\"},\"reason\":\"r\"}");
	view_release(&v);
}

static void ends(void **state)
{
	static const char gone[] = EVENT("ERROR", "{\"code\":410}");
	static const char other[] =
		EVENT("ERROR", "{\"code\":500,\"message\":\"no way\"}");
	struct error err;
	struct view v;

	(void)state;
	list(&v);
	assert_ok(view_feed(&v, gone, sizeof(gone) - 1, &err), err);
	assert_true(v.expired);
	view_clear(&v);
	assert_false(v.expired);
	assert_error(view_feed(&v, other, sizeof(other) - 1, &err), err,
		     "no way");
	assert_error(view_feed(&v, "x\n", 2, &err), err,
		     "watch objects: the API server's answer:1:");
	assert_int_equal(err.kind, ERROR_DEPLOY);
	view_rewind(&v);
	assert_ok(view_feed(&v, "{\"half", 6, &err), err);
	view_rewind(&v);
	assert_int_equal(v.line.len, 0);
	view_release(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(follows),
		cmocka_unit_test(keeps_what_matters),
		cmocka_unit_test(ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

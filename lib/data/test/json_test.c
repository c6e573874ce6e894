/* SPDX-License-Identifier: Apache-2.0 */
/* json_test.c - looking into values, building them, and what is refused. */
#include "test/support/test.h"

#include "base/cleanup.h"
#include "data/json.h"

static struct js *parsed(const char *text)
{
	struct error err = { 0 };
	struct js *v = NULL;

	assert_ok(js_parse("t.json", text, strlen(text), &v, &err), err);
	return v;
}

static void looked_into(void **state)
{
	cleanup(js_freep) struct js *v =
		parsed("{\"a\":\"x\",\"n\":7,\"r\":1.5,\"b\":true,\"z\":null,"
		       "\"l\":[\"p\",2]}");

	(void)state;
	assert_string_equal(js_str(v, "a"), "x");
	assert_null(js_str(v, "n"));
	assert_int_equal(js_int(v, "n", 0), 7);
	assert_int_equal(js_int(v, "a", -1), -1);
	assert_true(js_num(v, "r", 0) == 1.5 && js_num(v, "n", 0) == 7);
	assert_true(js_bool(v, "b", false) && js_bool(v, "z", true));
	assert_int_equal(js_count(js_get(v, "l")), 2);
	assert_string_equal(js_text(js_at(js_get(v, "l"), 0)), "p");
	assert_null(js_text(js_at(js_get(v, "l"), 1)));
	assert_null(js_at(js_get(v, "l"), 2));
	assert_null(js_get(js_get(v, "none"), "deeper"));
	assert_int_equal(js_count(NULL), 0);
}

static void built(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(4096);
	cleanup(js_freep) struct js *v = js_object();
	struct js *list = js_array();
	struct error err = { 0 };

	(void)state;
	js_set_str(v, "text", "a\"b");
	js_set_str(v, "none", NULL);
	js_set_int(v, "n", INT64_MAX);
	js_set_num(v, "r", 41.2);
	js_set_bool(v, "b", true);
	js_append_str(list, "x");
	js_append_int(list, 1);
	js_append(list, js_object());
	js_set(v, "list", list);
	assert_ok(js_print(v, JS_LINE, &out, &err), err);
	assert_string_equal(
		buf_text(&out),
		"{\"text\":\"a\\\"b\",\"none\":null,\"n\":9223372036854775807,"
		"\"r\":41.2,\"b\":true,\"list\":[\"x\",1,{}]}");
}

static void failure_is_remembered(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(4096);
	cleanup(js_freep) struct js *v = js_object();
	struct error err = { 0 };

	(void)state;
	js_set_str(v, "bad", "\xff");
	assert_error(js_print(v, JS_LINE, &out, &err), err, "UTF-8");
}

static int count_two(const char *key, const struct js *member, void *ctx)
{
	(void)key, (void)member;
	return ++*(int *)ctx == 2 ? 5 : 0;
}

static void each_stops(void **state)
{
	cleanup(js_freep) struct js *v = parsed("{\"a\":1,\"b\":2,\"c\":3}");
	int n = 0;

	(void)state;
	assert_int_equal(js_each(v, count_two, &n), 5);
	assert_int_equal(n, 2);
}

static void refused(void **state)
{
	struct error err = { 0 };
	struct js *v = NULL;

	(void)state;
	assert_error(js_parse("t.json", "{\n\"a\":1,\n\"a\":2}", 16, &v, &err),
		     err, "t.json:3:");
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_error(js_parse("t.json", "[1", 2, &v, &err), err, "t.json:1:");
	assert_error(js_parse("t.json", "\xef\xbb\xbf{}", 5, &v, &err), err,
		     "t.json:1:1: a byte order mark; expected UTF-8");
	assert_error(js_parse("t.json", "\xff\xfe{\0}\0", 6, &v, &err), err,
		     "t.json:1:1: a byte order mark");
	assert_error(js_read_file("/nowhere.json", &v, &err), err, "nowhere");
	assert_null(v);
}

/* Not the user's: no file is wrong. */
static void answers_of_programs(void **state)
{
	struct error err = { 0 };
	struct js *value = NULL;

	(void)state;
	assert_error(js_parse_answer("podman ps", "", 0, &value, &err), err,
		     "podman ps printed nothing");
	assert_int_equal(err.kind, ERROR_INTERNAL);
	assert_error(js_parse_answer("podman ps", "x", 1, &value, &err), err,
		     "output of podman ps:1:1: ");
	assert_int_equal(err.kind, ERROR_INTERNAL);
	assert_ok(js_parse_answer("podman ps", "[]", 2, &value, &err), err);
	js_free(value);
}

static void quoted(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(64);

	(void)state;
	js_quote(&out, "a\"\\\n\xc3\xa9");
	assert_string_equal(buf_text(&out), "\"a\\\"\\\\\\u000a\xc3\xa9\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(looked_into),
		cmocka_unit_test(built),
		cmocka_unit_test(answers_of_programs),
		cmocka_unit_test(failure_is_remembered),
		cmocka_unit_test(each_stops),
		cmocka_unit_test(refused),
		cmocka_unit_test(quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* json_parts_test.c - what is wanted is read, the rest passed over. */
#include "data/json.h"
#include "test/support/test.h"

static const struct js_part inner[] = { { "x", NULL }, { NULL, NULL } };
static const struct js_part parts[] = {
	{ "a", inner },
	{ "all", NULL },
	{ NULL, NULL },
};

static int parse(const char *text, struct js **ret, struct error *err)
{
	return js_parse_parts("t", text, strlen(text), parts, ret, err);
}

static void assert_reads(const char *text, const char *want)
{
	cleanup(buf_release) struct buf out = BUF_INIT(4096);
	cleanup(js_freep) struct js *value = NULL;
	struct error err;

	assert_ok(parse(text, &value, &err), err);
	assert_ok(js_print(value, JS_LINE, &out, &err), err);
	assert_string_equal(buf_text(&out), want);
}

static void reads_what_is_wanted(void **state)
{
	(void)state;
	assert_reads("{}", "{}");
	assert_reads(" { \"b\" : [1, {\"c\": \"]}\\\"\"}] , \"a\" : {\"y\":"
		     "-1.5e3,\"x\":[true,null]}, \"z\":{\"a\":1}}\n",
		     "{\"a\":{\"x\":[true,null]}}");
	assert_reads("{\"a\":{\"x\":1,\"q\":\"\\\\\",\"r\":2},\"all\":{\"m\":"
		     "{\"n\":\"\\u00e9\"}},\"aa\":3,\"\":4}",
		     "{\"a\":{\"x\":1},\"all\":{\"m\":{\"n\":\"\xc3\xa9\"}}}");
	/* Of an array: of each in it. */
	assert_reads("{\"a\":[{\"q\":1,\"x\":2}, [ ], 7,{\"q\":[8]}]}",
		     "{\"a\":[{\"x\":2},[],7,{}]}");
	assert_reads("[1, \"x\"]", "[1,\"x\"]");
}

static void refuses_what_is_cut(void **state)
{
	static const char text[] =
		"{\"b\":[\"\\\"\"],\"a\":{\"y\":{},\"x\":\"s\"},\"all\":[1],"
		"\"a\":[{\"x\":1}, 2]}";
	struct error err;
	struct js *value;

	(void)state;
	for (size_t len = 0; len < sizeof(text) - 1; len++)
		assert_true(js_parse_parts("t", text, len, parts, &value,
					   &err) < 0);
	assert_error(parse("{\"all\":[1}", &value, &err), err, "t:1");
	assert_error(parse("{\"all\":1 2}", &value, &err), err, "t:1");
	assert_error(parse("{\"all\" 1}", &value, &err), err, "t:1");
	assert_error(parse("{\"a\":{\"x\":1}} {", &value, &err), err, "t:1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_is_wanted),
		cmocka_unit_test(refuses_what_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

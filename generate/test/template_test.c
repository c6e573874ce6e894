/* SPDX-License-Identifier: Apache-2.0 */
/* template_test.c - holes are filled, blocks are indented, gaps are told. */
#include "generate/template.h"

#include "base/cleanup.h"
#include "test/support/test.h"

static const struct hole holes[] = { { "a", "1" },
				     { "two", "x\n\n  y\n" },
				     { "none", "" } };

static void assert_fills(const char *text, const char *want)
{
	cleanup(buf_release) struct buf b = BUF_INIT(4096);
	struct error err = { 0 };

	assert_ok(template_fill("t", text, holes, ARRAY_SIZE(holes), &b, &err),
		  err);
	assert_string_equal(buf_text(&b), want);
}

static void fills_holes(void **state)
{
	(void)state;
	assert_fills("", "");
	assert_fills("a {{a}} b{{a}}c ${A} {}\n", "a 1 b1c ${A} {}\n");
	assert_fills("{{a}}{{none}}{{a}}", "11");
}

static void indents_blocks(void **state)
{
	(void)state;
	assert_fills("top:\n  {{two}}\nend\n", "top:\n  x\n\n    y\nend\n");
	assert_fills("top:\n    {{none}}\nend\n", "top:\nend\n");
	assert_fills("  {{a}}\n", "  1\n");
}

static void tells_what_is_missing(void **state)
{
	cleanup(buf_release) struct buf b = BUF_INIT(4096);
	struct error err = { 0 };

	(void)state;
	assert_error(template_fill("t", "x\n{{b}}\n", holes, 3, &b, &err), err,
		     "t:2: nothing fills {{b}}");
	assert_error(template_fill("t", "{{b", holes, 3, &b, &err), err,
		     "t:1: {{ is not closed");
	assert_error(template_fill_file("generate/no-such-file", holes, 3, &b,
					&err),
		     err, "no-such-file");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills_holes),
		cmocka_unit_test(indents_blocks),
		cmocka_unit_test(tells_what_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

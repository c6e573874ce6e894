/* SPDX-License-Identifier: Apache-2.0 */
/* template_test.c - holes are filled, blocks are indented, gaps are told. */
#include "generate/template.h"

#include "base/cleanup.h"
#include "data/yaml.h"
#include "test/support/test.h"

static const struct hole holes[] = { { .name = "a", .value = "1" },
				     { .name = "two", .value = "x\n\n  y\n" },
				     { .name = "none", .value = "" } };

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

/* Whatever YAML would read in it. */
static void texts_stay_texts(void **state)
{
	static const char *const words[] = {
		"1234",	 "1e3",	 "3240286e-210077",
		"0123",	 "true", "null",
		"off",	 "on",	 "1_000",
		".inf",	 "~",	 "",
		"a: b",	 "a #b", "- a",
		"\"a\"", "*a",	 "{a}",
		"yes",	 "0x1f", "2026-11-21",
		"'",	 "a\nb", "=",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		cleanup(arena_release) struct arena arena = ARENA_INIT(65536);
		cleanup(buf_release) struct buf b = BUF_INIT(4096);
		struct hole hole = { .name = "x",
				     .value = words[i],
				     .is_text = true };
		struct yaml_file file;
		struct error err = { 0 };
		const struct yaml_node *item;

		assert_ok(template_fill("t", "k: {{x}}\nl:\n  - {{x}}\n", &hole,
					1, &b, &err),
			  err);
		assert_ok(yaml_parse("t", buf_text(&b), b.len, &arena, &file,
				     &err),
			  err);
		assert_string_equal(yaml_str(file.documents[0], "k"), words[i]);
		item = yaml_get(file.documents[0], "l")->items[0];
		assert_false(item->plain);
		assert_string_equal(item->text, words[i]);
	}
}

static void texts_in_a_script_stay_bare(void **state)
{
	cleanup(buf_release) struct buf b = BUF_INIT(4096);
	struct hole hole = { .name = "x", .value = "/a b", .is_text = true };
	struct error err = { 0 };

	(void)state;
	assert_ok(template_fill("t",
				"cd {{x}}\nrm -f {{x}}\n{{x}} c\nn: {{x}}Mi\n"
				"  {{x}}\na - {{x}}\n",
				&hole, 1, &b, &err),
		  err);
	assert_string_equal(buf_text(&b), "cd /a b\nrm -f /a b\n/a b c\n"
					  "n: /a bMi\n  /a b\na - /a b\n");
}

static void tells_what_is_missing(void **state)
{
	cleanup(buf_release) struct buf b = BUF_INIT(4096);
	struct error err = { 0 };

	(void)state;
	assert_error(template_fill("t", "x\n{{b}}\n", holes, 3, &b, &err), err,
		     "t:2: no value for {{b}}");
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
		cmocka_unit_test(texts_stay_texts),
		cmocka_unit_test(texts_in_a_script_stay_bare),
		cmocka_unit_test(tells_what_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

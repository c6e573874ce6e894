/* SPDX-License-Identifier: Apache-2.0 */
/* yaml_test.c - trees from text and back, and what is refused. */
#include "test/support/test.h"

#include "base/cleanup.h"
#include "data/yaml.h"

static struct arena arena = ARENA_INIT(4 * 1024 * 1024);

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct yaml_file parsed(const char *text)
{
	struct error err = { 0 };
	struct yaml_file file = { 0 };

	assert_ok(yaml_parse("t.yaml", text, strlen(text), &arena, &file, &err),
		  err);
	return file;
}

static void places(void **state)
{
	struct yaml_file f = parsed("a: 1\nb:\n  - x\n  - \"y\"\n---\nc: {}\n");
	struct yaml_node *b = yaml_get(f.documents[0], "b");

	(void)state;
	assert_int_equal(f.count, 2);
	assert_string_equal(yaml_str(f.documents[0], "a"), "1");
	assert_int_equal(b->type, YAML_SEQUENCE);
	assert_int_equal(b->count, 2);
	assert_int_equal(b->items[1]->line, 4);
	assert_int_equal(b->items[1]->column, 5);
	assert_true(b->items[0]->plain);
	assert_false(b->items[1]->plain);
	assert_null(yaml_get(NULL, "a"));
	assert_null(yaml_get(b, "a"));
	assert_null(yaml_str(f.documents[0], "b"));
	assert_int_equal(yaml_get(f.documents[1], "c")->count, 0);
}

static void null_is_absent(void **state)
{
	static const char text[] =
		"a: null\nb: ~\nc:\nd: NULL\ne: 'null'\nf: \"~\"\n"
		"g: nulls\nh: ''\ni: Null\n";
	struct yaml_file f = parsed(text);
	const struct yaml_node *root = f.documents[0];
	const char *key;

	(void)state;
	for (key = "abcdi"; *key; key++) {
		char name[] = { *key, 0 };

		assert_null(yaml_get(root, name));
		assert_null(yaml_str(root, name));
	}
	assert_string_equal(yaml_str(root, "e"), "null");
	assert_string_equal(yaml_str(root, "f"), "~");
	assert_string_equal(yaml_str(root, "g"), "nulls");
	assert_string_equal(yaml_str(root, "h"), "");
	assert_int_equal(root->count, 9);
}

/* What editors put before the text, and how Windows PowerShell writes it. */
static void byte_order_marks(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} all[] = {
		{ "\xef\xbb\xbf"
		  "a: x\nb: y\n",
		  13 },
		{ "\xff\xfe"
		  "a\0:\0 \0x\0\n\0b\0:\0 \0y\0\n\0",
		  22 },
		{ "\xfe\xff"
		  "\0a\0:\0 \0x\0\n\0b\0:\0 \0y\0\n",
		  22 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		struct error err = { 0 };
		struct yaml_file f = { 0 };

		assert_ok(yaml_parse("t.yaml", all[i].text, all[i].len, &arena,
				     &f, &err),
			  err);
		assert_string_equal(yaml_str(f.documents[0], "a"), "x");
		assert_string_equal(yaml_str(f.documents[0], "b"), "y");
		assert_int_equal(yaml_get(f.documents[0], "b")->line, 2);
	}
}

static void refused(void **state)
{
	static const struct {
		const char *text, *error;
	} bad[] = {
		{ "a: 1\nb: 2\na: 3\n",
		  "t.yaml:3:1: key 'a' is given twice, first in line 1" },
		{ "a: &x 1\nb: *x\n", "t.yaml:2:4: aliases" },
		{ "a: !!int 1\n", "t.yaml:1:4: tags" },
		{ "? [a]\n: b\n", "t.yaml:1:3: expected a key" },
		{ "a: \"x\\0y\"\n", "t.yaml:1:4: a NUL" },
		{ "a: [1\nb: 2\n", "t.yaml:2:" },
		{ "a: \x01\n", "t.yaml:1:" },
		{ "a: \xff\n", "t.yaml:1:" },
		{ "\ta: 1\n", "t.yaml:1:" },
	};
	char deep[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct error err = { 0 };
		struct yaml_file f;

		assert_error(yaml_parse("t.yaml", bad[i].text,
					strlen(bad[i].text), &arena, &f, &err),
			     err, bad[i].error);
		assert_int_equal(err.kind, ERROR_INPUT);
	}
	struct error err = { 0 };
	struct yaml_file f;

	memset(deep, '[', sizeof(deep));
	assert_error(yaml_parse("d", deep, sizeof(deep), &arena, &f, &err), err,
		     "64 deep");
	assert_error(yaml_read("/nowhere.yaml", &arena, &f, &err), err,
		     "/nowhere.yaml: No such file");
}

static int parse_shared(const char *text, struct yaml_file *ret,
			struct error *err)
{
	return yaml_parse_shared("t.yaml", text, strlen(text), &arena, ret,
				 err);
}

static void what_is_shared(void **state)
{
	struct yaml_file f;
	struct error err = { 0 };
	const struct yaml_node *root, *m;

	(void)state;
	assert_ok(parse_shared("a: &x word\nb: *x\nc: &m {k: 1, l: 2}\n"
			       "d: {<<: *m, l: 3, n: 4}\ne: &x other\n"
			       "f: *x\ng: {<<: [{l: 5}, *m]}\n"
			       "h: {'<<': *m}\n",
			       &f, &err),
		  err);
	root = f.documents[0];
	assert_string_equal(yaml_str(root, "b"), "word");
	assert_int_equal(yaml_get(root, "b")->line, 1);
	assert_string_equal(yaml_str(root, "f"), "other");
	m = yaml_get(root, "d");
	assert_int_equal(m->count, 3);
	assert_string_equal(yaml_str(m, "k"), "1");
	assert_string_equal(yaml_str(m, "l"), "3");
	assert_null(yaml_get(m, "<<"));
	m = yaml_get(root, "g");
	assert_string_equal(yaml_str(m, "k"), "1");
	assert_string_equal(yaml_str(m, "l"), "5");
	assert_int_equal(yaml_get(root, "c")->count, 2);
	assert_non_null(yaml_get(yaml_get(root, "h"), "<<"));
}

static void what_cannot_be_shared(void **state)
{
	static const struct {
		const char *text, *error;
	} bad[] = {
		{ "a: *x\n", "t.yaml:1:4: no anchor" },
		{ "a: &x {b: *x}\n", "t.yaml:1:11: no anchor" },
		{ "a: {b: 1, <<: {c: 2}}\n", "t.yaml:1:11: put '<<' before" },
		{ "a: {<<: word}\n", "t.yaml:1:9: expected a map" },
		{ "a: {<<: [word]}\n", "t.yaml:1:10: expected a map" },
		{ "a: &x 1\n*x : b\n", "t.yaml:2:1: expected a key" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct error err = { 0 };
		struct yaml_file f;

		assert_error(parse_shared(bad[i].text, &f, &err), err,
			     bad[i].error);
		assert_int_equal(err.kind, ERROR_INPUT);
	}
}

/* Each line doubles what the one before holds. */
static void sharing_is_bounded(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(1 << 20);
	struct error err = { 0 };
	struct yaml_file f;

	(void)state;
	buf_add_str(&text, "a0: &a0 [x]\n");
	for (int i = 1; i < 60; i++)
		buf_addf(&text, "a%d: &a%d [*a%d, *a%d]\n", i, i, i - 1, i - 1);
	assert_ok(parse_shared(buf_text(&text), &f, &err), err);
	assert_int_equal(yaml_get(f.documents[0], "a59")->count, 2);
	buf_clear(&text);
	for (int i = 0; i < 1001; i++)
		buf_addf(&text, "- &a%d x\n", i);
	assert_error(parse_shared(buf_text(&text), &f, &err), err,
		     "t.yaml:1001:3: more than 1000 anchors");
	buf_clear(&text);
	buf_add_str(&text, "a: &a\n");
	for (int i = 0; i < 101; i++)
		buf_addf(&text, "  k%d: x\n", i);
	buf_add_str(&text, "b: {<<: *a}\n");
	assert_error(parse_shared(buf_text(&text), &f, &err), err,
		     "t.yaml:103:4: '<<' merges more than 100 keys");
}

static void ceiling(void **state)
{
	struct arena small = ARENA_INIT(256);
	struct error err = { 0 };
	struct yaml_file f;
	const char *text = "[1, 2, 3, 4, 5, 6, 7, 8]";

	(void)state;
	assert_error(yaml_parse("t", text, strlen(text), &small, &f, &err), err,
		     "memory");
	arena_release(&small);
}

static void expect_same(const struct yaml_node *a, const struct yaml_node *b)
{
	assert_int_equal(a->type, b->type);
	if (a->type == YAML_SCALAR) {
		assert_string_equal(a->text, b->text);
		return;
	}
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		if (a->type == YAML_MAP)
			assert_string_equal(a->keys[i]->text, b->keys[i]->text);
		expect_same(a->items[i], b->items[i]);
	}
}

static void written_back(void **state)
{
	static const char text[] =
		"plain: word\nnumber: 4.10\nquoted: \"4.10\"\nyes: 'yes'\n"
		"empty: \"\"\nnothing:\nlines: |\n  a: b\n    c\n\n  d\n"
		"no end: |-\n  x\n  y\nmore: |+\n  x\n\n\n"
		"lead: \"  two\\nlines\"\nodd: \"\\x7f\\u0085\\u2028\\\\ "
		"\\\"\"\n"
		"utf: \"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"\n"
		"seq:\n  - 1\n  - a: b\n    c:\n      - - x\n        - y\n"
		"      - []\n  - {}\nmap:\n  k: {v: [w]}\n\"a b: c\": '# no'\n"
		"tab: \"a\\tb\\nc\\td\\r\\n\"\n";
	cleanup(buf_release) struct buf out = BUF_INIT(65536);
	cleanup(buf_release) struct buf again = BUF_INIT(65536);
	struct yaml_file f = parsed(text);
	struct yaml_file g;

	(void)state;
	yaml_write(&out, f.documents[0], 0);
	g = parsed(buf_text(&out));
	expect_same(f.documents[0], g.documents[0]);
	yaml_write(&again, g.documents[0], 0);
	assert_string_equal(buf_text(&out), buf_text(&again));
	assert_non_null(strstr(buf_text(&out), "\nnumber: 4.10\n"));
	assert_non_null(strstr(buf_text(&out), "\nquoted: \"4.10\"\n"));
	assert_non_null(strstr(buf_text(&out), "\nlines: |2\n  a: b\n"));
	assert_non_null(strstr(buf_text(&out), "\nnothing:\n"));
}

static void placed_errors(void **state)
{
	struct yaml_file f = parsed("a:\n  b: 1\n");
	struct error err = { 0 };

	(void)state;
	yaml_error(&f, yaml_get(yaml_get(f.documents[0], "a"), "b"), &err,
		   "expected %s", "a word");
	assert_string_equal(err.text, "t.yaml:2:6: expected a word");
	assert_int_equal(err.kind, ERROR_INPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(places, teardown),
		cmocka_unit_test_teardown(null_is_absent, teardown),
		cmocka_unit_test_teardown(byte_order_marks, teardown),
		cmocka_unit_test_teardown(refused, teardown),
		cmocka_unit_test_teardown(what_is_shared, teardown),
		cmocka_unit_test_teardown(what_cannot_be_shared, teardown),
		cmocka_unit_test_teardown(sharing_is_bounded, teardown),
		cmocka_unit_test_teardown(ceiling, teardown),
		cmocka_unit_test_teardown(written_back, teardown),
		cmocka_unit_test_teardown(placed_errors, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

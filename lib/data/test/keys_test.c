/* SPDX-License-Identifier: Apache-2.0 */
/* keys_test.c - tables of keys: forms of one file, and lists of variants. */
#include "data/keys.h"

#include "base/cleanup.h"
#include "test/support/test.h"

/* ---- a file with a list of deeds ---- */

enum deed_kind { DEED_PAY, DEED_FAULT, DEED_PAUSE, DEED_NOTE };

struct pay {
	int count;
	const char *currency;
};

struct fault {
	const struct yaml_node *at;
	const char *node;
	const char *why;
};

struct deed {
	const struct yaml_node *at;
	enum deed_kind kind;
	union {
		struct pay pay;
		struct fault fault;
		int pause;
		const char *note;
	};
};

struct story {
	const char *title;
	const char *draft; /* of what a person writes */
	const char *written_by; /* of what is saved */
	struct deed *deeds;
	unsigned deed_count;
	const struct key_pair *marks;
	unsigned mark_count;
};

enum { WRITTEN = 1, SAVED = 2 };

static const struct key pay_list[] = {
	{ .name = "count",
	  .type = KEY_INT,
	  .offset = offsetof(struct pay, count),
	  .min = 1,
	  .max = 9,
	  .fallback = "5",
	  .help = "how many" },
	{ .name = "currency",
	  .type = KEY_TEXT,
	  .offset = offsetof(struct pay, currency),
	  .choices = "USD EUR",
	  .fallback = "USD",
	  .help = "of which kind" },
};

static const struct keys pay_keys = KEYS_OF("payments", pay_list);

static const struct key fault_list[] = {
	{ .name = "node",
	  .type = KEY_TEXT,
	  .offset = offsetof(struct fault, node),
	  .required = true,
	  .help = "the node that is hit" },
	{ .name = "why",
	  .type = KEY_TEXT,
	  .offset = offsetof(struct fault, why),
	  .help = "for readers" },
};

static const struct keys fault_keys = {
	.what = "a fault",
	.list = fault_list,
	.count = ARRAY_SIZE(fault_list),
	.at_offset = offsetof(struct fault, at),
};

#define DEED(member) offsetof(struct deed, member)

static const struct key deed_list[] = {
	[DEED_PAY] = { .name = "pay",
		       .type = KEY_MAP,
		       .offset = DEED(pay),
		       .inner = &pay_keys,
		       .help = "payments" },
	[DEED_FAULT] = { .name = "fault",
			 .type = KEY_MAP,
			 .offset = DEED(fault),
			 .inner = &fault_keys,
			 .help = "something breaks" },
	[DEED_PAUSE] = { .name = "pause",
			 .type = KEY_INT,
			 .offset = DEED(pause),
			 .min = 1,
			 .max = 60,
			 .fallback = "10",
			 .help = "seconds" },
	[DEED_NOTE] = { .name = "note",
			.type = KEY_TEXT,
			.offset = DEED(note),
			.help = "for readers" },
};

static const struct keys deed_keys = {
	.what = "a deed",
	.list = deed_list,
	.count = ARRAY_SIZE(deed_list),
	.size = sizeof(struct deed),
	.at_offset = DEED(at),
	.one_of = true,
	.tag_offset = DEED(kind),
};

#define STORY(member) offsetof(struct story, member)

static const struct key story_list[] = {
	{ .name = "draft",
	  .type = KEY_TEXT,
	  .only = WRITTEN,
	  .offset = STORY(draft),
	  .fallback = "no",
	  .help = "written alone" },
	{ .name = "written_by",
	  .type = KEY_TEXT,
	  .only = SAVED,
	  .offset = STORY(written_by),
	  .required = true,
	  .help = "saved alone" },
	{ .name = "title",
	  .type = KEY_TEXT,
	  .offset = STORY(title),
	  .help = "of both" },
	{ .name = "deeds",
	  .type = KEY_LIST,
	  .offset = STORY(deeds),
	  .count_offset = STORY(deed_count),
	  .inner = &deed_keys,
	  .max = 5,
	  .help = "in their order" },
	{ .name = "marks",
	  .type = KEY_PAIRS,
	  .offset = STORY(marks),
	  .count_offset = STORY(mark_count),
	  .max = 3,
	  .help = "by any name" },
};

#define STORY_KEYS(about, which)                                               \
	{ .what = about,                                                       \
	  .list = story_list,                                                  \
	  .count = ARRAY_SIZE(story_list),                                     \
	  .form = which,                                                       \
	  .at_offset = KEYS_NO_PLACE }

static const struct keys written_keys = STORY_KEYS("a story", WRITTEN);
static const struct keys saved_keys = STORY_KEYS("a saved story", SAVED);

static struct arena arena = ARENA_INIT(4 * 1024 * 1024);

static int end(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static int read_story(const struct keys *keys, const char *text,
		      struct story *ret, struct error *err)
{
	struct yaml_file file;

	*ret = (struct story){ 0 };
	if (yaml_parse("s.yaml", text, strlen(text), &arena, &file, err) < 0)
		return -1;
	return keys_read(keys, &file, file.documents[0], ret, &arena, err);
}

/* ---- forms ---- */

static void a_form_has_its_own_keys_and_the_shared_ones(void **state)
{
	struct error err = { 0 };
	struct story s;

	(void)state;
	assert_ok(read_story(&written_keys, "title: a\n", &s, &err), err);
	assert_string_equal(s.title, "a");
	assert_string_equal(s.draft, "no");
	assert_null(s.written_by);
	assert_ok(read_story(&saved_keys, "title: a\nwritten_by: m\n", &s,
			     &err),
		  err);
	assert_string_equal(s.written_by, "m");
	assert_null(s.draft);
	assert_error(read_story(&written_keys, "written_by: m\n", &s, &err),
		     err,
		     "s.yaml:1:1: unknown key 'written_by'; a story has: "
		     "draft, title, deeds, marks");
	assert_error(read_story(&saved_keys, "written_by: m\ndraft: a\n", &s,
				&err),
		     err,
		     "s.yaml:2:1: unknown key 'draft'; a saved story has: "
		     "written_by, title, deeds, marks");
	assert_error(read_story(&saved_keys, "title: a\n", &s, &err), err,
		     "s.yaml:1:1: a saved story needs the key 'written_by'");
}

static void a_form_is_written_and_described_alone(void **state)
{
	cleanup(buf_release) struct buf saved = BUF_INIT(4096),
					page = BUF_INIT(4096);
	const struct story s = { .title = "a",
				 .draft = "d",
				 .written_by = "m" };

	(void)state;
	keys_write(&saved_keys, &s, 0, &saved);
	assert_string_equal(buf_text(&saved),
			    "written_by: \"m\"\ntitle: \"a\"\n");
	keys_document(&written_keys, &page);
	assert_non_null(strstr(buf_text(&page), "| `draft` |"));
	assert_null(strstr(buf_text(&page), "written_by"));
}

/* ---- variants ---- */

static const char story[] = "title: t\n"
			    "deeds:\n"
			    "  - pay: {count: 3, currency: EUR}\n"
			    "  - fault:\n"
			    "      node: b\n"
			    "  - pause: 30\n"
			    "  - note: \"x: y\"\n"
			    "  - pay:\n";

static void the_key_of_an_item_says_what_it_is(void **state)
{
	struct error err = { 0 };
	struct story s;

	(void)state;
	assert_ok(read_story(&written_keys, story, &s, &err), err);
	assert_int_equal(s.deed_count, 5);
	assert_int_equal(s.deeds[0].kind, DEED_PAY);
	assert_int_equal(s.deeds[0].pay.count, 3);
	assert_string_equal(s.deeds[0].pay.currency, "EUR");
	assert_int_equal(s.deeds[1].kind, DEED_FAULT);
	assert_string_equal(s.deeds[1].fault.node, "b");
	assert_null(s.deeds[1].fault.why);
	assert_int_equal(s.deeds[1].at->line, 4);
	assert_int_equal(s.deeds[1].fault.at->line, 5);
	assert_int_equal(s.deeds[2].kind, DEED_PAUSE);
	assert_int_equal(s.deeds[2].pause, 30);
	assert_int_equal(s.deeds[3].kind, DEED_NOTE);
	assert_string_equal(s.deeds[3].note, "x: y");
	assert_int_equal(s.deeds[4].kind, DEED_PAY);
	assert_int_equal(s.deeds[4].pay.count, 5);
	assert_string_equal(s.deeds[4].pay.currency, "USD");
	assert_ok(read_story(&written_keys, "deeds: [pause: ]\n", &s, &err),
		  err);
	assert_int_equal(s.deeds[0].pause, 10);
	assert_ok(read_story(&written_keys, "deeds: []\n", &s, &err), err);
	assert_int_equal(s.deed_count, 0);
}

static void what_is_written_is_read_again(void **state)
{
	cleanup(buf_release) struct buf first = BUF_INIT(4096),
					again = BUF_INIT(4096);
	struct error err = { 0 };
	struct story s;

	(void)state;
	assert_ok(read_story(&written_keys, story, &s, &err), err);
	s.deeds[4].kind = DEED_FAULT;
	s.deeds[4].fault = (struct fault){ 0 };
	keys_write(&written_keys, &s, 0, &first);
	assert_string_equal(buf_text(&first), "draft: \"no\"\n"
					      "title: \"t\"\n"
					      "deeds:\n"
					      "  - pay:\n"
					      "      count: 3\n"
					      "      currency: \"EUR\"\n"
					      "  - fault:\n"
					      "      node: \"b\"\n"
					      "  - pause: 30\n"
					      "  - note: \"x: y\"\n"
					      "  - fault: {}\n");
	s.deeds[4].fault.node = "c";
	buf_clear(&first);
	keys_write(&written_keys, &s, 0, &first);
	assert_ok(read_story(&written_keys, buf_text(&first), &s, &err), err);
	keys_write(&written_keys, &s, 0, &again);
	assert_string_equal(buf_text(&first), buf_text(&again));
}

static void what_is_no_variant_is_refused_at_its_place(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "deeds:\n  - pya: {}\n",
		  "s.yaml:2:5: unknown key 'pya'; did you mean 'pay'?" },
		{ "deeds:\n  - pay: {}\n  - dance: 1\n",
		  "s.yaml:3:5: unknown key 'dance'; a deed has: pay, fault, "
		  "pause, note" },
		{ "deeds:\n  - pay: {}\n    pause: 3\n",
		  "s.yaml:3:5: a deed has one key, here 'pay'; move 'pause' to "
		  "an item of its own" },
		{ "deeds:\n  - pay\n",
		  "s.yaml:2:5: expected a deed, a map with one of the keys: "
		  "pay, fault, pause, note" },
		{ "deeds:\n  - {}\n", "s.yaml:2:5: expected a deed" },
		{ "deeds:\n  - [pay]\n", "s.yaml:2:5: expected a deed" },
		{ "deeds:\n  - pay: 3\n",
		  "s.yaml:2:10: expected payments, a map" },
		{ "deeds:\n  - pay: {count: 10}\n",
		  "s.yaml:2:18: count: expected a whole number from 1 to 9, "
		  "not '10'" },
		{ "deeds:\n  - pay: {cuont: 1}\n",
		  "s.yaml:2:11: unknown key 'cuont'; did you mean 'count'?" },
		{ "deeds:\n  - fault: {why: x}\n",
		  "s.yaml:2:12: a fault needs the key 'node'" },
		{ "deeds:\n  - pause: 1\n  - fault:\n",
		  "s.yaml:3:5: a fault needs the key 'node'" },
		{ "deeds:\n  - pause: soon\n",
		  "s.yaml:2:12: pause: expected a whole number from 1 to 60, "
		  "not 'soon'" },
		{ "deeds:\n  - note:\n", "note: expected a text" },
		{ "deeds: {pay: {}}\n",
		  "s.yaml:1:8: deeds: expected a list of 0 to 5" },
		{ "deeds: [pause, pause, pause, pause, pause, pause]\n",
		  "s.yaml:1:8: deeds: expected a list of 0 to 5, not a list "
		  "of 6" },
	};
	struct error err = { 0 };
	struct story s;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_error(read_story(&written_keys, bad[i].text, &s, &err),
			     err, bad[i].why);
		assert_int_equal(err.kind, ERROR_INPUT);
	}
}

static void variants_are_described(void **state)
{
	cleanup(buf_release) struct buf page = BUF_INIT(4096);

	(void)state;
	keys_document(&written_keys, &page);
	assert_string_equal(
		buf_text(&page),
		"| `draft` | a text | `no` | written alone |\n"
		"| `title` | a text | none | of both |\n"
		"| `deeds` | a list of 0 to 5 | none | in their order |\n"
		"| `deeds[].pay` | a map | one of these keys an item | "
		"payments |\n"
		"| `deeds[].pay.count` | a whole number from 1 to 9 | `5` | "
		"how many |\n"
		"| `deeds[].pay.currency` | one of USD or EUR | `USD` | of "
		"which kind |\n"
		"| `deeds[].fault` | a map | one of these keys an item | "
		"something breaks |\n"
		"| `deeds[].fault.node` | a text | required | the node that "
		"is hit |\n"
		"| `deeds[].fault.why` | a text | none | for readers |\n"
		"| `deeds[].pause` | a whole number from 1 to 60 | one of "
		"these keys an item | seconds |\n"
		"| `deeds[].note` | a text | one of these keys an item | for "
		"readers |\n"
		"| `marks` | a map of at most 3 texts | none | by any name "
		"|\n");
}

static void variants_are_objects_of_one_member_in_json(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(4096);
	cleanup(js_freep) struct js *root = NULL;
	struct error err = { 0 };
	struct story s;

	(void)state;
	assert_ok(read_story(&written_keys,
			     "title: t\ndeeds: [pause: 3, pay: {count: 2}]\n"
			     "marks: {a: 1}\n",
			     &s, &err),
		  err);
	root = keys_json(&written_keys, &s);
	assert_ok(js_print(root, JS_LINE, &text, &err), err);
	assert_string_equal(buf_text(&text),
			    "{\"draft\":\"no\",\"title\":\"t\",\"deeds\":[{"
			    "\"pause\":3},{\"pay\":{\"count\":2,\"currency\":"
			    "\"USD\"}}],\"marks\":{\"a\":\"1\"}}");
}

/* ---- pairs ---- */

static void pairs_are_texts_by_any_name(void **state)
{
	static const char text[] =
		"marks: {team: 42, \"a b\": \"\", c: true}\n";
	cleanup(buf_release) struct buf out = BUF_INIT(4096);
	struct error err = { 0 };
	struct story s;

	(void)state;
	assert_ok(read_story(&written_keys, text, &s, &err), err);
	assert_int_equal(s.mark_count, 3);
	assert_string_equal(s.marks[0].value, "42");
	keys_write(&written_keys, &s, 0, &out);
	assert_string_equal(buf_text(&out), "draft: \"no\"\n"
					    "marks:\n"
					    "  \"team\": \"42\"\n"
					    "  \"a b\": \"\"\n"
					    "  \"c\": \"true\"\n");
	assert_ok(read_story(&written_keys, buf_text(&out), &s, &err), err);
	assert_string_equal(s.marks[1].name, "a b");
	assert_string_equal(s.marks[1].value, "");
	assert_string_equal(s.marks[2].value, "true");
}

static void pairs_of_something_else_are_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "marks: [a]\n",
		  "s.yaml:1:8: marks: expected a map of at most 3 texts, not a "
		  "list of 1" },
		{ "marks: {a: 1, b: 2, c: 3, d: 4}\n",
		  "marks: expected a map of at most 3 texts, not a map of 4" },
		{ "marks:\n  a: [b]\n",
		  "s.yaml:2:6: marks: expected a text as the value of 'a'" },
		{ "marks:\n  a:\n",
		  "marks: expected a text as the value of 'a'" },
	};
	struct error err = { 0 };
	struct story s;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_error(read_story(&written_keys, bad[i].text, &s, &err),
			     err, bad[i].why);
}

#define TEST(name) cmocka_unit_test_teardown(name, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_form_has_its_own_keys_and_the_shared_ones),
		TEST(a_form_is_written_and_described_alone),
		TEST(the_key_of_an_item_says_what_it_is),
		TEST(what_is_written_is_read_again),
		TEST(what_is_no_variant_is_refused_at_its_place),
		TEST(variants_are_described),
		TEST(variants_are_objects_of_one_member_in_json),
		TEST(pairs_are_texts_by_any_name),
		TEST(pairs_of_something_else_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

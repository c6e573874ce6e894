/* SPDX-License-Identifier: Apache-2.0 */
/* expected_test.c - expected.yaml is read strictly, by its table of keys. */
#include "report/expected.h"

#include <unistd.h>

#include "base/cleanup.h"
#include "run/records.h"
#include "sys/clock.h"
#include "test/support/scratch.h"

enum { ROOM = 1 << 20 };

static struct arena arena = ARENA_INIT(4 * ROOM);

static int end(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static int parse(const char *text, struct expected *ret, struct error *err)
{
	return expected_parse("e.yaml", text, strlen(text), &arena, ret, err);
}

static void files_of_before_are_valid(void **state)
{
	struct error err = { 0 };
	struct expected e;

	(void)state;
	assert_ok(expected_read("test/vectors/expected/old.yaml", &arena, &e,
				&err),
		  err);
	assert_int_equal(e.count, 1);
	assert_int_equal(e.entries[0].kind, EXPECTED_UNSUPPORTED);
	assert_string_equal(e.entries[0].notary, "4.8");
	assert_int_equal(expected_line(&e.entries[0]), 2);
	assert_int_equal(e.entries[0].expires_us, 0);
	assert_null(e.entries[0].issue);
}

static void both_lists_are_read(void **state)
{
	const struct expected_entry *known;
	struct error err = { 0 };
	struct expected e;

	(void)state;
	assert_ok(expected_read("test/vectors/expected/all.yaml", &arena, &e,
				&err),
		  err);
	assert_int_equal(e.count, 3);
	assert_int_equal(e.entries[0].kind, EXPECTED_UNSUPPORTED);
	assert_int_equal(expected_line(&e.entries[0]), 16);
	known = &e.entries[1];
	assert_int_equal(known->kind, EXPECTED_KNOWN);
	assert_string_equal(known->issue, "https://example.org/issues/12");
	assert_string_equal(known->owner, "anna");
	assert_string_equal(known->message, "no such field");
	assert_int_equal(known->findings,
			 UINT64_C(1) << FINDING_NOT_RECORDED |
				 UINT64_C(1) << FINDING_STUCK_FLOW);
	assert_false(known->flaky);
	assert_true(e.entries[2].flaky);
	assert_int_equal(e.entries[2].findings, 0);
}

static void an_entry_is_about_a_notary_or_any(void **state)
{
	const struct expected_entry any = { .payer = "a", .payee = "b" };
	const struct expected_entry one = { .payer = "a",
					    .payee = "b",
					    .notary = "n" };

	(void)state;
	assert_true(expected_covers(&any, "a", "b", "n"));
	assert_true(expected_covers(&any, "a", "b", "m"));
	assert_false(expected_covers(&any, "b", "a", "n"));
	assert_true(expected_covers(&one, "a", "b", "n"));
	assert_false(expected_covers(&one, "a", "b", "m"));
}

static void an_entry_is_valid_through_its_last_day(void **state)
{
	struct expected_entry e = { 0 };
	int64_t last;

	(void)state;
	assert_false(expected_expired(&e, INT64_MAX));
	assert_true(clock_read_day("2026-12-31", &e.expires_us));
	assert_true(clock_read("2026-12-31T23:59:59Z", &last));
	assert_false(expected_expired(&e, 0));
	assert_false(expected_expired(&e, last));
	assert_true(expected_expired(&e, last + 1000000));
}

#define PAIR "payer: a, payee: b, reason: c"

static void mistakes_have_a_place_and_a_fix(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "unsuported: []\n",
		  "e.yaml:1:1: unknown key 'unsuported'; did you mean "
		  "'unsupported'?" },
		{ "known-failures: []\n", "did you mean 'known_failures'?" },
		{ "flaky: []\n", "e.yaml:1:1: unknown key 'flaky'; "
				 "expected.yaml has: unsupported, "
				 "known_failures" },
		{ "- x\n", "e.yaml:1:1: expected expected.yaml, a map" },
		{ "unsupported: all\n",
		  "e.yaml:1:14: unsupported: expected a list of 0 to 4096" },
		{ "unsupported:\n  - {payer: a, payee: b}\n",
		  "e.yaml:2:5: an unsupported pair needs the key 'reason'" },
		{ "unsupported:\n  - {payer: a, payee: b, reason: \"\"}\n",
		  "e.yaml:2:34: reason: expected a text" },
		{ "unsupported:\n  - {payer: a, payeee: b}\n",
		  "e.yaml:2:16: unknown key 'payeee'; did you mean 'payee'?" },
		{ "unsupported:\n  - {" PAIR ", finding: lost}\n",
		  "e.yaml:2:37: unknown key 'finding'; an unsupported pair "
		  "has: payer, payee, notary, reason, issue, owner, expires" },
		{ "known_failures:\n  - {" PAIR ", finding: lots}\n",
		  "e.yaml:2:46: finding: unknown kind 'lots'; did you mean "
		  "'lost'?" },
		{ "known_failures:\n  - {" PAIR
		  ", finding: \"lost, xyzzyx\"}\n",
		  "e.yaml:2:46: finding: unknown kind 'xyzzyx'; "
		  "docs/results.md lists" },
		{ "known_failures:\n  - {" PAIR ", finding: \",\"}\n",
		  "e.yaml:2:46: finding: unknown kind ''" },
		{ "known_failures:\n  - {" PAIR ", expires: 2026-02-30}\n",
		  "e.yaml:2:46: expires: expected a date such as 2026-12-31, "
		  "not '2026-02-30'" },
		{ "known_failures:\n  - {" PAIR ", flaky: maybe}\n",
		  "flaky: expected true or false, not 'maybe'" },
		{ "unsupported: []\n---\nunsupported: []\n",
		  "e.yaml:3:1: expected one document, not 2" },
	};
	struct error err = { 0 };
	struct expected e;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_error(parse(bad[i].text, &e, &err), err, bad[i].why);
		assert_int_equal(err.kind, ERROR_INPUT);
	}
}

static void a_file_may_declare_nothing(void **state)
{
	static const char *const empty[] = {
		"", "# - payer: a\n", "unsupported:\n",
		"unsupported: []\nknown_failures:\n", "null\n"
	};
	struct error err = { 0 };
	struct expected e;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(empty); i++) {
		assert_ok(parse(empty[i], &e, &err), err);
		assert_int_equal(e.count, 0);
	}
}

static void texts_and_lists_have_bounds(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(ROOM);
	struct error err = { 0 };
	struct expected e;

	(void)state;
	buf_addf(&text,
		 "unsupported:\n  - {payer: a, payee: b, reason: %0*d}\n",
		 EXPECTED_TEXT_MAX + 1, 1);
	assert_error(parse(buf_text(&text), &e, &err), err,
		     "e.yaml:2:34: reason: a text of 4097 bytes; at most 4096");
	buf_clear(&text);
	buf_add_str(&text, "unsupported:\n");
	for (int i = 0; i <= ENTRIES_MAX; i++)
		buf_add_str(&text, "- {" PAIR "}\n");
	assert_error(parse(buf_text(&text), &e, &err), err,
		     "e.yaml:2:1: unsupported: expected a list of 0 to 4096");
}

static void the_runs_own_file_comes_first(void **state)
{
	static const char entry[] = "unsupported:\n  - {payer: %s, payee: b, "
				    "reason: c}\n";
	struct scratch *s = scratch_begin(sizeof(*s));
	char text[128], network[PATH_ROOM], run[PATH_ROOM];
	struct error err = { 0 };
	struct expected e = { 0 };

	path_join(network, s->dir, "network.yaml");
	path_join(run, s->dir, "run");
	assert_ok(dir_make(run, 0755, &err), err);
	assert_ok(expected_load(run, network, false, &arena, &e, &err), err);
	assert_int_equal(e.count, 0);
	snprintf(text, sizeof(text), entry, "beside");
	scratch_write(s, "expected.yaml", text);
	assert_ok(expected_load(run, network, false, &arena, &e, &err), err);
	assert_string_equal(e.entries[0].payer, "beside");
	e = (struct expected){ 0 };
	assert_ok(expected_load(run, network, true, &arena, &e, &err), err);
	assert_int_equal(e.count, 0);
	snprintf(text, sizeof(text), entry, "own");
	scratch_write(s, "run/expected.yaml", text);
	assert_ok(expected_load(run, network, true, &arena, &e, &err), err);
	assert_string_equal(e.entries[0].payer, "own");
	*state = s;
	scratch_end(state);
}

static void an_entry_is_written_as_it_is_read(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(ROOM);
	struct expected_entry e = { .kind = EXPECTED_KNOWN,
				    .payer = "4.10",
				    .payee = "4.0",
				    .reason = "it's \"new\": a, b",
				    .expires_us = CLOCK_DAY_US,
				    .finding = "lost, doubled" };
	struct yaml_node *item;
	struct error err = { 0 };

	(void)state;
	assert_ok(expected_item(&e, &arena, &item, &err), err);
	yaml_write(&text, item, 0);
	assert_string_equal(buf_text(&text),
			    "payer: \"4.10\"\npayee: \"4.0\"\n"
			    "reason: \"it's \\\"new\\\": a, b\"\n"
			    "expires: 1970-01-02\n"
			    "finding: \"lost, doubled\"\n");
	e.kind = EXPECTED_UNSUPPORTED;
	buf_clear(&text);
	assert_ok(expected_item(&e, &arena, &item, &err), err);
	yaml_write(&text, item, 0);
	assert_null(strstr(buf_text(&text), "finding"));
}

/* docs/expected-yaml.md is made by `medley help expected.yaml`. */
static void documented(void **state)
{
	cleanup(buf_release) struct buf made = BUF_INIT(ROOM);
	cleanup(buf_release) struct buf kept = BUF_INIT(ROOM);
	struct error err = { 0 };

	(void)state;
	expected_document(&made);
	assert_ok(file_read("docs/expected-yaml.md", &kept, &err), err);
	assert_string_equal(buf_text(&made), buf_text(&kept));
}

#define TEST(name) cmocka_unit_test_teardown(name, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(files_of_before_are_valid),
		TEST(both_lists_are_read),
		TEST(an_entry_is_about_a_notary_or_any),
		TEST(an_entry_is_valid_through_its_last_day),
		TEST(mistakes_have_a_place_and_a_fix),
		TEST(a_file_may_declare_nothing),
		TEST(texts_and_lists_have_bounds),
		TEST(the_runs_own_file_comes_first),
		TEST(an_entry_is_written_as_it_is_read),
		TEST(documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* words_test.c - money, times and evidence as people read them; XML escapes;
 * the two files that people and we write by hand. */
#include "report/words.h"

#include <stdlib.h>

#include "report/known_refusals.h"
#include "report/grid.h"
#include "report/outputs.h"
#include "report/test/case.h"
#include "report/test/xml.h"
#include "report/text.h"

#include "test/support/test.h"

static void assert_said(struct buf *b, const char *wanted)
{
	assert_string_equal(buf_text(b), wanted);
	buf_clear(b);
}

static void money_has_its_currency_s_decimals(void **state)
{
	struct buf b = BUF_INIT(100);

	(void)state;
	write_money(&b, 10005, "USD");
	assert_said(&b, "100.05 USD");
	write_money(&b, -7, "EUR");
	assert_said(&b, "-0.07 EUR");
	write_money(&b, 500, "JPY");
	assert_said(&b, "500 JPY");
	write_money(&b, INT64_MIN, "KWD");
	assert_said(&b, "-9223372036854775.808 KWD");
	buf_release(&b);
}

static void durations_keep_two_figures(void **state)
{
	struct buf b = BUF_INIT(100);

	(void)state;
	write_duration(&b, 8400);
	assert_said(&b, "8 ms");
	write_duration(&b, 999499);
	assert_said(&b, "999 ms");
	write_duration(&b, 999500);
	assert_said(&b, "1.0 s");
	write_duration(&b, 71200000);
	assert_said(&b, "71 s");
	write_duration(&b, 245000000);
	assert_said(&b, "4 min 5 s");
	write_tx(&b, "19234D3C00000000000D9CA3");
	assert_said(&b, "19234D3C…D9CA3");
	buf_release(&b);
}

static void evidence_is_one_line(void **state)
{
	static const char text[] =
		"{\"text\":\"no such\\ntransaction\",\"flow\":\"Receiver\","
		"\"tries\":3,\"last_seen\":null,\"jars\":[\"A\",\"B\"]}";
	struct buf b = BUF_INIT(1000);
	struct error err = { 0 };
	struct js *value;

	(void)state;
	assert_ok(js_parse("e", text, strlen(text), &value, &err), err);
	write_evidence(&b, value);
	assert_said(&b,
		    "no such transaction, flow Receiver, tries 3, jars A; B");
	js_free(value);
	buf_release(&b);
}

static void a_store_s_side_is_a_sentence(void **state)
{
	static const char text[] =
		"[{\"node\":\"a\",\"release\":\"4.0\",\"has\":false,\"rows\":{"
		"\"vault_states\":[]},\"seen\":3},{\"committed\":true,\"rows\":"
		"{"
		"\"t\":[{}],\"u\":[{},{}]}},\"in so many words\"]";
	struct buf b = BUF_INIT(1000);
	struct error err = { 0 };
	struct js *sides;

	(void)state;
	assert_ok(js_parse("e", text, strlen(text), &sides, &err), err);
	write_side(&b, js_at(sides, 0));
	assert_said(&b, "has no such transaction, seen 3");
	write_side(&b, js_at(sides, 1));
	assert_said(&b, "committed (rows: 1 in t, 2 in u)");
	write_side(&b, js_at(sides, 2));
	assert_said(&b, "in so many words");
	js_free(sides);
	buf_release(&b);
}

static void xml_takes_any_text(void **state)
{
	struct buf b = BUF_INIT(1000);

	(void)state;
	buf_add_str(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a b=\"");
	write_xml(&b, "]]>&<\"'\n\t\001 é \xEF\xBF\xBF \033[1m");
	buf_add_str(&b, "\"><c/></a>\n");
	assert_null(xml_fault(buf_text(&b)));
	assert_non_null(strstr(buf_text(&b), "é"));
	assert_null(strchr(buf_text(&b), '\033'));
	assert_non_null(xml_fault("<?xml version=\"1.0\" "
				  "encoding=\"UTF-8\"?>\n<a><b></a></b>"));
	buf_release(&b);
}

static void long_lines_are_broken(void **state)
{
	struct buf b = BUF_INIT(4096);
	char text[400];

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t i = 50; i < 300; i += 50)
		text[i] = ' ';
	text[300] = 0;
	write_wrapped(&b, text, 10, 4, TEXT_WIDTH);
	for (const char *p = buf_text(&b); *p; p += strcspn(p, "\n") + 1)
		assert_true(strcspn(p, "\n") <= TEXT_WIDTH);
	buf_release(&b);
}

static void our_conduct_file_is_read(void **state)
{
	struct arena arena = ARENA_INIT(1 << 20);
	struct error err = { 0 };
	struct known_refusals c;

	(void)state;
	assert_ok(known_refusals_read("report/known-refusals.yaml", &arena, &c,
				      &err),
		  err);
	assert_non_null(
		known_refusal_find(&c, "net.corda.finance.flows.CashException",
				   "Insufficient cash for spend: x"));
	assert_null(known_refusal_find(
		&c, "net.corda.core.CordaRuntimeException", NULL));
	/* Another error that quotes it, or bears a part of its name. */
	assert_null(known_refusal_find(&c, "net.corda.core.flows.FlowException",
				       "Insufficient cash for spend: x"));
	assert_null(
		known_refusal_find(&c, "net.corda.finance.flows.CashException",
				   "rejected: Insufficient cash for spend: x"));
	arena_release(&arena);
}

static void jvm_options_of_nodes_that_differ_are_named(void **state)
{
	struct network_node nodes[] = { { .name = "bank-4.0-0" },
					{ .name = "bank-4.10-0" },
					{ .name = "notary-4.8-0" } };
	struct network net = { .nodes = nodes, .node_count = 3 };
	struct buf b = BUF_INIT(1000);

	(void)state;
	write_jvm(&b, &net);
	assert_said(&b, "stock");
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++)
		nodes[i].jvm = "fast";
	nodes[1].jvm = "-Xmx1g";
	write_jvm(&b, &net);
	assert_said(&b, "fast, bank-4.10-0: -Xmx1g");
	buf_release(&b);
}

static void a_run_is_done_again_with_all_of_its_loads(void **state)
{
	const char *files[] = { "a.yaml", "b\n.yaml", "c", "d", "e" };
	struct record r = { .net = { .file = "network.yaml", .seed = 7 },
			    .load_files = files };
	cleanup(buf_release) struct buf out = BUF_INIT(65536);

	(void)state;
	write_again(&out, &r);
	assert_string_equal(buf_text(&out), "medley run network.yaml --seed 7");
	buf_clear(&out);
	r.load_file_count = 2;
	write_again(&out, &r);
	assert_string_equal(buf_text(&out),
			    "medley run network.yaml --seed 7 --keep"
			    " && medley drive --load a.yaml"
			    " && medley drive --load 'b .yaml'");
	buf_clear(&out);
	r.load_file_count = 5;
	write_again(&out, &r);
	assert_non_null(strstr(buf_text(&out), "--load d && ..."));
}

/* Two payments each way, and issues of these outcomes. */
static void assert_issues(unsigned failed, unsigned unknown, const char *note)
{
	struct test_case c;
	struct buf b = BUF_INIT(65536);

	case_init(&c);
	case_good(&c, 2);
	case_pay(&c, 0, 0, OUTCOME_OK, true)->kind = OP_ISSUE;
	for (unsigned i = 0; i < failed; i++)
		case_pay(&c, 0, 0, OUTCOME_FAIL, false)->kind = OP_ISSUE;
	for (unsigned i = 0; i < unknown; i++)
		case_pay(&c, 0, 0, OUTCOME_UNKNOWN, false)->kind = OP_ISSUE;
	case_judge(&c, 0, 1);
	text_write(&c.j, NULL, &b);
	if (note ? !strstr(buf_text(&b), note)
		 : strstr(buf_text(&b), "issues") != NULL)
		fail_msg("\"%s\" is not in %s", note ?: "no issues",
			 buf_text(&b));
	buf_release(&b);
	arena_release(&c.arena);
}

static void a_run_with_images_is_repeated_exactly(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(4096);
	struct record r = { .run_dir = "runs/a b",
			    .net = { .file = "n.yaml", .seed = 7 },
			    .again.net.database_image = "x@sha256:00" };

	(void)state;
	write_again(&out, &r);
	assert_string_equal(buf_text(&out), "medley reproduce 'runs/a b'");
	r.again.changed = "upgrade";
	buf_clear(&out);
	write_again(&out, &r);
	assert_string_equal(buf_text(&out), "medley run n.yaml --seed 7");
	r.again.changed = NULL;
	r.again.unknown = "a load";
	buf_clear(&out);
	write_again(&out, &r);
	assert_string_equal(buf_text(&out), "medley run n.yaml --seed 7");
}

static void issues_without_answer_are_not_said_to_have_failed(void **state)
{
	(void)state;
	assert_issues(0, 0, NULL);
	assert_issues(2, 0, "note: 2 of 3 issues of cash failed\n");
	assert_issues(0, 2, "note: 2 of 3 issues of cash got no answer\n");
	assert_issues(2, 1,
		      "note: 2 of 4 issues of cash failed, 1 got no answer\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(money_has_its_currency_s_decimals),
		cmocka_unit_test(durations_keep_two_figures),
		cmocka_unit_test(jvm_options_of_nodes_that_differ_are_named),
		cmocka_unit_test(evidence_is_one_line),
		cmocka_unit_test(a_store_s_side_is_a_sentence),
		cmocka_unit_test(xml_takes_any_text),
		cmocka_unit_test(long_lines_are_broken),
		cmocka_unit_test(our_conduct_file_is_read),
		cmocka_unit_test(a_run_is_done_again_with_all_of_its_loads),
		cmocka_unit_test(a_run_with_images_is_repeated_exactly),
		cmocka_unit_test(
			issues_without_answer_are_not_said_to_have_failed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

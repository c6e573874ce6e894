/* SPDX-License-Identifier: Apache-2.0 */
/* excuse_test.c - what an entry of expected.yaml does to its cell and to the
 * run, and when the entry itself is reported. */
#include "report/excuse.h"

#include "report/test/case.h"
#include "sys/clock.h"

#define DAY(number) ((number) * CLOCK_DAY_US)

/* The payments of a case are made on the first day of 1970. A bank of 4.10
 * pays one of 4.0, whose vault lacks a payment. */
static void begin(struct test_case *c)
{
	case_init(c);
	case_good(c, 3);
	case_find(c, FINDING_NOT_RECORDED)->op = 2;
	c->findings[0].summary = "bank-4.0-0 lacks the transaction";
}

static void end(struct test_case *c)
{
	arena_release(&c->arena);
}

static struct expected_entry *know(struct test_case *c)
{
	return case_expect(c, EXPECTED_KNOWN, 1, 0);
}

static void assert_remark(const struct test_case *c, enum remark_kind kind,
			  const char *part)
{
	assert_int_equal(c->j.remark_count, 1);
	assert_int_equal(c->j.remarks[0].kind, kind);
	if (!strstr(c->j.remarks[0].text, part))
		fail_msg("\"%s\" is not in \"%s\"", part, c->j.remarks[0].text);
}

static void a_known_failure_does_not_fail_the_run(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	begin(&c);
	assert_int_equal(case_judge(&c, 1, 0)->verdict, VERDICT_FAIL);
	assert_int_equal(c.j.exit_code, 1);
	know(&c)->owner = "anna";
	cell = case_judge(&c, 1, 0);
	assert_int_equal(cell->verdict, VERDICT_KNOWN);
	assert_int_equal(cell->judged, VERDICT_FAIL);
	assert_string_equal(cell->reason, "trust (owner anna)");
	assert_string_equal(cell->judged_reason,
			    "not-recorded, 1 of 3 payments");
	assert_false(cell->required);
	assert_int_equal(c.j.exit_code, 0);
	assert_int_equal(c.j.remark_count, 0);
	end(&c);
}

/* The run's day counts, not that on which it is judged. */
static void an_expired_entry_excuses_nothing(void **state)
{
	static const enum expected_kind kinds[] = { EXPECTED_KNOWN,
						    EXPECTED_UNSUPPORTED };
	struct test_case c;
	struct cell *cell;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		begin(&c);
		case_expect(&c, kinds[i], 1, 0)->expires_us = DAY(1);
		assert_int_equal(case_judge(&c, 1, 0)->excuse, EXCUSE_HOLDS);
		for (size_t k = 0; k < c.op_count; k++)
			c.ops[k].sent_us += DAY(2);
		cell = case_judge(&c, 1, 0);
		assert_int_equal(cell->verdict, VERDICT_FAIL);
		assert_string_equal(cell->reason,
				    "not-recorded, 1 of 3 payments; "
				    "expected.yaml:0 was valid until "
				    "1970-01-02");
		assert_true(cell->required);
		assert_int_equal(c.j.exit_code, 1);
		assert_remark(&c, REMARK_EXPIRED, "repair the cell");
		c.record.finding_count = 0;
		cell = case_judge(&c, 1, 0);
		assert_int_equal(cell->verdict, VERDICT_PASS);
		assert_null(cell->reason);
		assert_int_equal(c.j.exit_code, 0);
		assert_remark(&c, REMARK_EXPIRED, "remove the entry");
		end(&c);
	}
}

static void an_entry_whose_cell_passes_is_reported(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	begin(&c);
	c.record.finding_count = 0;
	know(&c);
	cell = case_judge(&c, 1, 0);
	assert_int_equal(cell->verdict, VERDICT_PASS);
	assert_int_equal(cell->excuse, EXCUSE_PASSES);
	assert_int_equal(c.j.exit_code, 0);
	assert_remark(&c, REMARK_PASSES,
		      "expected.yaml:0, 4.10 -> 4.0, any notary: passes again; "
		      "remove the entry");
	assert_int_equal(remark_warnings(&c.j), 1);
	c.expected[0].kind = EXPECTED_UNSUPPORTED;
	assert_int_equal(case_judge(&c, 1, 0)->verdict, VERDICT_UNSUPPORTED);
	assert_remark(&c, REMARK_PASSES, "passes again");
	end(&c);
}

static void a_pass_of_a_flaky_cell_proves_nothing(void **state)
{
	struct test_case c;

	(void)state;
	begin(&c);
	know(&c)->flaky = true;
	assert_int_equal(case_judge(&c, 1, 0)->verdict, VERDICT_KNOWN);
	c.record.finding_count = 0;
	assert_int_equal(case_judge(&c, 1, 0)->verdict, VERDICT_PASS);
	assert_int_equal(c.j.remark_count, 0);
	end(&c);
}

static void another_finding_is_not_excused(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	begin(&c);
	know(&c)->finding = "lost";
	c.expected[0].findings = UINT64_C(1) << FINDING_LOST;
	cell = case_judge(&c, 1, 0);
	assert_int_equal(cell->verdict, VERDICT_FAIL);
	assert_string_equal(cell->reason,
			    "not-recorded, 1 of 3 payments; expected.yaml:0 "
			    "declares the finding lost");
	assert_int_equal(c.j.exit_code, 1);
	assert_remark(&c, REMARK_DIFFERS,
		      "declares the finding lost, but with notary 4.8 the cell "
		      "has: not-recorded, 1 of 3 payments");
	c.expected[0].findings |= UINT64_C(1) << FINDING_NOT_RECORDED;
	assert_int_equal(case_judge(&c, 1, 0)->verdict, VERDICT_KNOWN);
	assert_int_equal(c.j.remark_count, 0);
	case_find(&c, FINDING_FORGED)->op = 4;
	assert_int_equal(case_judge(&c, 1, 0)->verdict, VERDICT_FAIL);
	assert_remark(&c, REMARK_DIFFERS, "declares the finding");
	end(&c);
}

static void a_message_is_in_the_reason_the_error_or_the_finding(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	begin(&c);
	know(&c)->message = "NOT-recorded";
	assert_int_equal(case_judge(&c, 1, 0)->verdict, VERDICT_KNOWN);
	c.expected[0].message = "lacks the";
	assert_int_equal(case_judge(&c, 1, 0)->verdict, VERDICT_KNOWN);
	c.expected[0].message = "no such field";
	cell = case_judge(&c, 1, 0);
	assert_int_equal(cell->verdict, VERDICT_FAIL);
	assert_remark(&c, REMARK_DIFFERS, "a failure with 'no such field'");
	case_pay(&c, 1, 0, OUTCOME_FAIL, false)->error_text =
		"java.io: No such field";
	assert_int_equal(case_judge(&c, 1, 0)->verdict, VERDICT_KNOWN);
	c.record.finding_count = 0;
	assert_int_equal(case_judge(&c, 1, 0)->verdict, VERDICT_KNOWN);
	/* A finding was declared, and there is none. */
	c.expected[0].findings = UINT64_C(1) << FINDING_LOST;
	c.expected[0].finding = "lost";
	assert_int_equal(case_judge(&c, 1, 0)->verdict, VERDICT_FAIL);
	assert_remark(&c, REMARK_DIFFERS,
		      "the finding lost with 'no such field'");
	end(&c);
}

/* Nobody requires it to pass, so nobody waits for an answer. */
static void a_declared_cell_that_is_undecided_holds_nothing_up(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	case_init(&c);
	case_good(&c, 3);
	c.settlements[1].payee_has = false;
	c.settlements[1].in_flight = true;
	assert_int_equal(case_judge(&c, 1, 0)->verdict, VERDICT_UNDECIDED);
	assert_int_equal(c.j.exit_code, 2);
	know(&c);
	cell = case_judge(&c, 1, 0);
	assert_int_equal(cell->verdict, VERDICT_UNDECIDED);
	assert_int_equal(cell->excuse, EXCUSE_OPEN);
	assert_false(cell->required);
	assert_int_equal(c.j.exit_code, 0);
	assert_int_equal(c.j.remark_count, 0);
	end(&c);
}

static void of_several_entries_one_suffices(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	begin(&c);
	know(&c)->finding = "lost";
	c.expected[0].findings = UINT64_C(1) << FINDING_LOST;
	know(&c)->reason = "the other";
	for (int i = 0; i < 2; i++) {
		cell = case_judge(&c, 1, 0);
		assert_int_equal(cell->verdict, VERDICT_KNOWN);
		assert_string_equal(cell->reason, "the other");
		assert_int_equal(c.j.remark_count, 0);
		c.expected[0].findings |= UINT64_C(1) << FINDING_NOT_RECORDED;
		c.expected[0].reason = "the other";
	}
	assert_ptr_equal(cell->entry, &c.expected[0]);
	end(&c);
}

static void an_entry_about_no_cell_is_a_note(void **state)
{
	static const struct {
		unsigned payer, payee;
		const char *notary, *why;
	} absent[] = {
		{ 2, 0, NULL, "the run has no bank of release 4.8" },
		{ 1, 2, NULL, "the run has no bank of release 4.8" },
		{ 1, 0, "4.9", "the run has no notary of release 4.9" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(absent); i++) {
		struct test_case c;

		begin(&c);
		case_expect(&c, EXPECTED_KNOWN, absent[i].payer,
			    absent[i].payee)
			->notary = absent[i].notary;
		assert_int_equal(case_judge(&c, 1, 0)->verdict, VERDICT_FAIL);
		assert_remark(&c, REMARK_ABSENT, absent[i].why);
		assert_false(remark_warns(&c.j.remarks[0]));
		assert_int_equal(remark_warnings(&c.j), 0);
		end(&c);
	}
}

/* A second notary, with which the same pair works. */
static void an_entry_for_any_notary_may_say_too_much(void **state)
{
	struct test_case c;

	(void)state;
	begin(&c);
	c.nodes[3] = (struct network_node){ .name = "notary-4.0-0",
					    .release = 0,
					    .role = NODE_NOTARY };
	c.record.net.node_count = 4;
	for (int i = 0; i < 3; i++)
		case_pay(&c, 1, 0, OUTCOME_OK, true)->notary = "notary-4.0-0";
	know(&c);
	assert_int_equal(case_judge(&c, 1, 0)->verdict, VERDICT_KNOWN);
	assert_remark(&c, REMARK_PASSES,
		      "passes again with 1 of 2 notaries, first 4.0");
	c.expected[0].notary = "4.8";
	assert_int_equal(case_judge(&c, 1, 0)->verdict, VERDICT_KNOWN);
	assert_int_equal(c.j.remark_count, 0);
	c.expected[0].notary = NULL;
	c.record.finding_count = 0;
	c.settlements[1].payee_has = false;
	c.settlements[1].in_flight = true;
	assert_int_equal(case_judge(&c, 1, 0)->verdict, VERDICT_UNDECIDED);
	assert_remark(&c, REMARK_PASSES, "with the others it was not decided");
	end(&c);
}

#define T(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_known_failure_does_not_fail_the_run),
		T(an_expired_entry_excuses_nothing),
		T(an_entry_whose_cell_passes_is_reported),
		T(a_pass_of_a_flaky_cell_proves_nothing),
		T(another_finding_is_not_excused),
		T(a_message_is_in_the_reason_the_error_or_the_finding),
		T(a_declared_cell_that_is_undecided_holds_nothing_up),
		T(of_several_entries_one_suffices),
		T(an_entry_about_no_cell_is_a_note),
		T(an_entry_for_any_notary_may_say_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

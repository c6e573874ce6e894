/* SPDX-License-Identifier: Apache-2.0 */
/* verdict_test.c - every verdict and every exit code, by the rule of it. */
#include "report/test/case.h"

static void enough_settled_is_pass(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	case_init(&c);
	case_good(&c, 2);
	cell = case_judge(&c, 0, 1);
	assert_int_equal(cell->verdict, VERDICT_PASS);
	assert_null(cell->reason);
	assert_int_equal(cell->score.counts.settled, 2);
	assert_int_equal(cell->service.count, 2);
	assert_int_equal(c.j.exit_code, 0);
	assert_string_equal(c.j.word, "PASS");
	arena_release(&c.arena);
}

/* As the driver's own tally has them under these names. */
static void latency_is_from_due_and_service_from_sent(void **state)
{
	struct test_case c;
	struct operation *op;
	struct cell *cell;

	(void)state;
	case_init(&c);
	op = case_pay(&c, 0, 1, OUTCOME_OK, true);
	op->intended_us = 1000000;
	op->sent_us = 4000000;
	op->done_us = 6000000;
	cell = case_judge(&c, 0, 1);
	assert_int_equal(cell->latency.p50, 5000000);
	assert_int_equal(cell->service.p50, 2000000);
	op->intended_us = 0;
	cell = case_judge(&c, 0, 1);
	assert_int_equal(cell->latency.p50, 2000000);
	arena_release(&c.arena);
}

static void too_few_settled_is_undecided(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	case_init(&c);
	case_good(&c, 1);
	cell = case_judge(&c, 0, 1);
	assert_int_equal(cell->verdict, VERDICT_UNDECIDED);
	assert_string_equal(cell->reason,
			    "1 of 1 payments settled, the gate is 2");
	assert_int_equal(c.j.exit_code, 2);
	arena_release(&c.arena);
}

static void a_diagonal_of_one_bank_is_not_run_and_not_required(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	case_init(&c);
	case_good(&c, 2);
	cell = case_judge(&c, 1, 1);
	assert_int_equal(cell->verdict, VERDICT_NOT_RUN);
	assert_int_equal(cell->absence, ABSENT_ONE_BANK);
	assert_string_equal(cell->reason, "the release has one bank");
	assert_false(cell->required);
	arena_release(&c.arena);
}

static void ok_that_did_not_settle_fails(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	case_init(&c);
	case_good(&c, 2);
	case_pay(&c, 1, 0, OUTCOME_OK, false);
	cell = case_judge(&c, 1, 0);
	assert_int_equal(cell->verdict, VERDICT_FAIL);
	assert_int_equal(cell->score.counts.lost, 1);
	assert_non_null(strstr(cell->reason, "1 of 3 payments were answered "
					     "ok"));
	assert_int_equal(case_judge(&c, 0, 1)->verdict, VERDICT_PASS);
	assert_int_equal(c.j.exit_code, 1);
	arena_release(&c.arena);
}

static void a_payment_that_the_check_never_met_is_undecided(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	case_init(&c);
	case_good(&c, 2);
	case_pay(&c, 1, 0, OUTCOME_OK, false);
	c.settlement_count--;
	cell = case_judge(&c, 1, 0);
	assert_int_equal(cell->verdict, VERDICT_UNDECIDED);
	assert_string_equal(cell->reason, "1 of 3 payments were not checked");
	assert_int_equal(c.j.exit_code, 2);
	arena_release(&c.arena);
}

static void a_failed_payment_fails_however_many_settle(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	case_init(&c);
	case_pay(&c, 0, 1, OUTCOME_FAIL, false)->error_text = "no such flow";
	case_good(&c, 5);
	cell = case_judge(&c, 0, 1);
	assert_int_equal(cell->verdict, VERDICT_FAIL);
	assert_string_equal(cell->reason,
			    "1 of 6 payments failed: no such flow");
	assert_int_equal(cell->first_failed->id, c.ops[0].id);
	arena_release(&c.arena);
}

static void unknown_is_what_the_payee_has(void **state)
{
	struct test_case c;

	(void)state;
	case_init(&c);
	case_good(&c, 1);
	case_pay(&c, 0, 1, OUTCOME_UNKNOWN, true);
	case_pay(&c, 1, 0, OUTCOME_UNKNOWN, false);
	assert_int_equal(case_judge(&c, 0, 1)->verdict, VERDICT_PASS);
	assert_int_equal(case_judge(&c, 1, 0)->verdict, VERDICT_FAIL);
	arena_release(&c.arena);
}

/* A payment whose coins other flows had locked. */
static struct operation *pay_refused(struct test_case *c)
{
	struct operation *op = case_pay(c, 0, 1, OUTCOME_FAIL, false);

	op->error_class = CASE_CASH;
	op->error_text = "Insufficient cash for spend: missing 1 USD";
	return op;
}

static void refused_for_locks_and_settled_later_is_flaky(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	case_init(&c);
	pay_refused(&c);
	case_good(&c, 3);
	cell = case_judge(&c, 0, 1);
	assert_int_equal(cell->verdict, VERDICT_FLAKY);
	assert_int_equal(cell->score.counts.refused, 1);
	assert_int_equal(c.j.exit_code, 2);
	arena_release(&c.arena);
}

static void a_payment_that_still_runs_is_undecided(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	case_init(&c);
	case_good(&c, 3);
	case_pay(&c, 0, 1, OUTCOME_OK, false);
	c.settlements[c.settlement_count - 1].in_flight = true;
	case_pay(&c, 0, 1, OUTCOME_UNKNOWN, false);
	c.settlements[c.settlement_count - 1].in_flight = true;
	cell = case_judge(&c, 0, 1);
	assert_int_equal(cell->verdict, VERDICT_UNDECIDED);
	assert_string_equal(cell->reason, "2 of 5 payments had not ended when "
					  "medley read the vaults");
	assert_int_equal(c.j.exit_code, 2);
	c.settlements[c.settlement_count - 1].in_flight = false;
	assert_int_equal(case_judge(&c, 0, 1)->verdict, VERDICT_FAIL);
	arena_release(&c.arena);
}

static void vaults_that_are_not_quiet_are_undecided(void **state)
{
	struct test_case c;
	struct js *details = js_object();

	(void)state;
	js_set_bool(details, "quiet", false);
	js_set_num(details, "quiet_seconds", 61.2);
	case_init(&c);
	case_good(&c, 3);
	c.phases[3].details = details;
	assert_int_equal(case_judge(&c, 0, 1)->verdict, VERDICT_PASS);
	assert_int_equal(c.j.exit_code, 2);
	assert_string_equal(c.j.reason, "the vaults were not quiet after 61 s");
	js_set_bool(details, "quiet", true);
	case_judge(&c, 0, 1);
	assert_int_equal(c.j.exit_code, 0);
	js_free(details);
	arena_release(&c.arena);
}

static void an_error_that_quotes_a_refusal_fails(void **state)
{
	struct test_case c;

	(void)state;
	case_init(&c);
	pay_refused(&c)->error_class = "net.corda.core.flows.FlowException";
	case_good(&c, 3);
	assert_int_equal(case_judge(&c, 0, 1)->verdict, VERDICT_FAIL);
	arena_release(&c.arena);
}

static void refused_and_never_settled_again_fails(void **state)
{
	struct test_case c;

	(void)state;
	case_init(&c);
	case_good(&c, 3);
	pay_refused(&c);
	assert_int_equal(case_judge(&c, 0, 1)->verdict, VERDICT_FAIL);
	arena_release(&c.arena);
}

static void refused_but_committed_fails(void **state)
{
	struct test_case c;

	(void)state;
	case_init(&c);
	pay_refused(&c);
	c.settlements[0].notary_has = true;
	case_good(&c, 3);
	assert_int_equal(case_judge(&c, 0, 1)->verdict, VERDICT_FAIL);
	arena_release(&c.arena);
}

static void a_finding_fails_its_cell(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	case_init(&c);
	case_good(&c, 3);
	case_find(&c, FINDING_NOT_RECORDED)->op = 2; /* 4.10 -> 4.0 */
	cell = case_judge(&c, 1, 0);
	assert_int_equal(cell->verdict, VERDICT_FAIL);
	assert_string_equal(cell->reason, "not-recorded, 1 of 3 payments");
	assert_int_equal(case_judge(&c, 0, 1)->verdict, VERDICT_PASS);
	assert_int_equal(c.j.network_findings, 0);
	arena_release(&c.arena);
}

static void a_finding_is_placed_by_names_or_transaction(void **state)
{
	struct test_case c;
	struct finding *f;

	(void)state;
	case_init(&c);
	case_good(&c, 3);
	c.ops[0].tx = "AB";
	case_find(&c, FINDING_BAD_SIGNATURE)->tx = "AB";
	f = case_find(&c, FINDING_DOUBLED);
	f->payer = "bank-4.0-0";
	f->payee = "bank-4.10-0";
	assert_int_equal(case_judge(&c, 0, 1)->finding_count, 2);
	arena_release(&c.arena);
}

static void a_finding_of_no_cell_fails_the_run(void **state)
{
	struct test_case c;

	(void)state;
	case_init(&c);
	case_good(&c, 3);
	case_find(&c, FINDING_STUCK_FLOW);
	assert_int_equal(case_judge(&c, 0, 1)->verdict, VERDICT_PASS);
	assert_int_equal(c.j.network_findings, 1);
	assert_int_equal(c.j.exit_code, 1);
	arena_release(&c.arena);
}

static void a_note_fails_nothing(void **state)
{
	struct test_case c;

	(void)state;
	case_init(&c);
	case_good(&c, 3);
	case_find(&c, FINDING_STUCK_FLOW)->note = true;
	case_judge(&c, 0, 1);
	assert_int_equal(c.j.exit_code, 0);
	arena_release(&c.arena);
}

static void what_is_declared_is_unsupported(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	case_init(&c);
	case_good(&c, 3);
	case_find(&c, FINDING_NOT_RECORDED)->op = 2;
	case_expect(&c, EXPECTED_UNSUPPORTED, 1, 0);
	cell = case_judge(&c, 1, 0);
	assert_int_equal(cell->verdict, VERDICT_UNSUPPORTED);
	assert_int_equal(cell->judged, VERDICT_FAIL);
	assert_string_equal(cell->reason, "trust");
	assert_int_equal(c.j.exit_code, 0);
	c.record.finding_count = 0;
	cell = case_judge(&c, 1, 0);
	assert_string_equal(cell->reason, "unexpected pass: trust");
	arena_release(&c.arena);
}

static void an_unchecked_run_is_undecided(void **state)
{
	struct test_case c;

	(void)state;
	case_init(&c);
	case_good(&c, 3);
	c.settlement_count = 0;
	c.record.phase_count = 3; /* no check */
	assert_int_equal(case_judge(&c, 0, 1)->verdict, VERDICT_UNDECIDED);
	assert_int_equal(c.j.exit_code, 2);
	arena_release(&c.arena);
}

static void a_failed_build_leaves_cells_not_run(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	case_init(&c);
	case_phase(&c, "build", "4.10 could not be built");
	case_phase(&c, "drive", NULL);
	c.releases[1].failure = "not found";
	cell = case_judge(&c, 0, 1);
	assert_int_equal(cell->verdict, VERDICT_NOT_RUN);
	assert_string_equal(cell->reason, "4.10: build failed: not found");
	assert_int_equal(c.j.exit_code, ERROR_BUILD);
	arena_release(&c.arena);
}

static void a_node_that_did_not_boot_is_the_reason(void **state)
{
	static const char details[] =
		"{\"nodes\":[{\"name\":\"bank-4.10-0\",\"failed\":\"it "
		"exited\"}]}";
	struct test_case c;
	struct error err = { 0 };
	struct cell *cell;
	struct phase *deploy;

	(void)state;
	case_init(&c);
	deploy = case_phase(&c, "deploy", "bank-4.10-0 is not ready");
	assert_ok(js_parse("details", details, strlen(details),
			   &deploy->details, &err),
		  err);
	cell = case_judge(&c, 0, 1);
	assert_int_equal(cell->absence, ABSENT_BOOT);
	assert_string_equal(cell->reason,
			    "bank-4.10-0 did not come up: it exited");
	assert_int_equal(c.j.exit_code, ERROR_DEPLOY);
	js_free(deploy->details);
	arena_release(&c.arena);
}

static void a_phase_that_ended_the_run_is_the_answer(void **state)
{
	static const struct {
		const char *phase, *error;
		enum error_kind kind; /* as phases.jsonl has it */
		int code;
	} endings[] = {
		{ "build", "no space", ERROR_INTERNAL, ERROR_BUILD },
		{ "generate", "no keys", ERROR_INTERNAL, ERROR_INTERNAL },
		{ "deploy", "not ready", ERROR_DEPLOY, ERROR_DEPLOY },
		{ "drive", "no session", ERROR_LOAD, ERROR_LOAD },
		{ "drive", "^C", ERROR_INTERRUPTED, ERROR_INTERRUPTED },
		{ "check", "no database", ERROR_INTERNAL, ERROR_INTERNAL },
		{ "down", "1 volume left", ERROR_LEFT, ERROR_LEFT },
		{ "down", "^C", ERROR_INTERRUPTED, ERROR_INTERRUPTED },
		/* Java's words in a node's log, and a line without kind. */
		{ "deploy", "bank-a: InterruptedException: sleep interrupted",
		  ERROR_DEPLOY, ERROR_DEPLOY },
		{ "down", "interrupted system call", ERROR_LEFT, ERROR_LEFT },
		{ "drive", "interrupted", ERROR_NONE, ERROR_LOAD },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(endings); i++) {
		struct test_case c;

		case_init(&c);
		case_phase(&c, endings[i].phase, endings[i].error)->kind =
			endings[i].kind;
		case_judge(&c, 0, 1);
		assert_int_equal(c.j.exit_code, endings[i].code);
		arena_release(&c.arena);
	}
}

static void what_is_left_outranks_pass_but_not_fail(void **state)
{
	struct test_case c;

	(void)state;
	case_init(&c);
	case_good(&c, 3);
	c.phases[4].error = "1 volume left";
	case_judge(&c, 0, 1);
	assert_int_equal(c.j.exit_code, ERROR_LEFT);
	case_pay(&c, 0, 1, OUTCOME_OK, false);
	case_judge(&c, 0, 1);
	assert_int_equal(c.j.exit_code, 1);
	arena_release(&c.arena);
}

static void a_stranger_in_the_history_is_an_error(void **state)
{
	struct test_case c;
	struct error err = { 0 };

	(void)state;
	case_init(&c);
	case_good(&c, 1);
	c.ops[0].payee = "bank-9-0";
	assert_error(case_try(&c, &err), err, "bank-9-0");
	arena_release(&c.arena);
}

#define T(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(enough_settled_is_pass),
		T(latency_is_from_due_and_service_from_sent),
		T(too_few_settled_is_undecided),
		T(a_diagonal_of_one_bank_is_not_run_and_not_required),
		T(ok_that_did_not_settle_fails),
		T(a_payment_that_the_check_never_met_is_undecided),
		T(a_failed_payment_fails_however_many_settle),
		T(unknown_is_what_the_payee_has),
		T(refused_for_locks_and_settled_later_is_flaky),
		T(a_payment_that_still_runs_is_undecided),
		T(vaults_that_are_not_quiet_are_undecided),
		T(an_error_that_quotes_a_refusal_fails),
		T(refused_and_never_settled_again_fails),
		T(refused_but_committed_fails),
		T(a_finding_fails_its_cell),
		T(a_finding_is_placed_by_names_or_transaction),
		T(a_finding_of_no_cell_fails_the_run),
		T(a_note_fails_nothing),
		T(what_is_declared_is_unsupported),
		T(an_unchecked_run_is_undecided),
		T(a_failed_build_leaves_cells_not_run),
		T(a_node_that_did_not_boot_is_the_reason),
		T(a_phase_that_ended_the_run_is_the_answer),
		T(what_is_left_outranks_pass_but_not_fail),
		T(a_stranger_in_the_history_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

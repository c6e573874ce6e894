/* SPDX-License-Identifier: Apache-2.0 */
/* starvation_test.c - a busy machine is not an incompatibility, and a quiet one
 * no excuse. */
#include "report/starvation.h"

#include "report/test/case.h"

static const int64_t second_us = 1000 * 1000;

/* Phases with this pressure over the load, and nodes that took so long. */
static void phases(struct test_case *c, double pressure, double start)
{
	char text[200];
	struct phase *deploy = case_phase(c, "deploy", NULL);
	struct error err = { 0 };

	snprintf(text, sizeof(text),
		 "{\"nodes\":[{\"name\":\"a\",\"jvm_seconds\":%f},"
		 "{\"name\":\"b\",\"boot_seconds\":%f}]}",
		 start, start);
	assert_ok(js_parse("details", text, strlen(text), &deploy->details,
			   &err),
		  err);
	case_phase(c, "drive", NULL)->cpu_pressure = pressure;
	case_phase(c, "check", NULL);
}

static void end(struct test_case *c)
{
	for (size_t i = 0; i < c->record.phase_count; i++)
		js_free(c->phases[i].details);
	arena_release(&c->arena);
}

static void pay(struct test_case *c, unsigned payer, unsigned payee,
		int64_t seconds)
{
	struct operation *op = case_pay(c, payer, payee, OUTCOME_OK, true);

	op->done_us = op->sent_us + seconds * second_us;
}

static void pay_in_vain(struct test_case *c, unsigned payer, unsigned payee)
{
	struct operation *op =
		case_pay(c, payer, payee, OUTCOME_UNKNOWN, false);

	op->error_class = "timeout";
	op->error_text = "no answer within 60000 ms";
	op->done_us = op->sent_us + 60 * second_us;
}

/* 4.0 -> 4.10 has had no answer once; 4.0 has two banks if `control`, which
 * takes that long. */
static void begin(struct test_case *c, bool control, int64_t seconds)
{
	case_init(c);
	c->record.net.timeouts.flow = 60;
	c->nodes[3] =
		(struct network_node){ .name = "bank-4.0-1", .release = 0 };
	c->record.net.node_count = control ? 4 : 3;
	for (int i = 0; i < 3; i++) {
		pay(c, 0, 1, 1);
		pay(c, 1, 0, seconds);
		if (control)
			pay(c, 0, 3, seconds);
	}
	pay_in_vain(c, 0, 1);
}

static void starved_with_slow_control_cells_is_undecided(void **state)
{
	struct test_case c;
	struct cell *cell;

	(void)state;
	begin(&c, true, 24);
	phases(&c, 0.97, 71);
	cell = case_judge(&c, 0, 1);
	assert_int_equal(cell->verdict, VERDICT_UNDECIDED);
	assert_string_equal(
		cell->reason,
		"1 of 4 payments got no answer from nodes that had too little "
		"CPU: tasks waited for a CPU in 97 % of the load's time, the "
		"nodes took 71 s to start, control cell 4.0 -> 4.0: payments "
		"took 24 s (median)");
	assert_int_equal(c.j.exit_code, 2);
	end(&c);
}

static void a_fast_control_cell_shows_a_fault(void **state)
{
	struct test_case c;

	(void)state;
	begin(&c, true, 1);
	phases(&c, 0.97, 71);
	assert_int_equal(case_judge(&c, 0, 1)->verdict, VERDICT_FAIL);
	assert_null(case_judge(&c, 0, 1)->starved);
	end(&c);
}

static void a_machine_with_time_excuses_nothing(void **state)
{
	struct test_case c;

	(void)state;
	begin(&c, true, 24);
	phases(&c, 0.5, 71);
	assert_int_equal(case_judge(&c, 0, 1)->verdict, VERDICT_FAIL);
	end(&c);
}

/* Its pressure is this machine's, its nodes are elsewhere. */
static void elsewhere_the_nodes_own_starts_count(void **state)
{
	struct test_case c;

	(void)state;
	begin(&c, true, 24);
	c.record.net.engine = "kubernetes";
	phases(&c, 0.97, 20);
	assert_int_equal(case_judge(&c, 0, 1)->verdict, VERDICT_FAIL);
	end(&c);
	begin(&c, true, 24);
	c.record.net.engine = "kubernetes";
	phases(&c, 0, 71);
	assert_int_equal(case_judge(&c, 0, 1)->verdict, VERDICT_UNDECIDED);
	end(&c);
}

static void without_control_cells_the_others_count(void **state)
{
	struct test_case c;

	(void)state;
	begin(&c, false, 24);
	phases(&c, 0.97, 71);
	assert_int_equal(case_judge(&c, 0, 1)->verdict, VERDICT_UNDECIDED);
	end(&c);
	begin(&c, false, 1);
	phases(&c, 0.97, 71);
	assert_int_equal(case_judge(&c, 0, 1)->verdict, VERDICT_FAIL);
	end(&c);
}

static void what_was_answered_is_judged_all_the_same(void **state)
{
	struct test_case c;

	(void)state;
	begin(&c, true, 24);
	phases(&c, 0.97, 71);
	case_pay(&c, 0, 1, OUTCOME_FAIL, false)->error_class = "E";
	assert_int_equal(case_judge(&c, 0, 1)->verdict, VERDICT_FAIL);
	assert_string_equal(case_judge(&c, 1, 0)->reason ?: "", "");
	end(&c);
	begin(&c, true, 24);
	phases(&c, 0.97, 71);
	case_pay(&c, 0, 1, OUTCOME_OK, false);
	assert_int_equal(case_judge(&c, 0, 1)->verdict, VERDICT_FAIL);
	end(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starved_with_slow_control_cells_is_undecided),
		cmocka_unit_test(a_fast_control_cell_shows_a_fault),
		cmocka_unit_test(a_machine_with_time_excuses_nothing),
		cmocka_unit_test(elsewhere_the_nodes_own_starts_count),
		cmocka_unit_test(without_control_cells_the_others_count),
		cmocka_unit_test(what_was_answered_is_judged_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

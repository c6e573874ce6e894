/* SPDX-License-Identifier: Apache-2.0 */
/* schedule_test.c - the cover is complete, and a seed repeats all of it. */
#include "driver/schedule.h"

#include "test/support/test.h"

static const struct schedule_spec spec = {
	.banks = 4,
	.notaries = 2,
	.gate = 3,
	.mix = { [OP_ISSUE] = 1, [OP_PAY] = 9 },
	.pay_min = 100,
	.pay_max = 199,
	.issue_amount = 5000,
	.seed = 42
};

static void pays_every_pair_as_often_as_the_gate_says(void **state)
{
	unsigned count[4][4][2] = { 0 };
	struct schedule s;
	struct schedule_step step;

	(void)state;
	assert_int_equal(schedule_init(&s, &spec, NULL), 0);
	assert_int_equal(schedule_cover(&s), 18);
	for (unsigned payer = 0; payer < 4; payer++)
		while (!schedule_covered(&s, payer)) {
			schedule_next(&s, payer, &step);
			assert_true(step.cover);
			assert_int_equal(step.kind, OP_PAY);
			assert_int_not_equal(step.payee, payer);
			assert_in_range(step.amount, 100, 199);
			count[payer][step.payee][step.notary]++;
		}
	for (unsigned i = 0; i < 32; i++)
		assert_int_equal(count[i / 8][i / 2 % 4][i % 2],
				 i / 8 == i / 2 % 4 ? 0 : 3);
	schedule_release(&s);
}

static void no_pair_waits_for_the_last_of_another(void **state)
{
	struct schedule s;
	struct schedule_step step;
	unsigned seen = 0;

	(void)state;
	assert_int_equal(schedule_init(&s, &spec, NULL), 0);
	for (unsigned i = 0; i < 6; i++) {
		schedule_next(&s, 1, &step);
		seen |= 1u << (step.payee * 2 + step.notary);
	}
	assert_int_equal(seen, 0xf3); /* all but itself, in the first round */
	schedule_release(&s);
}

static void a_seed_gives_the_same_steps_in_any_order(void **state)
{
	struct schedule a, b;
	struct schedule_step x, y;
	struct schedule_spec other = spec;
	unsigned issues = 0, same = 0;

	(void)state;
	schedule_init(&a, &spec, NULL);
	schedule_init(&b, &spec, NULL);
	for (unsigned i = 0; i < 1000; i++)
		schedule_next(&b, 3, &y); /* another payer is far ahead */
	for (unsigned i = 0; i < 1000; i++) {
		schedule_next(&a, 0, &x);
		schedule_next(&b, 0, &y);
		assert_int_equal(x.kind, y.kind);
		assert_int_equal(x.payee, y.payee);
		assert_int_equal(x.notary, y.notary);
		assert_int_equal(x.amount, y.amount);
		issues += x.kind == OP_ISSUE;
	}
	assert_in_range(issues, 60, 140); /* a tenth */
	schedule_release(&b);
	other.seed++;
	schedule_init(&b, &other, NULL);
	for (unsigned i = 0; i < 1000; i++) {
		schedule_next(&a, 1, &x);
		schedule_next(&b, 1, &y);
		same += x.amount == y.amount;
	}
	assert_in_range(same, 0, 100);
	schedule_release(&a);
	schedule_release(&b);
}

static void one_bank_pays_nobody(void **state)
{
	struct schedule_spec lone = spec;
	struct schedule s;
	struct error err = { 0 };

	(void)state;
	lone.banks = 1;
	assert_error(schedule_init(&s, &lone, &err), err, "two banks");
	assert_int_equal(err.kind, ERROR_LOAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pays_every_pair_as_often_as_the_gate_says),
		cmocka_unit_test(no_pair_waits_for_the_last_of_another),
		cmocka_unit_test(a_seed_gives_the_same_steps_in_any_order),
		cmocka_unit_test(one_bank_pays_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

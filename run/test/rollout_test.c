/* SPDX-License-Identifier: Apache-2.0 */
/* rollout_test.c - from the highest ordinal down, between two releases. */
#include "run/rollout.h"

#include "base/cleanup.h"
#include "test/support/test.h"

static struct release releases[] = {
	{ .label = "4.5", .word = "maven:4.5" },
	{ .label = "4.5-to-4.8", .word = "maven:4.8" },
};

/* Another set stands between them. */
static struct network_node nodes[4];
static const struct network net = { .releases = releases,
				    .release_count = ARRAY_SIZE(releases),
				    .nodes = nodes,
				    .node_count = ARRAY_SIZE(nodes) };

static int set_up(void **state)
{
	(void)state;
	nodes[0] = (struct network_node){ .name = "bank-4.5-0",
					  .set = "bank-4-5" };
	nodes[1] = (struct network_node){ .name = "bank-4.5-1",
					  .set = "bank-4-5",
					  .ordinal = 1 };
	nodes[2] = (struct network_node){ .name = "notary-4.8-0",
					  .set = "notary-4-8",
					  .release = 1 };
	nodes[3] = (struct network_node){ .name = "bank-4.5-2",
					  .set = "bank-4-5",
					  .ordinal = 2 };
	return 0;
}

static void assert_next(unsigned node, const char *word)
{
	struct error err;

	assert_ok(rollout_check(&net, &nodes[node], word, &err), err);
}

static void assert_not_next(unsigned node, const char *word, const char *says)
{
	struct error err = { 0 };

	assert_error(rollout_check(&net, &nodes[node], word, &err), err, says);
	assert_int_equal(err.kind, ERROR_INPUT);
}

static void a_whole_set_begins_with_its_last(void **state)
{
	struct error err;

	(void)state;
	assert_int_equal(rollout_of(&net, "bank-4-5").partition, 0);
	assert_ptr_equal(rollout_of(&net, "bank-4-5").last, &nodes[3]);
	assert_ok(rollout_check_whole(&net, &err), err);
	assert_next(3, "maven:4.8");
	assert_next(2, "maven:4.5");
	assert_not_next(0, "maven:4.8",
			"bank-4.5-0 cannot be upgraded to maven:4.8 alone");
	assert_not_next(
		1, "maven:4.8",
		"'medley upgrade bank-4.5-2 maven:4.8' upgrades the next node, "
		"'medley upgrade bank-4-5 maven:4.8' upgrades all nodes");
}

static void then_comes_the_next_lower(void **state)
{
	struct error err = { 0 };

	(void)state;
	nodes[3].release = 1;
	assert_int_equal(rollout_of(&net, "bank-4-5").partition, 2);
	assert_error(rollout_check_whole(&net, &err), err,
		     "bank-4.5-0 has 4.5 and bank-4.5-2 has 4.5-to-4.8");
	assert_next(1, "maven:4.8");
	assert_not_next(0, "maven:4.8",
			"'medley upgrade bank-4.5-1 maven:4.8'");
	nodes[1].release = 1;
	assert_int_equal(rollout_of(&net, "bank-4-5").partition, 1);
	assert_next(0, "maven:4.8");
	nodes[0].release = 1;
	assert_int_equal(rollout_of(&net, "bank-4-5").partition, 0);
	assert_ok(rollout_check_whole(&net, &err), err);
}

/* What was broken off goes on. */
static void one_that_has_it_may_have_it(void **state)
{
	(void)state;
	nodes[3].release = 1;
	assert_next(3, "maven:4.8");
	assert_next(0, "maven:4.5");
}

static void a_third_release_waits(void **state)
{
	(void)state;
	nodes[3].release = 1;
	assert_not_next(3, "maven:4.10",
			"upgrade bank-4.5-1 maven:4.8' upgrades the");
	assert_not_next(1, "maven:4.10",
			"upgrade bank-4-5 maven:4.10' upgrades all");
	assert_not_next(3, "maven:4.5",
			"upgrade bank-4-5 maven:4.5' upgrades all");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_whole_set_begins_with_its_last,
				       set_up),
		cmocka_unit_test_setup(then_comes_the_next_lower, set_up),
		cmocka_unit_test_setup(one_that_has_it_may_have_it, set_up),
		cmocka_unit_test_setup(a_third_release_waits, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* stored_raft_test.c - the consumer of a state, by the databases of a notary
 * that is a Raft cluster.
 */
#include "test/support/test.h"

#include "base/cleanup.h"
#include "test/support/trial.h"
#include "vault/stored.h"

static struct js *stored_of(const struct trial *t, const char *tx)
{
	struct error err = { 0 };
	struct js *root = NULL;

	assert_ok(vault_stored(t->dir, tx, &root, &err), err);
	assert_non_null(root);
	return root;
}

static const char *payment_of(const struct trial *t)
{
	for (size_t i = 0; i < t->run->op_count; i++)
		if (t->run->ops[i].kind == OP_PAY && t->run->ops[i].tx)
			return t->run->ops[i].tx;
	fail_msg("no payment");
	return NULL;
}

static void its_nodes_name_the_consumer(void **state)
{
	struct trial *t = *state;
	cleanup(js_freep) struct js *pay = NULL, *spent = NULL;
	const struct js *commits;
	struct error err = { 0 };
	char input[256];
	unsigned index;

	trial_begin(t, "raft");
	assert_ok(network_save(&t->net, t->dir, &err), err);
	pay = stored_of(t, payment_of(t));
	assert_int_equal(sscanf(js_text(js_at(js_get(pay, "inputs"), 0)),
				"%250[^(](%u)", input, &index),
			 2);
	spent = stored_of(t, input);
	commits = js_get(js_at(js_get(spent, "outputs"), index), "consumed_by");
	assert_int_equal(js_count(commits), 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(js_str(js_at(commits, i), "tx"),
				    payment_of(t));
}

static int begin(void **state)
{
	static struct trial trial;

	*state = &trial;
	return 0;
}

static int end(void **state)
{
	trial_end(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(its_nodes_name_the_consumer,
						begin, end),
	};

	return cmocka_run_group_tests(tests, kept_runs_start, kept_runs_stop);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* holdings_test.c - the check says of each vault what its database holds. */
#include "base/cleanup.h"
#include "test/support/test.h"
#include "test/support/trial.h"

enum { TEXT_MAX = 16 * 1024 * 1024, SQL_MAX = 4096 };

static struct trial trial;

static int end(void **state)
{
	(void)state;
	trial_end(&trial);
	return 0;
}

static const struct js *balances(void)
{
	const struct js *list = js_get(trial.results, "balances");

	assert_true(js_count(list) > 0);
	assert_int_equal(js_int(trial.details, "balances", -1), js_count(list));
	return list;
}

/* ---- what the databases themselves hold ---- */

#define HELD                                                                   \
	" from contract_cash_states join vault_states"                         \
	" using (transaction_id, output_index) where state_status=0"           \
	" and relevancy_status=0"

static const struct js *find_balance(const char *currency, const char *hash,
				     const char *ref)
{
	for (size_t i = 0; i < js_count(balances()); i++) {
		const struct js *b = js_at(balances(), i);

		if (!strcmp(js_str(b, "currency"), currency) &&
		    !strcmp(js_str(b, "issuer_key_hash"), hash) &&
		    !strcmp(js_str(b, "ref"), ref))
			return b;
	}
	fail_msg("no balance of %s, %s, %s", currency, hash, ref);
	return NULL;
}

static int64_t held_at(const struct js *balance, const char *node)
{
	const struct js *nodes = js_get(balance, "nodes");

	for (size_t i = 0; i < js_count(nodes); i++)
		if (!strcmp(js_str(js_at(nodes, i), "node"), node))
			return js_int(js_at(nodes, i), "held", -1);
	fail_msg("%s is in no balance", node);
	return -1;
}

struct bank {
	const char *name;
	size_t kinds;
};

/* currency, issuer's key hash, reference, sum */
static int compare_kind(const struct pg_row *row, void *ctx)
{
	struct bank *bank = ctx;
	const struct js *b =
		find_balance(pg_text(row, 0), pg_text(row, 1), pg_text(row, 2));

	assert_int_equal(held_at(b, bank->name), pg_int(row, 3, -1));
	bank->kinds++;
	return 0;
}

static size_t kinds_at(const char *node)
{
	size_t n = 0;

	for (size_t i = 0; i < js_count(balances()); i++)
		n += held_at(js_at(balances(), i), node) != 0;
	return n;
}

static void compare_banks(void)
{
	for (unsigned i = 0; i < trial.net.node_count; i++) {
		const struct network_node *n = &trial.net.nodes[i];
		struct bank bank = { .name = n->name };
		struct error err = { 0 };

		if (n->role != NODE_BANK)
			continue;
		assert_ok(kept_run_each(n->database,
					"select ccy_code, issuer_key_hash,"
					" encode(issuer_ref,'hex'),"
					" sum(pennies)::bigint" HELD
					" group by 1,2,3",
					compare_kind, &bank, &err),
			  err);
		assert_int_equal(bank.kinds, kinds_at(n->name));
	}
}

/* ---- sums ---- */

static int64_t sum_of_nodes(const struct js *balance)
{
	const struct js *nodes = js_get(balance, "nodes");
	int64_t sum = 0;

	for (size_t i = 0; i < js_count(nodes); i++)
		sum += js_int(js_at(nodes, i), "held", -1);
	return sum;
}

static int64_t issued_by(const char *legal_name)
{
	int64_t sum = 0;

	for (size_t i = 0; i < trial.run->op_count; i++) {
		const struct operation *op = &trial.run->ops[i];
		const struct network_node *n =
			network_find(&trial.net, op->payer);

		if (op->kind == OP_ISSUE && op->outcome == OUTCOME_OK &&
		    !strcmp(n->legal_name, legal_name))
			sum += op->amount;
	}
	return sum;
}

/* By how much findings explain what is held; 0 of a run that is in order. */
static int64_t compare_sums(void)
{
	int64_t told = 0;

	for (size_t i = 0; i < js_count(balances()); i++) {
		const struct js *b = js_at(balances(), i);
		const int64_t issued = js_int(b, "issued", -1);
		const int64_t elsewhere = js_int(b, "told_elsewhere", -1);

		assert_int_equal(issued, issued_by(js_str(b, "issuer")));
		assert_int_equal(js_int(b, "exited", -1), 0);
		assert_int_equal(js_int(b, "expected", -1), issued + elsewhere);
		assert_int_equal(js_int(b, "held", -1), issued + elsewhere);
		assert_int_equal(sum_of_nodes(b), issued + elsewhere);
		told += elsewhere;
	}
	return told;
}

static void each_bank_holds_what_its_rows_say(void **state)
{
	(void)state;
	trial_begin(&trial, "two-releases");
	trial_judge(&trial);
	compare_banks();
	assert_int_equal(compare_sums(), 0);
}

static void coins_of_two_notaries_are_one_kind(void **state)
{
	(void)state;
	trial_begin(&trial, "two-notaries");
	trial_judge(&trial);
	compare_banks();
	assert_int_equal(compare_sums(), 0);
}

/* ---- a row that is gone ---- */

struct coin {
	char tx[128];
	int64_t index, pennies;
};

static int take_coin(const struct pg_row *row, void *ctx)
{
	struct coin *coin = ctx;

	snprintf(coin->tx, sizeof(coin->tx), "%s", pg_text(row, 0));
	coin->index = pg_int(row, 1, -1);
	coin->pennies = pg_int(row, 2, -1);
	return 1;
}

static const struct network_node *some_bank(void)
{
	unsigned i = 0;

	while (trial.net.nodes[i].role != NODE_BANK)
		i++;
	return &trial.net.nodes[i];
}

static struct coin remove_a_coin(const struct network_node *bank)
{
	static const char *const tables[] = {
		"vault_fungible_states_parts", "state_party",
		"contract_cash_states", "vault_fungible_states", "vault_states"
	};
	struct coin coin = { .index = -1 };
	struct error err = { 0 };
	char sql[SQL_MAX];

	assert_true(kept_run_each(bank->database,
				  "select transaction_id, output_index,"
				  " pennies" HELD " order by 3 desc limit 1",
				  take_coin, &coin, &err) >= 0);
	assert_true(coin.pennies > 0);
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		snprintf(sql, sizeof(sql),
			 "delete from %s where transaction_id = '%s'"
			 " and output_index = %lld",
			 tables[i], coin.tx, (long long)coin.index);
		trial_sql(&trial, bank, sql);
	}
	return coin;
}

static void assert_page_has(const char *part)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	struct error err = { 0 };
	char path[PATH_ROOM];

	assert_ok(file_read(path_join(path, trial.dir, "report.html"), &text,
			    &err),
		  err);
	if (!strstr(buf_text(&text), part))
		fail_msg("the page lacks %s", part);
}

static void a_missing_row_shows(void **state)
{
	cleanup(buf_release) struct buf cell = BUF_INIT(SQL_MAX);
	struct coin coin;

	(void)state;
	trial_begin(&trial, "two-releases");
	coin = remove_a_coin(some_bank());
	trial_judge(&trial);
	compare_banks();
	assert_int_equal(compare_sums(), -coin.pennies);
	money_add(&cell, -coin.pennies, "USD");
	cell.len -= strlen(" USD");
	buf_add_str(&cell, "</td>");
	assert_page_has("<td class=\"n bad\">-");
	assert_page_has(buf_text(&cell));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(each_bank_holds_what_its_rows_say,
					  end),
		cmocka_unit_test_teardown(coins_of_two_notaries_are_one_kind,
					  end),
		cmocka_unit_test_teardown(a_missing_row_shows, end),
	};

	return cmocka_run_group_tests(tests, kept_runs_start, kept_runs_stop);
}

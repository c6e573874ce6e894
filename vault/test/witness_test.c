/* SPDX-License-Identifier: Apache-2.0 */
/* witness_test.c - what nodes answer that they hold, against their databases.
 */
#include "base/cleanup.h"
#include "run/records.h"
#include "test/support/broker.h"
#include "test/support/test.h"
#include "test/support/vaults.h"
#include "vault/vault.h"

/* What BankA and BankD hold after the payment, in cents. */
enum { A_HOLDS = 99900, D_HOLDS = 100, ROOM = 1 << 24, TEXT_MAX = 1 << 16 };

static struct broker a, d;
static struct arena arena;
static struct js *details;
static struct finding *found;
static size_t found_count;
static struct buf endpoints;

/* Without the nodes, which stay as vaults_reset() has them. */
static void keep_endpoints(char path[PATH_ROOM])
{
	struct error err = { 0 };

	path_join(path, vaults_run, "endpoints.json");
	buf_init(&endpoints, TEXT_MAX);
	assert_ok(file_read(path, &endpoints, &err), err);
}

static void write_endpoints(void)
{
	static const char none[] = "{\"nodes\":{}";
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	struct error err = { 0 };
	char path[PATH_ROOM];

	keep_endpoints(path);
	assert_memory_equal(endpoints.data, none, sizeof(none) - 1);
	buf_addf(&text,
		 "{\"nodes\":{\"bank-a\":{\"host\":\"127.0.0.1\",\"port\":%u},"
		 "\"bank-d\":{\"host\":\"127.0.0.1\",\"port\":%u}}%s",
		 a.port, d.port, buf_text(&endpoints) + sizeof(none) - 1);
	assert_ok(file_write(path, text.data, text.len, 0600, &err), err);
}

static void begin(void)
{
	arena_init(&arena, ROOM);
	vaults_reset();
	broker_start(&a);
	broker_start(&d);
	write_endpoints();
}

static int setup(void **state)
{
	(void)state;
	a = (struct broker){ .holds = A_HOLDS };
	d = (struct broker){ .holds = D_HOLDS };
	details = NULL;
	found_count = 0;
	return 0;
}

static int teardown(void **state)
{
	char path[PATH_ROOM];

	(void)state;
	if (!a.port)
		return 0;
	broker_stop(&a);
	broker_stop(&d);
	file_write(path_join(path, vaults_run, "endpoints.json"),
		   endpoints.data, endpoints.len, 0600, NULL);
	buf_release(&endpoints);
	for (size_t i = 0; i < found_count; i++)
		js_free(found[i].evidence);
	js_free(details);
	arena_release(&arena);
	return 0;
}

static void check(bool ask)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	struct error err = { 0 };

	assert_ok(vault_check(vaults_run, ask, NULL, &details, &err), err);
	assert_ok(finding_load(vaults_run, &arena, &found, &found_count, &err),
		  err);
	for (size_t i = 0; i < found_count; i++)
		print_message("    %s: %s\n", finding_name(found[i].kind),
			      found[i].summary);
	/* As phases.jsonl will have it. */
	assert_ok(js_print(details, 0, &text, &err), err);
	/* What the report compares. */
	assert_int_equal(js_int(details, "findings", -1) +
				 js_int(details, "notes", -1),
			 found_count);
}

static const struct finding *find(enum finding_kind kind, const char *node)
{
	for (size_t i = 0; i < found_count; i++)
		if (found[i].kind == kind && !strcmp(found[i].node, node))
			return &found[i];
	fail_msg("no %s at %s", finding_name(kind), node);
	return NULL;
}

static void says(const struct finding *f, const char *part)
{
	if (!strstr(f->summary, part))
		fail_msg("\"%s\" is not in \"%s\"", part, f->summary);
}

static void counts(int64_t answered, int64_t agree)
{
	const struct js *asked = js_get(details, "asked");

	assert_int_equal(js_int(asked, "banks", -1), 2);
	assert_int_equal(js_int(asked, "answered", -1), answered);
	assert_int_equal(js_int(asked, "agree", -1), agree);
	assert_int_equal(js_count(js_get(asked, "nodes")), 2);
}

/* ---- they agree ---- */

static void nodes_are_asked_only_on_request(void **state)
{
	(void)state;
	begin();
	check(false);
	assert_int_equal(found_count, 0);
	assert_null(js_get(details, "asked"));
	assert_int_equal(a.clients + d.clients, 0);
}

static void nodes_that_agree_are_counted(void **state)
{
	const struct js *node, *sum;

	(void)state;
	begin();
	check(true);
	assert_int_equal(found_count, 0);
	counts(2, 2);
	node = js_at(js_get(js_get(details, "asked"), "nodes"), 0);
	sum = js_at(js_get(node, "holds"), 0);
	assert_string_equal(js_str(node, "node"), "bank-a");
	assert_null(js_str(node, "why"));
	assert_string_equal(js_str(sum, "currency"), "USD");
	assert_int_equal(js_int(sum, "amount", -1), A_HOLDS);
	assert_int_equal(a.queries, 1);
}

/* ---- they differ ---- */

static void a_node_that_says_less_is_found(void **state)
{
	const struct finding *f;

	(void)state;
	a.holds = A_HOLDS - 887;
	begin();
	check(true);
	assert_int_equal(found_count, 1);
	f = find(FINDING_BALANCE_MISMATCH, "bank-a");
	assert_false(f->note);
	assert_null(f->tx);
	assert_null(f->payer);
	says(f, "bank-a answers that it holds 990.13 USD; by the stored "
		"transactions it owns 999.00 USD (the answer is 8.87 USD too "
		"low); its cash rows add up to 999.00 USD");
	assert_string_equal(js_str(f->evidence, "release"), "4.0");
	assert_int_equal(js_int(f->evidence, "answered", -1), 99013);
	assert_int_equal(js_int(f->evidence, "owned", -1), A_HOLDS);
	assert_int_equal(js_int(f->evidence, "in_rows", -1), A_HOLDS);
	counts(2, 1);
	/* It was asked again before it was blamed. */
	assert_int_equal(a.queries, 2);
	assert_int_equal(d.queries, 2);
}

/* The row is told by its transaction, and the node bears witness to it. */
static void a_changed_row_is_a_note(void **state)
{
	const struct finding *f;

	(void)state;
	a.holds = A_HOLDS + 1;
	begin();
	vaults_sql("bank_a", "update contract_cash_states set pennies = 99901"
			     " where pennies = 99900");
	check(true);
	assert_int_equal(found_count, 2);
	assert_false(find(FINDING_ROW_MISMATCH, "bank-a")->note);
	f = find(FINDING_BALANCE_MISMATCH, "bank-a");
	assert_true(f->note);
	says(f, "holds 999.01 USD; by the stored transactions it owns 999.00 "
		"USD (the answer is 0.01 USD too high); its cash rows add up "
		"to the sum that it answers, and other findings explain the "
		"difference");
	assert_int_equal(js_int(f->evidence, "told_elsewhere", -1), 1);
	counts(2, 2);
	assert_int_equal(a.queries, 1);
}

#define DELETE_ROWS(where)                                                     \
	"delete from contract_cash_states where " where ";"                    \
	"delete from vault_fungible_states where " where ";"                   \
	"delete from vault_states where " where ";"

/* The payee lacks the payment. */
static void a_lost_payment_is_a_note(void **state)
{
	(void)state;
	d.holds = 0;
	d.penniless = true;
	begin();
	vaults_sql("bank_d",
		   DELETE_ROWS("true") "delete from node_transactions where "
				       "tx_id='" VAULTS_PAY "'");
	check(true);
	assert_int_equal(found_count, 2);
	assert_false(find(FINDING_NOT_RECORDED, "bank-d")->note);
	assert_true(find(FINDING_BALANCE_MISMATCH, "bank-d")->note);
	says(find(FINDING_BALANCE_MISMATCH, "bank-d"),
	     "bank-d answers that it holds 0.00 USD; by the stored "
	     "transactions it owns 1.00 USD (the answer is 1.00 USD too low); "
	     "its cash rows add up to the sum that it answers");
	counts(2, 2);
}

/* The payer lacks it, and still has the coin that it has spent. */
static void a_payment_that_its_payer_lacks_is_a_note(void **state)
{
	(void)state;
	a.holds = 100000;
	begin();
	vaults_sql("bank_a",
		   DELETE_ROWS(
			   "transaction_id='" VAULTS_PAY
			   "'") "delete from node_transactions where "
				"tx_id='" VAULTS_PAY
				"'; update vault_states set state_status = 0,"
				" consumed_timestamp = null");
	check(true);
	assert_false(find(FINDING_NOT_RECORDED, "bank-a")->note);
	assert_true(find(FINDING_BALANCE_MISMATCH, "bank-a")->note);
	says(find(FINDING_BALANCE_MISMATCH, "bank-a"),
	     "bank-a answers that it holds 1000.00 USD; by the stored "
	     "transactions it owns 999.00 USD (the answer is 1.00 USD too "
	     "high); its cash rows add up to the sum that it answers");
	counts(2, 2);
}

/* The notary's own defect: the vault cannot know of it. */
static void a_commit_that_no_vault_has_changes_nothing(void **state)
{
	(void)state;
	begin();
	vaults_sql("notary",
		   "insert into node_notary_committed_states (output_index,"
		   " transaction_id, consuming_transaction_id)"
		   " values (1, '" VAULTS_PAY "', '" VAULTS_ISSUE "')");
	check(true);
	assert_true(found_count > 0);
	for (size_t i = 0; i < found_count; i++)
		assert_int_not_equal(found[i].kind, FINDING_BALANCE_MISMATCH);
	counts(2, 2);
}

/* A node that does not see the change: say it has another database. */
static void a_row_that_the_node_does_not_see_is_found(void **state)
{
	(void)state;
	begin();
	vaults_sql("bank_a", "update contract_cash_states set pennies = 99901"
			     " where pennies = 99900");
	check(true);
	assert_int_equal(found_count, 2);
	assert_false(find(FINDING_BALANCE_MISMATCH, "bank-a")->note);
	says(find(FINDING_BALANCE_MISMATCH, "bank-a"),
	     "holds 999.00 USD; by the stored transactions it owns 999.00 USD; "
	     "its cash rows add up to 999.01 USD");
}

/* More than rows and findings can explain. */
static void a_node_that_says_more_than_its_rows_is_found(void **state)
{
	(void)state;
	d.query_answer = "vaultQueryBy-sumByCurrency.reply";
	begin();
	vaults_sql("bank_d", "delete from contract_cash_states");
	check(true);
	assert_false(find(FINDING_BALANCE_MISMATCH, "bank-d")->note);
	says(find(FINDING_BALANCE_MISMATCH, "bank-d"),
	     "holds 5995.00 USD; by the stored transactions it owns 1.00 USD "
	     "(the answer is 5994.00 USD too high); its cash rows add up to "
	     "0.00 USD");
}

/* ---- no answer ---- */

static void a_node_that_refuses_is_a_note(void **state)
{
	const struct finding *f;

	(void)state;
	d.mood = BROKER_REFUSES;
	begin();
	check(true);
	assert_int_equal(found_count, 1);
	f = find(FINDING_NO_ANSWER, "bank-d");
	assert_true(f->note);
	says(f, "1 of 2 banks answered how much cash they hold; bank-d: ");
	says(f, "refused (user, password or permission)");
	counts(1, 1);
	/* It is not a reason to read all again. */
	assert_int_equal(a.queries, 1);
}

static void an_unreadable_answer_is_a_note(void **state)
{
	(void)state;
	d.query_answer = "getProtocolVersion.reply";
	begin();
	check(true);
	assert_int_equal(found_count, 1);
	says(find(FINDING_NO_ANSWER, "bank-d"),
	     "bank-d: its answer cannot be read: ");
}

/* A flow that runs all the time: nothing is to be compared. */
static void vaults_that_are_not_quiet_are_not_compared(void **state)
{
	(void)state;
	a.holds = 5;
	begin();
	vaults_sql("bank_a", "insert into node_checkpoints (checkpoint_id,"
			     " checkpoint_value) values ('f', 'x')");
	check(true);
	assert_false(js_bool(details, "quiet", true));
	assert_int_equal(a.clients, 0);
	counts(0, 0);
	assert_int_equal(js_int(details, "notes", -1), 1);
	for (size_t i = 0; i < found_count; i++)
		assert_int_not_equal(found[i].kind, FINDING_BALANCE_MISMATCH);
}

/* ---- a network that is down ---- */

static void only_a_network_that_is_up_can_be_asked(void **state)
{
	struct error err = { 0 };
	char path[PATH_ROOM];

	(void)state;
	begin();
	assert_ok(vault_can_ask(vaults_run, &err), err);
	path_join(path, vaults_run, "endpoints.json");
	assert_ok(file_write(path, endpoints.data, endpoints.len, 0600, &err),
		  err);
	assert_error(vault_can_ask(vaults_run, &err), err,
		     "--ask-nodes needs running nodes, and no bank of ");
	assert_int_equal(err.kind, ERROR_INPUT);
}

#define ASKING(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ASKING(nodes_are_asked_only_on_request),
		ASKING(nodes_that_agree_are_counted),
		ASKING(a_node_that_says_less_is_found),
		ASKING(a_changed_row_is_a_note),
		ASKING(a_lost_payment_is_a_note),
		ASKING(a_payment_that_its_payer_lacks_is_a_note),
		ASKING(a_commit_that_no_vault_has_changes_nothing),
		ASKING(a_row_that_the_node_does_not_see_is_found),
		ASKING(a_node_that_says_more_than_its_rows_is_found),
		ASKING(a_node_that_refuses_is_a_note),
		ASKING(an_unreadable_answer_is_a_note),
		ASKING(vaults_that_are_not_quiet_are_not_compared),
		ASKING(only_a_network_that_is_up_can_be_asked),
	};

	return cmocka_run_group_tests(tests, vaults_start, vaults_stop);
}

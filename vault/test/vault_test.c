/* SPDX-License-Identifier: Apache-2.0 */
/* vault_test.c - a clean network has no finding, each kind of harm has one. */
#include "vault/vault.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "data/pg.h"
#include "run/network.h"
#include "run/records.h"
#include "test/support/postgres.h"
#include "test/support/test.h"

/*
 * Two banks of two releases and a notary, with what their nodes stored of one
 * issue and one payment of it: 1.00 USD of 1000.00 goes from BankA to BankD.
 */
#define ISSUE "2283D0C2D1F0A50E8989D3BE5E21A21B24B5A1731CB2F13D3FB7FCA5E3B9B6CC"
#define PAY "0851A9472777FA2D3F8C54578CF50D3204B5869B74E1B8E249D44E3DFE77B70E"
#define KEY_A "DLFB1MtkZQepheKpc1c7Fp9AByd71khKoLXVF2WAhX661v"
#define KEY_CHANGE "DL8PbGTuV5r7CLt97X8rjk8uAomHWiDzGno2tgZqmVNU1a"
#define KEY_D "DLHmq6zCqB4ewk8dXfaQvNRy7YbH7H5kRKiqKp1YE5Ypk5"
#define NAME(who) "O=" who ", L=London, C=GB"
#define CASH "net.corda.finance.contracts.asset.Cash$State"
#define TIME "timestamp '2026-11-21 07:00:00'"

enum { ROOM = 1024 * 1024, FOUND_MAX = 16 };

static struct postgres server;
static struct arena arena = ARENA_INIT(16 * ROOM);
static char run_dir[PATH_ROOM];
static char why[2048];
static bool ready;

/* ---- the databases ---- */

static const char *const databases[] = { "bank_a", "bank_d", "notary" };

/* Copies of all tables that have rows, blobs included, and their way back. */
static const char keep_clean[] =
	"create schema clean;"
	"create table clean.blobs as select tx_id,"
	" lo_get(transaction_value) as blob from node_transactions;"
	"create table clean.tables as select relname from pg_class where"
	" relnamespace='public'::regnamespace and relkind='r' and relname in"
	" ('vault_states', 'contract_cash_states', 'vault_fungible_states',"
	" 'node_transactions', 'node_checkpoints', 'node_flow_exceptions',"
	" 'node_notary_committed_states', 'node_notary_committed_txs');"
	"do $$ declare t text; begin for t in table clean.tables loop execute"
	" format('create table clean.%I as table public.%I', t, t);"
	" end loop; end $$;"
	"create function clean.restore() returns void language plpgsql as $$"
	" declare t text; begin for t in table clean.tables loop"
	" execute format('delete from public.%I', t);"
	" execute format('insert into public.%I table clean.%I', t, t);"
	" end loop; update public.node_transactions n set transaction_value ="
	" lo_from_bytea(0, blob) from clean.blobs b where b.tx_id=n.tx_id;"
	" end $$;";

static void sql(const char *database, const char *text)
{
	cleanup(pg_closep) struct pg *pg = NULL;
	struct pg_address a = { .host = "127.0.0.1",
				.port = server.port,
				.database = database,
				.user = POSTGRES_USER,
				.password = POSTGRES_PASSWORD };
	struct error err = { 0 };

	if (pg_open(&a, 10, &pg, &err) < 0 || pg_exec(pg, text, &err) < 0)
		fail_msg("%s: %s: %.200s", database, err.text, text);
}

static void sql_file(const char *database, const char *path)
{
	struct buf text = test_vector(path);

	sql(database, buf_text(&text));
	buf_release(&text);
}

static void store(const char *database, const char *tx, const char *vector)
{
	struct buf blob = test_vector(vector);
	struct buf text = BUF_INIT(ROOM);

	buf_addf(&text,
		 "insert into node_transactions (tx_id, transaction_value)"
		 " values ('%s', lo_from_bytea(0, '\\x",
		 tx);
	buf_add_hex(&text, blob.data, blob.len);
	buf_add_str(&text, "'))");
	sql(database, buf_text(&text));
	buf_release(&text);
	buf_release(&blob);
}

static void hold(const char *database, const char *tx, int index, int amount,
		 bool consumed)
{
	struct buf t = BUF_INIT(ROOM);

	buf_addf(&t,
		 "insert into vault_states (output_index, transaction_id,"
		 " consumed_timestamp, contract_state_class_name, notary_name,"
		 " recorded_timestamp, state_status, relevancy_status,"
		 " constraint_type) values (%d, '%s', %s, '" CASH
		 "', '" NAME("Notary") "', " TIME ", %d, 0, 1);",
		 index, tx, consumed ? TIME : "null", consumed);
	buf_addf(&t,
		 "insert into contract_cash_states (output_index,"
		 " transaction_id, ccy_code, issuer_key_hash, issuer_ref,"
		 " pennies) values (%d, '%s', 'USD', '" KEY_A "', '\\x01',"
		 " %d);",
		 index, tx, amount);
	buf_addf(&t,
		 "insert into vault_fungible_states (output_index,"
		 " transaction_id, issuer_ref, quantity)"
		 " values (%d, '%s', '\\x01', %d)",
		 index, tx, amount);
	sql(database, buf_text(&t));
	buf_release(&t);
}

static void know(const char *database)
{
	sql(database,
	    "insert into node_info_party_cert values"
	    " ('" NAME("BankA") "', true, '" KEY_A "', 0),"
				" ('" NAME("BankD") "', true, '" KEY_D "', 0)");
}

static void make_databases(void)
{
	sql("postgres", "create database bank_a");
	sql("postgres", "create database bank_d");
	sql("postgres", "create database notary");
	sql_file("bank_a", "vault/4.0/schema.sql");
	sql_file("bank_d", "vault/4.8/schema.sql");
	sql_file("notary", "vault/4.8/schema-notary.sql");
	know("bank_a");
	know("bank_d");
	sql("bank_a",
	    "insert into node_our_key_pairs values ('" KEY_CHANGE "', 0, 0)");
	store("bank_a", ISSUE, "vault/4.0/issue-" ISSUE ".bin");
	store("bank_a", PAY, "vault/4.0/pay-change-" PAY ".bin");
	store("bank_d", ISSUE, "vault/4.0/issue-" ISSUE ".bin");
	store("bank_d", PAY, "vault/4.8/batch2-" PAY ".bin");
	hold("bank_a", ISSUE, 0, 100000, true);
	hold("bank_a", PAY, 1, 99900, false);
	hold("bank_d", PAY, 0, 100, false);
	sql("notary", "insert into node_notary_committed_states (output_index,"
		      " transaction_id, consuming_transaction_id)"
		      " values (0, '" ISSUE "', '" PAY "')");
	sql("notary", "insert into node_notary_committed_txs values"
		      " ('" PAY "')");
	for (size_t i = 0; i < ARRAY_SIZE(databases); i++)
		sql(databases[i], keep_clean);
}

/* ---- the run ---- */

static void write_run(void)
{
	static struct release releases[] = {
		{ .label = "4.0",
		  .word = "maven:4.0",
		  .cordapps = "finance-4.0",
		  .contracts = "AB12",
		  .platform = 4 },
		{ .label = "4.8",
		  .word = "maven:4.8",
		  .cordapps = "finance-4.8",
		  .contracts = "CD34",
		  .platform = 10 },
	};
	static struct network_node nodes[] = {
		{ .name = "bank-a", .legal_name = NAME("BankA"), .release = 0 },
		{ .name = "bank-d", .legal_name = NAME("BankD"), .release = 1 },
		{ .name = "notary",
		  .legal_name = NAME("Notary"),
		  .release = 1,
		  .role = NODE_NOTARY },
	};
	struct network net;
	struct error err = { 0 };
	char path[PATH_ROOM], text[512];
	static const char yaml[] = "banks:\n  - release: maven:4.0\n"
				   "    count: 2\n"
				   "notaries:\n  - release: maven:4.8\n"
				   "cordapps: finance-4.0\n";

	path_join(path, run_dir, "network.yaml");
	assert_ok(file_write(path, yaml, strlen(yaml), 0600, &err), err);
	assert_ok(network_read(path, &arena, &net, &err), err);
	net.timeouts.settle = 1;
	net.releases = releases;
	net.release_count = 2;
	for (unsigned i = 0; i < 3; i++) {
		nodes[i].set = nodes[i].pod = nodes[i].host = nodes[i].name;
		nodes[i].database = databases[i];
	}
	net.nodes = nodes;
	net.node_count = 3;
	assert_ok(network_save(&net, run_dir, &err), err);
	snprintf(text, sizeof(text),
		 "{\"nodes\":{},\"database\":{\"host\":\"127.0.0.1\","
		 "\"port\":%u}}",
		 server.port);
	path_join(path, run_dir, "endpoints.json");
	assert_ok(file_write(path, text, strlen(text), 0600, &err), err);
	snprintf(text, sizeof(text),
		 "{\"rpc_user\":\"u\",\"rpc_password\":\"p\","
		 "\"database_user\":\"%s\",\"database_password\":\"%s\"}",
		 POSTGRES_USER, POSTGRES_PASSWORD);
	path_join(path, run_dir, "secrets.json");
	assert_ok(file_write(path, text, strlen(text), 0600, &err), err);
}

static int group_start(void **state)
{
	struct error err = { 0 };

	(void)state;
	setenv("MEDLEY_HOME", ".", 1);
	if (!postgres_there())
		return 0;
	if (dir_make_temporary("/tmp/medley-vault-", run_dir, &err) < 0 ||
	    postgres_start(&server, &err) < 0) {
		snprintf(why, sizeof(why), "%s", err.text);
		return 0;
	}
	return 0;
}

static int group_end(void **state)
{
	(void)state;
	if (server.port)
		postgres_stop(&server);
	if (run_dir[0])
		dir_remove(run_dir, NULL);
	arena_release(&arena);
	return 0;
}

static void pay_was(enum op_outcome outcome, const char *tx)
{
	struct operation op = { .id = 1,
				.kind = OP_PAY,
				.payer = "bank-a",
				.payee = "bank-d",
				.notary = "notary",
				.amount = 100,
				.currency = "USD",
				.intended_us = 1,
				.sent_us = 1,
				.outcome = outcome,
				.tx = tx };
	struct error err = { 0 };
	char path[PATH_ROOM];

	unlink(path_join(path, run_dir, "history.jsonl"));
	assert_ok(history_append(run_dir, &op, &err), err);
}

/* The databases as they should be, and a history that says so. */
static void start(void)
{
	if (!postgres_there())
		skip();
	if (!server.port)
		fail_msg("no server: %s", why);
	if (!ready) {
		make_databases();
		write_run();
	}
	ready = true;
	for (size_t i = 0; i < ARRAY_SIZE(databases); i++)
		sql(databases[i], "select clean.restore()");
	pay_was(OUTCOME_OK, PAY);
}

/* ---- what came out ---- */

static struct finding *found;
static size_t found_count;
static struct settlement *settled;

static void forget(void)
{
	for (size_t i = 0; i < found_count; i++)
		js_free(found[i].evidence);
	found_count = 0;
}

static void check(void)
{
	struct js *details = NULL;
	struct error err = { 0 };
	size_t n;

	forget();
	assert_ok(vault_judge(run_dir, NULL, &details, &err), err);
	assert_int_equal(js_int(details, "databases", 0), 3);
	js_free(details);
	assert_ok(finding_load(run_dir, &arena, &found, &found_count, &err),
		  err);
	assert_ok(settlement_load(run_dir, &arena, &settled, &n, &err), err);
	assert_int_equal(n, 1);
	for (size_t i = 0; i < found_count; i++)
		print_message("    %s: %s\n", finding_name(found[i].kind),
			      found[i].summary);
}

/* Just this one. */
static const struct finding *one(enum finding_kind kind, const char *tx,
				 const char *node, const char *part)
{
	const struct finding *f;

	check();
	assert_int_equal(found_count, 1);
	f = &found[0];
	assert_int_equal(f->kind, kind);
	if (tx)
		assert_string_equal(f->tx, tx);
	if (node)
		assert_string_equal(f->node, node);
	if (!strstr(f->summary, part))
		fail_msg("\"%s\" is not in \"%s\"", part, f->summary);
	assert_false(f->note);
	return f;
}

static void finds_nothing_in_a_clean_network(void **state)
{
	struct js *details = NULL;
	struct error err = { 0 };

	(void)state;
	start();
	assert_ok(vault_check(run_dir, NULL, &details, &err), err);
	assert_int_equal(js_int(details, "transactions", 0), 4);
	assert_int_equal(js_int(details, "signatures", 0), 6);
	js_free(details);
	check();
	assert_int_equal(found_count, 0);
	assert_true(settled[0].payer_has && settled[0].payee_has &&
		    settled[0].notary_has);
}

static void finds_an_unknown_payment_by_what_it_moved(void **state)
{
	(void)state;
	start();
	pay_was(OUTCOME_UNKNOWN, NULL);
	check();
	assert_int_equal(found_count, 0);
	assert_string_equal(settled[0].tx, PAY);
	assert_true(settled[0].payee_has);
}

static void finds_a_payment_that_its_payee_lacks(void **state)
{
	const struct finding *f;

	(void)state;
	start();
	sql("bank_d", "delete from node_transactions where tx_id='" PAY "';"
		      "delete from vault_states;"
		      "delete from contract_cash_states;"
		      "delete from vault_fungible_states;"
		      "insert into node_checkpoints values ('f1', 3, true,"
		      " null, null, " TIME ");"
		      "insert into node_flow_exceptions values ('f1', 'T',"
		      " 'untrusted attachment', 's', null, " TIME ")");
	f = one(FINDING_NOT_RECORDED, PAY, "bank-d",
		"bank-d has no such transaction");
	assert_string_equal(f->payer, "bank-a");
	assert_string_equal(f->payee, "bank-d");
	assert_string_equal(f->notary, "notary");
	assert_int_equal(f->op, 1);
	assert_false(settled[0].payee_has);
	assert_true(settled[0].payer_has && settled[0].notary_has);
	assert_string_equal(js_str(js_get(f->evidence, "payer"), "contracts"),
			    "AB12");
	assert_string_equal(js_str(js_get(f->evidence, "payee"), "release"),
			    "4.8");
	assert_int_equal(js_count(js_get(f->evidence, "stuck_flows")), 1);
	assert_int_equal(
		js_count(js_get(js_get(js_get(f->evidence, "payer"), "rows"),
				"vault_states")),
		1);
}

static void finds_a_transaction_row_that_is_gone(void **state)
{
	(void)state;
	start();
	sql("bank_d", "delete from node_transactions where tx_id='" PAY "'");
	one(FINDING_NOT_RECORDED, PAY, "bank-d", "bank-d has no such");
	start();
	sql("bank_a", "delete from node_transactions where tx_id='" PAY "'");
	one(FINDING_NOT_RECORDED, PAY, "bank-a", "bank-a has no such");
}

static void finds_a_payment_that_nobody_has(void **state)
{
	(void)state;
	start();
	sql("bank_a", "delete from node_transactions where tx_id='" PAY "'");
	sql("bank_d", "delete from node_transactions where tx_id='" PAY "'");
	one(FINDING_LOST, PAY, "notary", "no vault has it");
}

static void finds_a_row_that_the_notary_lacks(void **state)
{
	(void)state;
	start();
	sql("notary", "delete from node_notary_committed_states;"
		      "delete from node_notary_committed_txs");
	one(FINDING_NOT_RECORDED, PAY, "notary",
	    "notary notary has not committed it");
	assert_false(settled[0].notary_has);
}

static void finds_a_state_spent_twice(void **state)
{
	const struct finding *f;

	(void)state;
	start();
	sql("notary", "update node_notary_committed_states set"
		      " consuming_transaction_id='" ISSUE "'");
	check();
	assert_true(found_count >= 1);
	f = &found[found[0].kind == FINDING_DOUBLED ? 0 : found_count - 1];
	assert_int_equal(f->kind, FINDING_DOUBLED);
	assert_string_equal(f->tx, PAY);
	assert_string_equal(js_str(f->evidence, "other_transaction"), ISSUE);
}

static void finds_changed_values(void **state)
{
	static const char *const harm[] = {
		"update contract_cash_states set pennies=200",
		"update vault_fungible_states set quantity=1",
		"update contract_cash_states set ccy_code='EUR'",
		"update vault_states set notary_name='O=X'",
		"delete from contract_cash_states",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(harm); i++) {
		start();
		sql("bank_d", harm[i]);
		one(FINDING_ROW_MISMATCH, PAY, "bank-d", "another value");
	}
}

static void finds_a_wrong_status(void **state)
{
	(void)state;
	start();
	sql("bank_a", "update vault_states set state_status=0,"
		      " consumed_timestamp=null");
	one(FINDING_ROW_MISMATCH, PAY, "bank-a", "status");
	start();
	sql("bank_d", "update vault_states set state_status=1,"
		      " consumed_timestamp=" TIME);
	one(FINDING_ROW_MISMATCH, PAY, "bank-d", "status");
}

static void finds_rows_too_few_and_too_many(void **state)
{
	(void)state;
	start();
	sql("bank_d", "delete from vault_states;"
		      "delete from contract_cash_states;"
		      "delete from vault_fungible_states");
	one(FINDING_ROW_MISMATCH, PAY, "bank-d", "has no row");
	start();
	hold("bank_d", PAY, 1, 99900, false);
	one(FINDING_ROW_MISMATCH, PAY, "bank-d", "should not have");
}

static void finds_a_flipped_byte(void **state)
{
	static const char flip[] =
		"select lo_put(transaction_value, 5000, set_byte("
		"lo_get(transaction_value, 5000, 1), 0, 255 - get_byte("
		"lo_get(transaction_value, 5000, 1), 0)))"
		" from node_transactions where tx_id='" PAY "'";

	(void)state;
	start();
	sql("bank_d", flip);
	one(FINDING_UNDECODABLE, PAY, "bank-d", "cannot be read");
	start();
	sql("bank_a", flip);
	check();
	assert_int_equal(found_count, 1);
	assert_true(found[0].kind == FINDING_ID_MISMATCH ||
		    found[0].kind == FINDING_UNDECODABLE);
	start();
	sql("bank_d", "select lo_unlink(transaction_value)"
		      " from node_transactions where tx_id='" PAY "'");
	one(FINDING_UNDECODABLE, PAY, "bank-d", "cannot be read");
}

static void finds_what_is_left(void **state)
{
	(void)state;
	start();
	sql("bank_a", "update vault_states set lock_id='x'"
		      " where state_status=0");
	one(FINDING_SOFT_LOCK_LEFT, PAY, "bank-a", "locks output 1");
	start();
	sql("bank_d", "insert into node_checkpoints values ('f1', 0, true,"
		      " null, null, " TIME ")");
	one(FINDING_STUCK_FLOW, NULL, "bank-d", "has not ended");
}

/* 4.0 keeps the receiver's flow of a payment that failed at its payer. */
static void knows_what_releases_do(void **state)
{
	struct operation op = { .id = 2,
				.kind = OP_PAY,
				.payer = "bank-d",
				.payee = "bank-a",
				.notary = "notary",
				.amount = 1,
				.currency = "USD",
				.outcome = OUTCOME_FAIL,
				.error_class = "C",
				.error_text = "no funds" };
	struct error err = { 0 };
	struct js *details = NULL;

	(void)state;
	start();
	sql("bank_a", "insert into node_checkpoints values ('f1', '\\x')");
	one(FINDING_STUCK_FLOW, NULL, "bank-a", "f1 has not ended");
	assert_ok(history_append(run_dir, &op, &err), err);
	forget();
	assert_ok(vault_judge(run_dir, NULL, &details, &err), err);
	assert_int_equal(js_int(details, "findings", -1), 0);
	assert_int_equal(js_int(details, "notes", -1), 1);
	js_free(details);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_nothing_in_a_clean_network),
		cmocka_unit_test(finds_an_unknown_payment_by_what_it_moved),
		cmocka_unit_test(finds_a_payment_that_its_payee_lacks),
		cmocka_unit_test(finds_a_transaction_row_that_is_gone),
		cmocka_unit_test(finds_a_payment_that_nobody_has),
		cmocka_unit_test(finds_a_row_that_the_notary_lacks),
		cmocka_unit_test(finds_a_state_spent_twice),
		cmocka_unit_test(finds_changed_values),
		cmocka_unit_test(finds_a_wrong_status),
		cmocka_unit_test(finds_rows_too_few_and_too_many),
		cmocka_unit_test(finds_a_flipped_byte),
		cmocka_unit_test(finds_what_is_left),
		cmocka_unit_test(knows_what_releases_do),
	};
	int rc = cmocka_run_group_tests(tests, group_start, group_end);

	forget();
	return rc;
}

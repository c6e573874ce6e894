/* SPDX-License-Identifier: Apache-2.0 */
/* vaults.c - a small network's databases in a private PostgreSQL. */
#include "test/support/vaults.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "data/pg.h"
#include "run/network.h"
#include "test/support/postgres.h"
#include "test/support/test.h"
#include "vault/vault.h"

#define NAME(who) "O=" who ", L=London, C=GB"
#define CASH "net.corda.finance.contracts.asset.Cash$State"

enum { ROOM = 1024 * 1024 };

char vaults_run[PATH_ROOM];
struct finding *vaults_found;
size_t vaults_found_count;
static struct postgres server;
static struct arena arena = ARENA_INIT(16 * ROOM);
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

void vaults_sql(const char *database, const char *text)
{
	cleanup(pg_closep) struct pg *pg = NULL;
	struct pg_address a = { .host = server.dir,
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

	vaults_sql(database, buf_text(&text));
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
	vaults_sql(database, buf_text(&text));
	buf_release(&text);
	buf_release(&blob);
}

/* What the transactions' outputs are bound by: an attachment's hash. */
#define CONSTRAINT                                                             \
	"\\x0F3294F72BD6B0754F671794696BE69441FBC70E1D824E89832F49C2AC8802AB"

/* Rows of a state of cash that the vault holds. */
static void hold(const char *database, const char *tx, int index, int amount,
		 bool consumed)
{
	const char *owner =
		strcmp(database, "bank_a") ? NAME("BankD") : NAME("BankA");
	struct buf t = BUF_INIT(ROOM);

	buf_addf(&t,
		 "insert into vault_states (output_index, transaction_id,"
		 " consumed_timestamp, contract_state_class_name, notary_name,"
		 " recorded_timestamp, state_status, relevancy_status,"
		 " constraint_type, constraint_data) values (%d, '%s', %s,"
		 " '" CASH "', '" NAME("Notary") "', " VAULTS_TIME
						 ", %d, 0, 1, '" CONSTRAINT
						 "');",
		 index, tx, consumed ? VAULTS_TIME : "null", consumed);
	buf_addf(&t,
		 "insert into contract_cash_states (output_index,"
		 " transaction_id, ccy_code, issuer_key_hash, issuer_ref,"
		 " pennies, owner_name) values (%d, '%s', 'USD', '" VAULTS_KEY_A
		 "', '\\x01', %d, '%s');",
		 index, tx, amount, owner);
	buf_addf(&t,
		 "insert into vault_fungible_states (output_index,"
		 " transaction_id, issuer_name, issuer_ref, quantity,"
		 " owner_name) values (%d, '%s', '" NAME("BankA") "', '\\x01',"
								  " %d, '%s')",
		 index, tx, amount, owner);
	vaults_sql(database, buf_text(&t));
	buf_release(&t);
}

/* Of these there are no vectors: the check passes over a missing table. */
static const char no_rows[] = "drop table if exists state_party cascade;"
			      "drop table if exists node_attachments cascade";

static void know(const char *database)
{
	vaults_sql(
		database,
		"insert into node_info_party_cert values"
		" ('" NAME("BankA") "', true, '" VAULTS_KEY_A "', 0),"
				    " ('" NAME(
					    "BankD") "', true, '" VAULTS_KEY_D
						     "', 0)");
}

static void make_databases(void)
{
	vaults_sql("postgres", "create database bank_a");
	vaults_sql("postgres", "create database bank_d");
	vaults_sql("postgres", "create database notary");
	sql_file("bank_a", "vault/4.0/schema.sql");
	sql_file("bank_d", "vault/4.8/schema.sql");
	sql_file("notary", "vault/4.8/schema-notary.sql");
	know("bank_a");
	know("bank_d");
	for (size_t i = 0; i < ARRAY_SIZE(databases); i++)
		vaults_sql(databases[i], no_rows);
	vaults_sql("bank_a",
		   "insert into node_our_key_pairs values ('" VAULTS_KEY_CHANGE
		   "', 0, 0)");
	store("bank_a", VAULTS_ISSUE, "vault/4.0/issue-" VAULTS_ISSUE ".bin");
	store("bank_a", VAULTS_PAY, "vault/4.0/pay-change-" VAULTS_PAY ".bin");
	store("bank_d", VAULTS_ISSUE, "vault/4.0/issue-" VAULTS_ISSUE ".bin");
	store("bank_d", VAULTS_PAY, "vault/4.8/batch2-" VAULTS_PAY ".bin");
	hold("bank_a", VAULTS_ISSUE, 0, 100000, true);
	hold("bank_a", VAULTS_PAY, 1, 99900, false);
	hold("bank_d", VAULTS_PAY, 0, 100, false);
	vaults_sql("notary",
		   "insert into node_notary_committed_states (output_index,"
		   " transaction_id, consuming_transaction_id)"
		   " values (0, '" VAULTS_ISSUE "', '" VAULTS_PAY "')");
	vaults_sql("notary", "insert into node_notary_committed_txs values"
			     " ('" VAULTS_PAY "')");
	for (size_t i = 0; i < ARRAY_SIZE(databases); i++)
		vaults_sql(databases[i], keep_clean);
}

/* ---- the run ---- */

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

static void write_file(const char *name, const char *text)
{
	struct error err = { 0 };
	char path[PATH_ROOM];

	path_join(path, vaults_run, name);
	assert_ok(file_write(path, text, strlen(text), 0600, &err), err);
}

static void write_network(void)
{
	static const char yaml[] = "banks:\n  - release: maven:4.0\n"
				   "    count: 2\n"
				   "notaries:\n  - release: maven:4.8\n"
				   "cordapps: finance-4.0\n";
	struct network net;
	struct error err = { 0 };
	char path[PATH_ROOM];

	write_file("network.yaml", yaml);
	path_join(path, vaults_run, "network.yaml");
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
	assert_ok(network_save(&net, vaults_run, &err), err);
}

static void write_run(void)
{
	char text[512];

	write_network();
	snprintf(text, sizeof(text),
		 "{\"nodes\":{},\"database\":{\"host\":\"127.0.0.1\","
		 "\"port\":%u}}",
		 server.port);
	write_file("endpoints.json", text);
	snprintf(text, sizeof(text),
		 "{\"rpc_user\":\"u\",\"rpc_password\":\"p\","
		 "\"database_user\":\"%s\",\"database_password\":\"%s\"}",
		 POSTGRES_USER, POSTGRES_PASSWORD);
	write_file("secrets.json", text);
}

int vaults_start(void **state)
{
	struct error err = { 0 };

	(void)state;
	setenv("MEDLEY_HOME", ".", 1);
	if (!postgres_there())
		return 0;
	if (dir_make_temporary("/tmp/medley-vault-", vaults_run, &err) < 0 ||
	    postgres_start(&server, &err) < 0) {
		snprintf(why, sizeof(why), "%s", err.text);
		return 0;
	}
	return 0;
}

static void forget_found(void)
{
	for (size_t i = 0; i < vaults_found_count; i++)
		js_free(vaults_found[i].evidence);
	vaults_found_count = 0;
}

int vaults_stop(void **state)
{
	(void)state;
	forget_found();
	if (server.port)
		postgres_stop(&server);
	if (vaults_run[0])
		dir_remove(vaults_run, NULL);
	arena_release(&arena);
	return 0;
}

void vaults_paid(enum op_outcome outcome, const char *tx)
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

	unlink(path_join(path, vaults_run, "history.jsonl"));
	assert_ok(history_append(vaults_run, &op, &err), err);
}

/* The databases as they should be, and a history that says so. */
void vaults_reset(void)
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
		vaults_sql(databases[i], "select clean.restore()");
	vaults_paid(OUTCOME_OK, VAULTS_PAY);
}

/* ---- what is found ---- */

void vaults_read_found(void)
{
	struct error err = { 0 };

	forget_found();
	assert_ok(finding_load(vaults_run, &arena, &vaults_found,
			       &vaults_found_count, &err),
		  err);
	for (size_t i = 0; i < vaults_found_count; i++) {
		const struct finding *f = &vaults_found[i];

		print_message("    %s of %.8s: %s\n", finding_name(f->kind),
			      f->tx ?: "-", f->summary);
	}
}

void vaults_judge(struct js **ret_details)
{
	struct js *details = NULL;
	struct error err = { 0 };

	assert_ok(vault_judge(vaults_run, NULL, &details, &err), err);
	vaults_read_found();
	if (ret_details)
		*ret_details = details;
	else
		js_free(details);
}

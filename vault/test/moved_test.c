/* SPDX-License-Identifier: Apache-2.0 */
/* moved_test.c - what a notary change moved, and a state that is not cash, must
 * be held and is judged when it is spent. */
#include "base/cleanup.h"
#include "corda/signature.h"
#include "corda/transaction.h"
#include "run/network.h"
#include "run/records.h"
#include "test/support/test.h"
#include "test/support/vaults.h"

enum { ROOM = 1024 * 1024, HASH = 32 };
#define NAME(who) "O=" who ", L=London, C=GB"
#define PAYMENT "vault/4.0/pay-change-" VAULTS_PAY ".bin"
/* By two banks under Notary45, to Notary410. */
#define CHANGE "workloads/tx.notary-change.made-by-4.10.stored-by-4.0.bin"
/* Of BankA, by another key than its main one; under Notary48. */
#define NOTE "workloads/tx.timewindow-reference.made-by-4.0.stored-by-4.0.bin"

static struct arena arena = ARENA_INIT(16 * ROOM);
static void add_notaries(void)
{
	static const char *const names[] = { NAME("Notary45"),
					     NAME("Notary410"),
					     NAME("Notary48") };
	struct network net;
	struct network_node nodes[3 + ARRAY_SIZE(names)];
	struct error err = { 0 };

	assert_ok(network_load(vaults_run, &arena, &net, &err), err);
	if (net.node_count > 3) /* by the test before */
		return;
	for (unsigned i = 0; i < ARRAY_SIZE(nodes); i++)
		nodes[i] = net.nodes[i < 3 ? i : 2];
	for (unsigned i = 0; i < ARRAY_SIZE(names); i++) {
		nodes[3 + i].name = arena_printf(&arena, "notary-%u", i);
		nodes[3 + i].legal_name = names[i];
	}
	net.nodes = nodes;
	net.node_count = ARRAY_SIZE(nodes);
	assert_ok(network_save(&net, vaults_run, &err), err);
}

static void read_blob(const struct buf *blob, struct transaction *ret)
{
	cleanup(buf_release) struct buf none = BUF_INIT(1);
	struct error err = { 0 };

	assert_ok(transaction_read(blob->data, blob->len, &none, &arena, ret,
				   &err),
		  err);
}

/* The vector with its first input replaced by output 0 of `input`, as the node
 * of the database stores it; its id. */
static void store_at(const char *database, const char *vector,
		     const char *input, char id[TX_ID_TEXT])
{
	struct buf blob = test_vector(vector);
	cleanup(buf_release) struct buf sql = BUF_INIT(ROOM);
	struct transaction tx;
	struct tx_id wanted;
	uint8_t *at;

	read_blob(&blob, &tx);
	assert_int_equal(tx.inputs[0].index, 0);
	assert_true(tx_id_parse(input, &wanted));
	at = memmem(blob.data, blob.len, tx.inputs[0].tx.bytes, HASH);
	assert_non_null(at);
	memcpy(at, wanted.bytes, HASH);
	read_blob(&blob, &tx);
	assert_true(tx_id_equal(&tx.inputs[0].tx, &wanted));
	tx_id_text(id, &tx.id);
	buf_addf(&sql,
		 "insert into node_transactions (tx_id, transaction_value,"
		 " state_machine_run_id, status, timestamp) values ('%s',"
		 " lo_from_bytea(0, '\\x",
		 id);
	buf_add_hex(&sql, blob.data, blob.len);
	buf_add_str(&sql, "'), null, 'V', " VAULTS_TIME ")");
	vaults_sql(database, buf_text(&sql));
	buf_release(&blob);
}

static void store(const char *vector, const char *input, char id[TX_ID_TEXT])
{
	store_at("bank_d", vector, input, id);
}

static const struct finding *find(const char *tx)
{
	for (size_t i = 0; i < vaults_found_count; i++)
		if (vaults_found[i].tx && !strcmp(vaults_found[i].tx, tx))
			return &vaults_found[i];
	fail_msg("nothing was found of %s", tx);
	return NULL;
}

static bool follows(const struct finding *f, const char *part)
{
	const struct js *list = js_get(f->evidence, "follows");

	for (size_t i = 0; i < js_count(list); i++)
		if (strstr(js_text(js_at(list, i)), part))
			return true;
	return false;
}

/* BankD's, of the payment. */
static void consume_coin(void)
{
	vaults_sql("bank_d", "update vault_states set state_status=1,"
			     " consumed_timestamp=recorded_timestamp");
}

/* Nobody could sign what the test made of the vectors. */
static void what_is_moved_must_be_held(void **state)
{
	char moved[TX_ID_TEXT];
	const struct finding *f;

	(void)state;
	vaults_reset();
	add_notaries();
	store(CHANGE, VAULTS_PAY, moved);
	consume_coin();
	vaults_judge(NULL);
	assert_int_equal(vaults_found_count, 1);
	f = find(moved);
	assert_int_equal(f->kind, FINDING_BAD_SIGNATURE);
	assert_true(follows(f, "bank-d has no row of output 0 of the"
			       " transaction"));
}

/* 1.00 is moved, and 1000.00 come out of it. */
static void more_is_spent_than_was_moved(void **state)
{
	char moved[TX_ID_TEXT], spent[TX_ID_TEXT];

	(void)state;
	vaults_reset();
	add_notaries();
	store(CHANGE, VAULTS_PAY, moved);
	store(PAYMENT, moved, spent);
	vaults_judge(NULL);
	assert_int_equal(find(spent)->kind, FINDING_FORGED);
	for (size_t i = 0; i < vaults_found_count; i++)
		assert_int_not_equal(vaults_found[i].kind, FINDING_UNBALANCED);
}

/* ---- a state that is not cash ---- */

/* Both banks store a note of BankA, which spends BankD's coin; its id. */
static void store_note(char id[TX_ID_TEXT])
{
	vaults_reset();
	add_notaries();
	/* What vaults_reset() leaves, and what store_at() fills. */
	vaults_sql("bank_a", "delete from node_our_key_pairs where"
			     " public_key_hash != '" VAULTS_KEY_CHANGE "'");
	vaults_sql("bank_a", "alter table node_transactions"
			     " add if not exists status text,"
			     " add if not exists timestamp timestamp");
	store_at("bank_a", NOTE, VAULTS_PAY, id);
	store_at("bank_d", NOTE, VAULTS_PAY, id);
	consume_coin();
}

/* BankA's node made the key of the note. */
static void know_the_key(void)
{
	struct buf blob = test_vector(NOTE);
	char hash[KEY_HASH_TEXT], sql[256];
	struct transaction tx;

	read_blob(&blob, &tx);
	assert_int_equal(tx.outputs[0].participant_count, 1);
	snprintf(sql, sizeof(sql),
		 "insert into node_our_key_pairs values ('%s', 0, 0)",
		 key_hash_text(hash, &tx.outputs[0].participants[0].key));
	vaults_sql("bank_a", sql);
	buf_release(&blob);
}

static void hold_note(const char *database, const char *id)
{
	cleanup(buf_release) struct buf sql = BUF_INIT(ROOM);
	struct buf blob = test_vector(NOTE);
	struct transaction tx;

	read_blob(&blob, &tx);
	buf_addf(&sql,
		 "insert into vault_states (output_index, transaction_id,"
		 " contract_state_class_name, notary_name, recorded_timestamp,"
		 " state_status, relevancy_status, constraint_type,"
		 " constraint_data) values (0, '%s', '%s', '%s', " VAULTS_TIME
		 ", 0, 0, %d, '\\x",
		 id, tx.outputs[0].state, tx.outputs[0].notary.name,
		 tx.outputs[0].constraint_type);
	buf_add_hex(&sql, tx.outputs[0].constraint,
		    tx.outputs[0].constraint_len);
	buf_add_str(&sql, "')");
	vaults_sql(database, buf_text(&sql));
	buf_release(&blob);
}

static void a_note_that_nobody_holds_is_lost(void **state)
{
	char note[TX_ID_TEXT];

	(void)state;
	store_note(note);
	vaults_judge(NULL);
	assert_true(follows(find(note),
			    "bank-a owns output 0 of the transaction, but no "
			    "vault has a row of this output, and no node has "
			    "the key for it"));
	know_the_key();
	vaults_judge(NULL);
	assert_true(follows(find(note),
			    "the vault of bank-a has no row of output 0 of the "
			    "transaction"));
}

static void a_note_is_held_by_its_participant(void **state)
{
	char note[TX_ID_TEXT];

	(void)state;
	store_note(note);
	hold_note("bank_a", note);
	vaults_judge(NULL);
	assert_true(follows(find(note), "bank-a owns output 0 of the"
					" transaction, but does not have the"
					" key for it"));
	know_the_key();
	vaults_judge(NULL);
	assert_false(follows(find(note), "output 0"));
	hold_note("bank_d", note);
	vaults_judge(NULL);
	assert_true(follows(find(note), "the vault of bank-d has a row of"
					" output 0 of the transaction, which"
					" it must not have"));
}

static void a_participant_stores_the_transaction(void **state)
{
	char note[TX_ID_TEXT];

	(void)state;
	store_note(note);
	know_the_key();
	vaults_sql("bank_a", "delete from node_transactions where tx_id not in"
			     " ('" VAULTS_ISSUE "', '" VAULTS_PAY "')");
	vaults_judge(NULL);
	assert_true(
		follows(find(note), "bank-a has not recorded the transaction"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_moved_must_be_held),
		cmocka_unit_test(more_is_spent_than_was_moved),
		cmocka_unit_test(a_note_that_nobody_holds_is_lost),
		cmocka_unit_test(a_note_is_held_by_its_participant),
		cmocka_unit_test(a_participant_stores_the_transaction),
	};
	int rc = cmocka_run_group_tests(tests, vaults_start, vaults_stop);

	arena_release(&arena);
	return rc;
}

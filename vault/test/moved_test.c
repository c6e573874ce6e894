/* SPDX-License-Identifier: Apache-2.0 */
/* moved_test.c - a coin that a stored notary change moved is judged when it is
 * spent. */
#include "base/cleanup.h"
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

static struct arena arena = ARENA_INIT(16 * ROOM);
static void add_notaries(void)
{
	static const char *const names[] = { NAME("Notary45"),
					     NAME("Notary410") };
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

/* The vector with its first input replaced by output 0 of `input`, as BankD
 * stores it; its id. */
static void store(const char *vector, const char *input, char id[TX_ID_TEXT])
{
	struct buf blob = test_vector(vector);
	cleanup(buf_release) struct buf none = BUF_INIT(1);
	cleanup(buf_release) struct buf sql = BUF_INIT(ROOM);
	struct transaction tx;
	struct tx_id wanted;
	struct error err = { 0 };
	uint8_t *at;

	assert_ok(transaction_read(blob.data, blob.len, &none, &arena, &tx,
				   &err),
		  err);
	assert_int_equal(tx.inputs[0].index, 0);
	assert_true(tx_id_parse(input, &wanted));
	at = memmem(blob.data, blob.len, tx.inputs[0].tx.bytes, HASH);
	assert_non_null(at);
	memcpy(at, wanted.bytes, HASH);
	assert_ok(transaction_read(blob.data, blob.len, &none, &arena, &tx,
				   &err),
		  err);
	assert_true(tx_id_equal(&tx.inputs[0].tx, &wanted));
	tx_id_text(id, &tx.id);
	buf_addf(&sql,
		 "insert into node_transactions (tx_id, transaction_value,"
		 " state_machine_run_id, status, timestamp) values ('%s',"
		 " lo_from_bytea(0, '\\x",
		 id);
	buf_add_hex(&sql, blob.data, blob.len);
	buf_add_str(&sql, "'), null, 'V', " VAULTS_TIME ")");
	vaults_sql("bank_d", buf_text(&sql));
	buf_release(&blob);
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

/* Nobody could sign what the test made of the vectors. */
static void what_is_moved_must_be_held(void **state)
{
	char moved[TX_ID_TEXT];
	const struct finding *f;

	(void)state;
	vaults_reset();
	add_notaries();
	store(CHANGE, VAULTS_PAY, moved);
	vaults_sql("bank_d", "update vault_states set state_status=1,"
			     " consumed_timestamp=recorded_timestamp");
	vaults_judge(NULL);
	assert_int_equal(vaults_found_count, 1);
	f = find(moved);
	assert_int_equal(f->kind, FINDING_BAD_SIGNATURE);
	assert_true(follows(f, "bank-d has no row of its output 0"));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_moved_must_be_held),
		cmocka_unit_test(more_is_spent_than_was_moved),
	};
	int rc = cmocka_run_group_tests(tests, vaults_start, vaults_stop);

	arena_release(&arena);
	return rc;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* plants_test.c - defects in the databases of real runs, and what is found. */
#include "base/cleanup.h"
#include "test/support/plant.h"
#include "test/support/test.h"

/* ---- what SQL cannot do ---- */

/* In what the payee's output is bound by: it can be read, and is another
 * transaction. */
static void change_the_bytes(struct planting *p)
{
	const struct tx_output *o = &p->tx.outputs[p->output];

	assert_true(o->constraint_len > 0);
	p->blob.data[o->constraint + o->constraint_len - 1 - p->blob.data] ^= 1;
	planting_store(p, "payee");
}

/* Where the blob has an amount: eight bytes behind the code of a long. */
static uint8_t *find_amount(struct planting *p, int64_t quantity)
{
	uint8_t wanted[9] = { 0x81 };
	uint8_t *at;

	for (int i = 0; i < 8; i++)
		wanted[1 + i] = (uint8_t)(quantity >> (56 - 8 * i));
	at = memmem(p->blob.data, p->blob.len, wanted, sizeof(wanted));
	assert_non_null(at);
	return at + 1;
}

static void change_the_change(struct planting *p, int64_t by)
{
	const struct tx_output *change = &p->tx.outputs[planting_change(p)];
	int64_t quantity = change->cash.quantity + by;
	uint8_t *at = find_amount(p, change->cash.quantity);

	for (int i = 0; i < 8; i++)
		at[i] = (uint8_t)(quantity >> (56 - 8 * i));
	planting_forge(p);
}

static void keep(struct planting *p, int64_t more)
{
	cleanup(buf_release) struct buf sql = BUF_INIT(4096);

	change_the_change(p, more);
	buf_addf(&sql,
		 "update contract_cash_states set pennies = pennies + %lld"
		 " where transaction_id = '{tx}';"
		 "update vault_fungible_states set quantity = quantity + %lld"
		 " where transaction_id = '{tx}'",
		 (long long)more, (long long)more);
	planting_sql(p, "payer", buf_text(&sql));
}

static void keep_more(struct planting *p)
{
	keep(p, 100);
}

static void keep_less(struct planting *p)
{
	keep(p, -100);
}

/* By the first who signed. */
static void change_a_signature(struct planting *p)
{
	assert_true(p->tx.signature_count > 0);
	p->blob.data[p->tx.signatures[0].bytes - p->blob.data] ^= 1;
	planting_store(p, "payee");
}

/* ---- a payment and who has it ---- */

#define FORGET(table) "delete from " table " where transaction_id = '{tx}';"
#define FORGET_ROWS                                                            \
	FORGET("vault_fungible_states_parts")                                  \
	FORGET("state_party")                                                  \
	FORGET("contract_cash_states")                                         \
	FORGET("vault_fungible_states") FORGET("vault_states")
#define FORGET_TX "delete from node_transactions where tx_id = '{tx}';"
#define FORGET_COMMIT                                                          \
	"delete from node_notary_committed_states"                             \
	" where consuming_transaction_id = '{tx}';"                            \
	"delete from node_notary_committed_txs where transaction_id = '{tx}'"
#define FORGET_STATES                                                          \
	"delete from node_raft_committed_states where id in"                   \
	" (select t || ':' || i from (values {inputs}) v(t, i));"
#define FORGET_TXS                                                             \
	"delete from node_raft_committed_txs where transaction_id = '{tx}'"
#define OUTPUT " where transaction_id = '{tx}' and output_index = {output}"
#define INPUTS " where (transaction_id, output_index) in (values {inputs})"

/* The columns differ by release; what is not null is made up. */
#define LEAVE_FLOW                                                             \
	"do $$ begin if exists (select from information_schema.columns where"  \
	" table_name = 'node_checkpoints' and column_name = 'flow_id') then"   \
	" insert into node_checkpoints (flow_id, status, compatible,"          \
	" timestamp) values ('f', 0, true, now());"                            \
	" else insert into node_checkpoints (checkpoint_id, checkpoint_value)" \
	" values ('f', ''); end if; end $$"

static const struct plant plants[] = {
	{ .name = "payment_vanishes",
	  .steps = { { "payee", FORGET_ROWS FORGET_TX } },
	  .wanted = { { FINDING_NOT_RECORDED, "payee",
			"has not recorded the transaction" } } },
	{ .name = "payee_forgets",
	  .run = "validating",
	  .steps = { { "payee", FORGET_TX } },
	  .wanted = { { FINDING_NOT_RECORDED, "payee",
			"has not recorded the transaction" } } },
	{ .name = "payee_forgets_what_it_has_spent",
	  .pick = PICK_SPENT,
	  .steps = { { "payee", FORGET_TX } },
	  .wanted = { { FINDING_NOT_RECORDED, "payee",
			"has not recorded the transaction" } } },
	{ .name = "payer_forgets",
	  .steps = { { "payer", FORGET_TX } },
	  .wanted = { { FINDING_NOT_RECORDED, "payer",
			"has not recorded the transaction" } } },
	{ .name = "all_forget",
	  .steps = { { "payer", FORGET_TX }, { "payee", FORGET_TX } },
	  .wanted = { { FINDING_LOST, "notary",
			"no vault has the transaction" } } },
	{ .name = "notary_forgets",
	  .steps = { { "notary", FORGET_COMMIT } },
	  .wanted = { { FINDING_NOT_RECORDED, "notary",
			"has not committed the transaction" } } },
	{ .name = "validating_notary_forgets",
	  .run = "validating",
	  .steps = { { "notary", FORGET_COMMIT } },
	  .wanted = { { FINDING_NOT_RECORDED, "notary",
			"has not committed the transaction" } } },
	{ .name = "another_notary_has_the_commit",
	  .run = "two-notaries",
	  .steps = { { "notary", FORGET_COMMIT },
		     { "other notary",
		       "insert into node_notary_committed_states"
		       " (transaction_id, output_index,"
		       " consuming_transaction_id)"
		       " select t, i, '{tx}' from (values {inputs}) v(t, i);"
		       "insert into node_notary_committed_txs"
		       " values ('{tx}')" } },
	  .wanted = { { FINDING_NOT_RECORDED, "notary",
			"has not committed the transaction" } } },

	/* ---- a notary of three nodes ---- */

	{ .name = "one_of_the_notary_forgets",
	  .run = "raft",
	  .steps = { { "notary-4.8-raft-2", FORGET_STATES } },
	  .wanted = { { FINDING_NOT_RECORDED, "notary-4.8-raft-2",
			"has lost the states that the transaction spends" } } },
	{ .name = "most_of_the_notary_forget",
	  .run = "raft",
	  .steps = { { "notary-4.8-raft-1", FORGET_STATES FORGET_TXS },
		     { "notary-4.8-raft-2", FORGET_STATES FORGET_TXS } },
	  .wanted = { { FINDING_NOT_RECORDED, "notary",
			"has not committed the transaction" },
		      { FINDING_BEHIND, "notary-4.8-raft-1", "", "", true },
		      { FINDING_BEHIND, "notary-4.8-raft-2", "", "", true } } },
	{ .name = "one_of_the_notary_was_away",
	  .run = "raft",
	  .steps = { { "notary-4.8-raft-1",
		       "delete from node_raft_committed_states;"
		       "delete from node_raft_committed_txs" } },
	  .wanted = { { FINDING_BEHIND, "notary-4.8-raft-1", "has 0 of the", "",
			true } },
	  .harm = HARM_NONE },

	/* ---- the vault's rows ---- */

	{ .name = "rows_are_missing",
	  .steps = { { "payee", FORGET_ROWS } },
	  .wanted = { { FINDING_ROW_MISMATCH, "payee",
			"has no row of output {output}" } } },
	{ .name = "a_row_too_many",
	  .steps = { { "payee", "insert into vault_states select"
				" (jsonb_populate_record(v,"
				" '{\"output_index\": {change}}')).*"
				" from vault_states v" OUTPUT } },
	  .wanted = { { FINDING_ROW_MISMATCH, "payee",
			"output {change} of the transaction, which it must "
			"not have" } } },
	{ .name = "another_amount",
	  .steps = { { "payee", "update contract_cash_states"
				" set pennies = pennies + 1" OUTPUT } },
	  .wanted = { { FINDING_ROW_MISMATCH, "payee", "another value" } } },
	{ .name = "another_quantity",
	  .run = "validating",
	  .steps = { { "payee", "update vault_fungible_states"
				" set quantity = quantity + 1" OUTPUT } },
	  .wanted = { { FINDING_ROW_MISMATCH, "payee", "another value" } } },
	{ .name = "another_currency",
	  .run = "two-contracts",
	  .steps = { { "payee", "update contract_cash_states"
				" set ccy_code = 'EUR'" OUTPUT } },
	  .wanted = { { FINDING_ROW_MISMATCH, "payee", "another value" } } },
	{ .name = "another_notary",
	  .run = "two-notaries",
	  .steps = { { "payee",
		       "update vault_states"
		       " set notary_name = 'O=X, L=X, C=GB'" OUTPUT } },
	  .wanted = { { FINDING_ROW_MISMATCH, "payee", "another value" } } },
	{ .name = "cash_row_is_missing",
	  .run = "raft",
	  .steps = { { "payee", "delete from contract_cash_states" OUTPUT } },
	  .wanted = { { FINDING_ROW_MISMATCH, "payee", "another value" } } },
	{ .name = "spent_and_yet_free",
	  .steps = { { "payer", "update vault_states set state_status = 0,"
				" consumed_timestamp = null" INPUTS } },
	  .wanted = { { FINDING_ROW_MISMATCH, "payer", "a status" } } },
	{ .name = "free_and_yet_spent",
	  .steps = { { "payee",
		       "update vault_states set state_status = 1,"
		       " consumed_timestamp = recorded_timestamp" OUTPUT } },
	  .wanted = { { FINDING_ROW_MISMATCH, "payee", "a status" } } },
	{ .name = "soft_lock_is_left",
	  .run = "validating",
	  .steps = { { "payee",
		       "update vault_states set lock_id = 'x',"
		       " lock_timestamp = recorded_timestamp" OUTPUT } },
	  .wanted = { { FINDING_SOFT_LOCK_LEFT, "payee",
			"soft lock on output {output}" } } },

	{ .name = "flow_has_not_ended",
	  .steps = { { "payee", LEAVE_FLOW } },
	  .wanted = { { FINDING_STUCK_FLOW, "payee", "has not ended", "" } },
	  .harm = HARM_NETWORK },

	/* ---- the stored transaction ---- */

	{ .name = "blob_is_damaged",
	  .steps = { { "payee", "select lo_put(transaction_value, 0, 'X')"
				" from node_transactions"
				" where tx_id = '{tx}'" } },
	  .wanted = { { FINDING_UNDECODABLE, "payee", "cannot be decoded" } } },
	{ .name = "blob_is_gone",
	  .run = "two-contracts",
	  .steps = { { "payee", "select lo_unlink(transaction_value)"
				" from node_transactions"
				" where tx_id = '{tx}'" } },
	  .wanted = { { FINDING_UNDECODABLE, "payee", "cannot be decoded" } } },
	{ .name = "bytes_are_of_another_id",
	  .act = change_the_bytes,
	  .wanted = { { FINDING_ID_MISMATCH, "payee",
			"an id that does not match" } } },
	{ .name = "signature_is_wrong",
	  .run = "validating",
	  .act = change_a_signature,
	  .wanted = { { FINDING_BAD_SIGNATURE, "payee", "signature" } } },
	{ .name = "money_from_nowhere",
	  .pick = PICK_LEAF,
	  .act = keep_more,
	  .wanted = { { FINDING_FORGED, NULL,
			"are worth more than its inputs" } } },
	/* Nobody has signed what was made of it; the first copy is named. */
	{ .name = "money_goes_nowhere",
	  .pick = PICK_LEAF,
	  .act = keep_less,
	  .wanted = { { FINDING_BAD_SIGNATURE, "bank-4.0-0", "signature" } } },
	{ .name = "stored_as_unverified",
	  .run = "two-notaries",
	  .steps = { { "payee", "update node_transactions set status = 'U'"
				" where tx_id = '{tx}'" } },
	  .wanted = { { FINDING_ROW_MISMATCH, "payee", "as not verified" } } },
};

int main(int argc, char **argv)
{
	return plants_main(argc, argv, plants, ARRAY_SIZE(plants));
}

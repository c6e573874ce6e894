/* SPDX-License-Identifier: Apache-2.0 */
/* owner_plants_test.c - money whose owner's key is gone, and what is found. */
#include "base/cleanup.h"
#include "corda/signature.h"
#include "test/support/plant.h"
#include "test/support/test.h"

/* ---- keys ---- */

static int record_text(const struct pg_row *row, void *ctx)
{
	snprintf(ctx, KEY_HASH_TEXT, "%s", pg_text(row, 0));
	return 1;
}

/* The payee's node gets the key of the payer's change. */
static void share_the_key(struct planting *p)
{
	cleanup(buf_release) struct buf sql = BUF_INIT(4096);
	char hash[KEY_HASH_TEXT] = "";
	struct error err = { 0 };

	planting_words(p,
		       "select public_key_hash from state_party where"
		       " transaction_id = '{tx}' and output_index = {change}",
		       &sql);
	assert_true(kept_run_each(p->trial.run->net.nodes[p->payer].database,
				  buf_text(&sql), record_text, hash,
				  &err) >= 0);
	assert_true(hash[0]);
	buf_clear(&sql);
	buf_addf(&sql, "insert into node_our_key_pairs values ('%s', 0, 0)",
		 hash);
	planting_sql(p, "payee", buf_text(&sql));
}

#define CHANGE " where transaction_id = '{tx}' and output_index = {change};"
#define FORGET_KEY                                                             \
	"delete from node_our_key_pairs where public_key_hash in"              \
	" (select public_key_hash from state_party"                            \
	" where transaction_id = '{tx}' and output_index = {change});"
#define FORGET_ROWS                                                            \
	"delete from vault_fungible_states_parts" CHANGE                       \
	"delete from state_party" CHANGE                                       \
	"delete from contract_cash_states" CHANGE                              \
	"delete from vault_fungible_states" CHANGE                             \
	"delete from vault_states" CHANGE

#define CHANGE_IS_GONE(of)                                                     \
	{                                                                      \
		.name = "change_is_gone",                                      \
		.run = (of),                                                   \
		.pick = PICK_LEAF,                                             \
		.steps = { { "payer", FORGET_KEY FORGET_ROWS } },              \
		.wanted = { { FINDING_LOST, "payer",                           \
			      "owns output {change} of the transaction, but "  \
			      "no " } },                                       \
	}

static const struct plant plants[] = {
	/* Each release loses its change once. */
	CHANGE_IS_GONE("two-releases"),
	CHANGE_IS_GONE("validating"),
	CHANGE_IS_GONE("two-notaries"),
	CHANGE_IS_GONE("raft"),
	CHANGE_IS_GONE("two-contracts"),
	{ .name = "key_of_change_is_gone",
	  .pick = PICK_LEAF,
	  .steps = { { "payer", FORGET_KEY } },
	  .wanted = { { FINDING_KEY_MISMATCH, "payer",
			"{change} of the transaction, but does not have the "
			"key for it" } } },
	{ .name = "key_of_change_is_shared",
	  .run = "raft",
	  .pick = PICK_LEAF,
	  .act = share_the_key,
	  .wanted = { { FINDING_KEY_MISMATCH, "payer",
			"another node also has the key for it" } } },
	{ .name = "rows_of_change_are_gone",
	  .run = "validating",
	  .pick = PICK_LEAF,
	  .steps = { { "payer", FORGET_ROWS } },
	  .wanted = { { FINDING_ROW_MISMATCH, "payer",
			"has no row of output {change}" } } },
	{ .name = "change_is_gone_with_its_transaction",
	  .run = "two-notaries",
	  .pick = PICK_LEAF,
	  .steps = { { "payer", FORGET_KEY FORGET_ROWS
		       "delete from node_transactions where tx_id = '{tx}'" } },
	  .wanted = { { FINDING_NOT_RECORDED, "payer",
			"has not recorded the transaction" } } },
};

int main(int argc, char **argv)
{
	return plants_main(argc, argv, plants, ARRAY_SIZE(plants));
}

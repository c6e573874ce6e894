/* SPDX-License-Identifier: Apache-2.0 */
/* foreign_plants_test.c - transactions of other networks in the databases of
 * real runs, and what is found. */
#include "base/cleanup.h"
#include "test/support/plant.h"
#include "test/support/test.h"

enum { TEXT_MAX = 16 * 1024 * 1024, DIGEST_LEN = 32 };

/* ---- transactions of another run ---- */

static int take_bytes(const struct pg_row *row, void *ctx)
{
	size_t len;
	const uint8_t *bytes = pg_bytes(row, 0, &len);

	buf_add(ctx, bytes, len);
	return 1;
}

/* The first operation of the kind in that run that ended well. */
static const struct operation *find_operation(struct kept_run *run,
					      enum op_kind kind)
{
	for (size_t i = 0; i < run->op_count; i++)
		if (run->ops[i].kind == kind && run->ops[i].tx &&
		    run->ops[i].outcome == OUTCOME_OK)
			return &run->ops[i];
	fail_msg("run %s has no such operation", run->name);
	return NULL;
}

/* Its transaction is {other} from here on; stored as the payer stores it. */
static void take_foreign(struct planting *p, const char *name,
			 enum op_kind kind, struct buf *blob)
{
	cleanup(buf_release) struct buf sql = BUF_INIT(TEXT_MAX);
	struct kept_run *run;
	struct error err = { 0 };

	assert_ok(kept_run_find(name, &run, &err), err);
	kept_run_restore(run);
	p->other = find_operation(run, kind);
	planting_words(p,
		       "select lo_get(transaction_value) from"
		       " node_transactions where tx_id = '{other}'",
		       &sql);
	assert_true(kept_run_each(
			    network_find(&run->net, p->other->payer)->database,
			    buf_text(&sql), take_bytes, blob, &err) >= 0);
	assert_true(blob->len > 0);
}

/* Beside a row that is there, since the columns differ by release. */
static void insert(struct planting *p, const char *at, const struct buf *blob)
{
	cleanup(buf_release) struct buf sql = BUF_INIT(TEXT_MAX);

	buf_add_str(&sql, "insert into node_transactions select"
			  " (jsonb_populate_record(t, jsonb_build_object("
			  "'tx_id', '{other}', 'transaction_value',"
			  " lo_from_bytea(0, '\\x");
	buf_add_hex(&sql, blob->data, blob->len);
	buf_add_str(&sql, "')))).* from node_transactions t limit 1");
	planting_sql(p, at, buf_text(&sql));
}

static void insert_foreign(struct planting *p, const char *at, const char *run,
			   enum op_kind kind)
{
	cleanup(buf_release) struct buf blob = BUF_INIT(TEXT_MAX);

	take_foreign(p, run, kind, &blob);
	insert(p, at, &blob);
}

/* Both networks have nodes of the same names. */
static void issue_of_namesakes(struct planting *p)
{
	insert_foreign(p, "payee", "untrusted-contracts", OP_ISSUE);
}

static void payment_of_namesakes(struct planting *p)
{
	insert_foreign(p, "payee", "untrusted-contracts", OP_PAY);
}

static void issue_of_strangers(struct planting *p)
{
	insert_foreign(p, "payer", "raft", OP_ISSUE);
}

static void payment_of_strangers(struct planting *p)
{
	insert_foreign(p, "payee", "raft", OP_PAY);
}

static void payment_at_the_notary(struct planting *p)
{
	insert_foreign(p, "notary", "two-contracts", OP_PAY);
}

/* ---- of this network, but for one thing ---- */

/* Everywhere in the blob: the same bytes are in it more than once. */
static void replace(struct planting *p, const uint8_t *old, size_t len)
{
	cleanup(buf_release) struct buf was = BUF_INIT(TEXT_MAX);
	uint8_t *at = p->blob.data;

	buf_add(&was, old, len);
	while ((at = memmem(at, p->blob.len - (size_t)(at - p->blob.data),
			    was.data, len)))
		at[len / 2] ^= 1;
}

static void change_the_input(struct planting *p)
{
	replace(p, p->tx.inputs[0].tx.bytes, DIGEST_LEN);
	planting_forge(p);
}

static void change_the_parameters(struct planting *p)
{
	assert_true(p->tx.has_parameters);
	replace(p, p->tx.parameters.bytes, DIGEST_LEN);
	planting_forge(p);
}

/* To what has the notary's name and another key. */
static void change_the_notary(struct planting *p)
{
	replace(p, p->tx.notary.key.der, p->tx.notary.key.len);
	planting_forge(p);
}

/* {inputs} are those of the foreign payment from here on. */
static void payment_that_was_committed(struct planting *p)
{
	cleanup(buf_release) struct buf room = BUF_INIT(TEXT_MAX);
	struct error err = { 0 };

	buf_clear(&p->blob);
	take_foreign(p, "untrusted-contracts", OP_PAY, &p->blob);
	insert(p, "payee", &p->blob);
	assert_ok(transaction_read(p->blob.data, p->blob.len, &room,
				   &p->trial.arena, &p->tx, &err),
		  err);
	planting_sql(p, "notary",
		     "insert into node_notary_committed_states"
		     " (transaction_id, output_index,"
		     " consuming_transaction_id)"
		     " select t, i, '{other}' from (values {inputs}) v(t, i);"
		     "insert into node_notary_committed_txs"
		     " values ('{other}')");
}

static const struct plant plants[] = {
	{ .name = "issue_of_namesakes",
	  .act = issue_of_namesakes,
	  .wanted = { { FINDING_FOREIGN, "payee",
			"notary does not belong to this", "{other}" } },
	  .harm = HARM_NETWORK },
	{ .name = "payment_of_namesakes",
	  .act = payment_of_namesakes,
	  .wanted = { { FINDING_FOREIGN, "payee",
			"notary does not belong to this", "{other}" } },
	  .harm = HARM_NETWORK },
	{ .name = "issue_of_strangers",
	  .run = "two-notaries",
	  .act = issue_of_strangers,
	  .wanted = { { FINDING_FOREIGN, "payer",
			"notary does not belong to this", "{other}" } },
	  .harm = HARM_NETWORK },
	{ .name = "payment_of_strangers",
	  .run = "validating",
	  .act = payment_of_strangers,
	  .wanted = { { FINDING_FOREIGN, "payee",
			"notary does not belong to this", "{other}" } },
	  .harm = HARM_NETWORK },
	{ .name = "payment_at_the_notary",
	  .run = "validating",
	  .act = payment_at_the_notary,
	  .wanted = { { FINDING_FOREIGN, "notary",
			"notary does not belong to this", "{other}" } },
	  .harm = HARM_NETWORK },
	{ .name = "payment_that_was_committed",
	  .act = payment_that_was_committed,
	  .wanted = { { FINDING_FOREIGN, "payee",
			"notary does not belong to this", "{other}" } },
	  .harm = HARM_NETWORK },
	{ .name = "input_that_nobody_knows",
	  .run = "two-contracts",
	  .pick = PICK_LEAF,
	  .act = change_the_input,
	  .wanted = { { FINDING_FOREIGN, "bank-4.5-finance-4.0-0",
			"that is not recorded in this network" } } },
	{ .name = "parameters_that_nobody_has",
	  .run = "validating",
	  .pick = PICK_LEAF,
	  .act = change_the_parameters,
	  .wanted = { { FINDING_FOREIGN, "bank-4.1-0",
			"parameters do not belong to this" } } },
	{ .name = "notary_of_another_key",
	  .run = "two-notaries",
	  .pick = PICK_LEAF,
	  .act = change_the_notary,
	  .wanted = { { FINDING_FOREIGN, "bank-4.3-0",
			"notary does not belong to this" } } },
};

int main(int argc, char **argv)
{
	return plants_main(argc, argv, plants, ARRAY_SIZE(plants));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* cluster_test.c - a notary of several nodes: what enough of them have holds,
 * and one that has forgotten is vaults_found. */
#include "base/cleanup.h"
#include "corda/signed_data.h"
#include "run/network.h"
#include "test/support/test.h"
#include "test/support/vaults.h"
#include "vault/vault.h"

enum { ROOM = 1024 * 1024, MEMBERS = 3, MEMBERS_MAX = 8 };
#define OTHER "00000000000000000000000000000000000000000000000000000000000000AA"

static struct arena arena = ARENA_INIT(16 * ROOM);
static const char *const members[MEMBERS_MAX] = {
	"raft_0", "raft_1", "raft_2", "raft_3",
	"raft_4", "raft_5", "raft_6", "raft_7",
};

#define NAME(who) "O=" who ", L=London, C=GB"

/* ---- the network ---- */

static void make_tables(void)
{
	static bool made;

	for (unsigned i = 0; i < MEMBERS_MAX; i++) {
		cleanup(buf_release) struct buf sql = BUF_INIT(ROOM);

		buf_addf(&sql, "create database %s", members[i]);
		if (!made)
			vaults_sql("postgres", buf_text(&sql));
		vaults_sql(members[i],
			   "drop table if exists node_raft_committed_states;"
			   "drop table if exists node_raft_committed_txs;"
			   "drop table if exists node_bft_committed_states;"
			   "drop table if exists node_bft_committed_txs;"
			   "create table node_raft_committed_states (id text,"
			   " state_index bigint, state_value oid);"
			   "create table node_raft_committed_txs"
			   " (transaction_id text)");
	}
	made = true;
}

/* The notary of the two banks becomes the service of so many nodes. */
static void make_network(const char *cluster, unsigned count)
{
	struct network net;
	struct network_node nodes[2 + MEMBERS_MAX];
	struct error err = { 0 };

	assert_ok(network_load(vaults_run, &arena, &net, &err), err);
	for (unsigned i = 0; i < 2; i++)
		nodes[i] = net.nodes[i];
	for (unsigned i = 0; i < count; i++) {
		nodes[2 + i] = net.nodes[2];
		nodes[2 + i].name = arena_printf(&arena, "notary-%u", i);
		nodes[2 + i].legal_name =
			arena_printf(&arena, NAME("Member%u"), i);
		nodes[2 + i].database = members[i];
		nodes[2 + i].ordinal = i;
		nodes[2 + i].cluster = cluster;
		nodes[2 + i].service = NAME("Notary");
	}
	net.nodes = nodes;
	net.node_count = 2 + count;
	assert_ok(network_save(&net, vaults_run, &err), err);
}

/* The state of `tx` goes to `by`, at this place of the log. */
static void commit(unsigned member, const char *tx, int place, const char *by)
{
	cleanup(buf_release) struct buf sql = BUF_INIT(ROOM);
	cleanup(buf_release) struct buf blob = BUF_INIT(ROOM);
	uint8_t hash[SECURE_HASH];

	for (unsigned i = 0; i < SECURE_HASH; i++)
		sscanf(by + 2 * i, "%2hhx", &hash[i]);
	secure_hash_blob(hash, &blob);
	buf_addf(&sql,
		 "insert into node_raft_committed_states values ('%s:0', %d,"
		 " lo_from_bytea(0, '\\x",
		 tx, place);
	buf_add_hex(&sql, blob.data, blob.len);
	buf_addf(&sql,
		 "'));"
		 "insert into node_raft_committed_txs values ('%s')",
		 by);
	vaults_sql(members[member], buf_text(&sql));
}

static int reset(void **state)
{
	(void)state;
	vaults_reset();
	make_tables();
	make_network("raft", MEMBERS);
	return 0;
}

/* ---- what came out ---- */

static const struct finding *about(const char *tx)
{
	for (size_t i = 0; i < vaults_found_count; i++)
		if (vaults_found[i].tx && !strcmp(vaults_found[i].tx, tx))
			return &vaults_found[i];
	fail_msg("nothing is said of %s", tx);
	return NULL;
}

static void assert_behind(const struct finding *f, const char *node)
{
	assert_int_equal(f->kind, FINDING_BEHIND);
	assert_true(f->note);
	assert_string_equal(f->node, node);
	assert_non_null(strstr(f->summary, "has 0 of the 1 commits"));
}

static void assert_forgotten(const struct finding *f, const char *node)
{
	const struct js *notary = js_get(f->evidence, "notary");

	assert_int_equal(f->kind, FINDING_NOT_RECORDED);
	assert_string_equal(f->node, node);
	assert_non_null(strstr(
		f->summary, "has lost the states that the transaction spends"));
	assert_string_equal(js_str(notary, "node"), node);
	assert_false(js_bool(notary, "committed", true));
}

static void all_have_it(void **state)
{
	reset(state);
	for (unsigned i = 0; i < MEMBERS; i++)
		commit(i, VAULTS_ISSUE, 7, VAULTS_PAY);
	vaults_judge(NULL);
	assert_int_equal(vaults_found_count, 0);
}

/* A node that is down has not read that far: that fails nothing. */
static void most_have_it(void **state)
{
	reset(state);
	commit(0, VAULTS_ISSUE, 7, VAULTS_PAY);
	commit(2, VAULTS_ISSUE, 7, VAULTS_PAY);
	vaults_judge(NULL);
	assert_int_equal(vaults_found_count, 1);
	assert_behind(&vaults_found[0], "notary-1");
}

static void one_has_forgotten_it(void **state)
{
	reset(state);
	commit(0, VAULTS_ISSUE, 7, VAULTS_PAY);
	commit(2, VAULTS_ISSUE, 7, VAULTS_PAY);
	/* It has read on: a state of a transaction that nobody has. */
	commit(1, OTHER, 8, OTHER);
	vaults_judge(NULL);
	assert_int_equal(vaults_found_count, 2);
	assert_string_equal(about(OTHER)->summary,
			    "notary notary-0: no vault has the transaction");
	assert_forgotten(about(VAULTS_PAY), "notary-1");
}

/* It has read nothing since, but lists the transaction: the node's two tables
 * right after it was started again. */
static void what_it_lists_it_had(void **state)
{
	reset(state);
	commit(0, VAULTS_ISSUE, 7, VAULTS_PAY);
	commit(2, VAULTS_ISSUE, 7, VAULTS_PAY);
	vaults_sql(members[1], "insert into node_raft_committed_txs values"
			       " ('" VAULTS_PAY "')");
	vaults_judge(NULL);
	assert_int_equal(vaults_found_count, 1);
	assert_forgotten(about(VAULTS_PAY), "notary-1");
}

/* The one that has forgotten lets the state be spent again. */
static void most_are_right(void **state)
{
	reset(state);
	commit(0, VAULTS_ISSUE, 9, OTHER);
	commit(1, VAULTS_ISSUE, 7, VAULTS_PAY);
	commit(2, VAULTS_ISSUE, 7, VAULTS_PAY);
	vaults_judge(NULL);
	assert_int_equal(vaults_found_count, 1);
	assert_forgotten(about(VAULTS_PAY), "notary-0");
}

static void few_have_it(void **state)
{
	reset(state);
	commit(1, VAULTS_ISSUE, 7, VAULTS_PAY);
	vaults_judge(NULL);
	assert_int_equal(vaults_found_count, 3);
	assert_int_equal(vaults_found[0].kind, FINDING_NOT_RECORDED);
	assert_string_equal(vaults_found[0].tx, VAULTS_PAY);
	assert_string_equal(vaults_found[0].node, "notary-0");
	assert_string_equal(vaults_found[0].notary, "notary-0");
	assert_non_null(strstr(vaults_found[0].summary,
			       "has not committed the transaction"));
	assert_behind(&vaults_found[1], "notary-0");
	assert_behind(&vaults_found[2], "notary-2");
}

/* By BFT-SMaRt: the tables are a single notary's, with no place in a log. */
static void commit_bft(unsigned member, const char *tx, const char *by)
{
	cleanup(buf_release) struct buf sql = BUF_INIT(ROOM);

	buf_addf(&sql,
		 "insert into node_bft_committed_states values ('%s', 0, '%s');"
		 "insert into node_bft_committed_txs values ('%s')",
		 tx, by, by);
	vaults_sql(members[member], buf_text(&sql));
}

static void reset_bft(unsigned count)
{
	vaults_reset();
	make_tables();
	make_network("bft-smart", count);
	for (unsigned i = 0; i < count; i++)
		vaults_sql(members[i],
			   "drop table node_raft_committed_states;"
			   "drop table node_raft_committed_txs;"
			   "create table node_bft_committed_states"
			   " (transaction_id text, output_index int,"
			   " consuming_transaction_id text);"
			   "create table node_bft_committed_txs"
			   " (transaction_id text)");
}

static void without_a_log(void **state)
{
	(void)state;
	reset_bft(4);
	for (unsigned i = 0; i < 4; i++)
		if (i != 1)
			commit_bft(i, VAULTS_ISSUE, VAULTS_PAY);
	vaults_judge(NULL);
	assert_int_equal(vaults_found_count, 1);
	assert_behind(&vaults_found[0], "notary-1");
	commit_bft(1, VAULTS_ISSUE, VAULTS_PAY);
	vaults_judge(NULL);
	assert_int_equal(vaults_found_count, 0);
	vaults_sql(members[1], "delete from node_bft_committed_states");
	vaults_judge(NULL);
	assert_int_equal(vaults_found_count, 1);
	assert_forgotten(about(VAULTS_PAY), "notary-1");
}

/* One node too few has it: fewer than sign, though more than half. */
static void assert_signers(unsigned signers, unsigned count)
{
	reset_bft(count);
	for (unsigned i = 0; i < signers - 1; i++)
		commit_bft(i, VAULTS_ISSUE, VAULTS_PAY);
	vaults_judge(NULL);
	assert_int_equal(vaults_found_count, 1 + count - (signers - 1));
	assert_int_equal(about(VAULTS_PAY)->kind, FINDING_NOT_RECORDED);
	assert_non_null(strstr(about(VAULTS_PAY)->summary,
			       "has not committed the transaction"));
	commit_bft(signers - 1, VAULTS_ISSUE, VAULTS_PAY);
	vaults_judge(NULL);
	assert_int_equal(vaults_found_count, count - signers);
	for (size_t i = 0; i < vaults_found_count; i++)
		assert_int_equal(vaults_found[i].kind, FINDING_BEHIND);
}

static void by_bft_smart_as_many_as_sign(void **state)
{
	(void)state;
	assert_signers(3, 4);
	assert_signers(4, 5);
	assert_signers(5, 7);
	assert_signers(6, 8);
}

static void what_cannot_be_read_is_an_error(void **state)
{
	struct js *details = NULL;
	struct error err = { 0 };

	reset(state);
	vaults_sql(members[0], "insert into node_raft_committed_states values"
			       " ('" VAULTS_ISSUE ":0', 7,"
			       " lo_from_bytea(0, '\\x00'))");
	assert_error(vault_judge(vaults_run, NULL, &details, &err), err,
		     "state_value of " VAULTS_ISSUE ":0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_have_it),
		cmocka_unit_test(most_have_it),
		cmocka_unit_test(one_has_forgotten_it),
		cmocka_unit_test(what_it_lists_it_had),
		cmocka_unit_test(most_are_right),
		cmocka_unit_test(few_have_it),
		cmocka_unit_test(without_a_log),
		cmocka_unit_test(by_bft_smart_as_many_as_sign),
		cmocka_unit_test(what_cannot_be_read_is_an_error),
	};
	int rc = cmocka_run_group_tests(tests, vaults_start, vaults_stop);

	arena_release(&arena);
	return rc;
}

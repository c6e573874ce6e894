/* SPDX-License-Identifier: Apache-2.0 */
/* vault.c - the check, from a run's directory to its findings. */
#include "vault/vault.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "corda/verified.h"
#include "sys/appender.h"
#include "sys/clock.h"
#include "vault/attachments.h"
#include "vault/check.h"
#include "vault/motion.h"

enum {
	MEMORY_MAX = 1 << 30,
	/* Facts in all, for each stored transaction: a payment has about 30
	 * over both its vaults and all spools. */
	STATE_FACTS = 16,
	TRANSACTION_FACTS = 12,
	KEY_FACTS = 6,
	CLAIM_FACTS = 1
};

static int make_room(struct check *c, struct error *err)
{
	c->log_ends =
		arena_array(&c->arena, c->net.node_count, sizeof(*c->log_ends));
	c->listed =
		arena_array(&c->arena, c->net.node_count, sizeof(*c->listed));
	return c->log_ends && c->listed ? 0 : error_nomem(err);
}

static int load(struct check *c, struct error *err)
{
	if (network_load(c->run_dir, &c->arena, &c->net, err) < 0 ||
	    ops_read(c->run_dir, &c->net, &c->ops, err) < 0 ||
	    endpoint_load(c->run_dir, NULL, &c->arena, &c->database, err) < 0 ||
	    secrets_load(c->run_dir, &c->arena, &c->secrets, err) < 0 ||
	    conduct_load(&c->arena, &c->conduct, err) < 0)
		return -1;
	return make_room(c, err);
}

/* How many transactions there are decides the size of the spools, and who
 * belongs to the network must be known before the first of them is read. */
static int prepare(struct check *c, struct error *err)
{
	for (uint16_t i = 0; i < c->net.node_count; i++) {
		struct database db;
		int64_t n = 0;
		int rc = 0;

		if (!check_covers(c, i))
			continue;
		if (database_open(c, i, &db, err) < 0)
			return -1;
		rc = members_read(c, &db, err);
		if (rc == 0 && database_has(&db, "node_transactions"))
			rc = pg_one_int(db.pg,
					"select count(*) from "
					"node_transactions",
					&n, err);
		database_close(&db);
		if (rc < 0)
			return -1;
		c->expected += (size_t)n;
	}
	return 0;
}

static int open_spools(struct check *c, struct error *err)
{
	if (spool_open(c->run_dir, c->expected * KEY_FACTS, &c->keys, err) < 0)
		return -1;
	if (spool_open(c->run_dir, c->expected * STATE_FACTS, &c->states, err) <
	    0)
		return -1;
	if (spool_open(c->run_dir, c->expected * CLAIM_FACTS, &c->claims, err) <
	    0)
		return -1;
	if (spool_open(c->run_dir, c->expected, &c->attachments, err) < 0)
		return -1;
	return spool_open(c->run_dir, c->expected * TRANSACTION_FACTS,
			  &c->transactions, err);
}

static void emit_operations(struct check *c)
{
	for (size_t i = 0; i < ops_count(c->ops); i++) {
		const struct op_record op = ops_get(c->ops, i);
		struct fact f = { .type = FACT_OPERATION,
				  .index = (uint32_t)i };

		if (!(op.flags & OP_TX_NAMED))
			continue;
		memcpy(f.key, op.tx, FACT_ID);
		spool_add(c->transactions, &f);
	}
}

/* What an earlier check of the same run wrote. */
static int forget(struct check *c, struct error *err)
{
	static const char *const names[] = { "settlements.jsonl",
					     "findings.jsonl",
					     "balances.jsonl" };
	char path[PATH_ROOM];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (file_write(path_join(path, c->run_dir, names[i]), "", 0,
			       0644, err) < 0)
			return -1;
	return 0;
}

static int write_settlement(struct check *c, const struct operation *op,
			    const struct op_record *kept, struct appender *to,
			    struct error *err)
{
	char text[FACT_TEXT];
	struct settlement s = {
		.op = op->id,
		.tx = op->tx,
		.payer_has = kept->flags & OP_PAYER_HAS,
		.payee_has = kept->flags & OP_PAYEE_HAS,
		.notary_has = kept->flags & OP_NOTARY_HAS,
	};

	if (!s.tx && kept->flags & OP_TX_FOUND)
		s.tx = fact_text(text, kept->tx);
	s.in_flight = !s.payee_has && motion_has(c, kept);
	c->in_flight += s.in_flight && op_has_payee(op->kind);
	return settlement_write(to, &s, err);
}

/* One for each operation, in the order of the history. */
static int write_settlements(struct check *c, struct error *err)
{
	cleanup(history_reader_freep) struct history_reader *r = NULL;
	cleanup(appender_freep) struct appender *to = NULL;
	struct operation op;
	int rc;

	if (history_reader_open(c->run_dir, &r, err) < 0 ||
	    settlement_open(c->run_dir, &to, err) < 0)
		return -1;
	for (size_t i = 0; i < ops_count(c->ops); i++) {
		const struct op_record kept = ops_get(c->ops, i);

		rc = history_read(r, &op, err);
		if (rc == 0 || (rc > 0 && op.id != kept.id))
			return error_set(err, ERROR_INTERNAL,
					 "%s/" HISTORY_FILE " has changed "
					 "while the vaults were checked",
					 c->run_dir);
		if (rc < 0 || write_settlement(c, &op, &kept, to, err) < 0)
			return -1;
	}
	if (ops_check(c->ops, err) < 0)
		return -1;
	return appender_flush(to, err);
}

/* A spool is done with before the next round fills memory. */
static int run_rounds(struct check *c, struct error *err)
{
	if (check_join_keys(c, err) < 0)
		return -1;
	spool_free(steal(c->keys));
	progress_say(c->progress, c->expected, c->expected, 0,
		     "comparing vaults and notaries");
	if (check_join_states(c, err) < 0)
		return -1;
	spool_free(steal(c->states));
	if (check_join_claims(c, err) < 0)
		return -1;
	spool_free(steal(c->claims));
	if (check_join_attachments(c, err) < 0)
		return -1;
	spool_free(steal(c->attachments));
	if (check_join_transactions(c, err) < 0)
		return -1;
	if (check_rest(c, err) < 0 || check_write_balances(c, err) < 0 ||
	    check_report_odd(c, err) < 0)
		return -1;
	return check_ask_nodes(c, err);
}

static int run(struct check *c, bool wait, struct error *err)
{
	if (load(c, err) < 0 || (wait && check_await_quiet(c, err) < 0))
		return -1;
	c->quiet_us = clock_mono_us();
	if (prepare(c, err) < 0 || open_spools(c, err) < 0)
		return -1;
	emit_operations(c);
	if (check_scan(c, err) < 0 || assets_check(&c->assets, err) < 0 ||
	    motion_know(c, err) < 0 || forget(c, err) < 0 ||
	    run_rounds(c, err) < 0)
		return -1;
	return write_settlements(c, err);
}

static struct js *details(struct check *c)
{
	struct js *d = js_object();

	js_set_int(d, "databases", c->databases);
	js_set_int(d, "transactions", (int64_t)atomic_load(&c->stored));
	js_set_int(d, "signatures", (int64_t)atomic_load(&c->signatures));
	js_set_int(d, "signatures_repeated",
		   (int64_t)atomic_load(&c->repeated));
	/* As many lines as settlements.jsonl has. */
	js_set_int(d, "operations", (int64_t)ops_count(c->ops));
	/* As many as balances.jsonl. */
	js_set_int(d, "balances", (int64_t)c->assets.count);
	js_set_int(d, "findings", c->findings);
	js_set_int(d, "notes", c->notes);
	js_set_int(d, "flows_left", (int64_t)c->flow_count);
	js_set_bool(d, "quiet", !c->motion);
	js_set_num(d, "quiet_seconds", c->quiet_seconds);
	js_set_int(d, "in_flight", (int64_t)c->in_flight);
	if (c->asked)
		js_set(d, "asked", steal(c->asked));
	/* From quiet vaults to the last line of findings. */
	js_set_num(d, "judge_seconds",
		   (double)(clock_mono_us() - c->quiet_us) / 1e6);
	return d;
}

enum { WAIT = 1, ASK = 2, MAY_REPEAT = 4 };

/* 1: it was in vain, and is to be done once more. */
static int check(const char *run_dir, int how, struct progress *progress,
		 struct js **ret_details, struct error *err)
{
	struct check c = { .run_dir = run_dir,
			   .progress = progress,
			   .ask = how & ASK,
			   .may_repeat = how & MAY_REPEAT,
			   .arena = ARENA_INIT(MEMORY_MAX) };
	int rc;

	assets_init(&c.assets);
	odd_init(&c.odd);
	c.verified = verified_new();
	c.lineage = lineage_new();
	rc = c.lineage ? run(&c, how & WAIT, err) : error_nomem(err);
	if (rc == 0 && c.repeat)
		rc = 1;
	else if (rc == 0)
		*ret_details = details(&c);
	js_free(c.asked);
	spool_free(c.keys);
	spool_free(c.states);
	spool_free(c.claims);
	spool_free(c.attachments);
	spool_free(c.transactions);
	verified_free(c.verified);
	lineage_free(c.lineage);
	assets_release(&c.assets);
	odd_release(&c.odd);
	ops_free(c.ops);
	arena_release(&c.arena);
	return rc;
}

int vault_check(const char *run_dir, bool ask_nodes, struct progress *progress,
		struct js **ret_details, struct error *err)
{
	const int how = WAIT | (ask_nodes ? ASK : 0);
	const int rc =
		check(run_dir, how | MAY_REPEAT, progress, ret_details, err);

	return rc > 0 ? check(run_dir, how, progress, ret_details, err) : rc;
}

int vault_judge(const char *run_dir, struct progress *progress,
		struct js **ret_details, struct error *err)
{
	return check(run_dir, 0, progress, ret_details, err);
}

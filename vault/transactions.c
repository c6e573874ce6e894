/* SPDX-License-Identifier: Apache-2.0 */
/* transactions.c - reads a node's transactions on all cores. */
#include "vault/check.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "corda/signature.h"
#include "corda/transaction.h"
#include "sys/interrupt.h"
#include "vault/attachments.h"

/*
 * node_transactions is cut into ranges of pages, which the workers take in
 * turn. Each has a connection of its own, in the same snapshot, and decodes,
 * hashes and verifies a row as it arrives: no blob is ever kept or copied.
 */
enum {
	WORKERS_MAX = 24, /* each takes a connection of the server */
	RANGE_PAGES = 8, /* of about 80 rows */
	BLOB_MAX = 64 * 1024 * 1024,
	TREE_MAX = 256 * 1024 * 1024,
	SQL_MAX = 1024,
	SLICE_MS = 200
};

struct scan {
	struct check *check;
	uint16_t node;
	const char *snapshot;
	int64_t pages;
	atomic_llong next; /* page */
	atomic_bool stop;
};

struct worker {
	struct scan *scan;
	pthread_t thread;
	struct database db;
	struct buf room;
	struct arena arena;
	struct key_hashes hashes;
	struct attachments_met attachments;
	struct error err;
	int rc;
};

/* ---- facts of one transaction ---- */

struct telling {
	struct check *check;
	struct key_hashes *hashes;
	struct attachments_met *attachments;
	const struct transaction *tx;
	uint8_t id[FACT_ID];
	uint16_t node, notary;
	enum foreign foreign;
	int64_t time;
};

static void emit_stored(const struct telling *t, uint8_t flags)
{
	struct fact f = { .type = FACT_STORED,
			  .flags = flags,
			  .node = t->node,
			  .extra = t->notary,
			  .time = t->time };

	memcpy(f.key, t->id, FACT_ID);
	f.index = t->tx ? t->tx->kind : 0;
	spool_add(t->check->transactions, &f);
	if (!(flags & STORED_UNREADABLE))
		spool_add(t->check->claims, &f);
}

static void emit_problem(const struct telling *t, enum problem problem,
			 uint32_t index)
{
	struct fact f = { .type = FACT_PROBLEM,
			  .node = t->node,
			  .index = index,
			  .extra = problem };

	memcpy(f.key, t->id, FACT_ID);
	spool_add(t->check->transactions, &f);
}

/* What becomes of an input whose notary or contract is replaced. */
static void emit_heir(const struct telling *t, uint32_t index)
{
	const struct transaction *tx = t->tx;
	struct fact f = { .type = FACT_INHERITED, .index = index };
	struct heir heir = { .index = index,
			     .upgrades = tx->kind == TX_CONTRACT_UPGRADE,
			     .root_index = tx->inputs[index].index };

	memcpy(f.key, t->id, FACT_ID);
	spool_add(t->check->states, &f);
	if (tx->kind == TX_NOTARY_CHANGE)
		heir.change = check_notary_hash(tx->notary.name) ^
			      check_notary_hash(tx->new_notary.name);
	memcpy(heir.tx, t->id, FACT_ID);
	memcpy(heir.root, tx->inputs[index].tx.bytes, FACT_ID);
	lineage_add(t->check->lineage, &heir);
}

static void emit_inputs(const struct telling *t)
{
	for (size_t i = 0; i < t->tx->input_count; i++) {
		struct fact f = { .type = FACT_SPENT,
				  .index = t->tx->inputs[i].index,
				  .flags = t->foreign ? SPENT_FOREIGN : 0,
				  .node = t->node,
				  .extra = t->notary,
				  .time = t->time };

		memcpy(f.key, t->tx->inputs[i].tx.bytes, FACT_ID);
		memcpy(f.other, t->id, FACT_ID);
		spool_add(t->check->states, &f);
		if (t->tx->kind != TX_WIRE)
			emit_heir(t, (uint32_t)i);
	}
}

static const char *hash_of(const struct telling *t, const struct tx_key *key,
			   char room[KEY_HASH_TEXT])
{
	return key_hashes_text(t->hashes, key, room);
}

static int32_t asset_of(const struct telling *t, const struct tx_cash *cash)
{
	char room[KEY_HASH_TEXT];

	return assets_find(&t->check->assets, cash->currency,
			   hash_of(t, &cash->issuer.key, room),
			   cash->issuer_ref, cash->issuer_ref_len,
			   cash->issuer.name);
}

static void emit_participant(const struct telling *t, const struct fact *output,
			     const struct tx_party *party)
{
	char room[KEY_HASH_TEXT];
	struct fact f = *output;

	if (party->name)
		f.flags |= OUTPUT_NAMED;
	if (!t->foreign) /* where other nodes may have the same names */
		f.node = check_node_by_name(t->check, party->name);
	key_hash_fact(hash_of(t, &party->key, room), f.key);
	spool_add(t->check->keys, &f);
}

static void emit_output(const struct telling *t, uint32_t index)
{
	const struct tx_output *o = &t->tx->outputs[index];
	struct fact f = { .type = FACT_OUTPUT,
			  .index = index,
			  .node = NODE_NONE,
			  .asset = ASSET_NONE };

	f.extra = check_row_hash(o->state, o->notary.name, o->constraint_type,
				 o->constraint, o->constraint_len);
	memcpy(f.other, t->id, FACT_ID);
	if (o->has_cash) {
		f.flags = OUTPUT_CASH;
		f.amount = o->cash.quantity;
		f.asset = asset_of(t, &o->cash);
	} else if (!o->all_participants) {
		f.flags = OUTPUT_SHARED;
	}
	for (size_t i = 0; i < o->participant_count; i++)
		emit_participant(t, &f, &o->participants[i]);
	if (o->participant_count)
		return;
	f.flags |= OUTPUT_NOBODY;
	memcpy(f.key, t->id, FACT_ID); /* any key that spreads */
	spool_add(t->check->keys, &f);
}

static uint8_t emit_commands(const struct telling *t)
{
	uint8_t flags = 0;

	for (uint32_t i = 0; i < t->tx->command_count; i++) {
		const struct tx_command *c = &t->tx->commands[i];
		struct fact f = { .type = FACT_EXIT, .index = i };

		if (c->issue)
			flags |= STORED_ISSUE;
		if (!c->exit)
			continue;
		f.amount = c->exited.quantity;
		f.asset = asset_of(t, &c->exited);
		memcpy(f.key, t->id, FACT_ID);
		spool_add(t->check->transactions, &f);
	}
	return flags;
}

static int emit_transaction(struct telling *t, const struct transaction *tx,
			    uint8_t flags, struct error *err)
{
	struct signature_result signatures;

	t->tx = tx;
	t->foreign = members_judge(t->check, tx, t->hashes);
	if (t->foreign)
		emit_problem(t, PROBLEM_FOREIGN, t->foreign);
	else
		t->notary = check_node_by_name(t->check, tx->notary.name);
	if (transaction_verify_known(tx, t->check->verified, &signatures, err) <
	    0)
		return -1;
	atomic_fetch_add(&t->check->signatures, signatures.verified);
	atomic_fetch_add(&t->check->repeated, signatures.repeated);
	if (signatures.fault != SIGNATURE_GOOD)
		emit_problem(t, PROBLEM_SIGNATURE, signatures.fault);
	else if (members_issuer_missing(tx))
		emit_problem(t, PROBLEM_SIGNATURE, SIGNATURE_MISSING);
	if (tx->input_count || tx->reference_count || tx->has_window)
		flags |= STORED_NEEDS_NOTARY;
	flags |= emit_commands(t);
	if (t->foreign)
		flags |= STORED_FOREIGN;
	else
		attachments_named(t->check, t->attachments, t->node, tx);
	emit_stored(t, flags);
	emit_inputs(t);
	for (uint32_t i = 0; i < tx->output_count; i++)
		emit_output(t, i);
	return 0;
}

/* ---- rows ---- */

/* What the machine had no memory for is no finding: the check fails. What is
 * larger than any transaction of a node may be is one. */
static int take_blob(struct worker *w, struct telling *t, const uint8_t *blob,
		     size_t len, uint8_t flags)
{
	struct transaction tx;
	int rc = -1;

	arena_clear(&w->arena);
	if (blob)
		rc = transaction_read(blob, len, &w->room, &w->arena, &tx,
				      &w->err);
	if (blob && rc < 0 && error_is_memory(&w->err) && !w->arena.full)
		return -1;
	if (rc < 0) {
		emit_problem(t, PROBLEM_UNDECODABLE, 0);
		emit_stored(t, STORED_UNREADABLE);
	} else if (memcmp(tx.id.bytes, t->id, FACT_ID) != 0) {
		emit_problem(t, PROBLEM_ID, 0);
		emit_stored(t, STORED_UNREADABLE);
	} else {
		return emit_transaction(t, &tx, flags, &w->err);
	}
	return 0;
}

/* Its id is no id, but its bytes may give one. */
static int take_odd_row(struct worker *w, struct telling *t, const char *id,
			const uint8_t *blob, size_t len)
{
	struct odd_place at = { .node = t->node, .table = "node_transactions" };
	struct transaction tx;

	arena_clear(&w->arena);
	if (blob && transaction_read(blob, len, &w->room, &w->arena, &tx,
				     &w->err) == 0) {
		memcpy(t->id, tx.id.bytes, FACT_ID);
		at.key = t->id;
		emit_problem(t, PROBLEM_ID, 0);
		emit_stored(t, STORED_UNREADABLE);
	} else if (error_is_memory(&w->err) && !w->arena.full) {
		return -1;
	}
	return odd_add(&t->check->odd, &at, id, &w->err);
}

/* tx_id, blob, verified, time */
static int take_row(const struct pg_row *row, void *ctx)
{
	struct worker *w = ctx;
	struct telling t = { .check = w->scan->check,
			     .hashes = &w->hashes,
			     .attachments = &w->attachments,
			     .node = w->scan->node,
			     .notary = NODE_NONE,
			     .time = pg_int(row, 3, 0) };
	uint8_t flags = pg_int(row, 2, 1) ? 0 : STORED_UNVERIFIED;
	const uint8_t *blob;
	size_t len;

	if (atomic_load(&w->scan->stop))
		return 1;
	blob = pg_bytes(row, 1, &len);
	if (!fact_key(pg_text(row, 0), t.id)) {
		if (take_odd_row(w, &t, pg_text(row, 0), blob, len) < 0)
			return -1;
	} else if (take_blob(w, &t, blob, len, flags) < 0)
		return -1;
	atomic_fetch_add(&t.check->stored, 1);
	return 0;
}

/* lo_get() fails the whole statement where an object is gone: then the row
 * has no blob, and is a finding of its own. A scalar subquery is looked up by
 * index, row by row: "exists" would read all objects' metadata anew for each
 * range. */
static void range_sql(const struct worker *w, int64_t from, char sql[SQL_MAX])
{
	bool status = database_has(&w->db, "node_transactions.status");
	bool time = database_has(&w->db, "node_transactions.timestamp");

	snprintf(sql, SQL_MAX,
		 "select tx_id, case when (select m.oid from"
		 " pg_largeobject_metadata m where m.oid=transaction_value)"
		 " is not null then lo_get(transaction_value) end, %s, %s"
		 " from node_transactions"
		 " where ctid >= '(%lld,0)' and ctid < '(%lld,0)'",
		 status ? "status='V'" : "true",
		 time ? "(extract(epoch from \"timestamp\")*1000000)::bigint"
		      : "0::bigint",
		 (long long)from, (long long)(from + RANGE_PAGES));
}

static int read_ranges(struct worker *w)
{
	struct scan *s = w->scan;

	for (;;) {
		int64_t from = atomic_fetch_add(&s->next, RANGE_PAGES);
		char sql[SQL_MAX];

		if (from >= s->pages || atomic_load(&s->stop))
			return 0;
		if (interrupt_check(&w->err) < 0)
			return -1;
		range_sql(w, from, sql);
		if (pg_each(w->db.pg, sql, take_row, w, &w->err) < 0)
			return -1;
	}
}

static void *work(void *ctx)
{
	struct worker *w = ctx;
	struct scan *s = w->scan;

	w->room = (struct buf)BUF_INIT(BLOB_MAX);
	w->arena = (struct arena)ARENA_INIT(TREE_MAX);
	w->rc = database_open(s->check, s->node, &w->db, &w->err);
	if (w->rc == 0) {
		w->attachments.wanted =
			database_has(&w->db, "node_attachments");
		w->rc = database_join(&w->db, s->snapshot, &w->err);
		if (w->rc == 0)
			w->rc = read_ranges(w);
		database_close(&w->db);
	}
	if (w->rc < 0)
		atomic_store(&s->stop, true);
	buf_release(&w->room);
	arena_release(&w->arena);
	return NULL;
}

/* ---- the workers ---- */

static unsigned workers_for(int64_t pages)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	int64_t ranges = (pages + RANGE_PAGES - 1) / RANGE_PAGES;

	if (cores < 1)
		cores = 1;
	if (cores > WORKERS_MAX)
		cores = WORKERS_MAX;
	return (unsigned)(ranges < cores ? ranges : cores);
}

static void await(struct scan *s, struct worker *w)
{
	struct check *c = s->check;
	struct timespec until;

	do {
		progress_say(c->progress, atomic_load(&c->stored), c->expected,
			     0, "reading %s", c->net.nodes[s->node].name);
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += SLICE_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
	} while (pthread_timedjoin_np(w->thread, NULL, &until) != 0);
}

static int run_workers(struct scan *s, unsigned count, struct error *err)
{
	struct worker workers[WORKERS_MAX] = { 0 };
	unsigned started = 0;
	int rc = 0;

	for (; started < count; started++) {
		workers[started].scan = s;
		if (pthread_create(&workers[started].thread, NULL, work,
				   &workers[started]) != 0)
			break;
	}
	for (unsigned i = 0; i < started; i++) {
		await(s, &workers[i]);
		if (workers[i].rc < 0 && rc == 0) {
			*err = workers[i].err;
			rc = -1;
		}
	}
	if (rc == 0 && started < count)
		return error_set(err, ERROR_INTERNAL,
				 "no thread could be started");
	return rc;
}

int check_scan_transactions(struct check *c, const struct database *db,
			    const char *snapshot, struct error *err)
{
	struct scan s = { .check = c, .node = db->node, .snapshot = snapshot };

	if (!database_has(db, "node_transactions"))
		return 0;
	if (pg_one_int(db->pg,
		       "select pg_relation_size('node_transactions')"
		       " / current_setting('block_size')::int",
		       &s.pages, err) < 0)
		return -1;
	return run_workers(&s, workers_for(s.pages), err);
}

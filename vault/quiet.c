/* SPDX-License-Identifier: Apache-2.0 */
/* quiet.c - waits until the vaults no longer change. */
#include <stdio.h>
#include <string.h>

#include "sys/clock.h"
#include "base/counted.h"
#include "sys/interrupt.h"
#include "sys/patience.h"
#include "sys/wait.h"
#include "vault/motion.h"

/*
 * Snapshots of several databases are never of the same moment, so they are
 * taken when nothing moves: no flow is left anywhere and the counts stand
 * still. A flow that waits for a node that died waits for ever; where flows
 * are left but nothing moves for some seconds, that is quiet too: more seconds
 * where the nodes were slow. If it does not get quiet in time, the check goes
 * on and says so (motion.h).
 */
enum {
	POLL_MS = 100,
	STILL_US = 500 * 1000,
	STILL_WITH_FLOWS_US = 6 * 1000 * 1000
};

struct pulse {
	int64_t flows; /* checkpoints */
	int64_t marks; /* anything that grows with work */
};

static int count_rows(struct database *db, const char *table, int64_t *sum,
		      struct error *err)
{
	char sql[128];
	int64_t n = 0;

	if (!database_has(db, table))
		return 0;
	snprintf(sql, sizeof(sql), "select count(*) from %s", table);
	if (pg_one_int(db->pg, sql, &n, err) < 0)
		return -1;
	*sum += n;
	return 0;
}

/* One connection at a time: the server has few to spare for us. */
static int feel_node(struct check *c, uint16_t node, struct pulse *p,
		     struct error *err)
{
	static const char *const marks[] = { "node_transactions",
					     "node_notary_committed_txs",
					     "node_raft_committed_states",
					     "node_bft_committed_states" };
	struct database db;
	int rc;

	if (database_open(c, node, &db, err) < 0)
		return -1;
	rc = count_rows(&db, "node_checkpoints", &p->flows, err);
	for (size_t i = 0; rc == 0 && i < ARRAY_SIZE(marks); i++)
		rc = count_rows(&db, marks[i], &p->marks, err);
	database_close(&db);
	return rc;
}

static int feel(struct check *c, struct pulse *ret, struct error *err)
{
	struct pulse p = { 0 };

	for (uint16_t i = 0; i < c->net.node_count; i++)
		if (check_covers(c, i) && feel_node(c, i, &p, err) < 0)
			return -1;
	*ret = p;
	return 0;
}

static bool is_quiet(const struct pulse *now, int64_t still_us, int64_t slowest)
{
	return still_us >=
	       (now->flows ? patience(STILL_WITH_FLOWS_US, slowest) : STILL_US);
}

int check_await_quiet(struct check *c, struct error *err)
{
	/* So long a flow may stand still here and go on after all. */
	const int64_t slowest = ops_slowest_us(c->ops);
	const int64_t began = clock_mono_us();
	/* From the first look on: on a starved machine one alone may take as
	 * long as all of them should. */
	int64_t end = 0;
	int64_t since = began, now;
	struct pulse last = { -1, -1 }, p;

	for (;;) {
		if (interrupt_check(err) < 0 || feel(c, &p, err) < 0)
			return -1;
		now = clock_mono_us();
		if (!end)
			end = now + patience(c->net.timeouts.settle * 1000000LL,
					     slowest);
		if (memcmp(&p, &last, sizeof(p)) != 0)
			since = now;
		last = p;
		c->quiet_seconds = (double)(now - began) / 1e6;
		if (is_quiet(&p, now - since, slowest))
			return 0;
		if (now >= end)
			return motion_note(c, err);
		progress_say(c->progress, 0, 0, 0,
			     "waiting for quiet vaults: %lld %s left",
			     COUNTED(p.flows, "flow"));
		pause_ms(POLL_MS);
	}
}

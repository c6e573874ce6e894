/* SPDX-License-Identifier: Apache-2.0 */
/* motion.c - payments that still run while the vaults are read. */
#include "vault/motion.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A flow that ran before or during the scan. */
struct moving {
	uint16_t node;
	bool own; /* of an operation of this node */
	const char *id;
};

struct motion {
	struct moving *flows; /* sorted by node and id */
	size_t count;
	bool *runs; /* a node: any flow */
	bool *receives; /* a node: a flow of no operation of its own */
};

bool motion_runs(const struct flow_left *flow)
{
	return !flow->status || !strcmp(flow->status, "runnable");
}

static int by_flow(const void *a, const void *b)
{
	const struct moving *x = a, *y = b;

	return x->node != y->node ? x->node - y->node
				  : strcasecmp(x->id, y->id);
}

static struct moving *find(const struct motion *m, unsigned node,
			   const char *id)
{
	const struct moving key = { .node = (uint16_t)node, .id = id };

	return m->count
		       ? bsearch(&key, m->flows, m->count, sizeof(key), by_flow)
		       : NULL;
}

int motion_note(struct check *c, struct error *err)
{
	c->motion = arena_array(&c->arena, 1, sizeof(*c->motion));
	if (!c->motion)
		return error_nomem(err);
	for (uint16_t i = 0; i < c->net.node_count; i++) {
		struct database db;
		int rc;

		if (!check_covers(c, i))
			continue;
		if (database_open(c, i, &db, err) < 0)
			return -1;
		rc = check_scan_flows(c, &db, err);
		database_close(&db);
		if (rc < 0)
			return -1;
	}
	c->flows_before = c->flows;
	c->flow_before_count = c->flow_count;
	c->flows = NULL;
	c->flow_count = 0;
	return 0;
}

static void take(struct motion *m, const struct flow_left *flows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (flows[i].id && motion_runs(&flows[i]))
			m->flows[m->count++] =
				(struct moving){ .node = flows[i].node,
						 .id = flows[i].id };
}

static void find_flow(struct check *c, struct motion *m, size_t at,
		      const char *id)
{
	struct op_record op = ops_get(c->ops, at);
	struct moving *flow = find(m, op.payer, id);

	if (!flow)
		return;
	flow->own = true;
	op.flags |= OP_FLOW_RUNS;
	ops_put(c->ops, at, &op);
}

/* Which of them are flows of operations, by the ids in the history. */
static int find_own(struct check *c, struct motion *m, struct error *err)
{
	cleanup(history_reader_freep) struct history_reader *r = NULL;
	struct operation op;
	size_t at = 0;
	int rc = history_reader_open(c->run_dir, &r, err);

	while (rc >= 0 && at < ops_count(c->ops) &&
	       (rc = history_read(r, &op, err)) > 0) {
		if (op.flow)
			find_flow(c, m, at, op.flow);
		at++;
	}
	return rc < 0 ? -1 : 0;
}

int motion_know(struct check *c, struct error *err)
{
	struct motion *m = c->motion;
	size_t most = c->flow_before_count + c->flow_count;

	if (!m)
		return 0;
	m->flows = arena_array(&c->arena, most + 1, sizeof(*m->flows));
	m->runs = arena_array(&c->arena, c->net.node_count, sizeof(*m->runs));
	m->receives =
		arena_array(&c->arena, c->net.node_count, sizeof(*m->receives));
	if (!m->flows || !m->runs || !m->receives)
		return error_nomem(err);
	take(m, c->flows_before, c->flow_before_count);
	take(m, c->flows, c->flow_count);
	if (m->count > 1)
		qsort(m->flows, m->count, sizeof(*m->flows), by_flow);
	if (m->count && find_own(c, m, err) < 0)
		return -1;
	for (size_t i = 0; i < m->count; i++) {
		/* One that was seen twice stands twice, and is found once. */
		const struct moving *flow =
			find(m, m->flows[i].node, m->flows[i].id);

		m->runs[flow->node] = true;
		m->receives[flow->node] |= !flow->own;
	}
	return 0;
}

static bool receives(const struct check *c, unsigned node)
{
	return node < c->net.node_count && c->motion->receives[node];
}

static bool runs(const struct check *c, unsigned node)
{
	return node < c->net.node_count && c->motion->runs[node];
}

bool motion_has(const struct check *c, const struct op_record *op)
{
	if (!c->motion || !op->sent_us)
		return false;
	/* Without an answer not even the flow's id may be known. */
	if (op->flags & OP_FLOW
		    ? op->flags & OP_FLOW_RUNS
		    : op->outcome == OUTCOME_UNKNOWN && runs(c, op->payer))
		return true;
	return op->outcome != OUTCOME_FAIL && op->payee != op->payer &&
	       receives(c, op->payee);
}

static bool in_flight(const struct tx_view *v)
{
	if (v->op)
		return motion_has(v->check, v->op);
	return runs(v->check, v->payer) || receives(v->check, v->payee);
}

/* May it follow from databases having been read at different moments? */
static bool is_of_the_moment(const struct tx_view *v, const struct trouble *t,
			     bool flies)
{
	switch (t->what) {
	case PROBLEM_ABSENT:
	case PROBLEM_NOT_RECORDED:
	case PROBLEM_NOT_COMMITTED:
		return flies;
	case PROBLEM_STATUS:
	case PROBLEM_LOCKED:
		return flies || runs(v->check, t->node);
	case PROBLEM_NO_ROW:
		return flies && !tx_view_has(v, t->node);
	default:
		return false;
	}
}

void motion_excuse(struct tx_view *v)
{
	size_t kept = 0;
	bool flies;

	if (!v->check->motion || !v->trouble_count)
		return;
	flies = in_flight(v);
	for (size_t i = 0; i < v->trouble_count; i++)
		if (!is_of_the_moment(v, &v->troubles[i], flies))
			v->troubles[kept++] = v->troubles[i];
	v->trouble_count = kept;
}

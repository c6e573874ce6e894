/* SPDX-License-Identifier: Apache-2.0 */
/* judgement.c - lays the cells out and puts payments and findings in them. */
#include "report/judgement.h"

#include <string.h>

#include "report/starvation.h"

/* What the passes over the record share. */
struct court {
	const struct record *record;
	struct arena *arena;
	struct judgement *j;
	struct error *err;
};

static bool has_node(const struct network *net, unsigned release,
		     enum node_role role)
{
	for (unsigned i = 0; i < net->node_count; i++)
		if (net->nodes[i].release == release &&
		    net->nodes[i].role == role)
			return true;
	return false;
}

static int list_releases(struct court *c, enum node_role role,
			 unsigned **ret_list, unsigned *ret_count)
{
	const struct network *net = &c->record->net;
	unsigned *list =
		arena_array(c->arena, net->release_count + 1, sizeof(*list));
	unsigned count = 0;

	if (!list)
		return error_nomem(c->err);
	for (unsigned i = 0; i < net->release_count; i++)
		if (has_node(net, i, role))
			list[count++] = i;
	*ret_list = list;
	*ret_count = count;
	return 0;
}

static void name_cells(struct judgement *j)
{
	struct cell *cell = j->cells;

	for (unsigned n = 0; n < j->notary_count; n++)
		for (unsigned a = 0; a < j->bank_count; a++)
			for (unsigned b = 0; b < j->bank_count; b++, cell++) {
				cell->notary = j->notaries[n];
				cell->payer = j->banks[a];
				cell->payee = j->banks[b];
			}
}

static int lay_out(struct court *c)
{
	struct judgement *j = c->j;

	if (list_releases(c, NODE_BANK, &j->banks, &j->bank_count) < 0 ||
	    list_releases(c, NODE_NOTARY, &j->notaries, &j->notary_count) < 0)
		return -1;
	j->cell_count = (size_t)j->notary_count * j->bank_count * j->bank_count;
	if (!j->cell_count)
		return error_set(c->err, ERROR_INPUT,
				 "%s: a network without bank or notary has "
				 "no cells to judge",
				 c->record->run_dir);
	j->cells = arena_array(c->arena, j->cell_count, sizeof(*j->cells));
	j->findings = arena_array(c->arena, c->record->finding_count + 1,
				  sizeof(*j->findings));
	if (!j->cells || !j->findings)
		return error_nomem(c->err);
	name_cells(j);
	return 0;
}

/* Where a release is in a list of them; `count`: nowhere. */
static unsigned position(const unsigned *list, unsigned count, unsigned release)
{
	unsigned i = 0;

	while (i < count && list[i] != release)
		i++;
	return i;
}

/* As name_cells() laid them out. */
struct cell *judgement_cell(const struct judgement *j, unsigned payer,
			    unsigned payee, unsigned notary)
{
	size_t n = position(j->notaries, j->notary_count, notary);
	size_t a = position(j->banks, j->bank_count, payer);
	size_t b = position(j->banks, j->bank_count, payee);

	if (n == j->notary_count || a == j->bank_count || b == j->bank_count)
		return NULL;
	return &j->cells[(n * j->bank_count + a) * j->bank_count + b];
}

/* The cell of three node names; NULL where one is absent or unknown. */
static struct cell *cell_of(const struct court *c, const char *payer,
			    const char *payee, const char *notary)
{
	const struct network *net = &c->record->net;
	const struct network_node *from =
		payer ? network_find(net, payer) : NULL;
	const struct network_node *to = payee ? network_find(net, payee) : NULL;
	const struct network_node *by =
		notary ? network_find(net, notary) : NULL;

	if (!by && c->j->notary_count == 1)
		by = &net->nodes[net->node_count - 1];
	if (!from || !to || !by || from == to)
		return NULL;
	return judgement_cell(c->j, from->release, to->release, by->release);
}

static bool settled(const struct record *r, const struct operation *op)
{
	const struct settlement *s = record_settlement(r, op->id);

	return s && s->payee_has;
}

/* Nothing of it reached any ledger: the payer still has its coins. */
static bool left_no_trace(const struct record *r, const struct operation *op)
{
	const struct settlement *s = record_settlement(r, op->id);

	return s && !s->payer_has && !s->payee_has && !s->notary_has;
}

/* Known conduct, nothing committed, and a later payment of the cell went
 * through: operations are taken from the last to the first. */
static bool forgiven(const struct record *r, const struct cell *cell,
		     const struct operation *op)
{
	return op->outcome == OUTCOME_FAIL && cell->tally.settled &&
	       left_no_trace(r, op) &&
	       known_refusal_find(&r->refusals, op->error_class,
				  op->error_text);
}

static void tally_outcome(struct tally *t, enum op_outcome outcome)
{
	t->payments++;
	t->ok += outcome == OUTCOME_OK;
	t->fail += outcome == OUTCOME_FAIL;
	t->unknown += outcome == OUTCOME_UNKNOWN;
}

/* Without a line from the vaults a payment is open while no check has been
 * made. A check that counts its operations has written a line for each: the
 * payment was made after it. Of an older check, it is simply nowhere. */
static bool unchecked(const struct record *r, const struct operation *op)
{
	const struct phase *check = record_phase(r, "check");

	return !record_settlement(r, op->id) &&
	       (!check || check->error || js_get(check->details, "operations"));
}

/* A payment without the time when it was due was due when it was sent. */
static void take_times(struct cell *cell, const struct operation *op)
{
	int64_t due = op->sent_us;

	if (op->intended_us && op->intended_us < op->sent_us)
		due = op->intended_us;
	cell->services[cell->service.count++] = op->done_us - op->sent_us;
	cell->latencies[cell->latency.count++] = op->done_us - due;
}

/* By the driver's own word for it. */
static bool timed_out(const struct operation *op)
{
	return op->outcome == OUTCOME_UNKNOWN && op->error_class &&
	       !strcmp(op->error_class, "timeout");
}

static void take_payment(const struct record *r, struct cell *cell,
			 const struct operation *op)
{
	struct tally *t = &cell->tally;

	tally_outcome(t, op->outcome);
	if (op->outcome == OUTCOME_OK && op->done_us >= op->sent_us)
		take_times(cell, op);
	if (unchecked(r, op)) {
		t->unchecked++;
	} else if (settled(r, op)) {
		t->settled++;
	} else if (record_settlement(r, op->id) &&
		   record_settlement(r, op->id)->in_flight) {
		t->unsettled++;
	} else if (forgiven(r, cell, op)) {
		t->failed++;
		t->refused++;
	} else {
		t->failed += op->outcome != OUTCOME_OK;
		t->timeouts += timed_out(op);
		t->lost += op->outcome == OUTCOME_OK;
		cell->first_failed = op;
	}
}

static int find_cell(struct court *c, const struct operation *op,
		     struct cell **ret)
{
	*ret = cell_of(c, op->payer, op->payee, op->notary);
	if (*ret)
		return 0;
	return error_set(c->err, ERROR_INPUT,
			 "%s/history.jsonl: operation %llu, %s -> %s by %s, is "
			 "no payment between nodes of network.resolved.yaml",
			 c->record->run_dir, (unsigned long long)op->id,
			 op->payer, op->payee, op->notary);
}

/* A first pass counts, so that each cell's samples get their room. */
static int make_room(struct court *c)
{
	struct cell *cell;

	for (size_t i = 0; i < c->record->op_count; i++) {
		if (c->record->ops[i].kind != OP_PAY)
			continue;
		if (find_cell(c, &c->record->ops[i], &cell) < 0)
			return -1;
		cell->service.count++;
	}
	for (size_t i = 0; i < c->j->cell_count; i++) {
		cell = &c->j->cells[i];
		cell->services = arena_array(c->arena, cell->service.count + 1,
					     sizeof(int64_t));
		cell->latencies = arena_array(c->arena, cell->service.count + 1,
					      sizeof(int64_t));
		if (!cell->services || !cell->latencies)
			return error_nomem(c->err);
		cell->service.count = 0;
	}
	return 0;
}

static void take_issue(struct court *c, const struct operation *op)
{
	struct tally *t = &c->j->issues;

	tally_outcome(t, op->outcome);
	t->settled += settled(c->record, op);
	t->unchecked += unchecked(c->record, op);
}

/* `ret` has the count. */
static void summarize(int64_t *samples, struct summary *ret)
{
	samples_sort(samples, ret->count);
	*ret = samples_summary(samples, ret->count);
}

static int take_operations(struct court *c)
{
	const struct record *r = c->record;
	struct cell *cell;

	if (make_room(c) < 0)
		return -1;
	for (size_t i = r->op_count; i-- > 0;) {
		if (r->ops[i].kind != OP_PAY) {
			take_issue(c, &r->ops[i]);
			continue;
		}
		if (find_cell(c, &r->ops[i], &cell) < 0)
			return -1;
		take_payment(r, cell, &r->ops[i]);
	}
	for (size_t i = 0; i < c->j->cell_count; i++) {
		cell = &c->j->cells[i];
		summarize(cell->services, &cell->service);
		summarize(cell->latencies, &cell->latency);
	}
	return 0;
}

/* By the names that it gives, else by its operation. */
static struct cell *place(const struct court *c, const struct finding *f,
			  const struct operation *op)
{
	struct cell *cell = cell_of(c, f->payer, f->payee, f->notary);

	if (cell || !op || op->kind != OP_PAY)
		return cell;
	return cell_of(c, op->payer, op->payee, op->notary);
}

static int place_findings(struct court *c)
{
	const struct record *r = c->record;
	bool *hit = arena_array(c->arena, r->op_count + 1, sizeof(*hit));

	if (!hit)
		return error_nomem(c->err);
	for (size_t i = 0; i < r->finding_count; i++) {
		const struct finding *f = &r->findings[i];
		const struct operation *op = record_operation(r, f->op);
		struct cell *cell;

		if (!op && f->tx)
			op = record_maker(r, f->tx);
		cell = place(c, f, op);
		c->j->findings[i] = (struct placed_finding){ f, op, cell };
		if (f->note)
			continue;
		if (!cell) {
			c->j->network_findings++;
			continue;
		}
		cell->finding_count++;
		if (op && !hit[op - r->ops]) {
			hit[op - r->ops] = true;
			cell->finding_payments++;
		}
	}
	return 0;
}

static int list_findings(struct court *c)
{
	for (size_t i = 0; i < c->j->cell_count; i++) {
		struct cell *cell = &c->j->cells[i];

		cell->findings = arena_array(c->arena, cell->finding_count + 1,
					     sizeof(*cell->findings));
		if (!cell->findings)
			return error_nomem(c->err);
		cell->finding_count = 0;
	}
	for (size_t i = 0; i < c->record->finding_count; i++) {
		const struct placed_finding *p = &c->j->findings[i];

		if (p->cell && !p->finding->note)
			p->cell->findings[p->cell->finding_count++] = p;
	}
	return 0;
}

int judge(const struct record *record, struct arena *arena,
	  struct judgement *ret, struct error *err)
{
	struct judgement j = { .record = record };
	struct court c = { record, arena, &j, err };

	if (lay_out(&c) < 0 || take_operations(&c) < 0 ||
	    place_findings(&c) < 0 || list_findings(&c) < 0 ||
	    judge_starvation(&j, arena, err) < 0)
		return -1;
	for (size_t i = 0; i < j.cell_count; i++) {
		if (cell_absence(&j.cells[i], record, arena, err) < 0 ||
		    cell_decide(&j.cells[i], record, arena, err) < 0)
			return -1;
		j.counts[j.cells[i].verdict]++;
	}
	run_decide(&j, arena);
	*ret = j;
	return 0;
}

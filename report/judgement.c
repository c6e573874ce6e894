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

static void name_cells(struct judgement *j, struct arena *arena)
{
	struct cell *cell = j->cells;

	for (unsigned n = 0; n < j->notary_count; n++)
		for (unsigned a = 0; a < j->bank_count; a++)
			for (unsigned b = 0; b < j->bank_count; b++, cell++) {
				cell->notary = j->notaries[n];
				cell->payer = j->banks[a];
				cell->payee = j->banks[b];
				cell->score = (struct score)SCORE_INIT(arena);
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
	name_cells(j, c->arena);
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

/* Without a line from the vaults a payment is open while no check has been
 * made. A check that counts its operations has written a line for each: the
 * payment was made after it. Of an older check, it is simply nowhere. */
static bool unchecked(const struct record *r, const struct operation *op)
{
	const struct phase *check = record_phase(r, "check");

	return !record_settlement(r, op->id) &&
	       (!check || check->error || js_get(check->details, "operations"));
}

/* Known conduct, and nothing committed. */
static bool refused(const struct record *r, const struct operation *op)
{
	return op->outcome == OUTCOME_FAIL && left_no_trace(r, op) &&
	       known_refusal_find(&r->refusals, op->error_class,
				  op->error_text);
}

static enum fate fate_of(const struct record *r, const struct operation *op)
{
	const struct settlement *s = record_settlement(r, op->id);

	if (unchecked(r, op))
		return FATE_UNCHECKED;
	if (s && s->payee_has)
		return FATE_SETTLED;
	if (s && s->in_flight)
		return FATE_UNSETTLED;
	return refused(r, op) ? FATE_REFUSED : FATE_MISSING;
}

static int find_cell(struct court *c, const struct operation *op,
		     struct cell **ret)
{
	*ret = cell_of(c, op->payer, op->payee, op->notary);
	if (*ret)
		return 0;
	return error_set(c->err, ERROR_INPUT,
			 "%s/history.jsonl: operation %llu, %s -> %s by %s, is "
			 "not a payment between nodes of network.resolved.yaml",
			 c->record->run_dir, (unsigned long long)op->id,
			 op->payer, op->payee, op->notary);
}

static void take_issue(struct court *c, const struct operation *op)
{
	struct counts *t = &c->j->issues;

	counts_outcome(t, op->outcome);
	t->settled += settled(c->record, op);
	t->unchecked += unchecked(c->record, op);
}

static int take_payment(struct court *c, const struct operation *op)
{
	struct cell *cell;

	if (find_cell(c, op, &cell) < 0)
		return -1;
	return score_add(&cell->score, op, fate_of(c->record, op), c->err);
}

static void sum_up(struct cell *cell)
{
	const struct operation *examples[EXAMPLES_MAX];

	cell->service = histogram_summary(&cell->score.service);
	cell->latency = histogram_summary(&cell->score.latency);
	if (score_examples(&cell->score, examples))
		cell->first_failed = examples[0];
}

static int take_operations(struct court *c)
{
	const struct record *r = c->record;

	for (size_t i = 0; i < r->op_count; i++) {
		if (!op_has_payee(r->ops[i].kind))
			take_issue(c, &r->ops[i]);
		else if (take_payment(c, &r->ops[i]) < 0)
			return -1;
	}
	for (size_t i = 0; i < c->j->cell_count; i++)
		sum_up(&c->j->cells[i]);
	return 0;
}

/* By the names that it gives, else by its operation. */
static struct cell *place(const struct court *c, const struct finding *f,
			  const struct operation *op)
{
	struct cell *cell = cell_of(c, f->payer, f->payee, f->notary);

	if (cell || !op || !op_has_payee(op->kind))
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
	if (run_decide(&j, arena, err) < 0)
		return -1;
	*ret = j;
	return 0;
}

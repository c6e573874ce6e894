/* SPDX-License-Identifier: Apache-2.0 */
/* judgement.c - lays the cells out and puts payments and findings in
 * them. */
#include "report/judgement.h"

#include "base/cleanup.h"
#include "base/id_set.h"
#include "report/excuse.h"
#include "report/named.h"
#include "report/starvation.h"
#include "run/node_index.h"

/* Moments of payments are on a chart of seconds at least. */
enum { CHART_LEAST_US = 1000000 };

struct judging {
	const struct record *record;
	struct arena *arena;
	struct judgement j;
	struct node_index nodes;
	struct named_ops *named;
};

/* ---- cells ---- */

static int list_releases(const struct network *net, enum node_role role,
			 struct arena *arena, unsigned **ret_list,
			 unsigned *ret_count, struct error *err)
{
	unsigned *list =
		arena_array(arena, net->release_count + 1, sizeof(*list));
	unsigned count = 0;

	if (!list)
		return error_nomem(err);
	for (unsigned i = 0; i < net->release_count; i++)
		if (network_has_role(net, i, role))
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

int judgement_lay_out(const struct record *record, struct arena *arena,
		      struct judgement *ret, struct error *err)
{
	const struct network *net = &record->net;
	struct judgement j = { .record = record };

	if (list_releases(net, NODE_BANK, arena, &j.banks, &j.bank_count, err) <
		    0 ||
	    list_releases(net, NODE_NOTARY, arena, &j.notaries, &j.notary_count,
			  err) < 0)
		return -1;
	j.cell_count = (size_t)j.notary_count * j.bank_count * j.bank_count;
	if (!j.cell_count)
		return error_set(err, ERROR_INPUT,
				 "%s: a network without bank or notary has "
				 "no cells to judge",
				 record->run_dir);
	j.cells = arena_array(arena, j.cell_count, sizeof(*j.cells));
	j.findings = arena_array(arena, record->finding_count + 1,
				 sizeof(*j.findings));
	j.payments = arena_new(arena, struct timeline_counts);
	if (!j.cells || !j.findings || !j.payments)
		return error_nomem(err);
	j.payments->least = CHART_LEAST_US;
	name_cells(&j, arena);
	*ret = j;
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
static struct cell *cell_of(struct judging *g, const char *payer,
			    const char *payee, const char *notary)
{
	const struct network *net = &g->record->net;
	const struct network_node *from = node_index_find(&g->nodes, payer);
	const struct network_node *to = node_index_find(&g->nodes, payee);
	const struct network_node *by = node_index_find(&g->nodes, notary);

	if (!by && g->j.notary_count == 1)
		by = &net->nodes[net->node_count - 1];
	if (!from || !to || !by || from == to)
		return NULL;
	return judgement_cell(&g->j, from->release, to->release, by->release);
}

int judging_begin(const struct record *record, struct arena *arena,
		  struct judging **ret, struct error *err)
{
	struct judging *g = arena_new(arena, struct judging);

	if (!g)
		return error_nomem(err);
	g->record = record;
	g->arena = arena;
	g->nodes.net = &record->net;
	if (judgement_lay_out(record, arena, &g->j, err) < 0 ||
	    named_ops_new(record->findings, record->finding_count, arena,
			  &g->named, err) < 0)
		return -1;
	*ret = g;
	return 0;
}

/* ---- operations ---- */

/* Known conduct, and nothing of it reached any ledger: the payer still has its
 * coins. */
static bool refused(const struct record *r, const struct operation *op,
		    const struct settlement *s)
{
	return op->outcome == OUTCOME_FAIL && !s->payer_has && !s->notary_has &&
	       known_refusal_find(&r->refusals, op->error_class,
				  op->error_text);
}

/* A check writes a line for each operation: one without was made after it, or
 * none was made. */
static enum fate fate_of(const struct record *r, const struct operation *op,
			 const struct settlement *s)
{
	if (!s)
		return FATE_UNCHECKED;
	if (s->payee_has)
		return FATE_SETTLED;
	if (s->in_flight)
		return FATE_UNSETTLED;
	return refused(r, op, s) ? FATE_REFUSED : FATE_MISSING;
}

static void take_issue(struct judging *g, const struct operation *op,
		       const struct settlement *s)
{
	struct counts *t = &g->j.issues;

	counts_outcome(t, op->outcome);
	t->settled += s && s->payee_has;
	t->unchecked += !s;
}

static enum payment_end end_of(const struct operation *op,
			       const struct settlement *s)
{
	if (op->outcome == OUTCOME_OK)
		return s && !s->payee_has ? PAYMENT_UNSETTLED : PAYMENT_OK;
	return op->outcome == OUTCOME_FAIL ? PAYMENT_FAILED : PAYMENT_UNKNOWN;
}

static int64_t moment_of(const struct operation *op)
{
	return op->done_us   ? op->done_us
	       : op->sent_us ? op->sent_us
			     : op->intended_us;
}

static int take_payment(struct judging *g, const struct operation *op,
			const struct settlement *s, struct error *err)
{
	struct cell *cell = cell_of(g, op->payer, op->payee, op->notary);

	if (!cell)
		return error_set(
			err, ERROR_INPUT,
			"%s/history.jsonl: operation %llu, %s -> %s by %s, is "
			"not a payment between nodes of network.resolved.yaml",
			g->record->run_dir, (unsigned long long)op->id,
			op->payer, op->payee, op->notary ? op->notary : "none");
	if (moment_of(op) > 0)
		timeline_count(g->j.payments, moment_of(op), end_of(op, s));
	return score_add(&cell->score, op, s, fate_of(g->record, op, s), err);
}

/* By the files of the run, so that it is judged the same whenever that is. */
static void note_begin(struct judgement *j, const struct operation *op)
{
	const int64_t us = op->sent_us ? op->sent_us : op->intended_us;

	if (us > 0 && (!j->began_us || us < j->began_us))
		j->began_us = us;
}

int judging_add(struct judging *g, const struct operation *op,
		const struct settlement *s, struct error *err)
{
	note_begin(&g->j, op);
	if (named_ops_offer(g->named, op, s, err) < 0)
		return -1;
	if (op_has_payee(op->kind))
		return take_payment(g, op, s, err);
	take_issue(g, op, s);
	return 0;
}

void cell_sum_up(struct cell *cell)
{
	const struct example *examples[EXAMPLES_MAX];

	cell->service = histogram_summary(&cell->score.service);
	cell->latency = histogram_summary(&cell->score.latency);
	if (!score_examples(&cell->score, examples))
		return;
	cell->first_failed = &examples[0]->op;
	cell->first_settled =
		examples[0]->checked ? &examples[0]->settlement : NULL;
}

/* ---- findings ---- */

/* By the names that it gives, else by its operation. */
static struct cell *place(struct judging *g, const struct finding *f,
			  const struct operation *op)
{
	struct cell *cell = cell_of(g, f->payer, f->payee, f->notary);

	if (cell || !op || !op_has_payee(op->kind))
		return cell;
	return cell_of(g, op->payer, op->payee, op->notary);
}

static int place_findings(struct judging *g, struct error *err)
{
	cleanup(id_set_release) struct id_set hit = { 0 };
	const struct record *r = g->record;

	for (size_t i = 0; i < r->finding_count; i++) {
		const struct finding *f = &r->findings[i];
		const struct operation *op = named_ops_of(g->named, f);
		struct cell *cell = place(g, f, op);
		int is_new;

		g->j.findings[i] = (struct placed_finding){ f, op, cell, NULL };
		if (f->note)
			continue;
		if (!cell) {
			g->j.network_findings++;
			continue;
		}
		is_new = op ? id_set_add(&hit, op->id, err) : 0;
		if (is_new < 0)
			return -1;
		cell->finding_count++;
		cell->finding_payments += (size_t)is_new;
	}
	return 0;
}

static int list_findings(struct judging *g, struct error *err)
{
	for (size_t i = 0; i < g->j.cell_count; i++) {
		struct cell *cell = &g->j.cells[i];

		cell->findings = arena_array(g->arena, cell->finding_count + 1,
					     sizeof(*cell->findings));
		if (!cell->findings)
			return error_nomem(err);
		cell->finding_count = 0;
	}
	for (size_t i = 0; i < g->record->finding_count; i++) {
		const struct placed_finding *p = &g->j.findings[i];

		if (p->cell && !p->finding->note)
			p->cell->findings[p->cell->finding_count++] = p;
	}
	return 0;
}

/* ---- the end ---- */

int judging_end(struct judging *g, struct judgement *ret, struct error *err)
{
	struct judgement *j = &g->j;

	for (size_t i = 0; i < j->cell_count; i++)
		cell_sum_up(&j->cells[i]);
	if (place_findings(g, err) < 0 || list_findings(g, err) < 0 ||
	    judge_starvation(j, g->arena, err) < 0)
		return -1;
	for (size_t i = 0; i < j->cell_count; i++) {
		if (cell_absence(&j->cells[i], g->record, g->arena, err) < 0 ||
		    cell_decide(&j->cells[i], g->record, j->began_us, g->arena,
				err) < 0)
			return -1;
		j->counts[j->cells[i].verdict]++;
	}
	if (excuse_remarks(j, g->arena, err) < 0 ||
	    run_decide(j, g->arena, err) < 0)
		return -1;
	*ret = *j;
	return 0;
}

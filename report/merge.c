/* SPDX-License-Identifier: Apache-2.0 */
/* merge.c - the results of several runs joined into one judgement. */
#include "report/merge.h"

#include <string.h>

#include "report/words.h"

enum { CELLS_MAX = 250000 };

/* What the steps of joining share. */
struct joining {
	struct merge *m;
	struct judgement *j;
	struct error *err;
};

static int wrong(const struct joining *g, const struct merge_part *part,
		 const char *what, size_t at)
{
	return error_set(g->err, ERROR_INPUT,
			 "%s/results.json: %s %zu is not valid",
			 part->source.dir, what, at);
}

/* ---- findings ---- */

/* One after the other; their evidence stays the files'. */
static int join_findings(struct merge *m, struct error *err)
{
	struct record *r = &m->record;
	size_t all = 0;

	for (size_t i = 0; i < m->count; i++)
		all += m->parts[i].results.finding_count;
	r->findings = arena_array(m->arena, all + 1, sizeof(*r->findings));
	if (!r->findings)
		return error_nomem(err);
	for (size_t i = 0; i < m->count; i++) {
		const struct results *from = &m->parts[i].results;

		m->parts[i].first_finding = r->finding_count;
		if (from->finding_count)
			memcpy(&r->findings[r->finding_count], from->findings,
			       from->finding_count * sizeof(*r->findings));
		r->finding_count += from->finding_count;
	}
	return 0;
}

static void place_findings(const struct joining *g, size_t run)
{
	const struct merge_part *part = &g->m->parts[run];

	for (size_t i = 0; i < part->results.finding_count; i++) {
		size_t at = part->first_finding + i;

		g->j->findings[at] = (struct placed_finding){
			.finding = &g->m->record.findings[at],
			.source = &g->m->record.sources[run],
		};
	}
}

/* A run whose record is not complete proves no failure of its network. */
static void count_network_findings(const struct joining *g, size_t run)
{
	const struct merge_part *part = &g->m->parts[run];

	for (size_t i = 0; i < part->results.finding_count; i++) {
		const struct placed_finding *p =
			&g->j->findings[part->first_finding + i];

		g->j->network_findings +=
			!p->cell && !p->finding->note && !part->doubted;
	}
}

/* ---- cells ---- */

static bool find_label(const struct merge_part *part, const char *label,
		       unsigned *ret)
{
	for (unsigned i = 0; i < part->net.release_count; i++)
		if (!strcmp(part->net.releases[i].label, label)) {
			*ret = part->releases[i];
			return true;
		}
	return false;
}

/* The cell of the joined matrix, or NULL. */
static struct cell *find_cell(const struct joining *g,
			      const struct merge_part *part,
			      const struct result_cell *c)
{
	unsigned payer, payee, notary;

	if (!find_label(part, c->payer, &payer) ||
	    !find_label(part, c->payee, &payee) ||
	    !find_label(part, c->notary, &notary))
		return NULL;
	return judgement_cell(g->j, payer, payee, notary);
}

/* A run that proves nothing leaves open what it says of its cells. */
static void doubt_cell(const struct merge_part *part, struct cell_part *cell)
{
	enum verdict *const verdicts[] = { &cell->judged, &cell->verdict };

	for (size_t i = 0; i < ARRAY_SIZE(verdicts); i++) {
		enum verdict *v = verdicts[i];

		if (*v != VERDICT_PASS && *v != VERDICT_FAIL &&
		    *v != VERDICT_FLAKY)
			continue;
		*v = VERDICT_UNDECIDED;
		cell->reason = part->source.doubt;
	}
}

static bool read_verdicts(const struct merge_part *part,
			  const struct source *source,
			  const struct result_cell *from, struct cell_part *ret)
{
	*ret = (struct cell_part){
		.source = source,
		.absence = absence_of_word(from->absence),
		.required = from->required,
		.reason = from->reason,
		.starved = from->starved,
	};
	if (!verdict_of_word(from->verdict, &ret->verdict) ||
	    !verdict_of_word(from->judged, &ret->judged))
		return false;
	if (part->doubted)
		doubt_cell(part, ret);
	return true;
}

static void add_findings(const struct joining *g, const struct merge_part *part,
			 const struct result_cell *from, struct cell *to)
{
	for (size_t i = 0; i < from->finding_count; i++) {
		size_t at = part->first_finding + from->findings[i];
		struct placed_finding *p = &g->j->findings[at];

		if (p->cell || p->finding->note)
			continue;
		p->cell = to;
		to->findings[to->finding_count++] = p;
	}
}

/* Room for what all runs say of each cell. */
static int make_room(const struct joining *g)
{
	struct judgement *j = g->j;
	size_t *findings =
		arena_array(g->m->arena, j->cell_count, sizeof(*findings));

	if (!findings)
		return error_nomem(g->err);
	for (size_t i = 0; i < g->m->count; i++) {
		const struct merge_part *part = &g->m->parts[i];

		for (size_t k = 0; k < part->results.cell_count; k++) {
			const struct result_cell *c = &part->results.cells[k];
			struct cell *cell = find_cell(g, part, c);

			if (!cell)
				return wrong(g, part, "cell", k);
			cell->part_count++;
			findings[cell - j->cells] += c->finding_count;
		}
	}
	for (size_t i = 0; i < j->cell_count; i++) {
		struct cell *cell = &j->cells[i];

		cell->parts = arena_array(g->m->arena, cell->part_count + 1,
					  sizeof(*cell->parts));
		cell->findings = arena_array(g->m->arena, findings[i] + 1,
					     sizeof(*cell->findings));
		if (!cell->parts || !cell->findings)
			return error_nomem(g->err);
		cell->part_count = 0;
	}
	return 0;
}

/* Whether the payment that failed first is one of this run's. */
static bool is_of(const struct score *s, const struct operation *op)
{
	const struct example *examples[EXAMPLES_MAX];

	return score_examples(s, examples) && examples[0]->op.id == op->id &&
	       examples[0]->op.sent_us == op->sent_us &&
	       examples[0]->op.intended_us == op->intended_us;
}

static int join_cells(const struct joining *g, size_t run)
{
	const struct merge_part *part = &g->m->parts[run];
	const struct source *source = &g->m->record.sources[run];

	for (size_t i = 0; i < part->results.cell_count; i++) {
		const struct result_cell *from = &part->results.cells[i];
		struct cell *to = find_cell(g, part, from);

		if (!read_verdicts(part, source, from,
				   &to->parts[to->part_count++]))
			return wrong(g, part, "cell", i);
		add_findings(g, part, from, to);
		if (score_merge(&to->score, &part->scores[i].score, g->err) < 0)
			return -1;
		cell_sum_up(to);
		if (to->first_failed &&
		    is_of(&part->scores[i].score, to->first_failed))
			to->source = source;
	}
	return 0;
}

static void count_issues(struct counts *to, const struct counts *from)
{
	to->payments += from->payments;
	to->ok += from->ok;
	to->fail += from->fail;
	to->unknown += from->unknown;
	to->settled += from->settled;
	to->unchecked += from->unchecked;
}

static size_t count_releases(const struct network *net, enum node_role role)
{
	size_t n = 0;

	for (unsigned r = 0; r < net->release_count; r++)
		n += network_has_role(net, r, role);
	return n;
}

/* Before memory is taken for them. */
static int check_size(const struct network *net, struct error *err)
{
	size_t banks = count_releases(net, NODE_BANK);
	size_t notaries = count_releases(net, NODE_NOTARY);

	if (banks * banks * notaries <= CELLS_MAX)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "%zu releases of banks and %zu of notaries make a "
			 "matrix of more than %d cells",
			 banks, notaries, CELLS_MAX);
}

int merge_judge(struct merge *m, struct judgement *ret, struct error *err)
{
	struct judgement j;
	const struct joining g = { m, &j, err };

	if (check_size(&m->record.net, err) < 0 || join_findings(m, err) < 0 ||
	    judgement_lay_out(&m->record, m->arena, &j, err) < 0)
		return -1;
	if (make_room(&g) < 0)
		return -1;
	for (size_t i = 0; i < m->count; i++) {
		place_findings(&g, i);
		if (join_cells(&g, i) < 0)
			return -1;
		count_network_findings(&g, i);
		count_issues(&j.issues, &m->parts[i].results.issues);
	}
	for (size_t i = 0; i < j.cell_count; i++) {
		if (merge_verdict(&j.cells[i], m->arena, err) < 0)
			return -1;
		j.counts[j.cells[i].verdict]++;
	}
	if (sources_decide(&j, m->arena, err) < 0)
		return -1;
	*ret = j;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* tally.c - what became of the operations, in numbers. */
#include "driver/tally.h"

#include <stdlib.h>
#include <string.h>

/* Two histograms of any values, and what the arena adds. */
enum { TIMES_MAX = 256 * 1024 };

int tally_init(struct tally *t, const struct network *net, struct error *err)
{
	size_t n = net->release_count;

	memset(t, 0, sizeof(*t));
	t->net = net;
	arena_init(&t->arena, TIMES_MAX);
	t->score = (struct score)SCORE_INIT(&t->arena);
	t->cells = calloc(n * n * n, sizeof(*t->cells));
	return t->cells ? 0 : error_nomem(err);
}

void tally_release(struct tally *t)
{
	arena_release(&t->arena);
	free(t->cells);
}

static unsigned *cell_of(const struct tally *t,
			 const struct network_node *payer,
			 const struct network_node *payee,
			 const struct network_node *notary)
{
	size_t n = t->net->release_count;

	return &t->cells[(payer->release * n + payee->release) * n +
			 notary->release];
}

void tally_add(struct tally *t, enum op_kind kind, enum op_outcome outcome,
	       const struct network_node *payer,
	       const struct network_node *payee,
	       const struct network_node *notary, int64_t intended_us,
	       int64_t sent_us, int64_t done_us)
{
	const struct operation op = { .kind = kind,
				      .outcome = outcome,
				      .intended_us = intended_us,
				      .sent_us = sent_us,
				      .done_us = done_us };

	t->outcomes[kind][outcome]++;
	if (!op_has_payee(kind))
		return;
	/* Without memory a time is not kept: the counts still tell of it. */
	(void)score_add(&t->score, &op, NULL, FATE_UNCHECKED, NULL);
	if (!t->first_us || intended_us < t->first_us)
		t->first_us = intended_us;
	if (done_us > t->last_us)
		t->last_us = done_us;
	if (outcome == OUTCOME_OK)
		++*cell_of(t, payer, payee, notary);
}

static bool runs_as(const struct tally *t, unsigned i, enum node_role role)
{
	const struct network_node *node = &t->net->nodes[i];

	return node->role == role && network_node_runs(t->net, node);
}

/* Running nodes of a release in a role. */
static unsigned nodes_of(const struct tally *t, unsigned release,
			 enum node_role role)
{
	unsigned n = 0;

	for (unsigned i = 0; i < t->net->node_count; i++)
		n += t->net->nodes[i].release == release && runs_as(t, i, role);
	return n;
}

void tally_cells(const struct tally *t, unsigned *ret_covered,
		 unsigned *ret_total)
{
	unsigned n = t->net->release_count;

	*ret_covered = *ret_total = 0;
	for (unsigned i = 0; i < n * n * n; i++) {
		unsigned payer = i / n / n, payee = i / n % n, notary = i % n;

		if (nodes_of(t, payer, NODE_BANK) <= (payer == payee) ||
		    !nodes_of(t, payee, NODE_BANK) ||
		    !nodes_of(t, notary, NODE_NOTARY))
			continue;
		++*ret_total;
		*ret_covered += t->cells[i] > 0 &&
				(int)t->cells[i] >= t->net->settled_gate;
	}
}

double tally_seconds(const struct tally *t)
{
	return (double)(t->last_us - t->first_us) / 1e6;
}

int64_t tally_median_us(const struct tally *t)
{
	return histogram_percentile(&t->score.latency, 500);
}

static struct js *outcomes_json(const uint64_t by_outcome[OUTCOMES])
{
	struct js *o = js_object();

	for (int i = 0; i < OUTCOMES; i++)
		js_set_int(o, op_outcome_word((enum op_outcome)i),
			   (int64_t)by_outcome[i]);
	return o;
}

static struct js *measured_json(const struct histogram *h, const char *measured)
{
	struct js *o = times_js(h);

	js_set_str(o, "measured", measured);
	return o;
}

struct js *tally_details(const struct tally *t)
{
	struct js *o = js_object();
	double seconds = tally_seconds(t);
	unsigned covered, total;

	tally_cells(t, &covered, &total);
	for (int kind = 0; kind < OP_KINDS; kind++)
		js_set(o, op_kind_info((enum op_kind)kind)->nouns,
		       outcomes_json(t->outcomes[kind]));
	js_set_int(o, "not_begun", t->dropped);
	js_set_num(o, "seconds", seconds);
	js_set_num(o, "per_second",
		   seconds > 0 ? t->score.counts.ok / seconds : 0);
	js_set_int(o, "cells_covered", covered);
	js_set_int(o, "cells", total);
	js_set(o, "latency_ms",
	       measured_json(&t->score.latency,
			     "payments with the answer ok, from the time when "
			     "the payment was due until the payer's node "
			     "answered"));
	js_set(o, "service_ms",
	       measured_json(&t->score.service,
			     "payments with the answer ok, from the time when "
			     "the payment was sent until the payer's node "
			     "answered"));
	js_set_str(o, "seconds_measured",
		   "from the time when the first payment was due to the end of "
		   "the last payment");
	return o;
}

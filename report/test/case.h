/* SPDX-License-Identifier: Apache-2.0 */
/* case.h - a small network and its records, made in memory, to be judged. */
#ifndef REPORT_TEST_CASE_H
#define REPORT_TEST_CASE_H

#include "report/judgement.h"

#include "test/support/test.h"

#define CASE_CASH "net.corda.finance.flows.CashException"

enum { CASE_OPS = 32, CASE_MORE = 8 };

/* One bank each of 4.0 and 4.10 around a 4.8 notary; the gate is 2. */
struct test_case {
	struct arena arena;
	struct release releases[3];
	struct network_node nodes[4];
	struct operation ops[CASE_OPS];
	size_t op_count;
	struct settlement settlements[CASE_OPS];
	size_t settlement_count;
	struct finding findings[CASE_MORE];
	struct phase phases[CASE_MORE];
	struct expected_entry expected[CASE_MORE];
	struct known_refusal refusals[1];
	struct record record;
	struct judgement j;
};

static inline void case_init(struct test_case *c)
{
	*c = (struct test_case){
		.arena = ARENA_INIT(1 << 20),
		.releases = { { .label = "4.0" },
			      { .label = "4.10" },
			      { .label = "4.8" } },
		.nodes = { { .name = "bank-4.0-0", .release = 0 },
			   { .name = "bank-4.10-0", .release = 1 },
			   { .name = "notary-4.8-0",
			     .release = 2,
			     .role = NODE_NOTARY } },
		.refusals = { { "cash-locked", CASE_CASH, "Insufficient cash",
				"locks" } },
	};
	c->record = (struct record){
		.run_dir = "runs/x",
		.run_id = "x",
		.net = { .file = "network.yaml",
			 .settled_gate = 2,
			 .releases = c->releases,
			 .release_count = 3,
			 .nodes = c->nodes,
			 .node_count = 3 },
		.findings = c->findings,
		.phases = c->phases,
		.expected = { .entries = c->expected },
		.refusals = { c->refusals, 1 },
	};
}

static inline struct phase *case_phase(struct test_case *c, const char *name,
				       const char *error)
{
	struct phase *p = &c->phases[c->record.phase_count++];

	*p = (struct phase){ .name = name,
			     .seconds = 1,
			     .error = error,
			     .kind = error ? ERROR_INTERNAL : ERROR_NONE };
	return p;
}

/* A payment with what the vaults say of it. */
static inline struct operation *case_pay(struct test_case *c, unsigned payer,
					 unsigned payee,
					 enum op_outcome outcome, bool settled)
{
	size_t i = c->op_count++;

	assert_true(i < CASE_OPS);
	c->ops[i] = (struct operation){ .id = i + 1,
					.kind = OP_PAY,
					.payer = c->nodes[payer].name,
					.payee = c->nodes[payee].name,
					.notary = "notary-4.8-0",
					.amount = 100,
					.currency = "USD",
					.sent_us = 1000000,
					.done_us = 1000000 + 1000 * (int64_t)i,
					.outcome = outcome };
	c->settlements[c->settlement_count++] =
		(struct settlement){ .op = i + 1,
				     .payer_has = settled,
				     .payee_has = settled,
				     .notary_has = settled };
	return &c->ops[i];
}

/* So many good payments each way, and phases that went well. */
static inline void case_good(struct test_case *c, int each)
{
	for (int i = 0; i < each; i++) {
		case_pay(c, 0, 1, OUTCOME_OK, true);
		case_pay(c, 1, 0, OUTCOME_OK, true);
	}
	case_phase(c, "build", NULL);
	case_phase(c, "deploy", NULL);
	case_phase(c, "drive", NULL);
	case_phase(c, "check", NULL);
	case_phase(c, "down", NULL);
}

static inline struct finding *case_find(struct test_case *c,
					enum finding_kind kind)
{
	struct finding *f = &c->findings[c->record.finding_count++];

	*f = (struct finding){ .kind = kind, .node = "bank-4.0-0" };
	return f;
}

/* An entry of expected.yaml, from one release to another. */
static inline struct expected_entry *case_expect(struct test_case *c,
						 enum expected_kind kind,
						 unsigned payer, unsigned payee)
{
	struct expected_entry *e = &c->expected[c->record.expected.count++];

	*e = (struct expected_entry){ .kind = kind,
				      .payer = c->releases[payer].label,
				      .payee = c->releases[payee].label,
				      .reason = "trust" };
	return e;
}

static inline const struct settlement *case_settlement(
	const struct test_case *c, uint64_t op)
{
	for (size_t i = 0; i < c->settlement_count; i++)
		if (c->settlements[i].op == op)
			return &c->settlements[i];
	return NULL;
}

static inline int case_try(struct test_case *c, struct error *err)
{
	struct judging *g;

	if (judging_begin(&c->record, &c->arena, &g, err) < 0)
		return -1;
	for (size_t i = 0; i < c->op_count; i++)
		if (judging_add(g, &c->ops[i], case_settlement(c, c->ops[i].id),
				err) < 0)
			return -1;
	return judging_end(g, &c->j, err);
}

/* Judges, and returns the cell of two releases. */
static inline struct cell *case_judge(struct test_case *c, unsigned payer,
				      unsigned payee)
{
	struct error err = { 0 };

	assert_ok(case_try(c, &err), err);
	return judgement_cell(&c->j, payer, payee, 2);
}

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* rules_test.c - each rule holds by its own facts alone, in the order of
 * docs/verdicts.md. */
#include "report/rules.h"

#include "base/cleanup.h"
#include "report/test/case.h"
#include "report/words.h"

/* A cell of which nothing is wrong, and what may be said of it. */
struct story {
	struct arena arena;
	struct cell cell;
	struct expected_entry declared;
	struct operation failed;
	struct finding finding;
	struct placed_finding placed;
	const struct placed_finding *findings[1];
	struct cell_facts facts;
};

static void begin(struct story *s)
{
	*s = (struct story){ .arena = ARENA_INIT(1 << 20) };
	s->cell.score.counts.payments = 5;
	s->cell.score.counts.ok = 5;
	s->cell.score.counts.settled = 2; /* just enough */
	s->cell.judged = VERDICT_PASS;
	s->facts = (struct cell_facts){ .cell = &s->cell,
					.n = &s->cell.score.counts,
					.gate = 2,
					.arena = &s->arena };
}

/* What makes each rule hold. */

static void declare(struct story *s)
{
	s->declared = (struct expected_entry){ .payer = "4.0",
					       .payee = "4.5",
					       .reason = "one jar" };
	s->cell.entry = &s->declared;
	s->cell.excuse = EXCUSE_PASSES;
}

static void declare_known(struct story *s)
{
	s->declared = (struct expected_entry){ .kind = EXPECTED_KNOWN,
					       .reason = "a bug",
					       .owner = "anna",
					       .expires_us = 1 };
	s->cell.entry = &s->declared;
	s->cell.excuse = EXCUSE_HOLDS;
}

static void find(struct story *s)
{
	s->finding = (struct finding){ .kind = FINDING_FORGED };
	s->placed = (struct placed_finding){ .finding = &s->finding };
	s->findings[0] = &s->placed;
	s->cell.findings = s->findings;
	s->cell.finding_count = 1;
}

static void lose(struct story *s)
{
	s->cell.score.counts.lost++;
}

static void fail_one(struct story *s)
{
	s->failed = (struct operation){ .outcome = OUTCOME_UNKNOWN };
	s->cell.first_failed = &s->failed;
	s->cell.score.counts.failed++;
}

static void make_no_payment(struct story *s)
{
	s->cell.score.counts.payments = 0;
	s->cell.reason = "the release has one bank";
}

static void leave_unchecked(struct story *s)
{
	s->cell.score.counts.unchecked++;
}

static void leave_unsettled(struct story *s)
{
	s->cell.score.counts.unsettled++;
}

/* Failed, and not by what releases do. */
static void starve(struct story *s)
{
	s->cell.score.counts.failed++;
	s->cell.score.counts.timeouts++;
	s->cell.starved = "the nodes took 70 s to start";
}

/* The same. */
static void refuse(struct story *s)
{
	s->cell.score.counts.failed++;
	s->cell.score.counts.refused++;
}

static void settle_one(struct story *s)
{
	s->cell.score.counts.settled = 1;
}

static void nothing(struct story *s)
{
	(void)s;
}

static const struct {
	void (*make)(struct story *s);
	const char *why; /* how the reason begins */
} facts[RULES] = {
	{ declare, "unexpected pass: one jar" },
	{ declare_known, "a bug (owner anna, until 1970-01-01)" },
	{ find, "forged, 1 finding" },
	{ lose, "1 of 5 payments were answered ok, but are not" },
	{ fail_one, "1 of 5 payments failed: no answer" },
	{ make_no_payment, "the release has one bank" },
	{ leave_unchecked, "1 of 5 payments were not checked" },
	{ leave_unsettled, "1 of 5 payments had not ended" },
	{ starve, "1 of 5 payments got no answer from nodes that had too "
		  "little CPU: the nodes took 70 s to start" },
	{ refuse, "1 of 5 payments were refused, later ones settled" },
	{ settle_one, "1 of 5 payments settled, the gate is 2" },
	{ nothing, "" },
};

static void a_rule_holds_by_its_own_facts_alone(void **state)
{
	(void)state;
	for (unsigned i = 0; i < RULES; i++)
		for (unsigned k = 0; k < RULES; k++) {
			struct story s;

			begin(&s);
			facts[k].make(&s);
			if (rules[i].holds(&s.facts) !=
			    (i == k || i == RULES - 1))
				fail_msg("rule %u, facts of rule %u", i, k);
			arena_release(&s.arena);
		}
}

static void the_first_of_two_decides(void **state)
{
	(void)state;
	for (unsigned i = 0; i < RULES; i++)
		for (unsigned k = i; k < RULES; k++) {
			struct story s;

			begin(&s);
			facts[k].make(&s);
			if (i != k)
				facts[i].make(&s);
			if (rule_find(0, &s.facts) != &rules[i])
				fail_msg("rules %u and %u", i, k);
			arena_release(&s.arena);
		}
}

static void each_rule_says_why(void **state)
{
	(void)state;
	for (unsigned i = 0; i < RULES; i++) {
		struct story s;
		const char *why;

		begin(&s);
		facts[i].make(&s);
		why = rules[i].why(&s.facts);
		if (!why || strncmp(why, facts[i].why, strlen(facts[i].why)))
			fail_msg("rule %u: %s", i, why ? why : "(none)");
		arena_release(&s.arena);
	}
}

static void what_others_judge_is_found_behind_the_declaration(void **state)
{
	struct story s;

	(void)state;
	begin(&s);
	declare(&s);
	lose(&s);
	assert_int_equal(rule_find(0, &s.facts)->verdict, VERDICT_UNSUPPORTED);
	assert_int_equal(rule_find(DECLARED_RULES, &s.facts)->verdict,
			 VERDICT_FAIL);
	s.cell.excuse = EXCUSE_HOLDS;
	assert_string_equal(rules[0].why(&s.facts), "one jar");
	arena_release(&s.arena);
}

/* A gate of 0 or less is one of 1: a cell does not pass by nothing. */
static void facts_are_those_of_the_record(void **state)
{
	struct test_case c;
	struct cell cell = { .payer = 0, .payee = 1, .notary = 2 };
	struct cell_facts f;

	(void)state;
	case_init(&c);
	f = cell_facts(&cell, &c.record, &c.arena);
	assert_int_equal(f.gate, 2);
	c.record.net.settled_gate = 0;
	f = cell_facts(&cell, &c.record, &c.arena);
	assert_int_equal(f.gate, 1);
	arena_release(&c.arena);
}

/* Neighbours of one verdict are one row there. */
static void the_table_is_that_of_the_document(void **state)
{
	cleanup(buf_release) struct buf doc = BUF_INIT(1 << 20);
	struct error err = { 0 };
	const char *at;

	(void)state;
	assert_ok(file_read("docs/verdicts.md", &doc, &err), err);
	at = strstr(buf_text(&doc), "| verdict | when |");
	assert_non_null(at);
	at = strstr(at, "| --- | --- |\n") + strlen("| --- | --- |\n");
	for (unsigned i = 0; i < RULES; i++) {
		char row[64];

		if (i && rules[i].verdict == rules[i - 1].verdict)
			continue;
		snprintf(row, sizeof(row), "| `%s` |",
			 verdict_name(rules[i].verdict));
		if (strncmp(at, row, strlen(row)) != 0)
			fail_msg("rule %u: expected %s at: %.40s", i, row, at);
		at = strchr(at, '\n') + 1;
	}
	assert_int_equal(*at, '\n');
}

#define T(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_rule_holds_by_its_own_facts_alone),
		T(the_first_of_two_decides),
		T(each_rule_says_why),
		T(what_others_judge_is_found_behind_the_declaration),
		T(facts_are_those_of_the_record),
		T(the_table_is_that_of_the_document),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

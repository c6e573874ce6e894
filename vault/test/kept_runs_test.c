/* SPDX-License-Identifier: Apache-2.0 */
/* kept_runs_test.c - the check says of a kept run what it said of the real
 * one, nodes that answer what their databases hold agree with it, and the kept
 * runs cover every release. */
#include "base/cleanup.h"
#include "test/support/broker.h"
#include "test/support/test.h"
#include "test/support/trial.h"
#include "test/support/run_lines.h"
#include "vault/vault.h"

enum { TEXT_MAX = 1024 * 1024, TESTS_MAX = 32, BANKS_MAX = 16 };

static struct arena arena = ARENA_INIT(TEXT_MAX);

struct story {
	const char *run;
	struct trial trial;
	/* Its banks, where they are asked. */
	struct broker brokers[BANKS_MAX];
	const struct network_node *banks[BANKS_MAX];
	unsigned count;
	int64_t lost[BANKS_MAX]; /* paid to it, and not recorded */
};

static struct trial *begin(void **state)
{
	struct story *s = *state;

	trial_begin(&s->trial, s->run);
	return &s->trial;
}

/* ---- the same findings ---- */

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool same_finding(const struct finding *a, const struct finding *b)
{
	return a->kind == b->kind && a->note == b->note && a->op == b->op &&
	       same(a->tx, b->tx) && same(a->node, b->node) &&
	       same(a->payer, b->payer) && same(a->payee, b->payee) &&
	       same(a->notary, b->notary) && same(a->summary, b->summary);
}

static bool has(const struct finding *list, size_t count,
		const struct finding *f)
{
	for (size_t i = 0; i < count; i++)
		if (same_finding(&list[i], f))
			return true;
	return false;
}

static void compare_findings(struct trial *t)
{
	struct finding *was;
	size_t count;
	struct error err = { 0 };

	assert_ok(finding_load(t->run->dir, &t->arena, &was, &count, &err),
		  err);
	for (size_t i = 0; i < count; i++) {
		if (!has(t->found, t->found_count, &was[i]))
			print_error("not found: %s\n", was[i].summary);
		js_free(was[i].evidence);
	}
	for (size_t i = 0; i < t->found_count; i++)
		if (!has(was, count, &t->found[i]))
			fail_msg("was not found: %s", t->found[i].summary);
	assert_int_equal(t->found_count, count);
}

/* ---- what was settled ---- */

static void assert_settled(struct trial *t)
{
	struct settlement *settled;
	struct error err = { 0 };
	size_t count;

	assert_ok(all_settlements(t->dir, &t->arena, &settled, &count, &err),
		  err);
	assert_int_equal(count, t->run->op_count);
	for (size_t i = 0; i < count; i++)
		assert_true(settled[i].payer_has && settled[i].payee_has &&
			    settled[i].notary_has);
}

static void is_judged_as_it_was(void **state)
{
	struct trial *t = begin(state);

	trial_judge(t);
	compare_findings(t);
	assert_int_equal(js_int(t->details, "databases", 0), t->net.node_count);
	assert_true(js_int(t->details, "signatures", 0) >
		    js_int(t->details, "transactions", 0));
	assert_int_equal(t->exit_code, t->found_count > 0);
	if (!t->found_count)
		assert_settled(t);
}

/* ---- what is kept ---- */

static int record_count(const struct pg_row *row, void *ctx)
{
	*(int64_t *)ctx = pg_int(row, 0, -1);
	return 0;
}

static int64_t count_of(const struct network_node *node, const char *sql)
{
	struct error err = { 0 };
	int64_t n = -1;

	assert_ok(kept_run_each(node->database, sql, record_count, &n, &err),
		  err);
	return n;
}

/* What README.md of the kept runs promises of their databases. */
static void is_scrubbed(void **state)
{
	struct trial *t = begin(state);

	for (unsigned i = 0; i < t->net.node_count; i++) {
		const struct network_node *n = &t->net.nodes[i];

		assert_int_equal(count_of(n, "select count(*)"
					     " from node_our_key_pairs where"
					     " lo_get(private_key) <> ''"),
				 0);
		assert_int_equal(
			count_of(n, "select count(*) from node_attachments"
				    " where upper(att_id) <> upper(encode("
				    "sha256(lo_get(content)), 'hex'))"),
			0);
	}
	for (unsigned i = 0; i < t->net.release_count; i++)
		assert_null(t->net.releases[i].image);
}

/* ---- what its nodes would answer ---- */

/* The check would wait for flows that a lost payment left behind. */
static void end_flows(struct story *s)
{
	const struct network *net = &s->trial.net;

	for (unsigned i = 0; i < net->node_count; i++)
		if (count_of(&net->nodes[i],
			     "select count(*) from node_checkpoints"))
			trial_sql(&s->trial, &net->nodes[i],
				  "truncate node_checkpoints cascade");
}

static int64_t held_by(const struct network_node *bank)
{
	const int64_t sum =
		count_of(bank, "select sum(pennies)::bigint from"
			       " contract_cash_states join vault_states"
			       " using (transaction_id, output_index) where"
			       " state_status=0 and relevancy_status=0");

	assert_true(sum > 0);
	return sum;
}

static void start_banks(struct story *s)
{
	const struct network *net = &s->trial.net;

	for (unsigned i = 0; i < net->node_count; i++) {
		if (net->nodes[i].role != NODE_BANK)
			continue;
		assert_true(s->count < BANKS_MAX);
		s->banks[s->count] = &net->nodes[i];
		s->brokers[s->count].holds = held_by(&net->nodes[i]);
		broker_start(&s->brokers[s->count++]);
	}
}

static void write_endpoints(const struct story *s)
{
	static const char none[] = "{\"nodes\":{";
	cleanup(buf_release) struct buf was = BUF_INIT(TEXT_MAX);
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	struct error err = { 0 };
	char path[PATH_ROOM];

	path_join(path, s->trial.dir, "endpoints.json");
	assert_ok(file_read(path, &was, &err), err);
	assert_memory_equal(was.data, none, sizeof(none) - 1);
	buf_add_str(&text, none);
	for (unsigned i = 0; i < s->count; i++)
		buf_addf(&text, "%s\"%s\":{\"host\":\"127.0.0.1\",\"port\":%u}",
			 i ? "," : "", s->banks[i]->name, s->brokers[i].port);
	buf_add_str(&text, buf_text(&was) + sizeof(none) - 1);
	assert_ok(file_write(path, text.data, text.len, 0600, &err), err);
}

static unsigned bank_at(const struct story *s, const char *name)
{
	for (unsigned i = 0; i < s->count; i++)
		if (!strcmp(s->banks[i]->name, name))
			return i;
	fail_msg("%s is not a bank", name);
	return 0;
}

static const struct operation *payment(const struct story *s, const char *tx)
{
	for (size_t i = 0; i < s->trial.run->op_count; i++)
		if (s->trial.run->ops[i].tx &&
		    !strcmp(s->trial.run->ops[i].tx, tx))
			return &s->trial.run->ops[i];
	fail_msg("%s is not in the history", tx);
	return NULL;
}

static void add_lost(struct story *s)
{
	const struct trial *t = &s->trial;

	for (size_t i = 0; i < t->found_count; i++)
		if (t->found[i].kind == FINDING_NOT_RECORDED) {
			const struct operation *op = payment(s, t->found[i].tx);

			s->lost[bank_at(s, op->payee)] += op->amount;
		}
}

/* A node holds as much less than it owns as was paid to it and lost. */
static void compare(struct story *s)
{
	const struct trial *t = &s->trial;
	unsigned differ = 0;

	add_lost(s);
	for (unsigned i = 0; i < s->count; i++)
		differ += s->lost[i] > 0;
	for (size_t i = 0; i < t->found_count; i++) {
		const struct finding *f = &t->found[i];
		unsigned bank;

		if (f->kind != FINDING_BALANCE_MISMATCH)
			continue;
		bank = bank_at(s, f->node);
		differ--;
		assert_true(f->note); /* the payments are findings */
		assert_true(s->lost[bank] > 0);
		assert_int_equal(js_int(f->evidence, "answered", -1),
				 s->brokers[bank].holds);
		assert_int_equal(js_int(f->evidence, "in_rows", -1),
				 s->brokers[bank].holds);
		assert_int_equal(js_int(f->evidence, "owned", -1),
				 s->brokers[bank].holds + s->lost[bank]);
	}
	assert_int_equal(differ, 0);
}

static void is_witnessed(void **state)
{
	struct story *s = *state;
	struct trial *t = &s->trial;
	const struct js *asked;
	struct error err = { 0 };

	begin(state);
	end_flows(s);
	start_banks(s);
	write_endpoints(s);
	assert_ok(network_save(&t->net, t->dir, &err), err);
	assert_ok(vault_check(t->dir, true, NULL, &t->details, &err), err);
	assert_ok(finding_load(t->dir, &t->arena, &t->found, &t->found_count,
			       &err),
		  err);
	asked = js_get(t->details, "asked");
	assert_int_equal(js_int(asked, "answered", -1), s->count);
	assert_int_equal(js_int(asked, "agree", -1), s->count);
	compare(s);
}

/* ---- releases ---- */

static bool has_bank_of(const struct kept_run *run, const char *word)
{
	for (unsigned i = 0; i < run->net.node_count; i++) {
		const struct network_node *n = &run->net.nodes[i];

		if (n->role == NODE_BANK &&
		    same(run->net.releases[n->release].word, word))
			return true;
	}
	return false;
}

static bool is_covered(const char *word)
{
	struct error err = { 0 };
	const char *const *names = kept_run_names(&err);
	struct kept_run *run;

	assert_non_null(names);
	for (; *names; names++) {
		assert_ok(kept_run_find(*names, &run, &err), err);
		if (has_bank_of(run, word))
			return true;
	}
	return false;
}

/* A list of its own: a release may be added to releases.txt before a run of it
 * is kept. */
static void every_release_has_a_bank(void **state)
{
	static const char *const words[] = {
		"maven:4.0", "maven:4.1",  "maven:4.3", "maven:4.4",
		"maven:4.5", "maven:4.6",  "maven:4.7", "maven:4.8",
		"maven:4.9", "maven:4.10",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!is_covered(words[i]))
			fail_msg("no kept run has a bank of %s", words[i]);
}

/* ---- the tests ---- */

static int end(void **state)
{
	struct story *s = *state;

	for (unsigned i = 0; i < s->count; i++)
		broker_stop(&s->brokers[i]);
	trial_end(&s->trial);
	return 0;
}

static struct CMUnitTest tests[TESTS_MAX];
static size_t test_count;

static void add(const char *run, const char *what, CMUnitTestFunction fn)
{
	char *name = arena_printf(&arena, "%s_%s", run, what);
	struct story *story = arena_new(&arena, struct story);

	for (char *c = name; c && *c; c++)
		*c = *c == '-' ? '_' : *c;
	if (!name || !story || test_count == TESTS_MAX)
		abort();
	story->run = run;
	tests[test_count++] = (struct CMUnitTest){ .name = name,
						   .test_func = fn,
						   .teardown_func = end,
						   .initial_state = story };
}

int main(void)
{
	struct error err = { 0 };
	const char *const *names = kept_run_names(&err);
	int rc;

	if (!names) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	tests[test_count++] =
		(struct CMUnitTest)cmocka_unit_test(every_release_has_a_bank);
	for (; *names; names++) {
		add(*names, "is_judged_as_it_was", is_judged_as_it_was);
		add(*names, "is_scrubbed", is_scrubbed);
		add(*names, "is_witnessed", is_witnessed);
	}
	rc = _cmocka_run_group_tests("kept runs", tests, test_count,
				     kept_runs_start, kept_runs_stop);
	arena_release(&arena);
	return rc;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * witness.c - what the nodes themselves say that they hold, against what the
 * check has proved from their databases.
 *
 * A node adds up its cash rows by its own code, of whatever release it is. Of
 * each currency its sum must be what the check has added up of the same rows,
 * and what the transactions say that the node owns. Where rows and transactions
 * differ, findings about single states must tell all of the difference: then
 * the node only bears witness to them, which is a note.
 *
 * Databases and answers are not of the same moment. So nodes are asked only
 * when the vaults are quiet, and a difference is a finding only if it is still
 * there after all databases have been read, and all nodes asked, once more.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/lines.h"
#include "sys/patience.h"
#include "vault/ask.h"
#include "vault/tx_view.h"
#include "vault/vault.h"

enum { ASK_MS = 30 * 1000, SUMMARY_MAX = 4096, WHY_MAX = 500 };

/* One kind of money; sorted by currency. */
struct kind {
	const char *currency; /* in the arena */
	const struct asset *asset;
};

struct witness {
	struct check *check;
	struct asked *banks;
	size_t bank_count, answered, agree;
	struct kind *kinds;
	size_t kind_count;
	bool differ;
};

/* A node's sums of one currency. */
struct sums {
	const char *currency;
	MONEY_SUM answered; /* by the node */
	MONEY_SUM owned; /* by the transactions */
	MONEY_SUM in_rows; /* by its rows, as the check has read them */
	MONEY_SUM told; /* of in_rows - owned: by findings about states */
};

static bool is_agreed(const struct sums *s)
{
	return s->answered == s->in_rows && s->in_rows - s->owned == s->told;
}

/* ---- who is asked ---- */

static int list_banks(struct witness *w, struct error *err)
{
	struct check *c = w->check;

	w->banks = arena_array(&c->arena, c->net.node_count, sizeof(*w->banks));
	if (!w->banks)
		return error_nomem(err);
	for (uint16_t i = 0; i < c->net.node_count; i++) {
		const struct network_node *node = &c->net.nodes[i];
		struct asked *bank = &w->banks[w->bank_count];

		if (node->role != NODE_BANK || !check_covers(c, i))
			continue;
		*bank = (struct asked){ .node = i };
		(void)endpoint_load(c->run_dir, node->name, &c->arena,
				    &bank->at, NULL);
		w->bank_count++;
	}
	return 0;
}

int vault_can_ask(const char *run_dir, struct error *err)
{
	struct check c = { .run_dir = run_dir,
			   .arena = ARENA_INIT(256 * 1024 * 1024) };
	struct witness w = { .check = &c };
	bool found = false;
	int rc;

	rc = network_load(run_dir, &c.arena, &c.net, err);
	if (rc == 0)
		rc = list_banks(&w, err);
	for (size_t i = 0; i < w.bank_count; i++)
		found |= w.banks[i].at.host != NULL;
	if (rc == 0 && !found)
		rc = error_set(err, ERROR_INPUT,
			       "--ask-nodes needs running nodes, and no bank "
			       "of %s is up; 'medley up %s' boots the network "
			       "again",
			       run_dir, run_dir);
	arena_release(&c.arena);
	return rc;
}

/* ---- kinds of money ---- */

static int by_currency(const void *a, const void *b)
{
	const struct kind *x = a, *y = b;

	return strcmp(x->currency, y->currency);
}

static int list_kinds(struct witness *w, struct error *err)
{
	struct check *c = w->check;
	char room[CURRENCY_ROOM];

	w->kind_count = c->assets.count;
	w->kinds = arena_array(&c->arena, w->kind_count, sizeof(*w->kinds));
	if (!w->kinds)
		return error_nomem(err);
	for (size_t i = 0; i < w->kind_count; i++) {
		struct kind *k = &w->kinds[i];
		const char *name;

		k->asset = &c->assets.list[i];
		name = asset_currency(k->asset, room);
		k->currency = arena_strndup(&c->arena, name, strlen(name));
		if (!k->currency)
			return error_nomem(err);
	}
	qsort(w->kinds, w->kind_count, sizeof(*w->kinds), by_currency);
	return 0;
}

static bool is_kind(const struct witness *w, const char *currency)
{
	const struct kind key = { .currency = currency };

	return bsearch(&key, w->kinds, w->kind_count, sizeof(key),
		       by_currency) != NULL;
}

/* ---- a difference ---- */

static void say(const char *node, const struct sums *s, struct buf *out)
{
	const MONEY_SUM more = s->answered - s->owned;

	buf_addf(out, "%s answers that it holds ", node);
	money_add(out, s->answered, s->currency);
	buf_add_str(out, "; by the stored transactions it owns ");
	money_add(out, s->owned, s->currency);
	if (more) {
		buf_add_str(out, " (the answer is ");
		money_add(out, more < 0 ? -more : more, s->currency);
		buf_add_str(out, more < 0 ? " too low)" : " too high)");
	}
	buf_add_str(out, "; its cash rows add up to ");
	if (s->in_rows == s->answered)
		buf_add_str(out, "the sum that it answers");
	else
		money_add(out, s->in_rows, s->currency);
	if (is_agreed(s))
		buf_add_str(out, ", and other findings explain the difference");
}

static int report(struct witness *w, unsigned node, const struct sums *s,
		  struct error *err)
{
	struct check *c = w->check;
	const struct network_node *n = &c->net.nodes[node];
	cleanup(buf_release) struct buf summary = BUF_INIT(SUMMARY_MAX);
	struct finding f = { .kind = FINDING_BALANCE_MISMATCH,
			     .note = is_agreed(s),
			     .node = n->name,
			     .evidence = js_object() };

	say(n->name, s, &summary);
	f.summary = buf_text(&summary);
	js_set_str(f.evidence, "release", c->net.releases[n->release].label);
	js_set_str(f.evidence, "currency", s->currency);
	sum_set(f.evidence, "answered", s->answered);
	sum_set(f.evidence, "owned", s->owned);
	sum_set(f.evidence, "in_rows", s->in_rows);
	sum_set(f.evidence, "told_elsewhere", s->told);
	return check_found(c, &f, err);
}

/* 1: node and check differ. A check that is repeated writes all anew. */
static int judge(struct witness *w, unsigned node, const struct sums *s,
		 struct error *err)
{
	const bool differ = !is_agreed(s);

	if (!differ && s->answered == s->owned)
		return 0;
	w->differ |= differ;
	return report(w, node, s, err) < 0 ? -1 : differ;
}

static MONEY_SUM sum_answered(const struct asked *a, const char *currency)
{
	for (size_t i = 0; i < a->sum_count; i++)
		if (!strcmp(a->sums[i].currency, currency))
			return a->sums[i].amount;
	return 0;
}

/* Currencies that the check knows; 1: one of them differs. */
static int judge_known(struct witness *w, const struct asked *a,
		       struct error *err)
{
	int differ = 0;

	for (size_t i = 0, end; i < w->kind_count; i = end) {
		struct sums s = { .currency = w->kinds[i].currency };
		int rc;

		s.answered = sum_answered(a, s.currency);
		for (end = i; end < w->kind_count &&
			      !strcmp(w->kinds[end].currency, s.currency);
		     end++) {
			const struct share *shares =
				w->kinds[end].asset->shares;

			s.owned += shares ? shares[a->node].owned : 0;
			s.in_rows += shares ? shares[a->node].in_rows : 0;
			s.told += shares ? shares[a->node].told : 0;
		}
		rc = judge(w, a->node, &s, err);
		if (rc < 0)
			return -1;
		differ |= rc;
	}
	return differ;
}

/* Those that only the node knows. */
static int judge_others(struct witness *w, const struct asked *a,
			struct error *err)
{
	int differ = 0;

	for (size_t i = 0; i < a->sum_count; i++) {
		const struct sums s = { .currency = a->sums[i].currency,
					.answered = a->sums[i].amount };
		int rc;

		if (is_kind(w, s.currency))
			continue;
		rc = judge(w, a->node, &s, err);
		if (rc < 0)
			return -1;
		differ |= rc;
	}
	return differ;
}

/* ---- no answer ---- */

static int report_silence(struct witness *w, const struct asked *a,
			  struct error *err)
{
	char summary[SUMMARY_MAX];
	struct finding f = { .kind = FINDING_NO_ANSWER,
			     .note = true,
			     .node = w->check->net.nodes[a->node].name,
			     .summary = summary };

	snprintf(summary, sizeof(summary),
		 "%zu of %zu banks answered how much cash they hold; %s: %.*s",
		 w->answered, w->bank_count, f.node, WHY_MAX, a->why);
	return check_found(w->check, &f, err);
}

static int report_unquiet(struct check *c, struct error *err)
{
	struct finding f = { .kind = FINDING_NO_ANSWER,
			     .note = true,
			     .summary = "no bank was asked how much cash it "
					"holds, because the vaults did not "
					"get quiet" };

	return check_found(c, &f, err);
}

/* ---- the record ---- */

static struct js *node_js(const struct witness *w, const struct asked *a)
{
	struct js *o = js_object(), *holds;

	js_set_str(o, "node", w->check->net.nodes[a->node].name);
	js_set_num(o, "seconds", a->seconds);
	lines_set_text(o, "why", a->why);
	if (!a->answered)
		return o;
	holds = js_array();
	for (size_t i = 0; i < a->sum_count; i++) {
		struct js *sum = js_object();

		js_set_str(sum, "currency", a->sums[i].currency);
		js_set_int(sum, "amount", a->sums[i].amount);
		js_append(holds, sum);
	}
	js_set(o, "holds", holds);
	return o;
}

static struct js *record(const struct witness *w)
{
	struct js *o = js_object(), *nodes = js_array();

	js_set_int(o, "banks", (int64_t)w->bank_count);
	js_set_int(o, "answered", (int64_t)w->answered);
	js_set_int(o, "agree", (int64_t)w->agree);
	for (size_t i = 0; i < w->bank_count; i++)
		js_append(nodes, node_js(w, &w->banks[i]));
	js_set(o, "nodes", nodes);
	return o;
}

/* ---- all of it ---- */

static int ask(struct witness *w, struct error *err)
{
	struct check *c = w->check;
	const int ms = (int)patience(ASK_MS, ops_slowest_us(c->ops) / 1000);

	progress_say(c->progress, 0, 0, 0,
		     "asking %zu banks how much cash they hold", w->bank_count);
	if (ask_nodes(w->banks, w->bank_count, &c->secrets, ms, &c->arena,
		      err) < 0)
		return -1;
	for (size_t i = 0; i < w->bank_count; i++)
		w->answered += w->banks[i].answered;
	return 0;
}

static int judge_all(struct witness *w, struct error *err)
{
	for (size_t i = 0; i < w->bank_count; i++) {
		const struct asked *a = &w->banks[i];
		int known, others;

		if (!a->answered)
			continue;
		known = judge_known(w, a, err);
		others = known < 0 ? -1 : judge_others(w, a, err);
		if (others < 0)
			return -1;
		w->agree += !known && !others;
	}
	return 0;
}

static int report_silences(struct witness *w, struct error *err)
{
	for (size_t i = 0; i < w->bank_count; i++)
		if (!w->banks[i].answered &&
		    report_silence(w, &w->banks[i], err) < 0)
			return -1;
	return 0;
}

int check_ask_nodes(struct check *c, struct error *err)
{
	struct witness w = { .check = c };

	if (!c->ask)
		return 0;
	if (list_banks(&w, err) < 0 || list_kinds(&w, err) < 0)
		return -1;
	if (c->motion) {
		c->asked = record(&w);
		return report_unquiet(c, err);
	}
	if (ask(&w, err) < 0 || judge_all(&w, err) < 0)
		return -1;
	c->repeat = w.differ && c->may_repeat;
	if (c->repeat)
		return 0;
	c->asked = record(&w);
	return report_silences(&w, err);
}

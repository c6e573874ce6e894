/* SPDX-License-Identifier: Apache-2.0 */
/* score_json.c - scores as results.json has them, written and read. */
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "run/score.h"
#include "run/lines.h"
#include "run/results.h"

enum { HISTOGRAM_TEXT_MAX = 256 * 1024 };
/* A double has a number up to here exactly; a time is one of a wall clock up to
 * the year 2255, and no sum of counts overflows. */
static const int64_t number_max = INT64_C(1) << 53;

/* Each count, by the name of its member. */
static const struct {
	const char *name;
	size_t offset;
} members[] = {
#define COUNT(name) { #name, offsetof(struct counts, name) }
	COUNT(payments), COUNT(ok),	   COUNT(fail),	     COUNT(unknown),
	COUNT(settled),	 COUNT(lost),	   COUNT(failed),    COUNT(timeouts),
	COUNT(refused),	 COUNT(unchecked), COUNT(unsettled),
#undef COUNT
};

static size_t *count_in(struct counts *c, size_t i)
{
	return (size_t *)(void *)((char *)c + members[i].offset);
}

/* ---- writing ---- */

void counts_set(struct js *o, const struct counts *c)
{
	struct counts copy = *c;

	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		js_set_int(o, members[i].name, (int64_t)*count_in(&copy, i));
}

double milliseconds(double us)
{
	return (double)(int64_t)(us + 0.5) / 1000;
}

struct js *times_js(const struct histogram *h)
{
	cleanup(buf_release) struct buf text = BUF_INIT(HISTOGRAM_TEXT_MAX);
	struct summary s = histogram_summary(h);
	struct js *o = js_object();

	js_set_int(o, "count", (int64_t)s.count);
	js_set_num(o, "min", milliseconds((double)s.min));
	js_set_num(o, "p50", milliseconds((double)s.p50));
	js_set_num(o, "p95", milliseconds((double)s.p95));
	js_set_num(o, "p99", milliseconds((double)s.p99));
	js_set_num(o, "max", milliseconds((double)s.max));
	js_set_num(o, "mean", milliseconds(s.mean));
	histogram_print(h, &text);
	if (!text.failed) {
		js_set_str(o, "histogram", buf_text(&text));
		return o;
	}
	js_free(o); /* js_set() remembers that it is missing */
	return NULL;
}

/* What the vaults say of an example: where it is, by its names. */
static const struct {
	const char *name;
	size_t offset;
} sides[] = {
	{ "payer_has", offsetof(struct settlement, payer_has) },
	{ "notary_has", offsetof(struct settlement, notary_has) },
	{ "payee_has", offsetof(struct settlement, payee_has) },
};

static bool *side_of(struct settlement *s, size_t i)
{
	return (bool *)(void *)((char *)s + sides[i].offset);
}

static void set_sides(struct js *o, const struct example *e)
{
	struct settlement copy = e->settlement;

	for (size_t i = 0; i < ARRAY_SIZE(sides); i++)
		if (e->checked)
			js_set_bool(o, sides[i].name, *side_of(&copy, i));
		else
			js_set_str(o, sides[i].name, NULL);
}

static struct js *example_js(const struct example *e)
{
	const struct operation *op = &e->op;
	struct js *o = js_object();

	js_set_int(o, "op", (int64_t)op->id);
	js_set_str(o, "kind", op_kind_info(op->kind)->word);
	lines_set_text(o, "payer", op->payer);
	lines_set_text(o, "payee", op->payee);
	lines_set_text(o, "notary", op->notary);
	js_set_int(o, "amount", op->amount);
	lines_set_text(o, "currency", op->currency);
	js_set_int(o, "intended_us", op->intended_us);
	js_set_int(o, "sent_us", op->sent_us);
	js_set_int(o, "done_us", op->done_us);
	js_set_str(o, "outcome", op_outcome_word(op->outcome));
	lines_set_text(o, "error_class", op->error_class);
	lines_set_text(o, "error_text", op->error_text);
	lines_set_text(o, "tx", op->tx ? op->tx : e->settlement.tx);
	set_sides(o, e);
	return o;
}

void score_set(struct js *cell, const struct score *s)
{
	const struct example *examples[EXAMPLES_MAX];
	size_t count = score_examples(s, examples);
	struct js *list = js_array();

	counts_set(cell, &s->counts);
	if (s->first_us)
		js_set_int(cell, "first_us", s->first_us);
	else
		js_set_str(cell, "first_us", NULL);
	js_set(cell, "latency_ms", times_js(&s->latency));
	js_set(cell, "service_ms", times_js(&s->service));
	for (size_t i = 0; i < count; i++)
		js_append(list, example_js(examples[i]));
	js_set(cell, "examples", list);
}

/* ---- reading ---- */

static int no_score(struct error *err, const char *why)
{
	return error_set(err, ERROR_INPUT, "not a score: %s", why);
}

int counts_get(const struct js *o, struct counts *ret, struct error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		int64_t n = js_int(o, members[i].name, 0);

		if (n < 0 || n > number_max)
			return no_score(err, "a count is out of range");
		*count_in(ret, i) = (size_t)n;
	}
	if (ret->ok + ret->fail + ret->unknown != ret->payments)
		return no_score(err, "payments is not the sum of ok, fail and "
				     "unknown");
	return 0;
}

/* Of an older version there is none. */
static int read_times(const struct js *cell, const char *name, size_t ok,
		      struct histogram *ret, struct error *err)
{
	const char *text = js_str(js_get(cell, name), "histogram");

	if (!text)
		return 0;
	if (histogram_parse(text, ret, err) < 0)
		return error_wrap(err, "%s", name);
	return ret->count <= ok
		       ? 0
		       : no_score(err, "more times than payments with the "
				       "answer ok");
}

/* Of an older version it is not known. */
static int read_first(const struct js *cell, struct score *s, struct error *err)
{
	s->first_us = js_int(cell, "first_us", 0);
	if (s->first_us >= 0 && s->first_us <= number_max)
		return 0;
	return no_score(err, "first_us is not the time of a clock");
}

/* The texts are those of the JSON. */
static int read_example(const struct js *o, struct operation *ret,
			struct error *err)
{
	int outcome = op_outcome_of_word(js_str(o, "outcome"));
	int kind = op_kind_of_word(js_str(o, "kind"));

	*ret = (struct operation){
		.id = (uint64_t)js_int(o, "op", 0),
		/* Examples had no kind when there was only one. */
		.kind = js_str(o, "kind") ? (enum op_kind)kind
					  : op_kind_of_cover(),
		.payer = js_str(o, "payer"),
		.payee = js_str(o, "payee"),
		.notary = js_str(o, "notary"),
		.amount = js_int(o, "amount", 0),
		.currency = js_str(o, "currency"),
		.intended_us = js_int(o, "intended_us", 0),
		.sent_us = js_int(o, "sent_us", 0),
		.done_us = js_int(o, "done_us", 0),
		.outcome = outcome < 0 ? OUTCOME_UNKNOWN
				       : (enum op_outcome)outcome,
		.error_class = js_str(o, "error_class"),
		.error_text = js_str(o, "error_text"),
		.tx = js_str(o, "tx"),
	};
	if (js_str(o, "kind") && kind < 0)
		return no_score(err, "the kind of an example is unknown");
	if (outcome < 0 || !ret->payer || !ret->payee || !ret->currency)
		return no_score(err, "an example without outcome, payer, payee "
				     "or currency");
	if (ret->intended_us < 0 || ret->intended_us > number_max ||
	    ret->sent_us < 0 || ret->sent_us > number_max || ret->done_us < 0 ||
	    ret->done_us > number_max)
		return no_score(err, "the time of an example is out of range");
	return 0;
}

/* False: it was not checked, or an older medley has not written it. */
static bool read_sides(const struct js *o, struct settlement *ret)
{
	*ret = (struct settlement){ .op = (uint64_t)js_int(o, "op", 0),
				    .tx = js_str(o, "tx") };
	for (size_t i = 0; i < ARRAY_SIZE(sides); i++) {
		if (js_type(js_get(o, sides[i].name)) != JS_BOOL)
			return false;
		*side_of(ret, i) = js_bool(o, sides[i].name, false);
	}
	return true;
}

static int read_examples(const struct js *list, struct score *s,
			 struct error *err)
{
	for (size_t i = 0; i < js_count(list); i++) {
		const struct js *o = js_at(list, i);
		struct settlement sides_read;
		struct operation op;
		bool checked = read_sides(o, &sides_read);

		if (read_example(o, &op, err) < 0 ||
		    score_add_example(s, &op, checked ? &sides_read : NULL,
				      err) < 0)
			return -1;
	}
	return 0;
}

static int read_cell(const struct js *cell, struct arena *arena,
		     struct scored_cell *ret, struct error *err)
{
	const char *payer = js_str(cell, "payer");
	const char *payee = js_str(cell, "payee");
	const char *notary = js_str(cell, "notary");
	struct score *s = &ret->score;

	if (!payer || !payee || !notary)
		return no_score(err, "payer, payee or notary is missing");
	*s = (struct score)SCORE_INIT(arena);
	ret->payer = arena_strdup(arena, payer);
	ret->payee = arena_strdup(arena, payee);
	ret->notary = arena_strdup(arena, notary);
	if (!ret->payer || !ret->payee || !ret->notary)
		return error_nomem(err);
	if (counts_get(cell, &s->counts, err) < 0 ||
	    read_first(cell, s, err) < 0 ||
	    read_times(cell, "latency_ms", s->counts.ok, &s->latency, err) <
		    0 ||
	    read_times(cell, "service_ms", s->counts.ok, &s->service, err) < 0)
		return -1;
	return read_examples(js_get(cell, "examples"), s, err);
}

static int check_version(const char *name, const struct js *root,
			 struct error *err)
{
	int64_t version = js_int(root, "version", 0);

	if (version >= 1 && version <= RESULTS_VERSION)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "%s: version %" PRId64
			 " of results.json; this medley reads 1 to %d",
			 name, version, RESULTS_VERSION);
}

int scores_parse(const char *name, const void *text, size_t len,
		 struct arena *arena, struct scored_cell **ret,
		 size_t *ret_count, struct error *err)
{
	cleanup(js_freep) struct js *root = NULL;

	if (js_parse(name, text, len, &root, err) < 0)
		return -1;
	return scores_of_json(name, root, arena, ret, ret_count, err);
}

int scores_of_json(const char *name, const struct js *root, struct arena *arena,
		   struct scored_cell **ret, size_t *ret_count,
		   struct error *err)
{
	const struct js *cells = js_get(root, "cells");
	size_t count = js_count(cells);
	struct scored_cell *list;

	if (check_version(name, root, err) < 0)
		return -1;
	list = arena_array(arena, count + 1, sizeof(*list));
	if (!list)
		return error_nomem(err);
	for (size_t i = 0; i < count; i++)
		if (read_cell(js_at(cells, i), arena, &list[i], err) < 0)
			return error_wrap(err, "%s: cells[%zu]", name, i);
	*ret = list;
	*ret_count = count;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* records.c - the lines of history.jsonl and settlements.jsonl. */
#include "run/records.h"

#include <string.h>

#include "run/lines.h"
#include "run/word_index.h"

static const char history_file[] = "history.jsonl";
static const char settlement_file[] = "settlements.jsonl";

static const char *const kinds[] = { "issue", "pay" };
static const char *const outcomes[] = { "ok", "fail", "unknown" };

int history_append(const char *run_dir, const struct operation *op,
		   struct error *err)
{
	struct js *line = js_object();

	js_set_int(line, "id", (int64_t)op->id);
	js_set_str(line, "kind", kinds[op->kind]);
	js_set_str(line, "payer", op->payer);
	js_set_str(line, "payee", op->payee);
	js_set_str(line, "notary", op->notary);
	js_set_int(line, "amount", op->amount);
	js_set_str(line, "currency", op->currency);
	js_set_int(line, "intended_us", op->intended_us);
	js_set_int(line, "sent_us", op->sent_us);
	js_set_int(line, "done_us", op->done_us);
	js_set_str(line, "outcome", outcomes[op->outcome]);
	lines_set_text(line, "error_class", op->error_class);
	lines_set_text(line, "error_text", op->error_text);
	js_set_str(line, "flow", op->flow);
	js_set_str(line, "tx", op->tx);
	return lines_append(run_dir, history_file, line, err);
}

/* Microseconds of a wall clock up to the year 2255: differences of two, and
 * their sums, stay far from overflow, and a double has them exactly. */
static const int64_t time_max = INT64_C(1) << 53;

static bool times_are_possible(const struct operation *op)
{
	const int64_t times[] = { op->intended_us, op->sent_us, op->done_us };

	for (size_t i = 0; i < ARRAY_SIZE(times); i++)
		if (times[i] < 0 || times[i] > time_max)
			return false;
	return true;
}

static int history_line(const struct js *line, void *ctx, struct error *err)
{
	struct line_list *list = ctx;
	struct operation *op = line_list_add(list);
	bool failed = !op;
	int kind = WORD(kinds, line, "kind");
	int outcome = WORD(outcomes, line, "outcome");

	if (failed)
		return error_nomem(err);
	if (kind < 0 || outcome < 0)
		return error_set(err, ERROR_INPUT,
				 "no operation: kind or outcome is unknown");
	op->id = (uint64_t)js_int(line, "id", 0);
	op->kind = (enum op_kind)kind;
	op->outcome = (enum op_outcome)outcome;
	op->payer = lines_text(line, "payer", list->arena, &failed);
	op->payee = lines_text(line, "payee", list->arena, &failed);
	op->notary = lines_text(line, "notary", list->arena, &failed);
	op->amount = js_int(line, "amount", 0);
	op->currency = lines_text(line, "currency", list->arena, &failed);
	op->intended_us = js_int(line, "intended_us", 0);
	op->sent_us = js_int(line, "sent_us", 0);
	op->done_us = js_int(line, "done_us", 0);
	if (!times_are_possible(op))
		return error_set(err, ERROR_INPUT,
				 "no operation: a time is not one of a clock");
	op->error_class = lines_text(line, "error_class", list->arena, &failed);
	op->error_text = lines_text(line, "error_text", list->arena, &failed);
	op->flow = lines_text(line, "flow", list->arena, &failed);
	op->tx = lines_text(line, "tx", list->arena, &failed);
	if (!failed && (!op->payer || !op->payee || !op->currency))
		return error_set(err, ERROR_INPUT,
				 "no operation: payer, payee "
				 "or currency is missing");
	return failed ? error_nomem(err) : 0;
}

static int look_at_id(const struct js *line, void *ctx, struct error *err)
{
	uint64_t *last = ctx, id = (uint64_t)js_int(line, "id", 0);

	(void)err;
	if (id > *last)
		*last = id;
	return 0;
}

int history_last(const char *run_dir, uint64_t *ret_id, struct error *err)
{
	uint64_t last = 0;

	if (lines_each(run_dir, history_file, look_at_id, &last, err) < 0)
		return -1;
	*ret_id = last;
	return 0;
}

int history_load(const char *run_dir, struct arena *arena,
		 struct operation **ret_ops, size_t *ret_count,
		 struct error *err)
{
	struct line_list list = { .size = sizeof(struct operation),
				  .arena = arena };

	if (lines_each(run_dir, history_file, history_line, &list, err) < 0)
		return -1;
	*ret_ops = list.items;
	*ret_count = list.count;
	return 0;
}

int settlement_append(const char *run_dir, const struct settlement *s,
		      struct error *err)
{
	struct js *line = js_object();

	js_set_int(line, "op", (int64_t)s->op);
	js_set_str(line, "tx", s->tx);
	js_set_bool(line, "payer_has", s->payer_has);
	js_set_bool(line, "payee_has", s->payee_has);
	js_set_bool(line, "notary_has", s->notary_has);
	if (s->in_flight)
		js_set_bool(line, "in_flight", true);
	return lines_append(run_dir, settlement_file, line, err);
}

static int settlement_line(const struct js *line, void *ctx, struct error *err)
{
	struct line_list *list = ctx;
	struct settlement *s = line_list_add(list);
	bool failed = !s;

	if (failed)
		return error_nomem(err);
	s->op = (uint64_t)js_int(line, "op", 0);
	s->tx = lines_text(line, "tx", list->arena, &failed);
	s->payer_has = js_bool(line, "payer_has", false);
	s->payee_has = js_bool(line, "payee_has", false);
	s->notary_has = js_bool(line, "notary_has", false);
	s->in_flight = js_bool(line, "in_flight", false);
	if (!s->op)
		return error_set(err, ERROR_INPUT,
				 "no settlement: op is missing");
	return failed ? error_nomem(err) : 0;
}

int settlement_load(const char *run_dir, struct arena *arena,
		    struct settlement **ret, size_t *ret_count,
		    struct error *err)
{
	struct line_list list = { .size = sizeof(struct settlement),
				  .arena = arena };

	if (lines_each(run_dir, settlement_file, settlement_line, &list, err) <
	    0)
		return -1;
	*ret = list.items;
	*ret_count = list.count;
	return 0;
}

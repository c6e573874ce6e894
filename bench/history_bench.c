/* SPDX-License-Identifier: Apache-2.0 */
/* history_bench.c - a history written, and kept and settled as a check does it
 * but for the databases; as it is done, and as it was done.
 *
 * Usage: history_bench (write | judge) (new | old) RUN OPERATIONS
 *
 * RUN/network.resolved.yaml names the nodes. "old" is what medley did up to
 * November 2026: a JSON value, an open, a lock, an append and a close for each
 * line, and the whole history in memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "run/history.h"
#include "run/lines.h"
#include "run/records.h"
#include "sys/appender.h"
#include "vault/ops.h"

static const size_t room = (size_t)4 << 30;

static void check(int rc, const struct error *err)
{
	if (rc >= 0)
		return;
	fprintf(stderr, "history_bench: %s\n", err->text);
	exit(70);
}

/* A payment with an id of its own; one in ten has no answer. */
static struct operation nth(uint64_t i, const struct network *net, char tx[80],
			    char flow[80])
{
	const unsigned banks = net->node_count - 1;
	const bool unknown = i % 10 == 9;

	snprintf(tx, 80, "%016llX%048llX",
		 (unsigned long long)(i * UINT64_C(0x9E3779B97F4A7C15)),
		 (unsigned long long)i);
	snprintf(flow, 80, "%08llx-1111-2222-3333-444444444444",
		 (unsigned long long)i);
	return (struct operation){
		.id = i + 1,
		.kind = OP_PAY,
		.payer = net->nodes[i % banks].name,
		.payee = net->nodes[(i + 1) % banks].name,
		.notary = net->nodes[banks].name,
		.amount = 100 + (int64_t)(i % 900),
		.currency = "USD",
		.intended_us = 1795247412000000 + (int64_t)i * 500,
		.sent_us = 1795247412000100 + (int64_t)i * 500,
		.done_us = 1795247413000000 + (int64_t)i * 500,
		.outcome = unknown ? OUTCOME_UNKNOWN : OUTCOME_OK,
		.error_class = unknown ? "timeout" : NULL,
		.error_text = unknown ? "no answer in 60 s" : NULL,
		.flow = flow,
		.tx = unknown ? NULL : tx,
	};
}

/* ---- as it is done ---- */

static void write_new(const char *run, const struct network *net,
		      uint64_t count)
{
	struct history_writer *w;
	struct operation op;
	struct error err;
	char tx[80], flow[80];

	check(history_open(run, 0, &w, &err), &err);
	for (uint64_t i = 0; i < count; i++) {
		op = nth(i, net, tx, flow);
		op.id = history_next_id(w);
		check(history_write(w, &op, &err), &err);
	}
	check(history_close(w, &err), &err);
}

static void settle_new(struct ops *ops, size_t at, const struct operation *op,
		       struct appender *to)
{
	struct op_record kept = ops_get(ops, at);
	struct error err;
	struct settlement s = { .op = op->id, .tx = op->tx };

	kept.flags |= OP_PAYER_HAS | OP_PAYEE_HAS | OP_NOTARY_HAS;
	ops_put(ops, at, &kept);
	s.payer_has = s.payee_has = s.notary_has = op->tx != NULL;
	check(settlement_write(to, &s, &err), &err);
}

static void judge_new(const char *run, const struct network *net)
{
	struct history_reader *r;
	struct appender *to;
	struct operation op;
	struct ops *ops;
	struct error err;
	size_t at = 0;
	int rc;

	check(ops_read(run, net, &ops, &err), &err);
	check(history_reader_open(run, &r, &err), &err);
	check(settlement_open(run, &to, &err), &err);
	while ((rc = history_read(r, &op, &err)) > 0)
		settle_new(ops, at++, &op, to);
	check(rc, &err);
	check(appender_close(to, &err), &err);
	history_reader_free(r);
	ops_free(ops);
}

/* ---- as it was done ---- */

static void append_old(const char *run, const struct operation *op)
{
	struct js *line = js_object();
	struct error err;

	js_set_int(line, "id", (int64_t)op->id);
	js_set_str(line, "kind", op_kind_info(op->kind)->word);
	js_set_str(line, "payer", op->payer);
	js_set_str(line, "payee", op->payee);
	js_set_str(line, "notary", op->notary);
	js_set_int(line, "amount", op->amount);
	js_set_str(line, "currency", op->currency);
	js_set_int(line, "intended_us", op->intended_us);
	js_set_int(line, "sent_us", op->sent_us);
	js_set_int(line, "done_us", op->done_us);
	js_set_str(line, "outcome", op_outcome_word(op->outcome));
	lines_set_text(line, "error_class", op->error_class);
	lines_set_text(line, "error_text", op->error_text);
	js_set_str(line, "flow", op->flow);
	js_set_str(line, "tx", op->tx);
	check(lines_append(run, HISTORY_FILE, line, &err), &err);
}

static void write_old(const char *run, const struct network *net,
		      uint64_t count)
{
	struct operation op;
	char tx[80], flow[80];

	for (uint64_t i = 0; i < count; i++) {
		op = nth(i, net, tx, flow);
		append_old(run, &op);
	}
}

static int keep_old(const struct js *line, void *ctx, struct error *err)
{
	struct line_list *list = ctx;
	struct operation *op = line_list_add(list);
	bool failed = !op;

	if (failed)
		return error_nomem(err);
	op->id = (uint64_t)js_int(line, "id", 0);
	op->kind = (enum op_kind)op_kind_of_word(js_str(line, "kind"));
	op->outcome =
		(enum op_outcome)op_outcome_of_word(js_str(line, "outcome"));
	op->payer = lines_text(line, "payer", list->arena, &failed);
	op->payee = lines_text(line, "payee", list->arena, &failed);
	op->notary = lines_text(line, "notary", list->arena, &failed);
	op->amount = js_int(line, "amount", 0);
	op->currency = lines_text(line, "currency", list->arena, &failed);
	op->intended_us = js_int(line, "intended_us", 0);
	op->sent_us = js_int(line, "sent_us", 0);
	op->done_us = js_int(line, "done_us", 0);
	op->error_class = lines_text(line, "error_class", list->arena, &failed);
	op->error_text = lines_text(line, "error_text", list->arena, &failed);
	op->flow = lines_text(line, "flow", list->arena, &failed);
	op->tx = lines_text(line, "tx", list->arena, &failed);
	return failed ? error_nomem(err) : 0;
}

static void settle_old(const char *run, const struct operation *op)
{
	struct js *line = js_object();
	struct error err;

	js_set_int(line, "op", (int64_t)op->id);
	js_set_str(line, "tx", op->tx);
	js_set_bool(line, "payer_has", op->tx != NULL);
	js_set_bool(line, "payee_has", op->tx != NULL);
	js_set_bool(line, "notary_has", op->tx != NULL);
	check(lines_append(run, "settlements.jsonl", line, &err), &err);
}

static void judge_old(const char *run, struct arena *arena)
{
	struct line_list list = { .size = sizeof(struct operation),
				  .arena = arena };
	const struct operation *ops;
	struct error err;

	check(lines_each(run, HISTORY_FILE, keep_old, &list, &err), &err);
	ops = list.items;
	for (size_t i = 0; i < list.count; i++)
		settle_old(run, &ops[i]);
}

int main(int argc, char **argv)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(room);
	struct network net;
	struct error err;
	bool old, judge;

	if (argc != 5)
		return 64;
	judge = !strcmp(argv[1], "judge");
	old = !strcmp(argv[2], "old");
	check(network_load(argv[3], &arena, &net, &err), &err);
	if (judge && old)
		judge_old(argv[3], &arena);
	else if (judge)
		judge_new(argv[3], &net);
	else if (old)
		write_old(argv[3], &net, strtoull(argv[4], NULL, 10));
	else
		write_new(argv[3], &net, strtoull(argv[4], NULL, 10));
	return 0;
}

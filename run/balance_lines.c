/* SPDX-License-Identifier: Apache-2.0 */
/* balance_lines.c - the lines of balances.jsonl. */
#include <string.h>

#include "run/line_reader.h"
#include "run/lines.h"
#include "run/records.h"

enum { SUM_ROOM = 64 };

static const char balance_file[] = "balances.jsonl";

/* ---- sums ---- */

void sum_set(struct js *to, const char *key, MONEY_SUM sum)
{
	cleanup(buf_release) struct buf text = BUF_INIT(SUM_ROOM);

	if (sum >= INT64_MIN && sum <= INT64_MAX) {
		js_set_int(to, key, (int64_t)sum);
		return;
	}
	money_add(&text, sum, NULL);
	if (text.failed)
		js_set(to, key, NULL); /* which js_print() finds */
	else
		js_set_str(to, key, buf_text(&text));
}

/* False if the text is not a whole number, or one that has no room. */
static bool parse_sum(const char *text, MONEY_SUM *ret)
{
	const bool minus = *text == '-';
	MONEY_SUM sum = 0;

	text += minus;
	if (!*text)
		return false;
	for (; *text; text++) {
		const int digit = *text - '0';

		if (digit < 0 || digit > 9 ||
		    __builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, minus ? -digit : digit, &sum))
			return false;
	}
	*ret = sum;
	return true;
}

static int sum_get(const struct js *from, const char *key, MONEY_SUM *ret,
		   struct error *err)
{
	const char *text = js_str(from, key);
	const int64_t n = js_int(from, key, 0);

	if (text ? parse_sum(text, ret) : n == js_int(from, key, 1)) {
		if (!text)
			*ret = n;
		return 0;
	}
	return error_set(err, ERROR_INPUT,
			 "not a valid balance: its %s is not a whole number",
			 key);
}

/* ---- writing ---- */

struct js *balance_js(const struct balance *b)
{
	struct js *o = js_object(), *nodes = js_array();

	lines_set_text(o, "currency", b->currency);
	lines_set_text(o, "issuer", b->issuer);
	lines_set_text(o, "issuer_key_hash", b->issuer_key_hash);
	lines_set_text(o, "ref", b->ref);
	sum_set(o, "issued", b->issued);
	sum_set(o, "exited", b->exited);
	sum_set(o, "told_elsewhere", b->told_elsewhere);
	sum_set(o, "expected", b->expected);
	sum_set(o, "held", b->held);
	for (size_t i = 0; i < b->node_count; i++) {
		struct js *node = js_object();

		js_set_str(node, "node", b->nodes[i].node);
		sum_set(node, "held", b->nodes[i].held);
		js_append(nodes, node);
	}
	js_set(o, "nodes", nodes);
	return o;
}

int balance_append(const char *run_dir, const struct balance *b,
		   struct error *err)
{
	return lines_append(run_dir, balance_file, balance_js(b), err);
}

/* ---- loading ---- */

static int read_sums(const struct js *line, struct balance *b,
		     struct error *err)
{
	const struct {
		const char *key;
		MONEY_SUM *sum;
	} sums[] = {
		{ "issued", &b->issued },
		{ "exited", &b->exited },
		{ "told_elsewhere", &b->told_elsewhere },
		{ "expected", &b->expected },
		{ "held", &b->held },
	};

	for (size_t i = 0; i < ARRAY_SIZE(sums); i++)
		if (sum_get(line, sums[i].key, sums[i].sum, err) < 0)
			return -1;
	return 0;
}

static int read_nodes(const struct js *nodes, struct arena *arena,
		      struct balance *b, struct error *err)
{
	bool failed = false;

	if (!js_count(nodes))
		return 0;
	b->node_count = js_count(nodes);
	b->nodes = arena_array(arena, b->node_count, sizeof(*b->nodes));
	if (!b->nodes)
		return error_nomem(err);
	for (size_t i = 0; i < b->node_count; i++) {
		const struct js *node = js_at(nodes, i);

		if (!js_str(node, "node"))
			return error_set(
				err, ERROR_INPUT,
				"not a valid balance: a node has no name");
		b->nodes[i].node = lines_text(node, "node", arena, &failed);
		if (sum_get(node, "held", &b->nodes[i].held, err) < 0)
			return -1;
	}
	return failed ? error_nomem(err) : 0;
}

static const struct line_key keys[] = {
	{ "currency", JS_TEXT, true },	       { "issuer", JS_TEXT, false },
	{ "issuer_key_hash", JS_TEXT, false }, { "ref", JS_TEXT, false },
	{ "nodes", JS_ARRAY, false },
};

static const struct line_form form = LINE_FORM("balance", keys);

static int balance_line(const struct js *line, void *ctx, struct error *err)
{
	struct line_list *list = ctx;
	struct balance *b = line_list_add(list);
	bool failed = !b;

	if (failed)
		return error_nomem(err);
	if (line_check(line, &form, err) < 0)
		return -1;
	b->currency = lines_text(line, "currency", list->arena, &failed);
	b->issuer = lines_text(line, "issuer", list->arena, &failed);
	b->issuer_key_hash =
		lines_text(line, "issuer_key_hash", list->arena, &failed);
	b->ref = lines_text(line, "ref", list->arena, &failed);
	if (failed)
		return error_nomem(err);
	if (read_sums(line, b, err) < 0)
		return -1;
	return read_nodes(js_get(line, "nodes"), list->arena, b, err);
}

int balance_load(const char *run_dir, struct arena *arena, struct balance **ret,
		 size_t *ret_count, struct error *err)
{
	struct line_list list = { .size = sizeof(struct balance),
				  .arena = arena };

	if (lines_each(run_dir, balance_file, balance_line, &list, err) < 0)
		return -1;
	*ret = list.items;
	*ret_count = list.count;
	return 0;
}

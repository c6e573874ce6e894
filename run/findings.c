/* SPDX-License-Identifier: Apache-2.0 */
/* findings.c - the lines of findings.jsonl. */
#include <string.h>

#include "run/line_reader.h"
#include "run/lines.h"
#include "run/records.h"

static const char finding_file[] = "findings.jsonl";

static const char *const names[FINDING_KINDS] = {
	[FINDING_LOST] = "lost",
	[FINDING_DOUBLED] = "doubled",
	[FINDING_FORGED] = "forged",
	[FINDING_UNBALANCED] = "unbalanced",
	[FINDING_NOT_RECORDED] = "not-recorded",
	[FINDING_ID_MISMATCH] = "id-mismatch",
	[FINDING_BAD_SIGNATURE] = "bad-signature",
	[FINDING_UNDECODABLE] = "undecodable",
	[FINDING_STUCK_FLOW] = "stuck-flow",
	[FINDING_SOFT_LOCK_LEFT] = "soft-lock-left",
	[FINDING_ROW_MISMATCH] = "row-mismatch",
	[FINDING_FOREIGN] = "foreign",
	[FINDING_KEY_MISMATCH] = "key-mismatch",
	[FINDING_BEHIND] = "behind",
	[FINDING_BALANCE_MISMATCH] = "balance-mismatch",
	[FINDING_NO_ANSWER] = "no-answer",
};

const char *finding_name(enum finding_kind kind)
{
	return names[kind];
}

int finding_kind_of(const char *word)
{
	for (int i = 0; word && i < FINDING_KINDS; i++)
		if (!strcmp(names[i], word))
			return i;
	return -1;
}

int finding_append(const char *run_dir, const struct finding *f,
		   struct error *err)
{
	struct js *line = js_object();

	js_set_str(line, "kind", names[f->kind]);
	js_set_bool(line, "note", f->note);
	js_set_str(line, "tx", f->tx);
	js_set_int(line, "op", (int64_t)f->op);
	js_set_str(line, "node", f->node);
	js_set_str(line, "payer", f->payer);
	js_set_str(line, "payee", f->payee);
	js_set_str(line, "notary", f->notary);
	lines_set_text(line, "summary", f->summary);
	if (f->evidence)
		js_set(line, "evidence", js_copy(f->evidence));
	return lines_append(run_dir, finding_file, line, err);
}

static const struct line_key keys[] = {
	{ "kind", JS_TEXT, true },     { "note", JS_BOOL, false },
	{ "tx", JS_TEXT, false },      { "op", JS_INTEGER, false },
	{ "node", JS_TEXT, false },    { "payer", JS_TEXT, false },
	{ "payee", JS_TEXT, false },   { "notary", JS_TEXT, false },
	{ "summary", JS_TEXT, false }, { "evidence", JS_OBJECT, false },
};

static const struct line_form form = LINE_FORM("finding", keys);

bool finding_of_json(const struct js *line, struct finding *ret)
{
	int kind = finding_kind_of(js_str(line, "kind"));

	if (kind < 0)
		return false;
	*ret = (struct finding){
		.kind = (enum finding_kind)kind,
		.note = js_bool(line, "note", false),
		.tx = js_str(line, "tx"),
		.op = (uint64_t)js_int(line, "op", 0),
		.node = js_str(line, "node"),
		.payer = js_str(line, "payer"),
		.payee = js_str(line, "payee"),
		.notary = js_str(line, "notary"),
		.summary = js_str(line, "summary"),
		/* For const: who is given it only reads. */
		.evidence = (struct js *)js_get(line, "evidence"),
	};
	return true;
}

static int read_line(const struct js *line, struct finding *ret,
		     struct error *err)
{
	if (line_check(line, &form, err) < 0)
		return -1;
	if (!finding_of_json(line, ret))
		return error_set(err, ERROR_INPUT,
				 "not a valid finding: its kind is unknown");
	return 0;
}

struct each {
	finding_fn *fn;
	void *ctx;
};

static int each_line(const struct js *line, void *ctx, struct error *err)
{
	const struct each *each = ctx;
	struct finding f;

	if (read_line(line, &f, err) < 0)
		return -1;
	return each->fn(&f, each->ctx, err);
}

int finding_each(const char *run_dir, finding_fn *fn, void *ctx,
		 struct error *err)
{
	struct each each = { fn, ctx };

	return lines_each(run_dir, finding_file, each_line, &each, err);
}

static int keep_texts(struct finding *f, struct arena *arena, struct error *err)
{
	const char **const texts[] = { &f->tx,	  &f->node,   &f->payer,
				       &f->payee, &f->notary, &f->summary };

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		if (!*texts[i])
			continue;
		*texts[i] = arena_strdup(arena, *texts[i]);
		if (!*texts[i])
			return error_nomem(err);
	}
	return 0;
}

static int keep(const struct finding *read, void *ctx, struct error *err)
{
	struct line_list *list = ctx;
	struct finding *f = line_list_add(list);

	if (!f)
		return error_nomem(err);
	*f = *read;
	f->evidence = js_copy(read->evidence);
	if (read->evidence && !f->evidence)
		return error_nomem(err);
	return keep_texts(f, list->arena, err);
}

int finding_load(const char *run_dir, struct arena *arena, struct finding **ret,
		 size_t *ret_count, struct error *err)
{
	struct line_list list = { .size = sizeof(struct finding),
				  .arena = arena };
	struct finding *f;

	if (finding_each(run_dir, keep, &list, err) < 0) {
		f = list.items;
		for (size_t i = 0; i < list.count; i++)
			js_free(f[i].evidence);
		return -1;
	}
	*ret = list.items;
	*ret_count = list.count;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* results.c - results.json of a run, read back. */
#include "run/results.h"

#include "sys/file.h"

enum { TEXT_MAX = 256 * 1024 * 1024, SECONDS_MAX = 1000000000 };

/* What the parts of one file share. */
struct reading {
	const char *name; /* of the file */
	struct arena *arena;
	struct results *results;
	struct error *err;
};

static int wrong(const struct reading *r, const char *what, size_t at)
{
	return error_set(r->err, ERROR_INPUT, "%s: %s %zu is not valid",
			 r->name, what, at);
}

static void *new_array(const struct reading *r, const struct js *list,
		       size_t size)
{
	void *items = arena_array(r->arena, js_count(list) + 1, size);

	if (!items)
		error_nomem(r->err);
	return items;
}

/* ---- findings ---- */

static int read_findings(const struct reading *r, const struct js *list)
{
	struct results *to = r->results;

	to->findings = new_array(r, list, sizeof(*to->findings));
	if (!to->findings)
		return -1;
	for (; to->finding_count < js_count(list); to->finding_count++)
		if (!finding_of_json(js_at(list, to->finding_count),
				     &to->findings[to->finding_count]))
			return wrong(r, "finding", to->finding_count);
	return 0;
}

/* ---- cells ---- */

/* An array of whole numbers: js_int() reads members of objects alone. */
static bool read_index(const struct js *list, size_t at, size_t count,
		       size_t *ret)
{
	int64_t n;

	if (!js_number(js_at(list, at), &n) || n < 0 || (uint64_t)n >= count)
		return false;
	*ret = (size_t)n;
	return true;
}

static int read_indexes(const struct reading *r, const struct js *list,
			struct result_cell *cell, size_t number)
{
	size_t *indexes = new_array(r, list, sizeof(*indexes));

	if (!indexes)
		return -1;
	for (size_t i = 0; i < js_count(list); i++)
		if (!read_index(list, i, r->results->finding_count,
				&indexes[i]))
			return wrong(r, "cell", number);
	cell->findings = indexes;
	cell->finding_count = js_count(list);
	return 0;
}

static int read_cell(const struct reading *r, const struct js *from,
		     struct result_cell *ret, size_t number)
{
	*ret = (struct result_cell){
		.payer = js_str(from, "payer"),
		.payee = js_str(from, "payee"),
		.notary = js_str(from, "notary"),
		.verdict = js_str(from, "verdict"),
		.judged = js_str(from, "judged"),
		.reason = js_str(from, "reason"),
		.absence = js_str(from, "absence"),
		.starved = js_str(from, "starved"),
		.required = js_bool(from, "required", false),
	};
	if (!ret->payer || !ret->payee || !ret->notary || !ret->verdict ||
	    !ret->judged || counts_get(from, &ret->counts, r->err) < 0)
		return wrong(r, "cell", number);
	return read_indexes(r, js_get(from, "findings"), ret, number);
}

static int read_cells(const struct reading *r, const struct js *list)
{
	struct results *to = r->results;

	to->cells = new_array(r, list, sizeof(*to->cells));
	if (!to->cells)
		return -1;
	for (; to->cell_count < js_count(list); to->cell_count++)
		if (read_cell(r, js_at(list, to->cell_count),
			      &to->cells[to->cell_count], to->cell_count) < 0)
			return -1;
	return 0;
}

/* ---- the file ---- */

static int read_run(const struct reading *r, const struct js *root)
{
	struct results *to = r->results;
	int64_t version = js_int(root, "version", 0);
	int64_t exit_code = js_int(root, "exit_code", -1);

	if (version < 1 || version > RESULTS_VERSION)
		return error_set(r->err, ERROR_INPUT,
				 "%s: expected results of version 1 to %d",
				 r->name, RESULTS_VERSION);
	to->version = (int)version;
	to->run = js_str(root, "run");
	to->network = js_str(root, "network");
	to->engine = js_str(root, "engine");
	to->answer = js_str(root, "answer");
	to->reason = js_str(root, "reason");
	to->medley = js_str(root, "medley");
	to->seal = js_str(root, "seal");
	to->doubt = js_str(root, "doubt");
	to->tells_doubt = js_get(root, "doubt") != NULL;
	to->seconds = js_num(root, "seconds", 0);
	if (!(to->seconds >= 0 && to->seconds <= SECONDS_MAX))
		return error_set(r->err, ERROR_INPUT,
				 "%s: seconds are out of range", r->name);
	if (!to->run || !to->answer || exit_code < 0 || exit_code > 255 ||
	    counts_get(js_get(root, "issues"), &to->issues, r->err) < 0)
		return error_set(r->err, ERROR_INPUT,
				 "%s: run, answer, exit_code or issues are "
				 "missing or not valid",
				 r->name);
	to->exit_code = (int)exit_code;
	return 0;
}

int results_parse(const char *name, const void *text, size_t len,
		  struct arena *arena, struct results *ret, struct error *err)
{
	cleanup(results_release) struct results results = { 0 };
	const struct reading r = { name, arena, &results, err };
	const struct js *root;

	if (js_parse(name, text, len, &results.root, err) < 0)
		return -1;
	root = results.root;
	if (read_run(&r, root) < 0 ||
	    read_findings(&r, js_get(root, "findings")) < 0 ||
	    read_cells(&r, js_get(root, "cells")) < 0)
		return -1;
	*ret = results;
	results.root = NULL;
	return 0;
}

int results_read(const char *path, struct arena *arena, struct results *ret,
		 struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);

	if (file_read(path, &text, err) < 0)
		return -1;
	return results_parse(path, text.data, text.len, arena, ret, err);
}

void results_release(struct results *r)
{
	js_free(steal(r->root));
}

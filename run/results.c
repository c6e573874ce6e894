/* SPDX-License-Identifier: Apache-2.0 */
/* results.c - results.json of a run, read back. */
#include "run/results.h"

#include "sys/file.h"

enum {
	TEXT_MAX = 256 * 1024 * 1024,
	SECONDS_MAX = 1000000000,
	RELEASES_MAX = 1000
};

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

static bool read_place(const struct js *cell, struct result_place *ret)
{
	*ret = (struct result_place){
		.payer = js_str(cell, "payer"),
		.payee = js_str(cell, "payee"),
		.notary = js_str(cell, "notary"),
	};
	return js_type(cell) <= JS_NULL ||
	       (ret->payer && ret->payee && ret->notary);
}

static int read_findings(const struct reading *r, const struct js *list)
{
	struct results *to = r->results;

	to->findings = new_array(r, list, sizeof(*to->findings));
	to->places = new_array(r, list, sizeof(*to->places));
	if (!to->findings || !to->places)
		return -1;
	for (; to->finding_count < js_count(list); to->finding_count++) {
		const struct js *from = js_at(list, to->finding_count);

		if (!finding_of_json(from, &to->findings[to->finding_count]) ||
		    !read_place(js_get(from, "cell"),
				&to->places[to->finding_count]))
			return wrong(r, "finding", to->finding_count);
	}
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
		.service = js_str(js_get(from, "service_ms"), "histogram"),
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

int result_service(const struct result_cell *cell, struct histogram *ret,
		   struct error *err)
{
	if (!cell->service)
		return 0;
	if (histogram_parse(cell->service, ret, err) < 0)
		return -1;
	if (ret->count > cell->counts.ok)
		return error_set(err, ERROR_INPUT,
				 "more times than payments with the answer ok");
	return 0;
}

/* ---- releases ---- */

static int read_releases(const struct reading *r, const struct js *list)
{
	struct results *to = r->results;

	/* Whoever compares them looks for each in all of another run. */
	if (js_count(list) > RELEASES_MAX)
		return error_set(r->err, ERROR_INPUT,
				 "%s: more than %d releases", r->name,
				 RELEASES_MAX);
	to->releases = new_array(r, list, sizeof(*to->releases));
	if (!to->releases)
		return -1;
	for (; to->release_count < js_count(list); to->release_count++) {
		const struct js *from = js_at(list, to->release_count);
		const struct result_release one = {
			.label = js_str(from, "label"),
			.word = js_str(from, "word"),
			.commit = js_str(from, "commit"),
			.image = js_str(from, "image"),
			.digest = js_str(from, "digest"),
			.cordapps = js_str(from, "cordapps"),
			.cordapps_image = js_str(from, "cordapps_image"),
			.contracts = js_str(from, "contracts_sha256"),
			.failure = js_str(from, "failure"),
			.platform = js_int(from, "platform", 0),
		};

		if (!one.label)
			return wrong(r, "release", to->release_count);
		to->releases[to->release_count] = one;
	}
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
	    read_cells(&r, js_get(root, "cells")) < 0 ||
	    read_releases(&r, js_get(root, "releases")) < 0)
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

int results_glance(const char *path, struct arena *arena,
		   struct results_glance *ret, struct error *err)
{
	static const struct js_part parts[] = {
		{ "run", NULL }, { "network", NULL }, { "answer", NULL }, { 0 }
	};
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	cleanup(js_freep) struct js *root = NULL;
	struct results_glance found;

	if (file_read(path, &text, err) < 0 ||
	    js_parse_parts(path, text.data, text.len, parts, &root, err) < 0)
		return -1;
	if (!js_str(root, "run") || !js_str(root, "answer"))
		return error_set(err, ERROR_INPUT,
				 "%s: run or answer is missing", path);
	found = (struct results_glance){
		.run = arena_strdup(arena, js_str(root, "run")),
		.network = arena_strdup(arena, js_str(root, "network") ?: ""),
		.answer = arena_strdup(arena, js_str(root, "answer")),
	};
	if (!found.run || !found.network || !found.answer)
		return error_nomem(err);
	*ret = found;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* stable_runs.c - how many runs in a row each cell had passed when a run began.
 */
#include "run/stable_runs.h"

#include <string.h>

#include "base/cleanup.h"
#include "data/json.h"
#include "run/archive_cell.h"
#include "run/lines.h"
#include "sys/file.h"

enum { VERSION = 1, TEXT_MAX = 16 * 1024 * 1024, RUNS_MAX = 1000000 };
static const char file_name[] = "stable-runs.json";

static struct js *cell_js(const struct archive_cell *c, unsigned runs)
{
	struct js *o = js_object();

	js_set_str(o, "payer", c->payer);
	js_set_str(o, "payee", c->payee);
	js_set_str(o, "notary", c->notary);
	js_set_int(o, "runs", runs);
	return o;
}

int stable_runs_write(const char *run_dir, const struct archived *archived,
		      struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	cleanup(js_freep) struct js *root = js_object();
	struct js *cells = js_array();
	char path[PATH_ROOM];

	js_set_int(root, "version", VERSION);
	for (size_t i = 0; i < archived->cell_count; i++) {
		const struct archive_cell *c = &archived->cells[i];
		const unsigned runs = archive_stable_runs(c);

		if (runs)
			js_append(cells, cell_js(c, runs));
	}
	js_set(root, "cells", cells);
	if (js_print(root, JS_PRETTY, &text, err) < 0)
		return -1;
	return file_write(path_join(path, run_dir, file_name), text.data,
			  text.len, 0644, err);
}

static int read_cell(const char *name, const struct js *from, size_t number,
		     struct arena *arena, struct stable_cell *ret,
		     struct error *err)
{
	bool failed = false;

	ret->payer = lines_text(from, "payer", arena, &failed);
	ret->payee = lines_text(from, "payee", arena, &failed);
	ret->notary = lines_text(from, "notary", arena, &failed);
	ret->runs = js_int(from, "runs", -1);
	if (failed)
		return error_nomem(err);
	if (ret->payer && ret->payee && ret->notary && ret->runs >= 0 &&
	    ret->runs <= RUNS_MAX)
		return 0;
	return error_set(err, ERROR_INPUT, "%s: cell %zu is not valid", name,
			 number);
}

int stable_runs_parse(const char *name, const void *text, size_t len,
		      struct arena *arena, struct stable_runs *ret,
		      struct error *err)
{
	cleanup(js_freep) struct js *root = NULL;
	struct stable_runs s = { .known = true };
	const struct js *list;

	if (js_parse(name, text, len, &root, err) < 0)
		return -1;
	list = js_get(root, "cells");
	if (js_int(root, "version", 0) != VERSION || js_type(list) != JS_ARRAY)
		return error_set(err, ERROR_INPUT,
				 "%s: expected version %d and cells", name,
				 VERSION);
	s.cells = arena_array(arena, js_count(list) + 1, sizeof(*s.cells));
	if (!s.cells)
		return error_nomem(err);
	for (; s.count < js_count(list); s.count++)
		if (read_cell(name, js_at(list, s.count), s.count, arena,
			      &s.cells[s.count], err) < 0)
			return -1;
	*ret = s;
	return 0;
}

int stable_runs_load(const char *run_dir, struct arena *arena,
		     struct stable_runs *ret, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	char path[PATH_ROOM];
	const int rc = file_read_if_there(path_join(path, run_dir, file_name),
					  &text, err);

	if (rc < 0)
		return -1;
	if (!rc) {
		*ret = (struct stable_runs){ 0 };
		return 0;
	}
	return stable_runs_parse(path, text.data, text.len, arena, ret, err);
}

int64_t stable_runs_of(const struct stable_runs *s, const char *payer,
		       const char *payee, const char *notary)
{
	for (size_t i = 0; i < s->count; i++)
		if (!strcmp(s->cells[i].payer, payer) &&
		    !strcmp(s->cells[i].payee, payee) &&
		    !strcmp(s->cells[i].notary, notary))
			return s->cells[i].runs;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/results */
/* scores_fuzz.c - what is read from a results.json is written so again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "run/results.h"
#include "run/score.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 16 * 1024 * 1024 };

static void must(bool right)
{
	if (!right)
		abort();
}

/* All cells, as results.json has them. */
static void print(const struct scored_cell *cells, size_t count,
		  struct buf *out)
{
	cleanup(js_freep) struct js *root = js_object();
	struct js *list = js_array();

	for (size_t i = 0; i < count; i++) {
		struct js *cell = js_object();

		js_set_str(cell, "payer", cells[i].payer);
		js_set_str(cell, "payee", cells[i].payee);
		js_set_str(cell, "notary", cells[i].notary);
		score_set(cell, &cells[i].score);
		js_append(list, cell);
	}
	js_set_int(root, "version", RESULTS_VERSION);
	js_set(root, "cells", list);
	must(js_print(root, JS_LINE, out, NULL) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup(arena_release) struct arena a = ARENA_INIT(ROOM);
	cleanup(arena_release) struct arena b = ARENA_INIT(2 * ROOM);
	cleanup(buf_release) struct buf once = BUF_INIT(ROOM);
	cleanup(buf_release) struct buf twice = BUF_INIT(ROOM);
	struct scored_cell *cells, *again;
	size_t count, count_again;

	if (scores_parse("fuzz", size ? (const void *)data : "", size, &a,
			 &cells, &count, NULL) < 0)
		return 0;
	print(cells, count, &once);
	if (scores_parse("again", once.data, once.len, &b, &again, &count_again,
			 NULL) < 0)
		abort();
	print(again, count_again, &twice);
	must(!strcmp(buf_text(&once), buf_text(&twice)));
	for (size_t i = 1; i < count; i++)
		(void)score_merge(&cells[0].score, &cells[i].score, NULL);
	return 0;
}

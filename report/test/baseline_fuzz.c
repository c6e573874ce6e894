/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/results test/vectors/baseline */
/* baseline_fuzz.c - the results that a run is compared with may come from
 * anybody: they are compared, or refused, and every output can be written. */
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "report/baseline_lines.h"
#include "test/support/fuzz_dir.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 256 * 1024 * 1024, TEXT_MAX = 64 * 1024 * 1024 };

static void write_outputs(const struct baseline *b)
{
	cleanup(buf_release) struct buf out = BUF_INIT(TEXT_MAX);
	cleanup(buf_release) struct buf json_text = BUF_INIT(TEXT_MAX);
	cleanup(js_freep) struct js *json = baseline_js(b);

	baseline_text(&out, b, &(struct text_look){ .width = 80 });
	baseline_markdown(&out, b);
	baseline_page(&out, b);
	fuzz_must(buf_check(&out, NULL));
	fuzz_must(js_print(json, JS_LINE, &json_text, NULL));
}

static void compare(const struct results *was, const struct results *is,
		    const struct results *history, struct arena *arena)
{
	struct baseline b;

	if (baseline_compare(was, is, history, 1, arena, &b, NULL) == 0)
		write_outputs(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char stored[] = "test/vectors/results/version-3.json";
	struct arena arena = ARENA_INIT(ROOM);
	struct results mine = { 0 }, theirs = { 0 };

	fuzz_must(results_read(stored, &arena, &mine, NULL));
	if (results_parse("results.json", data, size, &arena, &theirs, NULL) ==
	    0) {
		compare(&theirs, &mine, &theirs, &arena);
		compare(&mine, &theirs, &mine, &arena);
		compare(&theirs, &theirs, &mine, &arena);
		results_release(&theirs);
	}
	results_release(&mine);
	arena_release(&arena);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* merge_fault_test.c - a joined result is whole, or is an error, whatever
 * fails. */
#include "report/merge.h"

#include "base/cleanup.h"
#include "report/outputs.h"
#include "test/support/fault_loop.h"
#include "test/support/scratch.h"

enum { ROOM = 16 * 1024 * 1024 };

struct joining {
	char dirs[2][PATH_ROOM];
	struct arena arena;
	struct merge merge;
	struct buf text;
};

static void as_before(void *ctx)
{
	struct joining *g = ctx;

	g->arena = (struct arena)ARENA_INIT(ROOM);
	g->text = (struct buf)BUF_INIT(ROOM);
}

static int join(void *ctx, struct error *err)
{
	struct joining *g = ctx;
	const char *dirs[] = { g->dirs[0], g->dirs[1] };
	struct judgement j;

	buf_clear(&g->text);
	merge_release(&g->merge);
	if (merge_read(dirs, 2, "out", &g->arena, &g->merge, err) < 0 ||
	    merge_judge(&g->merge, &j, err) < 0)
		return -1;
	return results_write(&j, &g->text, err);
}

static void show(void *ctx, struct buf *out)
{
	struct joining *g = ctx;

	buf_add_str(out, buf_text(&g->text));
}

static void release(void *ctx)
{
	struct joining *g = ctx;

	merge_release(&g->merge);
	buf_release(&g->text);
	arena_release(&g->arena);
}

/* Two that differ in their last byte. */
static void of_two_runs(void **state)
{
	struct scratch *at = *state;
	struct fault_story story = { .name = "join",
				     .kinds = FAULTS_MEMORY | FAULTS_READ,
				     .prepare = as_before,
				     .run = join,
				     .show = show,
				     .release = release,
				     .trace = TRACE_ANY,
				     .places = 150 };
	struct joining g = { 0 };
	struct buf text = test_vector("results/version-3.json");

	for (int i = 0; i < 2; i++) {
		char path[PATH_ROOM];

		path_printf(g.dirs[i], "%s/run-%d", at->dir, i);
		assert_ok(dir_make(g.dirs[i], 0755, &at->err), at->err);
		path_join(path, g.dirs[i], "results.json");
		assert_ok(file_write(path, text.data, text.len - (size_t)i,
				     0644, &at->err),
			  at->err);
	}
	fault_loop(&story, &g);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(of_two_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

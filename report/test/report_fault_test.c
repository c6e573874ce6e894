/* SPDX-License-Identifier: Apache-2.0 */
/* report_fault_test.c - a report is whole, or is an error, whatever fails.
 *
 * A page that lacks a finding because memory ran out would be a false verdict.
 */
#include "report/report.h"

#include "base/cleanup.h"
#include "test/support/fault_loop.h"
#include "test/support/scratch.h"

enum { ROOM = 16 * 1024 * 1024 };

struct reporting {
	struct scratch *at;
	char vectors[PATH_ROOM];
	char run[PATH_ROOM];
	struct buf text;
	int exit_code;
};

static int copy_one(const char *name, void *ctx)
{
	struct reporting *r = ctx;
	char from[PATH_ROOM], to[PATH_ROOM];

	path_join(from, r->vectors, name);
	assert_ok(file_copy(from, path_join(to, r->run, name), 0644,
			    &r->at->err),
		  r->at->err);
	return 0;
}

static void as_before(void *ctx)
{
	struct reporting *r = ctx;

	dir_remove(r->run, NULL);
	assert_ok(dir_make(r->run, 0755, &r->at->err), r->at->err);
	dir_each(r->vectors, copy_one, r, &r->at->err);
	r->text = (struct buf)BUF_INIT(ROOM);
	r->exit_code = -1;
}

static int report(void *ctx, struct error *err)
{
	struct reporting *r = ctx;

	buf_clear(&r->text);
	return report_write(r->run, 0, &r->text, &r->exit_code, err);
}

static void show(void *ctx, struct buf *out)
{
	static const char *const names[] = { "results.json", "junit.xml",
					     "matrix.md", "report.html" };
	struct reporting *r = ctx;
	char path[PATH_ROOM];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (file_exists(path_join(path, r->run, names[i])))
			assert_ok(file_read(path, out, &r->at->err),
				  r->at->err);
	buf_addf(out, "%sexit code %d\n", buf_text(&r->text), r->exit_code);
}

static void release(void *ctx)
{
	struct reporting *r = ctx;

	buf_release(&r->text);
}

/* Four files are written one after the other: some may be new, others old.
 * Without Jansson's own allocations: its lexer fails an assertion where it
 * cannot keep a long word. */
static void try(void **state, const char *vectors)
{
	struct fault_story story = {
		.name = vectors,
		.kinds = FAULTS_MEMORY | FAULTS_READ | FAULTS_WRITE |
			 FAULTS_FULL,
		.prepare = as_before,
		.run = report,
		.show = show,
		.release = release,
		.trace = TRACE_ANY,
		.places = 150,
	};
	struct reporting r = { .at = *state };

	path_printf(r.vectors, "test/vectors/report/%s", vectors);
	path_join(r.run, r.at->dir, "run");
	fault_loop(&story, &r);
}

static void of_a_good_run(void **state)
{
	try(state, "green");
}

static void of_a_run_with_findings(void **state)
{
	try(state, "red");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(of_a_good_run),
		SCRATCH_TEST(of_a_run_with_findings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* narrow_test.c - what a person reads fits the terminal, from 60 columns. */
#include "test/support/scratch.h"

#include "base/cleanup.h"
#include "base/wrap.h"
#include "report/report.h"
#include "run/network.h"

enum { TEXT_MAX = 16 * 1024 * 1024, LINE_ROOM = 4096 };

/* Commands and paths are to be copied; they stay whole. */
static bool is_command(const char *line)
{
	return strstr(line, "look: ") || strstr(line, "again: ") ||
	       strstr(line, "report.html");
}

static void assert_fits(const char *text, unsigned width)
{
	char line[LINE_ROOM];

	for (; *text; text += strcspn(text, "\n") + 1) {
		snprintf(line, sizeof(line), "%.*s", (int)strcspn(text, "\n"),
			 text);
		if (text_columns(line) > width && !is_command(line))
			fail_msg("%zu columns of %u: %s", text_columns(line),
				 width, line);
	}
}

static void report(const char *run, unsigned width, struct buf *out)
{
	const struct text_look look = { .width = width };
	struct error err = { 0 };
	int exit_code;

	buf_clear(out);
	assert_ok(report_write(run, &look, out, &exit_code, &err), err);
	assert_fits(buf_text(out), width);
}

static int copy_file(const char *name, void *ctx)
{
	char from[PATH_ROOM], to[PATH_ROOM];
	struct scratch *at = ctx;

	path_join(from, "test/vectors/report/seven", name);
	return file_copy(from, path_join(to, at->dir, name), 0644, &at->err);
}

static void a_stored_run_fits(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(TEXT_MAX);
	struct scratch *at = *state;

	assert_int_equal(dir_each("test/vectors/report/seven", copy_file, at,
				  &at->err),
			 0);
	report(at->dir, 60, &out);
	assert_non_null(strstr(buf_text(&out), "P: pass, F: fail"));
	assert_non_null(strstr(buf_text(&out),
			       "\npayer                1 2 3 4 5 6 7\n"));
	report(at->dir, 80, &out);
	assert_null(strstr(buf_text(&out), "P: pass"));
	report(at->dir, 160, &out);
	assert_non_null(strstr(buf_text(&out), "flaky 3/4"));
}

static void begin_twenty(struct scratch *at)
{
	cleanup(buf_release) struct buf yaml = BUF_INIT(65536);
	struct network net;

	buf_add_str(&yaml, "banks:\n");
	for (unsigned i = 0; i < 20; i++)
		buf_addf(&yaml, "  - release: maven:4.%u\n", i);
	buf_add_str(&yaml, "notaries:\n  - release: maven:4.8\n"
			   "cordapps: finance-4.0\n");
	scratch_network(at, buf_text(&yaml), &net);
}

static void twenty_releases_fit(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(TEXT_MAX);
	struct scratch *at = *state;

	begin_twenty(at);
	report(at->dir, 60, &out);
	assert_non_null(
		strstr(buf_text(&out),
		       "\n                           1 1 1 1 1 1 1 1 1 1 2\n"
		       "payer    1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0"
		       "\n"));
	assert_non_null(strstr(buf_text(&out), "\n#20 4.19 - "));
}

/* Of 40 columns, in blocks: each column stands in one. */
static void what_does_not_fit_is_cut_into_blocks(void **state)
{
	cleanup(buf_release) struct buf out = BUF_INIT(TEXT_MAX);
	struct scratch *at = *state;
	unsigned blocks = 0;

	begin_twenty(at);
	report(at->dir, 40, &out);
	for (const char *p = buf_text(&out); (p = strstr(p, "notary 4.8")); p++)
		blocks++;
	assert_int_equal(blocks, 2);
	assert_non_null(strstr(buf_text(&out), "9 0 1 2 3 4 5 6\n"));
	assert_non_null(strstr(buf_text(&out), "\npayer    7 8 9 0\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_stored_run_fits),
		SCRATCH_TEST(twenty_releases_fit),
		SCRATCH_TEST(what_does_not_fit_is_cut_into_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

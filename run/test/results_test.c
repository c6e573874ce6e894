/* SPDX-License-Identifier: Apache-2.0 */
/* results_test.c - results.json of real reports is read back, and nothing that
 * is not one. */
#include "run/results.h"

#include <string.h>

#include "test/support/test.h"

enum { ROOM = 16 * 1024 * 1024 };

static void a_failed_run_is_read_back(void **state)
{
	struct arena arena = ARENA_INIT(ROOM);
	const struct result_cell *failed = NULL;
	struct results r;
	struct error err = { 0 };

	(void)state;
	assert_ok(results_read("test/vectors/results/red.json", &arena, &r,
			       &err),
		  err);
	assert_int_equal(r.version, 2);
	assert_string_equal(r.answer, "FAIL");
	assert_int_equal(r.exit_code, 1);
	assert_int_equal(r.cell_count, 4);
	for (size_t i = 0; i < r.cell_count; i++)
		if (r.cells[i].finding_count)
			failed = &r.cells[i];
	assert_non_null(failed);
	assert_string_equal(failed->verdict, "fail");
	assert_true(failed->required);
	assert_true(failed->counts.payments == failed->counts.ok +
						       failed->counts.fail +
						       failed->counts.unknown);
	assert_int_equal(r.findings[0].kind, FINDING_NOT_RECORDED);
	assert_int_equal(r.findings[0].op, 3);
	assert_string_equal(r.findings[0].payee, "bank-4.0-finance-4.0-0");
	assert_non_null(r.findings[0].evidence);
	results_release(&r);
	arena_release(&arena);
}

static void a_passed_run_is_read_back(void **state)
{
	struct arena arena = ARENA_INIT(ROOM);
	struct results r;
	struct error err = { 0 };

	(void)state;
	assert_ok(results_read("test/vectors/results/green.json", &arena, &r,
			       &err),
		  err);
	assert_string_equal(r.answer, "PASS");
	assert_null(r.reason);
	assert_int_equal(r.exit_code, 0);
	assert_true(r.cell_count > 0);
	results_release(&r);
	arena_release(&arena);
}

/* What `medley report` writes today is read, too. */
static void every_version_is_read(void **state)
{
	static const char *const files[] = {
		"test/vectors/results/version-2.json",
		"test/vectors/results/version-3.json",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct arena arena = ARENA_INIT(ROOM);
		struct error err = { 0 };
		struct results r;

		assert_ok(results_read(files[i], &arena, &r, &err), err);
		assert_int_equal(r.version, (int)i + 2);
		assert_string_equal(r.answer, "FAIL");
		assert_int_equal(r.cell_count, 4);
		results_release(&r);
		arena_release(&arena);
	}
}

#define RUN "\"version\":2,\"run\":\"r\",\"answer\":\"PASS\",\"exit_code\":0"
#define CELL                                                                   \
	"\"payer\":\"a\",\"payee\":\"b\",\"notary\":\"c\","                    \
	"\"verdict\":\"pass\",\"judged\":\"pass\""

static void other_files_are_refused(void **state)
{
	static const char *const texts[][2] = {
		{ "", "" },
		{ "[]", "expected results of version 1 to 3" },
		{ "{\"version\":4}", "expected results of version 1 to 3" },
		{ "{\"version\":2}", "are missing or not valid" },
		{ "{\"version\":2,\"run\":\"r\",\"answer\":\"PASS\","
		  "\"exit_code\":256}",
		  "are missing or not valid" },
		{ "{" RUN ",\"cells\":[1]}", "cell 0 is not valid" },
		{ "{" RUN ",\"cells\":[{" CELL ",\"ok\":-1}]}",
		  "cell 0 is not valid" },
		{ "{" RUN ",\"cells\":[{" CELL ",\"findings\":[0]}]}",
		  "cell 0 is not valid" },
		{ "{" RUN ",\"cells\":[{" CELL "},{" CELL
		  ",\"findings\":[\"x\"]}]}",
		  "cell 1 is not valid" },
		{ "{" RUN ",\"findings\":[{\"kind\":\"odd\"}]}",
		  "finding 0 is not valid" },
	};
	struct arena arena = ARENA_INIT(ROOM);
	struct results r;
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_error(results_parse("x.json", texts[i][0],
					   strlen(texts[i][0]), &arena, &r,
					   &err),
			     err, texts[i][1]);
	assert_ok(results_parse("x.json", "{" RUN "}", strlen("{" RUN "}"),
				&arena, &r, &err),
		  err);
	assert_int_equal(r.cell_count, 0);
	results_release(&r);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failed_run_is_read_back),
		cmocka_unit_test(a_passed_run_is_read_back),
		cmocka_unit_test(every_version_is_read),
		cmocka_unit_test(other_files_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

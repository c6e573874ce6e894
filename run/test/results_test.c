/* SPDX-License-Identifier: Apache-2.0 */
/* results_test.c - results.json of real reports is read back, and nothing that
 * is not one. */
#include "run/results.h"

#include <string.h>

#include "base/cleanup.h"
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

/* What a later run is compared with. */
static void releases_places_and_times_are_read_back(void **state)
{
	static const char path[] = "test/vectors/results/version-3.json";
	struct arena arena = ARENA_INIT(ROOM);
	struct histogram times = HISTOGRAM_INIT(&arena);
	struct results_glance glance;
	struct results r;
	struct error err = { 0 };

	(void)state;
	assert_ok(results_read(path, &arena, &r, &err), err);
	assert_int_equal(r.release_count, 3);
	assert_string_equal(r.releases[0].label, "4.0+finance-4.0");
	assert_string_equal(r.releases[0].commit, "maven:4.0");
	assert_non_null(strstr(r.releases[0].digest, "sha256:db15"));
	assert_int_equal(r.releases[0].platform, 4);
	assert_null(r.releases[0].failure);
	assert_string_equal(r.places[0].payee, "4.0+finance-4.0");
	assert_ok(result_service(&r.cells[1], &times, &err), err);
	assert_int_equal(times.count, r.cells[1].counts.ok);
	assert_int_equal(times.min, 432572);
	r.cells[1].counts.ok--;
	assert_error(result_service(&r.cells[1], &times, &err), err,
		     "more times than payments with the answer ok");
	assert_ok(results_glance(path, &arena, &glance, &err), err);
	assert_string_equal(glance.run, r.run);
	assert_string_equal(glance.answer, "FAIL");
	assert_string_equal(glance.network, "examples/red/network.yaml");
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

/* What this medley writes. */
static void the_newest_version_is_read_back(void **state)
{
	struct arena arena = ARENA_INIT(ROOM);
	size_t payments = 0;
	struct results r;
	struct error err = { 0 };

	(void)state;
	assert_ok(results_read("test/vectors/results/version-3.json", &arena,
			       &r, &err),
		  err);
	assert_int_equal(r.version, RESULTS_VERSION);
	assert_int_equal(r.cell_count, 4);
	for (size_t i = 0; i < r.cell_count; i++)
		payments += r.cells[i].counts.payments;
	assert_true(payments > 0);
	results_release(&r);
	arena_release(&arena);
}

/* Lists are compared with each other. */
static void endless_lists_are_refused(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(ROOM);
	struct arena arena = ARENA_INIT(ROOM);
	struct results r;
	struct error err = { 0 };

	(void)state;
	buf_add_str(&text, "{\"version\":3,\"run\":\"r\",\"answer\":\"PASS\","
			   "\"exit_code\":0,\"releases\":[{}");
	for (int i = 0; i < 1000; i++)
		buf_add_str(&text, ",{}");
	buf_add_str(&text, "]}");
	assert_error(results_parse("x.json", text.data, text.len, &arena, &r,
				   &err),
		     err, "x.json: more than 1000 releases");
	arena_release(&arena);
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
		{ "{" RUN ",\"findings\":[{\"kind\":\"lost\",\"cell\":1}]}",
		  "finding 0 is not valid" },
		{ "{" RUN ",\"findings\":[{\"kind\":\"lost\",\"cell\":"
		  "{\"payer\":\"a\"}}]}",
		  "finding 0 is not valid" },
		{ "{" RUN ",\"releases\":[{\"label\":\"a\"},{}]}",
		  "release 1 is not valid" },
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
	assert_error(results_glance("test/vectors/rooms", &arena, NULL, &err),
		     err, "test/vectors/rooms");
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
		cmocka_unit_test(releases_places_and_times_are_read_back),
		cmocka_unit_test(a_passed_run_is_read_back),
		cmocka_unit_test(the_newest_version_is_read_back),
		cmocka_unit_test(endless_lists_are_refused),
		cmocka_unit_test(other_files_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

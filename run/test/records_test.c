/* SPDX-License-Identifier: Apache-2.0 */
/* records_test.c - what is appended to a run's files is what is loaded. */
#include "test/support/test.h"
#include "test/support/run_lines.h"

#include "base/cleanup.h"
#include "run/records.h"

static struct arena arena = ARENA_INIT(16 * 1024 * 1024);
static char dir[PATH_ROOM];

static int setup(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_ok(dir_make_temporary("/tmp/medley-records-", dir, &err), err);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return dir_remove(dir, NULL);
}

static void history(void **state)
{
	struct operation paid = {
		.id = 7,
		.kind = OP_PAY,
		.payer = "bank-4.0-0",
		.payee = "bank-4.10-0",
		.notary = "notary-4.8-0",
		.amount = 12345,
		.currency = "USD",
		.intended_us = 1795247412000000,
		.sent_us = 1795247412000100,
		.done_us = 1795247413000000,
		.outcome = OUTCOME_UNKNOWN,
		.error_class = "java.lang.X",
		.error_text = "a \"b\"\n\xff",
	};
	struct operation issued = { .id = 8,
				    .kind = OP_ISSUE,
				    .payer = "b",
				    .payee = "b",
				    .currency = "USD",
				    .tx = "AB" };
	struct error err = { 0 };
	struct operation *ops;
	size_t count;

	(void)state;
	assert_ok(all_operations(dir, &arena, &ops, &count, &err), err);
	assert_int_equal(count, 0);
	assert_ok(history_append(dir, &paid, &err), err);
	for (int i = 0; i < 40; i++)
		assert_ok(history_append(dir, &issued, &err), err);
	assert_ok(all_operations(dir, &arena, &ops, &count, &err), err);
	assert_int_equal(count, 41);
	assert_int_equal(ops[0].id, 7);
	assert_int_equal(ops[0].kind, OP_PAY);
	assert_string_equal(ops[0].payee, "bank-4.10-0");
	assert_string_equal(ops[0].notary, "notary-4.8-0");
	assert_int_equal(ops[0].amount, 12345);
	assert_true(ops[0].intended_us == paid.intended_us);
	assert_true(ops[0].done_us == paid.done_us);
	assert_int_equal(ops[0].outcome, OUTCOME_UNKNOWN);
	assert_string_equal(ops[0].error_text, "a \"b\"\n?");
	assert_null(ops[0].tx);
	assert_string_equal(ops[40].tx, "AB");
	assert_null(ops[40].error_class);
	assert_int_equal(ops[40].outcome, OUTCOME_OK);
}

static void settlements(void **state)
{
	struct settlement s = { .op = 3, .tx = "AB", .payer_has = true };
	struct error err = { 0 };
	struct settlement *all;
	size_t count;

	(void)state;
	assert_ok(settlement_append(dir, &s, &err), err);
	s.in_flight = true;
	assert_ok(settlement_append(dir, &s, &err), err);
	assert_ok(all_settlements(dir, &arena, &all, &count, &err), err);
	assert_int_equal(count, 2);
	assert_true(all[1].in_flight && !all[0].in_flight);
	assert_int_equal(all[0].op, 3);
	assert_string_equal(all[0].tx, "AB");
	assert_true(all[0].payer_has);
	assert_false(all[0].payee_has);
	assert_false(all[0].notary_has);
}

static void findings(void **state)
{
	struct finding f = { .kind = FINDING_NOT_RECORDED,
			     .tx = "CD",
			     .op = 4,
			     .node = "n",
			     .payer = "p",
			     .summary = "no such transaction",
			     .evidence = js_object() };
	struct error err = { 0 };
	struct finding *all;
	size_t count;

	(void)state;
	js_set_str(f.evidence, "jar", "AB12");
	assert_ok(finding_append(dir, &f, &err), err);
	js_free(f.evidence);
	f.evidence = NULL;
	f.note = true;
	assert_ok(finding_append(dir, &f, &err), err);
	assert_ok(finding_load(dir, &arena, &all, &count, &err), err);
	assert_int_equal(count, 2);
	assert_int_equal(all[0].kind, FINDING_NOT_RECORDED);
	assert_false(all[0].note);
	assert_true(all[1].note);
	assert_string_equal(all[0].payer, "p");
	assert_null(all[0].payee);
	assert_string_equal(js_str(all[0].evidence, "jar"), "AB12");
	assert_null(all[1].evidence);
	js_free(all[0].evidence);
	for (int k = 0; k < FINDING_KINDS; k++)
		assert_non_null(finding_name((enum finding_kind)k));
	assert_string_equal(finding_name(FINDING_SOFT_LOCK_LEFT),
			    "soft-lock-left");
}

static void balances(void **state)
{
	struct holding nodes[] = { { "bank-4.0-0", 998613 },
				   { "bank-4.10-0", 0 } };
	struct balance b = { .currency = "USD",
			     .issuer = "O=Bank, L=London, C=GB",
			     .issuer_key_hash = "DLx",
			     .ref = "01",
			     .issued = 2 * (MONEY_SUM)INT64_MAX,
			     .exited = 887,
			     .told_elsewhere = 4 * (MONEY_SUM)INT64_MIN,
			     .expected = INT64_MIN,
			     .held = INT64_MAX,
			     .nodes = nodes,
			     .node_count = 2 };
	const struct balance bare = { .currency = "USD" };
	struct error err = { 0 };
	struct balance *all;
	size_t count;

	(void)state;
	assert_ok(balance_load(dir, &arena, &all, &count, &err), err);
	assert_int_equal(count, 0);
	assert_ok(balance_append(dir, &b, &err), err);
	assert_ok(balance_append(dir, &bare, &err), err);
	assert_ok(balance_load(dir, &arena, &all, &count, &err), err);
	assert_int_equal(count, 2);
	assert_string_equal(all[0].currency, "USD");
	assert_string_equal(all[0].issuer, b.issuer);
	assert_string_equal(all[0].issuer_key_hash, "DLx");
	assert_string_equal(all[0].ref, "01");
	assert_true(all[0].issued == b.issued && all[0].exited == 887 &&
		    all[0].told_elsewhere == b.told_elsewhere &&
		    all[0].expected == INT64_MIN && all[0].held == INT64_MAX);
	assert_int_equal(all[0].node_count, 2);
	assert_string_equal(all[0].nodes[0].node, "bank-4.0-0");
	assert_true(all[0].nodes[0].held == 998613);
	assert_true(all[0].nodes[1].held == 0);
	assert_null(all[1].issuer);
	assert_int_equal(all[1].node_count, 0);
}

#define SUMS(held)                                                             \
	"\"issued\":0,\"exited\":0,\"told_elsewhere\":0,\"expected\":0,"       \
	"\"held\":" held

static void damaged_balances(void **state)
{
	static const char *const lines[][2] = {
		{ "{" SUMS("0") "}", "its currency is missing" },
		{ "{\"currency\":\"USD\"}", "its issued is not" },
		{ "{\"currency\":\"USD\"," SUMS("null") "}", "its held is" },
		{ "{\"currency\":\"USD\"," SUMS("0.5") "}", "its held is" },
		{ "{\"currency\":\"USD\"," SUMS("\"\"") "}", "its held is" },
		{ "{\"currency\":\"USD\"," SUMS("\"-\"") "}", "its held is" },
		{ "{\"currency\":\"USD\"," SUMS("\"12a\"") "}", "its held is" },
		/* 2^127 */
		{ "{\"currency\":\"USD\"," SUMS(
			  "\"170141183460469231731687303715884105728\"") "}",
		  "its held is" },
		{ "{\"currency\":\"USD\"," SUMS("0") ",\"nodes\":[1]}",
		  "a node has no name" },
		{ "{\"currency\":\"USD\"," SUMS(
			  "0") ","
			       "\"nodes\":[{\"node\":\"n\"}]}",
		  "its held is" },
	};
	struct error err = { 0 };
	struct balance *all;
	char path[PATH_ROOM], line[512];
	size_t count;

	(void)state;
	path_join(path, dir, "balances.jsonl");
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		snprintf(line, sizeof(line), "%s\n", lines[i][0]);
		assert_ok(file_write(path, line, strlen(line), 0644, &err),
			  err);
		assert_error(balance_load(dir, &arena, &all, &count, &err), err,
			     lines[i][1]);
	}
}

static void phases(void **state)
{
	struct phase build = { .name = "build",
			       .seconds = 1.5,
			       .error = "no space",
			       .kind = ERROR_INTERRUPTED };
	struct phase up = { .name = "deploy", .summary = "5 nodes ready" };
	struct error err = { 0 };
	struct phase *all;
	size_t count;

	(void)state;
	build.details = js_object();
	js_set_int(build.details, "images", 4);
	assert_ok(phase_append(dir, &build, &err), err);
	assert_ok(phase_append(dir, &up, &err), err);
	assert_ok(phase_load(dir, &arena, &all, &count, &err), err);
	assert_int_equal(all[0].kind, ERROR_INTERRUPTED);
	assert_int_equal(all[1].kind, ERROR_NONE);
	js_free(all[0].details);
	build.error = NULL;
	build.seconds = 2;
	assert_ok(phase_append(dir, &build, &err), err);
	js_free(build.details);
	assert_ok(phase_load(dir, &arena, &all, &count, &err), err);
	assert_int_equal(count, 2);
	assert_string_equal(all[0].name, "build");
	assert_null(all[0].error);
	assert_int_equal(all[0].kind, ERROR_NONE);
	assert_true(all[0].seconds == 2);
	assert_int_equal(js_int(all[0].details, "images", 0), 4);
	assert_int_equal(all[0].sequence, 2);
	assert_int_equal(all[1].sequence, 1);
	assert_string_equal(all[1].summary, "5 nodes ready");
	js_free(all[0].details);
}

static void a_phase_that_was_done_again_keeps_its_entries(void **state)
{
	static const char *const errors[] = { "no space", NULL, "interrupted" };
	static const enum error_kind kinds[] = { ERROR_BUILD, ERROR_NONE,
						 ERROR_INTERRUPTED };
	struct phase up = { .name = "deploy" };
	struct error err = { 0 };
	struct phase *all;
	size_t count;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		struct phase build = { .name = "build",
				       .seconds = (double)i,
				       .error = errors[i],
				       .kind = kinds[i],
				       .details = js_object() };

		js_set_int(build.details, "images", (int64_t)i);
		assert_ok(phase_append(dir, &build, &err), err);
		assert_ok(phase_append(dir, &up, &err), err);
		js_free(build.details);
	}
	assert_ok(phase_load_all(dir, &arena, &all, &count, &err), err);
	assert_int_equal(count, 6);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(all[i].name, i % 2 ? "deploy" : "build");
		assert_int_equal(all[i].sequence, i / 2 + 1);
		assert_int_equal(all[i].kind,
				 i % 2 ? ERROR_NONE : kinds[i / 2]);
		assert_int_equal(js_int(all[i].details, "images", 9),
				 i % 2 ? 9 : (int64_t)(i / 2));
		js_free(all[i].details);
	}
	assert_ok(phase_load(dir, &arena, &all, &count, &err), err);
	assert_int_equal(count, 2);
	assert_string_equal(all[0].error, "interrupted");
	assert_int_equal(all[0].sequence, 3);
	js_free(all[0].details);
}

/* A drive of a load of its own; NULL: of the run's. */
static void append_drive(const char *load_file)
{
	struct phase drive = { .name = "drive", .details = js_object() };
	struct error err = { 0 };

	js_set_str(drive.details, "load_file", load_file);
	assert_ok(phase_append(dir, &drive, &err), err);
	js_free(drive.details);
}

static void loads_of_their_own_in_order(void **state)
{
	struct phase check = { .name = "check" };
	struct error err = { 0 };
	const char **files;
	size_t count;

	(void)state;
	assert_ok(phase_load_files(dir, &arena, &files, &count, &err), err);
	assert_int_equal(count, 0);
	append_drive(NULL);
	append_drive("b.yaml");
	assert_ok(phase_append(dir, &check, &err), err);
	append_drive("a.yaml");
	assert_ok(phase_load_files(dir, &arena, &files, &count, &err), err);
	assert_int_equal(count, 2);
	assert_string_equal(files[0], "b.yaml");
	assert_string_equal(files[1], "a.yaml");
}

#define SETTLED                                                                \
	"{\"op\":1,\"tx\":null,\"payer_has\":true,\"payee_has\":true,"         \
	"\"notary_has\":true}\n"

static void damaged(void **state)
{
	static const char torn[] = SETTLED "{\"op\":2";
	static const char wrong[] = SETTLED "[]\n";
	static const char holed[] = SETTLED "\0\n" SETTLED;
	struct error err = { 0 };
	struct settlement *all;
	char path[PATH_ROOM];
	size_t count;

	(void)state;
	path_join(path, dir, "settlements.jsonl");
	assert_ok(file_write(path, torn, strlen(torn), 0644, &err), err);
	assert_ok(all_settlements(dir, &arena, &all, &count, &err), err);
	assert_int_equal(count, 1);
	assert_ok(file_write(path, wrong, strlen(wrong), 0644, &err), err);
	assert_error(all_settlements(dir, &arena, &all, &count, &err), err,
		     "settlements.jsonl:2: not a valid settlement");
	/* A NUL does not hide what follows. */
	assert_ok(file_write(path, holed, sizeof(holed) - 1, 0644, &err), err);
	assert_error(all_settlements(dir, &arena, &all, &count, &err), err,
		     "settlements.jsonl:2:");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(history, setup, teardown),
		cmocka_unit_test_setup_teardown(settlements, setup, teardown),
		cmocka_unit_test_setup_teardown(findings, setup, teardown),
		cmocka_unit_test_setup_teardown(balances, setup, teardown),
		cmocka_unit_test_setup_teardown(damaged_balances, setup,
						teardown),
		cmocka_unit_test_setup_teardown(phases, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_phase_that_was_done_again_keeps_its_entries, setup,
			teardown),
		cmocka_unit_test_setup_teardown(loads_of_their_own_in_order,
						setup, teardown),
		cmocka_unit_test_setup_teardown(damaged, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

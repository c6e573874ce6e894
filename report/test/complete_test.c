/* SPDX-License-Identifier: Apache-2.0 */
/* complete_test.c - a run of which a part is missing, or whose parts contradict
 * each other, did not pass. */
#include "report/test/green_run.h"

#include "test/support/run_lines.h"

/* ---- counts ---- */

/* What a check says of a run without findings whose operations are 39. */
#define CHECKED(findings, notes, operations, balances)                         \
	"{\"findings\":" findings ",\"notes\":" notes                          \
	",\"quiet\":true,\"operations\":" operations ",\"balances\":" balances \
	"}"

static void findings_that_were_counted_are_there(void **state)
{
	struct green_run *s = *state;

	add_phase(s, "check", CHECKED("0", "0", "39", "0"));
	assert_passes(s);
	add_phase(s, "check", CHECKED("6", "0", "39", "0"));
	assert_doubts(s,
		      "findings.jsonl has 0 findings, but phases.jsonl counts "
		      "6");
}

static void notes_that_were_counted_are_there(void **state)
{
	struct green_run *s = *state;

	add_phase(s, "check", CHECKED("0", "1", "39", "0"));
	assert_doubts(s, "has 0 notes, but phases.jsonl counts 1");
}

static void a_finding_that_was_not_counted_is_a_doubt(void **state)
{
	struct green_run *s = *state;
	const struct finding f = { .kind = FINDING_LOST, .note = true };
	struct error err = { 0 };

	add_phase(s, "check", CHECKED("0", "0", "39", "0"));
	assert_ok(finding_append(s->at.dir, &f, &err), err);
	assert_doubts(s, "has 1 notes, but phases.jsonl counts 0");
}

static void each_operation_has_its_settlement(void **state)
{
	struct green_run *s = *state;

	add_phase(s, "check", CHECKED("0", "0", "1", "0"));
	assert_doubts(s, "operations, but phases.jsonl counts 1");
	remove_file(s, "settlements.jsonl");
	add_phase(s, "check", CHECKED("0", "0", "58", "0"));
	assert_doubts(s, "settlements.jsonl has 0 operations, but phases.jsonl "
			 "counts 58");
}

static void balances_that_were_counted_are_there(void **state)
{
	struct green_run *s = *state;
	const struct balance b = { .currency = "USD" };
	struct error err = { 0 };

	add_phase(s, "check", CHECKED("0", "0", "39", "1"));
	assert_doubts(s,
		      "balances.jsonl has 0 balances, but phases.jsonl counts "
		      "1");
	assert_ok(balance_append(s->at.dir, &b, &err), err);
	assert_passes(s);
	cut_last_byte(s, "balances.jsonl");
	assert_doubts(s, "the last line of balances.jsonl is incomplete");
}

#define COUNTS(kind, ok) "\"" kind "\":{\"ok\":" ok ",\"fail\":0,\"unknown\":0}"

static void payments_of_all_loads_are_there(void **state)
{
	struct green_run *s = *state;

	add_phase(s, "drive",
		  "{" COUNTS("payments", "1") "," COUNTS("issues", "1") "}");
	assert_passes(s);
	add_phase(s, "drive", "{" COUNTS("payments", "1000") "}");
	assert_doubts(
		s, "payments with the answer ok, but phases.jsonl counts 1001");
}

/* ---- phases.jsonl that was edited: a run that has not ended has no seal ----
 */

/* Each member that a check said went out of its line. */
static void a_check_whose_counts_are_gone_is_a_doubt(void **state)
{
	static const char *const gone[][2] = {
		{ "{\"notes\":0,\"quiet\":true,\"operations\":39,"
		  "\"balances\":0}",
		  "findings" },
		{ "{\"findings\":0,\"quiet\":true,\"operations\":39}",
		  "notes" },
		{ "{\"findings\":0,\"notes\":0,\"operations\":39}", "quiet" },
		{ "{\"findings\":0,\"notes\":0,\"quiet\":true,"
		  "\"balances\":0}",
		  "operations" },
		{ "{\"findings\":\"0\",\"notes\":0}", "findings" },
		{ "{\"findings\":0,\"notes\":0,\"quiet\":\"no\"}", "quiet" },
	};
	struct green_run *s = *state;
	char why[100];

	for (size_t i = 0; i < ARRAY_SIZE(gone); i++) {
		snprintf(why, sizeof(why),
			 "the check in phases.jsonl has no valid '%s'",
			 gone[i][1]);
		add_phase(s, "check", gone[i][0]);
		assert_doubts(s, why);
	}
	/* An older medley: it had quiet before it counted operations. */
	add_phase(s, "check", "{\"findings\":0,\"notes\":0}");
	assert_passes(s);
}

/* Who writes balances counts them. */
static void balances_without_counts_are_a_doubt(void **state)
{
	struct green_run *s = *state;
	const struct balance b = { .currency = "USD" };
	struct error err = { 0 };

	assert_ok(balance_append(s->at.dir, &b, &err), err);
	assert_doubts(s, "the check in phases.jsonl has no valid 'balances'");
}

static void a_negative_count_is_a_doubt(void **state)
{
	struct green_run *s = *state;

	add_phase(s, "check", CHECKED("-1", "0", "39", "0"));
	assert_doubts(s,
		      "findings.jsonl has 0 findings, but phases.jsonl counts "
		      "-1");
}

/* The load failed, and its line was taken away. */
static void operations_of_no_load_are_a_doubt(void **state)
{
	struct green_run *s = *state;

	scratch_write(&s->at, "phases.jsonl", "");
	add_phase(s, "check", CHECKED("0", "0", "39", "0"));
	assert_doubts(s, "history.jsonl has 39 operations, but phases.jsonl "
			 "has no load");
}

/* A load counts what was there before it, also of a driver that was killed. */
static void operations_behind_the_last_load_are_a_doubt(void **state)
{
	struct green_run *s = *state;

	add_phase(s, "drive",
		  "{" COUNTS("payments", "2") "," COUNTS(
			  "issues", "0") ",\"operations_before\":36}");
	assert_doubts(
		s, "history.jsonl has 39 operations, but phases.jsonl counts "
		   "38");
	add_phase(s, "drive",
		  "{" COUNTS("payments", "2") "," COUNTS(
			  "issues", "0") ",\"operations_before\":37}");
	assert_passes(s);
	add_phase(s, "drive",
		  "{" COUNTS("payments", "2") "," COUNTS(
			  "issues", "0") ",\"operations_before\":36,"
					 "\"driver\":{}}");
	assert_passes(s);
}

static void counts_of_a_load_that_are_none_are_errors(void **state)
{
	static const char *const details[] = {
		"{\"payments\":{\"ok\":\"1\",\"fail\":0,\"unknown\":0}}",
		"{\"payments\":{\"ok\":-1,\"fail\":0,\"unknown\":0}}",
		"{\"payments\":{\"ok\":1,\"fail\":0}}",
		"{\"payments\":7}",
		"{\"operations_before\":\"7\"}",
		"{\"operations_before\":7}",
	};
	struct green_run *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(details); i++) {
		scratch_write(&s->at, "phases.jsonl", "");
		add_phase(s, "drive", details[i]);
		assert_fails(s, "phases.jsonl:1: ");
	}
}

static void a_file_that_ends_within_a_line_is_a_doubt(void **state)
{
	struct green_run *s = *state;

	cut_last_byte(s, "phases.jsonl");
	assert_doubts(s, "the last line of phases.jsonl is incomplete");
}

/* Payments made after the last check are open, not lost. */
static void a_load_after_the_check_is_unchecked(void **state)
{
	struct green_run *s = *state;
	struct operation *ops;
	struct settlement *settled;
	struct error err = { 0 };
	char details[128];
	size_t count, lines;

	assert_ok(all_operations(s->at.dir, &s->at.arena, &ops, &count, &err),
		  err);
	assert_ok(all_settlements(s->at.dir, &s->at.arena, &settled, &lines,
				  &err),
		  err);
	snprintf(details, sizeof(details), CHECKED("0", "0", "%zu", "0"),
		 lines);
	add_phase(s, "check", details);
	for (size_t i = 0; i < count; i++)
		if (ops[i].kind == OP_PAY) {
			ops[i].id = 100000;
			assert_ok(history_append(s->at.dir, &ops[i], &err),
				  err);
			break;
		}
	report(s);
	assert_int_equal(s->exit_code, 2);
	assert_file_has(s, "results.json", "1 of 7 payments were not checked");
}

/* Nothing says that these payments were lost: an older check did not count, but
 * it wrote a line for each operation. */
static void settlements_that_are_missing_are_unchecked(void **state)
{
	struct green_run *s = *state;

	remove_file(s, "settlements.jsonl");
	report(s);
	assert_int_equal(s->exit_code, 2);
	assert_file_has(s, "results.json", " payments were not checked");
	assert_file_has(s, "matrix.md", "# UNDECIDED");
}

static void append(struct green_run *s, const char *name, const char *line)
{
	struct error err = { 0 };
	char path[PATH_ROOM];

	path_join(path, s->at.dir, name);
	assert_ok(file_append(path, line, strlen(line), 0644, &err), err);
}

static void files_that_contradict_each_other_are_a_doubt(void **state)
{
	struct green_run *s = *state;

	append(s, "settlements.jsonl",
	       "{\"op\":20,\"tx\":null,\"payer_has\":true,"
	       "\"payee_has\":true,\"notary_has\":true}\n");
	assert_doubts(s, "settlements.jsonl:40: operation 20 is settled a "
			 "second time");
}

/* Settlements alone prove nothing. */
static void without_a_check_nothing_passes(void **state)
{
	struct green_run *s = *state;

	scratch_write(&s->at, "phases.jsonl", "");
	add_phase(s, "drive", "{}");
	assert_doubts(s, "the vaults were not checked");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GREEN_TEST(findings_that_were_counted_are_there),
		GREEN_TEST(notes_that_were_counted_are_there),
		GREEN_TEST(a_finding_that_was_not_counted_is_a_doubt),
		GREEN_TEST(each_operation_has_its_settlement),
		GREEN_TEST(balances_that_were_counted_are_there),
		GREEN_TEST(payments_of_all_loads_are_there),
		GREEN_TEST(a_check_whose_counts_are_gone_is_a_doubt),
		GREEN_TEST(balances_without_counts_are_a_doubt),
		GREEN_TEST(a_negative_count_is_a_doubt),
		GREEN_TEST(operations_of_no_load_are_a_doubt),
		GREEN_TEST(operations_behind_the_last_load_are_a_doubt),
		GREEN_TEST(counts_of_a_load_that_are_none_are_errors),
		GREEN_TEST(a_file_that_ends_within_a_line_is_a_doubt),
		GREEN_TEST(a_load_after_the_check_is_unchecked),
		GREEN_TEST(settlements_that_are_missing_are_unchecked),
		GREEN_TEST(files_that_contradict_each_other_are_a_doubt),
		GREEN_TEST(without_a_check_nothing_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* complete_test.c - a run of which a part is missing did not pass.
 *
 * Each test begins with the stored run "green", to which the counts of its
 * phases are added: it passes. */
#include "report/report.h"

#include <unistd.h>

#include "base/cleanup.h"
#include "run/records.h"
#include "run/seal.h"
#include "test/support/scratch.h"
#include "test/support/run_lines.h"

enum { TEXT_MAX = 16 * 1024 * 1024 };

struct story {
	struct scratch at;
	struct buf text;
	int exit_code;
};

static int copy_one(const char *name, void *ctx)
{
	struct story *s = ctx;
	char from[PATH_ROOM], to[PATH_ROOM];
	struct error err = { 0 };

	if (!strncmp(name, "golden", 6))
		return 0;
	path_join(from, "test/vectors/report/green", name);
	path_join(to, s->at.dir, name);
	assert_ok(file_copy(from, to, 0644, &err), err);
	return 0;
}

static void add_phase(struct story *s, const char *name, const char *details)
{
	cleanup(js_freep) struct js *counts = NULL;
	struct error err = { 0 };
	struct phase phase = { .name = name, .seconds = 1, .summary = "done" };

	assert_ok(js_parse("details", details, strlen(details), &counts, &err),
		  err);
	phase.details = counts;
	assert_ok(phase_append(s->at.dir, &phase, &err), err);
}

static int begin(void **state)
{
	struct story *s = scratch_begin(sizeof(*s));
	struct error err = { 0 };

	*state = s;
	s->text = (struct buf)BUF_INIT(TEXT_MAX);
	return dir_each("test/vectors/report/green", copy_one, s, &err);
}

static int end(void **state)
{
	struct story *s = *state;

	buf_release(&s->text);
	return scratch_end(state);
}

static void report(struct story *s)
{
	struct error err = { 0 };

	buf_clear(&s->text);
	assert_ok(report_write(s->at.dir, REPORT_PLAIN, &s->text, &s->exit_code,
			       &err),
		  err);
}

static void assert_passes(struct story *s)
{
	report(s);
	assert_int_equal(s->exit_code, 0);
}

static void assert_file_has(struct story *s, const char *name, const char *part)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	struct error err = { 0 };
	char path[PATH_ROOM];

	assert_ok(file_read(path_join(path, s->at.dir, name), &text, &err),
		  err);
	if (!strstr(buf_text(&text), part))
		fail_msg("%s lacks \"%s\"", name, part);
}

/* Everywhere, also where only junit.xml is read. */
static void assert_doubts(struct story *s, const char *why)
{
	cleanup(buf_release) struct buf one = BUF_INIT(TEXT_MAX);

	report(s);
	assert_int_equal(s->exit_code, 2);
	for (const char *p = buf_text(&s->text); *p; p++)
		if (*p != '\n' && (*p != ' ' || p[-1] != ' '))
			buf_add_u8(&one, (uint8_t)*p);
		else if (*p == '\n')
			buf_add_u8(&one, ' ');
	if (!strstr(buf_text(&one), why))
		fail_msg("\"%s\" is not in %s", why, buf_text(&one));
	assert_file_has(s, "results.json", why);
	assert_file_has(s, "junit.xml", "<error message=");
	assert_file_has(s, "matrix.md", "# UNDECIDED");
}

static void cut_last_byte(struct story *s, const char *name)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	struct error err = { 0 };
	char path[PATH_ROOM];

	path_join(path, s->at.dir, name);
	assert_ok(file_read(path, &text, &err), err);
	assert_int_equal(truncate(path, (off_t)text.len - 1), 0);
}

static void remove_file(struct story *s, const char *name)
{
	char path[PATH_ROOM];

	assert_int_equal(unlink(path_join(path, s->at.dir, name)), 0);
}

/* ---- counts ---- */

/* What a check says of a run without findings whose operations are 39. */
#define CHECKED(findings, notes, operations, balances)                         \
	"{\"findings\":" findings ",\"notes\":" notes                          \
	",\"quiet\":true,\"operations\":" operations ",\"balances\":" balances \
	"}"

static void findings_that_were_counted_are_there(void **state)
{
	struct story *s = *state;

	add_phase(s, "check", CHECKED("0", "0", "39", "0"));
	assert_passes(s);
	add_phase(s, "check", CHECKED("6", "0", "39", "0"));
	assert_doubts(s, "findings.jsonl has 0 findings, phases.jsonl counts "
			 "6");
}

static void notes_that_were_counted_are_there(void **state)
{
	struct story *s = *state;

	add_phase(s, "check", CHECKED("0", "1", "39", "0"));
	assert_doubts(s, "has 0 notes, phases.jsonl counts 1");
}

static void a_finding_that_was_not_counted_is_a_doubt(void **state)
{
	struct story *s = *state;
	const struct finding f = { .kind = FINDING_LOST, .note = true };
	struct error err = { 0 };

	add_phase(s, "check", CHECKED("0", "0", "39", "0"));
	assert_ok(finding_append(s->at.dir, &f, &err), err);
	assert_doubts(s, "has 1 notes, phases.jsonl counts 0");
}

static void each_operation_has_its_settlement(void **state)
{
	struct story *s = *state;

	add_phase(s, "check", CHECKED("0", "0", "1", "0"));
	assert_doubts(s, "operations, phases.jsonl counts 1");
	remove_file(s, "settlements.jsonl");
	add_phase(s, "check", CHECKED("0", "0", "58", "0"));
	assert_doubts(s, "settlements.jsonl has 0 operations, phases.jsonl "
			 "counts 58");
}

static void balances_that_were_counted_are_there(void **state)
{
	struct story *s = *state;
	const struct balance b = { .currency = "USD" };
	struct error err = { 0 };

	add_phase(s, "check", CHECKED("0", "0", "39", "1"));
	assert_doubts(s, "balances.jsonl has 0 balances, phases.jsonl counts "
			 "1");
	assert_ok(balance_append(s->at.dir, &b, &err), err);
	assert_passes(s);
	cut_last_byte(s, "balances.jsonl");
	assert_doubts(s, "balances.jsonl ends within a line");
}

#define COUNTS(kind, ok) "\"" kind "\":{\"ok\":" ok ",\"fail\":0,\"unknown\":0}"

static void payments_of_all_loads_are_there(void **state)
{
	struct story *s = *state;

	add_phase(s, "drive",
		  "{" COUNTS("payments", "1") "," COUNTS("issues", "1") "}");
	assert_passes(s);
	add_phase(s, "drive", "{" COUNTS("payments", "1000") "}");
	assert_doubts(s, "payments answered ok, phases.jsonl counts 1001");
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
	struct story *s = *state;
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
	struct story *s = *state;
	const struct balance b = { .currency = "USD" };
	struct error err = { 0 };

	assert_ok(balance_append(s->at.dir, &b, &err), err);
	assert_doubts(s, "the check in phases.jsonl has no valid 'balances'");
}

static void a_negative_count_is_a_doubt(void **state)
{
	struct story *s = *state;

	add_phase(s, "check", CHECKED("-1", "0", "39", "0"));
	assert_doubts(s, "findings.jsonl has 0 findings, phases.jsonl counts "
			 "-1");
}

/* The load failed, and its line was taken away. */
static void operations_of_no_load_are_a_doubt(void **state)
{
	struct story *s = *state;

	scratch_write(&s->at, "phases.jsonl", "");
	add_phase(s, "check", CHECKED("0", "0", "39", "0"));
	assert_doubts(s, "history.jsonl has 39 operations, and phases.jsonl "
			 "no load");
}

/* A load counts what was there before it, also of a driver that was killed. */
static void operations_behind_the_last_load_are_a_doubt(void **state)
{
	struct story *s = *state;

	add_phase(s, "drive",
		  "{" COUNTS("payments", "2") "," COUNTS(
			  "issues", "0") ",\"operations_before\":36}");
	assert_doubts(s, "history.jsonl has 39 operations, phases.jsonl counts "
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

static void assert_fails(struct story *s, const char *why)
{
	struct error err = { 0 };

	buf_clear(&s->text);
	assert_error(report_write(s->at.dir, REPORT_PLAIN, &s->text,
				  &s->exit_code, &err),
		     err, why);
	assert_int_equal(err.kind, ERROR_INPUT);
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
	struct story *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(details); i++) {
		scratch_write(&s->at, "phases.jsonl", "");
		add_phase(s, "drive", details[i]);
		assert_fails(s, "phases.jsonl:1: ");
	}
}

static void a_file_that_ends_within_a_line_is_a_doubt(void **state)
{
	struct story *s = *state;

	cut_last_byte(s, "phases.jsonl");
	assert_doubts(s, "phases.jsonl ends within a line");
}

/* Payments made after the last check are open, not lost. */
static void a_load_after_the_check_is_unchecked(void **state)
{
	struct story *s = *state;
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
	assert_file_has(s, "results.json", "1 payments were not checked");
}

/* Nothing says that these payments were lost: an older check did not count, but
 * it wrote a line for each operation. */
static void settlements_that_are_missing_are_unchecked(void **state)
{
	struct story *s = *state;

	remove_file(s, "settlements.jsonl");
	report(s);
	assert_int_equal(s->exit_code, 2);
	assert_file_has(s, "results.json", " payments were not checked");
	assert_file_has(s, "matrix.md", "# UNDECIDED");
}

static void append(struct story *s, const char *name, const char *line)
{
	struct error err = { 0 };
	char path[PATH_ROOM];

	path_join(path, s->at.dir, name);
	assert_ok(file_append(path, line, strlen(line), 0644, &err), err);
}

static void files_that_contradict_each_other_are_a_doubt(void **state)
{
	struct story *s = *state;

	append(s, "settlements.jsonl",
	       "{\"op\":20,\"tx\":null,\"payer_has\":true,"
	       "\"payee_has\":true,\"notary_has\":true}\n");
	assert_doubts(s, "settlements.jsonl:40: operation 20 is settled a "
			 "second time");
}

/* Settlements alone prove nothing. */
static void without_a_check_nothing_passes(void **state)
{
	struct story *s = *state;

	scratch_write(&s->at, "phases.jsonl", "");
	add_phase(s, "drive", "{}");
	assert_doubts(s, "no check of the vaults was made");
}

/* ---- a run that is judged and cannot be written ---- */

static void the_answer_comes_before_the_error(void **state)
{
	struct story *s = *state;
	struct error err = { 0 };
	char path[PATH_ROOM];

	/* No file can take the place of a directory, not even root's. */
	path_join(path, s->at.dir, "junit.xml");
	assert_ok(dir_make(path, 0755, &err), err);
	for (int form = REPORT_PLAIN; form <= REPORT_JSON; form++) {
		buf_clear(&s->text);
		s->exit_code = -1;
		assert_error(report_write(s->at.dir, (enum report_form)form,
					  &s->text, &s->exit_code, &err),
			     err, "junit.xml");
		assert_int_equal(s->exit_code, 0);
		assert_non_null(strstr(buf_text(&s->text), "PASS"));
	}
}

static void without_an_answer_there_is_no_text(void **state)
{
	struct story *s = *state;

	scratch_write(&s->at, "phases.jsonl", "[]\n");
	assert_fails(s, "phases.jsonl:1:");
	assert_int_equal(s->text.len, 0);
}

/* ---- the seal ---- */

static void seal(struct story *s)
{
	struct error err = { 0 };

	assert_passes(s);
	assert_ok(seal_write(s->at.dir, &err), err);
	assert_passes(s);
	assert_file_has(s, "results.json", "\"seal\": \"whole\"");
}

static void a_sealed_run_passes_again_and_again(void **state)
{
	struct story *s = *state;
	struct error err = { 0 };
	enum seal_state sealed;
	char why[SEAL_WHY];

	seal(s);
	scratch_write(&s->at, "results.json", "altered");
	assert_passes(s);
	assert_passes(s);
	assert_ok(seal_check(s->at.dir, &sealed, why, &err), err);
	assert_int_equal(sealed, SEAL_WHOLE);
	assert_file_has(s, "seal.json", "\"results.json\"");
}

static void a_changed_file_breaks_the_seal(void **state)
{
	struct story *s = *state;

	seal(s);
	cut_last_byte(s, "settlements.jsonl");
	assert_doubts(s, "the run was changed after it had ended: "
			 "settlements.jsonl has ");
	/* A report does not cover it up. */
	assert_doubts(s, "the run was changed after it had ended");
	assert_file_has(s, "results.json", "\"seal\": \"broken\"");
}

static void a_lost_file_breaks_the_seal(void **state)
{
	struct story *s = *state;

	seal(s);
	remove_file(s, "settlements.jsonl");
	assert_doubts(s, "settlements.jsonl is missing");
}

static void a_new_file_of_evidence_breaks_the_seal(void **state)
{
	struct story *s = *state;

	seal(s);
	scratch_write(&s->at, "notes-of-mine.txt", "nobody reads this");
	assert_passes(s);
	scratch_write(&s->at, "expected.yaml",
		      "unsupported:\n  - payer: a\n    payee: b\n"
		      "    reason: x\n");
	assert_doubts(s, "expected.yaml was not there");
}

#define T(t) cmocka_unit_test_setup_teardown(t, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(findings_that_were_counted_are_there),
		T(notes_that_were_counted_are_there),
		T(a_finding_that_was_not_counted_is_a_doubt),
		T(each_operation_has_its_settlement),
		T(balances_that_were_counted_are_there),
		T(payments_of_all_loads_are_there),
		T(a_check_whose_counts_are_gone_is_a_doubt),
		T(balances_without_counts_are_a_doubt),
		T(a_negative_count_is_a_doubt),
		T(operations_of_no_load_are_a_doubt),
		T(operations_behind_the_last_load_are_a_doubt),
		T(counts_of_a_load_that_are_none_are_errors),
		T(a_file_that_ends_within_a_line_is_a_doubt),
		T(a_load_after_the_check_is_unchecked),
		T(settlements_that_are_missing_are_unchecked),
		T(files_that_contradict_each_other_are_a_doubt),
		T(without_a_check_nothing_passes),
		T(the_answer_comes_before_the_error),
		T(without_an_answer_there_is_no_text),
		T(a_sealed_run_passes_again_and_again),
		T(a_changed_file_breaks_the_seal),
		T(a_lost_file_breaks_the_seal),
		T(a_new_file_of_evidence_breaks_the_seal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

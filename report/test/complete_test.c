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
	assert_ok(report_write(s->at.dir, NULL, &s->text, &s->exit_code, &err),
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

static void findings_that_were_counted_are_there(void **state)
{
	struct story *s = *state;

	add_phase(s, "check", "{\"findings\":0,\"notes\":0}");
	assert_passes(s);
	add_phase(s, "check", "{\"findings\":6,\"notes\":0}");
	assert_doubts(s, "findings.jsonl has 0 findings, phases.jsonl counts "
			 "6");
}

static void notes_that_were_counted_are_there(void **state)
{
	struct story *s = *state;

	add_phase(s, "check", "{\"findings\":0,\"notes\":1}");
	assert_doubts(s, "has 0 notes, phases.jsonl counts 1");
}

static void a_finding_that_was_not_counted_is_a_doubt(void **state)
{
	struct story *s = *state;
	const struct finding f = { .kind = FINDING_LOST, .note = true };
	struct error err = { 0 };

	add_phase(s, "check", "{\"findings\":0,\"notes\":0}");
	assert_ok(finding_append(s->at.dir, &f, &err), err);
	assert_doubts(s, "has 1 notes, phases.jsonl counts 0");
}

static void each_operation_has_its_settlement(void **state)
{
	struct story *s = *state;

	add_phase(s, "check", "{\"operations\":1}");
	assert_doubts(s, "operations, phases.jsonl counts 1");
	remove_file(s, "settlements.jsonl");
	add_phase(s, "check", "{\"operations\":58}");
	assert_doubts(s, "settlements.jsonl has 0 operations, phases.jsonl "
			 "counts 58");
}

static void balances_that_were_counted_are_there(void **state)
{
	struct story *s = *state;
	const struct balance b = { .currency = "USD" };
	struct error err = { 0 };

	add_phase(s, "check", "{\"balances\":1}");
	assert_doubts(s, "balances.jsonl has 0 balances, phases.jsonl counts "
			 "1");
	assert_ok(balance_append(s->at.dir, &b, &err), err);
	assert_passes(s);
	cut_last_byte(s, "balances.jsonl");
	assert_doubts(s, "balances.jsonl ends within a line");
}

static void payments_of_all_loads_are_there(void **state)
{
	struct story *s = *state;

	add_phase(s, "drive",
		  "{\"payments\":{\"ok\":1},\"issues\":{\"ok\":1}}");
	assert_passes(s);
	add_phase(s, "drive", "{\"payments\":{\"ok\":1000}}");
	assert_doubts(s, "payments answered ok, phases.jsonl counts 1001");
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
	char details[64];
	size_t count, lines;

	assert_ok(history_load(s->at.dir, &s->at.arena, &ops, &count, &err),
		  err);
	assert_ok(settlement_load(s->at.dir, &s->at.arena, &settled, &lines,
				  &err),
		  err);
	snprintf(details, sizeof(details), "{\"operations\":%zu}", lines);
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

/* Settlements alone prove nothing. */
static void without_a_check_nothing_passes(void **state)
{
	struct story *s = *state;

	scratch_write(&s->at, "phases.jsonl", "");
	add_phase(s, "drive", "{}");
	assert_doubts(s, "no check of the vaults was made");
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
		T(a_file_that_ends_within_a_line_is_a_doubt),
		T(a_load_after_the_check_is_unchecked),
		T(without_a_check_nothing_passes),
		T(a_sealed_run_passes_again_and_again),
		T(a_changed_file_breaks_the_seal),
		T(a_lost_file_breaks_the_seal),
		T(a_new_file_of_evidence_breaks_the_seal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

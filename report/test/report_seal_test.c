/* SPDX-License-Identifier: Apache-2.0 */
/* report_seal_test.c - what a report does to the files of a run: it writes its
 * own, or says the answer all the same, and covers up no change of others. */
#include "report/test/green_run.h"

#include "run/seal.h"

/* ---- a run that is judged and cannot be written ---- */

static void the_answer_comes_before_the_error(void **state)
{
	static const struct text_look json = { .json = true },
				      narrow = { .width = 60 };
	static const struct text_look *const looks[] = { NULL, &json, &narrow };
	struct green_run *s = *state;
	struct error err = { 0 };
	char path[PATH_ROOM];

	/* No file can take the place of a directory, not even root's. */
	path_join(path, s->at.dir, "junit.xml");
	assert_ok(dir_make(path, 0755, &err), err);
	for (size_t i = 0; i < ARRAY_SIZE(looks); i++) {
		buf_clear(&s->text);
		s->exit_code = -1;
		assert_error(report_write(s->at.dir, looks[i], &s->text,
					  &s->exit_code, &err),
			     err, "junit.xml");
		assert_int_equal(s->exit_code, 0);
		assert_non_null(strstr(buf_text(&s->text), "PASS"));
	}
}

static void without_an_answer_there_is_no_text(void **state)
{
	struct green_run *s = *state;

	scratch_write(&s->at, "phases.jsonl", "[]\n");
	assert_fails(s, "phases.jsonl:1:");
	assert_int_equal(s->text.len, 0);
}

/* ---- the seal ---- */

static void seal(struct green_run *s)
{
	struct error err = { 0 };

	assert_passes(s);
	assert_ok(seal_write(s->at.dir, &err), err);
	assert_passes(s);
	assert_file_has(s, "results.json", "\"seal\": \"whole\"");
}

static void a_sealed_run_passes_again_and_again(void **state)
{
	struct green_run *s = *state;
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
	struct green_run *s = *state;

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
	struct green_run *s = *state;

	seal(s);
	remove_file(s, "settlements.jsonl");
	assert_doubts(s, "settlements.jsonl is missing");
}

static void a_new_file_of_evidence_breaks_the_seal(void **state)
{
	struct green_run *s = *state;

	seal(s);
	scratch_write(&s->at, "notes-of-mine.txt", "nobody reads this");
	assert_passes(s);
	scratch_write(&s->at, "expected.yaml",
		      "unsupported:\n  - payer: a\n    payee: b\n"
		      "    reason: x\n");
	assert_doubts(s, "expected.yaml was added later");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		GREEN_TEST(the_answer_comes_before_the_error),
		GREEN_TEST(without_an_answer_there_is_no_text),
		GREEN_TEST(a_sealed_run_passes_again_and_again),
		GREEN_TEST(a_changed_file_breaks_the_seal),
		GREEN_TEST(a_lost_file_breaks_the_seal),
		GREEN_TEST(a_new_file_of_evidence_breaks_the_seal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

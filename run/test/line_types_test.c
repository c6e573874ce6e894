/* SPDX-License-Identifier: Apache-2.0 */
/* line_types_test.c - a member of another type is an error with file and line:
 * taken as absent, it could turn a failure into a pass.
 */
#include "base/cleanup.h"
#include "run/history.h"
#include "run/records.h"
#include "test/support/scratch.h"

enum { ROOM = 16 * 1024 * 1024 };

static int read_history(struct scratch *at)
{
	cleanup(history_reader_freep) struct history_reader *r = NULL;
	struct operation op;
	int rc = history_reader_open(at->dir, &r, &at->err);

	while (rc >= 0 && (rc = history_read(r, &op, &at->err)) > 0)
		;
	return rc;
}

static int read_settlements(struct scratch *at)
{
	cleanup(settlement_reader_freep) struct settlement_reader *r = NULL;
	struct settlement s;
	int rc = settlement_reader_open(at->dir, &r, &at->err);

	while (rc >= 0 && (rc = settlement_read(r, &s, &at->err)) > 0)
		;
	return rc;
}

static int read_findings(struct scratch *at)
{
	struct finding *f;
	size_t count;

	if (finding_load(at->dir, &at->arena, &f, &count, &at->err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		js_free(f[i].evidence);
	return 0;
}

static int read_balances(struct scratch *at)
{
	struct balance *b;
	size_t count;

	return balance_load(at->dir, &at->arena, &b, &count, &at->err);
}

static int read_phases(struct scratch *at)
{
	struct phase *p;
	size_t count;

	if (phase_load(at->dir, &at->arena, &p, &count, &at->err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		js_free(p[i].details);
	return 0;
}

/* Each file: a line that is read, and members of it that are not, in place of
 * the one of the same name. */
static const struct {
	const char *file;
	int (*read)(struct scratch *at);
	const char *line;
	struct {
		const char *good, *bad, *why;
	} members[20];
} files[] = {
	{ "history.jsonl",
	  read_history,
	  "{\"id\":1,\"kind\":\"pay\",\"payer\":\"a\",\"payee\":\"b\","
	  "\"notary\":\"n\",\"amount\":1,\"currency\":\"USD\","
	  "\"intended_us\":1,\"sent_us\":1,\"done_us\":1,\"outcome\":\"ok\","
	  "\"error_class\":null,\"error_text\":null,\"flow\":null,"
	  "\"tx\":\"AB\"}",
	  { { "\"id\":1", "\"id\":\"1\"", "id is not a whole number" },
	    { "\"id\":1", "\"id\":null", "id is missing" },
	    { "\"id\":1,", "", "id is missing" },
	    { "\"id\":1", "\"id\":0", "id is out of range" },
	    { "\"id\":1", "\"id\":-1", "id is out of range" },
	    { "\"id\":1", "\"id\":9007199254740993", "id is out of range" },
	    { "\"pay\"", "7", "kind is not a text" },
	    { "\"a\"", "[]", "payer is not a text" },
	    { "\"b\"", "true", "payee is not a text" },
	    { "\"n\"", "3", "notary is not a text" },
	    { "\"amount\":1", "\"amount\":\"1\"",
	      "amount is not a whole number" },
	    { "\"amount\":1", "\"amount\":1.5",
	      "amount is not a whole number" },
	    { "\"USD\"", "null", "currency is missing" },
	    { "\"sent_us\":1", "\"sent_us\":\"1\"",
	      "sent_us is not a whole number" },
	    { "\"ok\"", "0", "outcome is not a text" },
	    { "\"error_class\":null", "\"error_class\":{}",
	      "error_class is not a text" },
	    { "\"error_text\":null", "\"error_text\":false",
	      "error_text is not a text" },
	    { "\"flow\":null", "\"flow\":1", "flow is not a text" },
	    { "\"AB\"", "171", "tx is not a text" } } },
	{ "settlements.jsonl",
	  read_settlements,
	  "{\"op\":1,\"tx\":\"AB\",\"payer_has\":true,\"payee_has\":true,"
	  "\"notary_has\":true,\"in_flight\":false}",
	  { { "\"op\":1", "\"op\":\"1\"", "op is not a whole number" },
	    { "\"op\":1", "\"op\":-7", "op is not the id of an operation" },
	    { "\"AB\"", "171", "tx is not a text" },
	    { "\"payer_has\":true", "\"payer_has\":1",
	      "payer_has is not true or false" },
	    { "\"payee_has\":true", "\"payee_has\":\"true\"",
	      "payee_has is not true or false" },
	    { "\"payee_has\":true,", "", "payee_has is missing" },
	    { "\"notary_has\":true", "\"notary_has\":null",
	      "notary_has is missing" },
	    { "\"in_flight\":false", "\"in_flight\":0",
	      "in_flight is not true or false" } } },
	{ "findings.jsonl",
	  read_findings,
	  "{\"kind\":\"lost\",\"note\":false,\"tx\":\"AB\",\"op\":1,"
	  "\"payer\":\"a\",\"summary\":\"gone\",\"evidence\":{}}",
	  { { "\"lost\"", "1", "kind is not a text" },
	    { "\"note\":false", "\"note\":\"no\"",
	      "note is not true or false" },
	    { "\"AB\"", "171", "tx is not a text" },
	    { "\"op\":1", "\"op\":\"1\"", "op is not a whole number" },
	    { "\"a\"", "1", "payer is not a text" },
	    { "\"gone\"", "{}", "summary is not a text" },
	    { "{}}", "[]}", "evidence is not an object" } } },
	{ "balances.jsonl",
	  read_balances,
	  "{\"currency\":\"USD\",\"issuer\":\"a\",\"issued\":1,\"exited\":0,"
	  "\"told_elsewhere\":0,\"expected\":1,\"held\":1,\"nodes\":[]}",
	  { { "\"USD\"", "1", "currency is not a text" },
	    { "\"a\"", "1", "issuer is not a text" },
	    { "[]", "{}", "nodes is not a list" } } },
	{ "phases.jsonl",
	  read_phases,
	  "{\"phase\":\"check\",\"seconds\":1,\"summary\":\"done\","
	  "\"ok\":true,\"error\":null,\"kind\":null,\"cpu_pressure\":0.5,"
	  "\"details\":{}}",
	  { { "\"check\"", "1", "phase is not a text" },
	    { "\"check\"", "null", "phase is missing" },
	    { "\"seconds\":1", "\"seconds\":\"1\"", "seconds is not a number" },
	    { "\"ok\":true", "\"ok\":1", "ok is not true or false" },
	    { "\"error\":null", "\"error\":7", "error is not a text" },
	    { "\"kind\":null", "\"kind\":130", "kind is not a text" },
	    { "0.5", "\"high\"", "cpu_pressure is not a number" },
	    { "{}", "[]", "details is not an object" } } },
};

/* The line with `bad` in place of `good`, behind a good one. */
static void write_lines(struct scratch *at, const char *file, const char *line,
			const char *good, const char *bad)
{
	const char *from = strstr(line, good);
	char text[2048];

	assert_non_null(from);
	snprintf(text, sizeof(text), "%s\n%.*s%s%s\n", line, (int)(from - line),
		 line, bad, from + strlen(good));
	scratch_write(at, file, text);
}

static void members_of_another_type_are_errors(void **state)
{
	struct scratch *at = *state;
	char why[200];

	for (size_t f = 0; f < ARRAY_SIZE(files); f++) {
		write_lines(at, files[f].file, files[f].line, "}", "}");
		assert_ok(files[f].read(at), at->err);
		for (size_t i = 0; files[f].members[i].why; i++) {
			snprintf(why, sizeof(why), "%s:2: not a valid",
				 files[f].file);
			write_lines(at, files[f].file, files[f].line,
				    files[f].members[i].good,
				    files[f].members[i].bad);
			assert_error(files[f].read(at), at->err, why);
			assert_error(-1, at->err, files[f].members[i].why);
			assert_int_equal(at->err.kind, ERROR_INPUT);
		}
	}
}

/* A blank more, and the JSON library reads the line: with the same result. */
static void so_are_they_in_lines_of_another_shape(void **state)
{
	struct scratch *at = *state;

	write_lines(at, files[0].file, files[0].line, "\"tx\":\"AB\"",
		    " \"tx\" : \"AB\"");
	assert_ok(files[0].read(at), at->err);
	write_lines(at, files[0].file, files[0].line, "\"tx\":\"AB\"",
		    " \"tx\" : 171");
	assert_error(files[0].read(at), at->err, "tx is not a text");
	write_lines(at, files[0].file, files[0].line, "\"tx\":\"AB\"",
		    "\"tx\":\"AB\",\"tx\":\"CD\"");
	assert_error(files[0].read(at), at->err, "history.jsonl:2:");
	write_lines(at, files[0].file, files[0].line, "\"amount\":1",
		    "\"amount\":9223372036854775808");
	assert_error(files[0].read(at), at->err, "history.jsonl:2:");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(members_of_another_type_are_errors),
		SCRATCH_TEST(so_are_they_in_lines_of_another_shape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

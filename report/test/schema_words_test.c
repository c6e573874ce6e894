/* SPDX-License-Identifier: Apache-2.0 */
/* schema_words_test.c - the words that docs/schemas allows are those of the
 * program's own tables, all of them and no others. */
#include "report/words.h"

#include <string.h>

#include "base/cleanup.h"
#include "data/json.h"
#include "report/baseline.h"
#include "report/excuse.h"
#include "run/engine_names.h"
#include "test/support/test.h"

static const char file[] = "docs/schemas/common.schema.json";

static struct js *schema;

static int load(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_ok(js_read_file(file, &schema, &err), err);
	return 0;
}

static int unload(void **state)
{
	(void)state;
	js_free(schema);
	return 0;
}

static const struct js *definition(const char *name)
{
	const struct js *d = js_get(js_get(schema, "$defs"), name);

	if (!d)
		fail_msg("%s has no $defs/%s", file, name);
	return d;
}

static const struct js *part(const struct js *object, const char *member)
{
	return js_get(js_get(object, "properties"), member);
}

static void assert_words(const char *name, const char *const *words,
			 size_t count)
{
	const struct js *list = js_get(definition(name), "enum");

	for (size_t i = 0; i < count && i < js_count(list); i++)
		if (strcmp(js_text(js_at(list, i)), words[i]) != 0)
			fail_msg("$defs/%s has '%s', the table '%s'", name,
				 js_text(js_at(list, i)), words[i]);
	if (js_count(list) != count)
		fail_msg("$defs/%s has %zu words, the table %zu", name,
			 js_count(list), count);
}

/* An object has these members. */
static void assert_members(const char *name, const struct js *object,
			   const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!part(object, words[i]))
			fail_msg("%s lacks '%s'", name, words[i]);
}

static void verdicts_and_absences(void **state)
{
	const char *words[VERDICTS], *absences[ABSENT_APART];
	static const char *const seals[] = { "none", "whole", "broken" };

	(void)state;
	for (int v = 0; v < VERDICTS; v++)
		words[v] = verdict_name((enum verdict)v);
	assert_words("verdict", words, VERDICTS);
	for (int a = ABSENT_NOT + 1; a <= ABSENT_APART; a++)
		absences[a - 1] = absence_name((enum absence)a);
	assert_words("absence", absences, ABSENT_APART);
	for (int s = SEAL_NONE; s <= SEAL_BROKEN; s++)
		assert_string_equal(seal_word((enum seal_state)s), seals[s]);
	assert_words("seal", seals, ARRAY_SIZE(seals));
}

static void words_of_expected(void **state)
{
	static const char *const kinds[] = { "unsupported", "known-failure" };
	const char *states[EXCUSE_STATES - 1], *remarks[REMARKS];

	(void)state;
	for (int e = EXCUSE_NONE + 1; e < EXCUSE_STATES; e++)
		states[e - 1] = excuse_name((enum excuse_state)e);
	assert_words("expected_state", states, EXCUSE_STATES - 1);
	for (int r = 0; r < REMARKS; r++)
		remarks[r] = remark_name((enum remark_kind)r);
	assert_words("expected_remark", remarks, REMARKS);
	assert_string_equal(expected_word(EXPECTED_UNSUPPORTED), kinds[0]);
	assert_string_equal(expected_word(EXPECTED_KNOWN), kinds[1]);
	assert_words("expected_kind", kinds, ARRAY_SIZE(kinds));
}

static void words_of_a_comparison(void **state)
{
	const char *changes[CELL_CHANGES], *paces[PACES];

	(void)state;
	for (int c = 0; c < CELL_CHANGES; c++)
		changes[c] = cell_change_word((enum cell_change)c);
	assert_words("cell_change", changes, CELL_CHANGES);
	for (int p = 0; p < PACES; p++)
		paces[p] = pace_word((enum pace)p);
	assert_words("pace", paces, PACES);
}

static void kinds_of_findings(void **state)
{
	const char *words[FINDING_KINDS];

	(void)state;
	for (int k = 0; k < FINDING_KINDS; k++)
		words[k] = finding_name((enum finding_kind)k);
	assert_words("finding_kind", words, FINDING_KINDS);
}

static void kinds_of_operations(void **state)
{
	const struct js *drive = definition("details_drive");
	const char *words[OP_KINDS], *nouns[OP_KINDS], *plurals[OP_KINDS];
	const char *outcomes[OUTCOMES];

	(void)state;
	for (int k = 0; k < OP_KINDS; k++) {
		words[k] = op_kind_info((enum op_kind)k)->word;
		nouns[k] = op_kind_info((enum op_kind)k)->noun;
		plurals[k] = op_kind_info((enum op_kind)k)->nouns;
	}
	for (int o = 0; o < OUTCOMES; o++)
		outcomes[o] = op_outcome_word((enum op_outcome)o);
	assert_words("op_kind", words, OP_KINDS);
	assert_words("op_noun", nouns, OP_KINDS);
	assert_words("outcome", outcomes, OUTCOMES);
	assert_members("details_drive", drive, plurals, OP_KINDS);
	assert_members("load.mix", part(part(drive, "load"), "mix"), words,
		       OP_KINDS);
}

/* By the words, as error kinds are exit codes with gaps between them. */
static void kinds_of_errors(void **state)
{
	const struct js *list = js_get(definition("error_kind"), "enum");
	size_t known = 0;

	(void)state;
	for (int code = 1; code < 256; code++)
		known += error_kind_word((enum error_kind)code) != NULL;
	assert_int_equal(js_count(list), known);
	for (size_t i = 0; i < js_count(list); i++)
		if (!error_kind_of_word(js_text(js_at(list, i))))
			fail_msg("no error is '%s'", js_text(js_at(list, i)));
}

static void engines(void **state)
{
	const struct js *list = js_get(definition("engine"), "enum");
	char words[256] = "";

	(void)state;
	for (size_t i = 0; i < js_count(list); i++) {
		strcat(words, i ? " " : "");
		strcat(words, js_text(js_at(list, i)));
	}
	assert_string_equal(words, ENGINE_WORDS);
}

/* A count that is not described would be refused by the schema of a cell. */
static void counts(void **state)
{
	cleanup(js_freep) struct js *o = js_object();
	const struct counts none = { 0 };
	cleanup(buf_release) struct buf text = BUF_INIT(65536);
	struct error err = { 0 };
	char *at;

	(void)state;
	counts_set(o, &none);
	assert_ok(js_print(o, JS_LINE, &text, &err), err);
	for (at = strtok((char *)text.data, "{}\":0,"); at;
	     at = strtok(NULL, "{}\":0,"))
		if (!part(definition("counts"), at))
			fail_msg("$defs/counts lacks '%s'", at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_and_absences),
		cmocka_unit_test(words_of_expected),
		cmocka_unit_test(words_of_a_comparison),
		cmocka_unit_test(kinds_of_findings),
		cmocka_unit_test(kinds_of_operations),
		cmocka_unit_test(kinds_of_errors),
		cmocka_unit_test(engines),
		cmocka_unit_test(counts),
	};

	return cmocka_run_group_tests(tests, load, unload);
}

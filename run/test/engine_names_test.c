/* SPDX-License-Identifier: Apache-2.0 */
/* engine_names_test.c - the names of engines, one table for all who ask. */
#include "run/engine_names.h"

#include "base/cleanup.h"
#include "test/support/test.h"

static void words_and_ids_agree(void **state)
{
	(void)state;
	for (enum engine_id id = 0; id < ENGINE_IDS; id++)
		assert_int_equal(engine_id_of(engine_word(id)), id);
	assert_int_equal(engine_id_of("docker"), ENGINE_IDS);
	assert_int_equal(engine_id_of(""), ENGINE_IDS);
	assert_int_equal(engine_id_of(NULL), ENGINE_IDS);
}

static void lists_have_all_words(void **state)
{
	char words[256] = "", expected[256] = "";

	(void)state;
	for (enum engine_id id = 0; id < ENGINE_IDS; id++) {
		if (id) {
			strcat(words, " ");
			strcat(expected, id + 1 < ENGINE_IDS ? ", " : " or ");
		}
		strcat(words, engine_word(id));
		strcat(expected, engine_word(id));
	}
	assert_string_equal(ENGINE_WORDS, words);
	assert_string_equal(ENGINE_EXPECTED, expected);
}

static void one_is_a_cluster(void **state)
{
	(void)state;
	assert_false(engine_is_cluster("podman"));
	assert_true(engine_is_cluster("kubernetes"));
	assert_false(engine_is_cluster("docker"));
	assert_false(engine_is_cluster(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_and_ids_agree),
		cmocka_unit_test(lists_have_all_words),
		cmocka_unit_test(one_is_a_cluster),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

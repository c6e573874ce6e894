/* SPDX-License-Identifier: Apache-2.0 */
/* capability_test.c - an engine has a call exactly where its bit says so. */
#include "engine/engine.h"

#include <string.h>

#include "test/support/test.h"

static void bits_and_calls_agree(void **state)
{
	(void)state;
	for (enum engine_id id = 0; id < ENGINE_IDS; id++) {
		const struct engine_ops *ops = engine_ops_of(id);

		assert_int_equal(ops->id, id);
#define CAPABILITY(name, member, words)                                        \
	if (((ops->can & ENGINE_##name) != 0) != (ops->member != NULL))        \
		fail_msg("%s: " #member " and its bit differ", engine_word(id));
#define TRAIT(name)
#include "engine/capabilities.def"
#undef CAPABILITY
#undef TRAIT
	}
}

static void what_all_have_is_there(void **state)
{
	(void)state;
	for (enum engine_id id = 0; id < ENGINE_IDS; id++) {
		const struct engine_ops *ops = engine_ops_of(id);

		assert_true(ops->prepare && ops->apply && ops->find &&
			    ops->observe && ops->exec && ops->logs &&
			    ops->follow_log && ops->log_files && ops->owns &&
			    ops->remove && ops->left && ops->close);
		assert_true(ops->start_seconds > 0);
	}
}

static void an_error_names_who_can(void **state)
{
	const struct engine_ops none = { .id = ENGINE_ID_PODMAN };
	const struct engine e = { .ops = &none };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(engine_need(&e, ENGINE_SET_REPLICAS, &err), -1);
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_string_equal(err.text,
			    "the engine podman cannot change the number of "
			    "pods in a network that is up; kubernetes can");
	assert_int_equal(engine_need(&e, ENGINE_ROUTE, &err), -1);
	assert_string_equal(
		err.text,
		"the engine podman cannot redirect the traffic between "
		"two pods; no engine can yet");
}

static void an_engine_that_can_is_no_error(void **state)
{
	const struct engine e = { .ops = engine_ops_of(ENGINE_ID_KUBERNETES) };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(engine_need(&e, ENGINE_SET_REPLICAS, &err), 0);
	assert_int_equal(err.kind, ERROR_NONE);
}

static void signals_have_words(void **state)
{
	static const char *const words[] = { "TERM", "KILL", "STOP", "CONT" };

	(void)state;
	for (enum engine_signal s = 0; s < ENGINE_SIGNALS; s++)
		assert_string_equal(engine_signal_word(s), words[s]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bits_and_calls_agree),
		cmocka_unit_test(what_all_have_is_there),
		cmocka_unit_test(an_error_names_who_can),
		cmocka_unit_test(an_engine_that_can_is_no_error),
		cmocka_unit_test(signals_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

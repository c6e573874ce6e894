/* SPDX-License-Identifier: Apache-2.0 */
/* network_history_test.c - where network.yaml has its runs recorded, and what
 * it asks of the runs before. */
#include "run/network.h"

#include "base/cleanup.h"
#include "test/support/test.h"

#define HEAD                                                                   \
	"banks: [{release: maven:4.0, count: 2}]\n"                            \
	"notaries: [{release: maven:4.8}]\ncordapps: finance-4.0\n"

static int parse(const char *text, struct arena *arena, struct network *ret,
		 struct error *err)
{
	return network_parse("n.yaml", text, strlen(text), arena, ret, err);
}

static void keys_are_read(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 24);
	struct error err = { 0 };
	struct network net;

	(void)state;
	assert_ok(parse(HEAD, &arena, &net, &err), err);
	assert_int_equal(net.stable_gate, 0);
	assert_null(net.history_database);
	assert_ok(parse(HEAD "gates: {stable_runs: 3}\nhistory: {database: "
			     "\"postgresql://u@h/d\"}\n",
			&arena, &net, &err),
		  err);
	assert_int_equal(net.stable_gate, 3);
	assert_int_equal(net.settled_gate, 6);
	assert_string_equal(net.history_database, "postgresql://u@h/d");
}

static void what_is_wrong_is_named(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ HEAD "gates: {stable_runs: -1}\n",
		  "n.yaml:4:22: stable_runs: expected" },
		{ HEAD "history: {database: x}\n",
		  "n.yaml:4:21: history.database: expected "
		  "postgresql://USER@HOST:PORT/DATABASE" },
		{ HEAD "history: {database: \"postgresql://u:p@h/d\"}\n",
		  "n.yaml:4:21: history.database: the address contains a "
		  "password; put it" },
		{ HEAD "history: {databas: x}\n", "did you mean 'database'?" },
		{ HEAD "history: x\n", "n.yaml:4:10: expected history, a map" },
	};
	cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 24);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct error err = { 0 };
		struct network net;

		assert_error(parse(bad[i].text, &arena, &net, &err), err,
			     bad[i].why);
		assert_int_equal(err.kind, ERROR_INPUT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_are_read),
		cmocka_unit_test(what_is_wrong_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

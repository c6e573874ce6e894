/* SPDX-License-Identifier: Apache-2.0 */
/* network_keys_test.c - what the keys of any of our files have in common. */
#include "run/network.h"

#include "base/cleanup.h"
#include "test/support/test.h"

static struct arena arena = ARENA_INIT(4 * 1024 * 1024);

static int end(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static struct network parsed(const char *text)
{
	struct network net = { 0 };
	struct error err = { 0 };

	assert_ok(network_parse("n.yaml", text, strlen(text), &arena, &net,
				&err),
		  err);
	return net;
}

/* As programs write what is not set. */
static void null_is_as_if_absent(void **state)
{
	struct network net = parsed("banks: [{release: maven:4.0, jvm: null}, "
				    "{release: maven:4.10, count: ~}]\n"
				    "notaries: [{release: maven:4.8}]\n"
				    "cordapps: finance-4.0\n"
				    "storage_class: null\ncontext: ~\nload:\n"
				    "seed: null\ngates: {settled: null}\n");
	struct network without = parsed("banks: [{release: maven:4.0}, "
					"{release: maven:4.10}]\n"
					"notaries: [{release: maven:4.8}]\n"
					"cordapps: finance-4.0\n");

	(void)state;
	assert_null(net.storage_class);
	assert_null(net.context);
	assert_int_equal(net.node_count, 3);
	assert_int_equal(net.settled_gate, without.settled_gate);
	assert_int_equal(net.load.count, without.load.count);
}

static void a_required_key_that_is_null_is_missing(void **state)
{
	static const char text[] = "banks: [{release: null}]\n"
				   "notaries: [{release: maven:4.8}]\n"
				   "cordapps: finance-4.0\n";
	struct network net;
	struct error err = { 0 };

	(void)state;
	assert_error(network_parse("n.yaml", text, strlen(text), &arena, &net,
				   &err),
		     err, "needs the key 'release'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(null_is_as_if_absent, end),
		cmocka_unit_test_teardown(
			a_required_key_that_is_null_is_missing, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

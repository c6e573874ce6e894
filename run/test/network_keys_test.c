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

static void refused(const char *more, const char *why)
{
	cleanup(buf_release) struct buf text = BUF_INIT(4096);
	struct network net;
	struct error err = { 0 };

	buf_addf(&text,
		 "banks: [{release: maven:4.0, count: 2}]\n"
		 "notaries: [{release: maven:4.8}]\n"
		 "cordapps: finance-4.0\n%s",
		 more);
	assert_error(network_parse("n.yaml", text.data, text.len, &arena, &net,
				   &err),
		     err, why);
	assert_int_equal(err.kind, ERROR_INPUT);
}

/* There is one list of keys, and each file has its own. */
static void keys_of_the_resolved_file_are_unknown_here(void **state)
{
	(void)state;
	refused("medley: 1\n", "n.yaml:4:1: unknown key 'medley'");
	refused("releases: []\n", "n.yaml:4:1: unknown key 'releases'");
	refused("database_image: x\n",
		"n.yaml:4:1: unknown key 'database_image'");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(null_is_as_if_absent, end),
		cmocka_unit_test_teardown(
			a_required_key_that_is_null_is_missing, end),
		cmocka_unit_test_teardown(
			keys_of_the_resolved_file_are_unknown_here, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

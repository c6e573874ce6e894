/* SPDX-License-Identifier: Apache-2.0 */
/* network_saved_test.c - what network.yaml says, network.resolved.yaml keeps.
 */
#include "run/network_keys.h"

#include "base/cleanup.h"
#include "test/support/scratch.h"

/* What is laid out, or belongs to each node, is saved with the nodes. */
static void each_key_is_saved(void **state)
{
	static const char text[] =
		"banks: [{release: maven:4.0, count: 2}]\n"
		"notaries: [{release: maven:4.8}]\n"
		"cordapps: finance-4.0\nengine: kubernetes\nnamespace: n\n"
		"identity: doorman\ncontext: c\nstorage_class: s\n"
		"registry: r.example\nrepo: /\nseed: 9\n"
		"external_database: {host: h, port: 1, secret: x}\n"
		"resources: {cpu: 2, storage: 3Gi}\n"
		"kubernetes: {prefix: red-, labels: {a: b}, tolerations: "
		"[{key: k}], node_selector: {c: d}}\n"
		"load: {rate: 2.5, count: 7}\ngates: {settled: 3, stable_runs: "
		"4}\n"
		"history: {database: \"postgresql://u@h/d\"}\n"
		"timeouts: {boot: 11, settle: 12}\n";
	cleanup(buf_release) struct buf first = BUF_INIT(1 << 20),
					again = BUF_INIT(1 << 20);
	cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 24);
	struct network net, back;
	struct scratch *at = *state;
	struct error err = { 0 };
	assert_ok(network_parse("here", text, strlen(text), &arena, &net, &err),
		  err);
	assert_ok(network_write(&net, &first, &err), err);
	for (const struct key *k = NULL;
	     (k = keys_next(&network_given_keys, k));) {
		const char *name = k->name;
		char line[80];

		snprintf(line, sizeof(line), "\n%s:", name);
		if (k->only == NETWORK_GIVEN) {
			assert_null(strstr(buf_text(&first), line));
			continue;
		}
		if (!strstr(text, line) || !strstr(buf_text(&first), line))
			fail_msg("'%s' is not saved, or not in this test",
				 name);
	}
	assert_ok(network_save(&net, at->dir, &err), err);
	assert_ok(network_load(at->dir, &arena, &back, &err), err);
	assert_ok(network_write(&back, &again, &err), err);
	assert_string_equal(buf_text(&first), buf_text(&again));
	assert_int_equal(back.settled_gate, 3);
	assert_int_equal(back.stable_gate, 4);
	/* A run names no server. */
	assert_null(back.history_database);
	assert_int_equal(back.timeouts.settle, 12);
	assert_string_equal(back.storage_class, "s");
	assert_string_equal(back.extras.prefix, "red-");
	assert_string_equal(back.database_set, "red-database");
	assert_string_equal(back.nodes[0].set, "red-bank-4-0");
	assert_int_equal(back.extras.label_count, 1);
	assert_string_equal(back.extras.tolerations[0].key, "k");
}

/* It becomes part of names of databases, which are dropped. */
static void a_prefix_that_is_none_is_refused(void **state)
{
	static const char text[] = "banks: [{release: maven:4.0, count: 2}]\n"
				   "notaries: [{release: maven:4.8}]\n"
				   "cordapps: finance-4.0\n";
	struct network net, back;
	struct scratch *at = *state;

	assert_ok(network_parse("here", text, strlen(text), &at->arena, &net,
				&at->err),
		  at->err);
	net.extras.prefix = "a\"; drop -";
	assert_ok(network_save(&net, at->dir, &at->err), at->err);
	assert_error(network_load(at->dir, &at->arena, &back, &at->err),
		     at->err, "kubernetes: prefix: expected lower-case");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(each_key_is_saved),
		SCRATCH_TEST(a_prefix_that_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

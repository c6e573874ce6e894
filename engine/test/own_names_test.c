/* SPDX-License-Identifier: Apache-2.0 */
/* own_names_test.c - names that a run could have given, and others. */
#include "engine/own_names.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "test/support/test.h"

#define PREFIX "medley-20261121-075012-3f1a"

static void prefixes_are_of_one_form(void **state)
{
	static const char *const fit[] = { PREFIX,
					   "medley-20261121-075012-2-00ff",
					   "medley-kept-3f1a" };
	static const char *const others[] = {
		"",
		"-",
		"--all",
		"medley",
		"medley-",
		"medley-3f1a",
		"medley--3f1a ",
		"medley-a-3F1A",
		"medley-a-3f1",
		"medley-a-3f1ag",
		"-medley-a-3f1a",
		"other-20261121-075012-3f1a",
		"medley-a/b-3f1a",
		"medley-a\n-3f1a",
		PREFIX "\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(fit); i++)
		if (!own_prefix(fit[i]))
			fail_msg("%s", fit[i]);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (own_prefix(others[i]))
			fail_msg("'%s'", others[i]);
}

static void names_begin_with_the_prefix(void **state)
{
	static const char *const others[] = {
		"--all",
		"-a",
		"",
		"medley-other",
		"database",
		PREFIX "b",
		PREFIX "-a --all",
		PREFIX "-a/../b",
		PREFIX "-a\n--all",
	};

	(void)state;
	assert_true(own_name(PREFIX, PREFIX));
	assert_true(own_name(PREFIX, PREFIX "-bank-4-10-0"));
	assert_true(own_name(PREFIX, PREFIX "-bank-4-10-0.conf_1"));
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (own_name(PREFIX, others[i]))
			fail_msg("'%s'", others[i]);
}

static void databases_are_those_of_nodes(void **state)
{
	struct network_node nodes[] = { { .database = "bank_4_10_0" },
					{ .database = "notary_4_8_0" },
					{ .database = "production" },
					{ .database = "bank_\"; drop" } };
	struct network net = { .nodes = nodes, .node_count = 4 };

	(void)state;
	assert_true(own_database(&net, "bank_4_10_0"));
	assert_true(own_database(&net, "notary_4_8_0"));
	assert_true(own_database(&net, "doorman"));
	assert_false(own_database(&net, "bank_4_10_1"));
	assert_false(own_database(&net, "production"));
	assert_false(own_database(&net, "postgres"));
	assert_false(own_database(&net, "bank_\"; drop"));
}

/* Of a network that shares a namespace, and so maybe a server. */
static void databases_have_the_prefix_of_their_network(void **state)
{
	struct network_node nodes[] = { { .database = "red_bank_4_10_0" },
					{ .database = "red_production" },
					{ .database = "bank_4_10_0" } };
	struct network net = { .extras.prefix = "red-",
			       .nodes = nodes,
			       .node_count = 3 };

	(void)state;
	assert_true(own_database(&net, "red_bank_4_10_0"));
	assert_true(own_database(&net, "red_doorman"));
	assert_false(own_database(&net, "red_production"));
	assert_false(own_database(&net, "bank_4_10_0"));
	assert_false(own_database(&net, "doorman"));
}

static bool owns(struct engine *e, const struct inventory_item *item)
{
	(void)e;
	return own_name(PREFIX, item->name);
}

/* As long as somebody else makes an inventory. */
static void own_items_come_first(void **state)
{
	static const struct engine_ops ops = { .owns = owns };
	struct engine engine = { .ops = &ops };
	enum { MANY = 200000, OWN = MANY / 4 };
	struct inventory_item *items = calloc(MANY, sizeof(*items));
	char(*names)[40] = calloc(MANY, sizeof(*names));

	(void)state;
	assert_non_null(items);
	assert_non_null(names);
	for (int i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "%s-%06d",
			 i % 4 == 3 ? PREFIX : "other", i);
		items[i] = (struct inventory_item){ "pod", names[i] };
	}
	assert_int_equal(own_items(&engine, items, MANY), OWN);
	for (int i = 1; i < MANY; i++)
		if (i != OWN)
			assert_true(strcmp(items[i - 1].name, items[i].name) <
				    0);
	assert_true(owns(&engine, &items[OWN - 1]));
	assert_false(owns(&engine, &items[OWN]));
	assert_int_equal(own_items(&engine, items, 0), 0);
	free(items);
	free(names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefixes_are_of_one_form),
		cmocka_unit_test(names_begin_with_the_prefix),
		cmocka_unit_test(databases_are_those_of_nodes),
		cmocka_unit_test(databases_have_the_prefix_of_their_network),
		cmocka_unit_test(own_items_come_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

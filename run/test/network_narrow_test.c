/* SPDX-License-Identifier: Apache-2.0 */
/* network_narrow_test.c - the part of a network that a cell needs. */
#include "run/network_narrow.h"

#include "run/load.h"
#include "test/support/scratch.h"

static const char three[] = "banks: [{release: maven:4.0, count: 2},"
			    " {release: maven:4.5}, {release: maven:4.10}]\n"
			    "notaries: [{release: maven:4.5},"
			    " {release: maven:4.8}]\n"
			    "cordapps: finance-4.0\n"
			    "load: {count: 240, rate: 8}\n";

static struct network network(struct scratch *at)
{
	struct network net;

	assert_ok(network_parse("here", three, strlen(three), &at->arena, &net,
				&at->err),
		  at->err);
	return net;
}

static struct network narrowed(struct scratch *at, const char *cell)
{
	struct network net = network(at);

	assert_ok(network_narrow(&net, cell, &at->arena, &at->err), at->err);
	return net;
}

static void names(const struct network *net, const char *want)
{
	char text[256] = "";

	for (unsigned i = 0; i < net->node_count; i++) {
		strcat(strcat(text, i ? " " : ""), net->nodes[i].name);
		strcat(text, "/");
		strcat(text, net->releases[net->nodes[i].release].label);
	}
	assert_string_equal(text, want);
}

static void a_cell_keeps_its_releases(void **state)
{
	struct network net = narrowed(*state, "4.10:4.5:4.8");

	assert_int_equal(net.release_count, 3);
	names(&net, "bank-4.5-0/4.5 bank-4.10-0/4.10 notary-4.8-0/4.8");
	net = narrowed(*state, "4.10:4.5:4.5");
	assert_int_equal(net.release_count, 2);
	names(&net, "bank-4.5-0/4.5 bank-4.10-0/4.10 notary-4.5-0/4.5");
	net = narrowed(*state, "4.0:4.10");
	names(&net, "bank-4.0-0/4.0 bank-4.0-1/4.0 bank-4.10-0/4.10 "
		    "notary-4.5-0/4.5 notary-4.8-0/4.8");
	net = narrowed(*state, "4.0:4.0:4.8");
	names(&net, "bank-4.0-0/4.0 bank-4.0-1/4.0 notary-4.8-0/4.8");
}

/* 4 * 3 pairs with 2 notaries are 24 cells of nodes, of which 2 are left; 2 of
 * 4 banks are. */
static void a_cell_keeps_its_load(void **state)
{
	struct network net = narrowed(*state, "4.10:4.5:4.8");

	assert_int_equal(net.load.count, 20);
	assert_true(net.load.rate > 3.99 && net.load.rate < 4.01);
	assert_int_equal(load_cells(&net), 2);
}

static void no_such_cell(void **state)
{
	static const char *const cells[] = { "4.10:4.5:4.9", "4.10", "",
					     "4.8:4.5:4.8", "4.10:4.5:4.8:" };
	struct scratch *at = *state;

	for (size_t i = 0; i < ARRAY_SIZE(cells); i++) {
		struct network net = network(at);

		assert_int_equal(network_narrow(&net, cells[i], &at->arena,
						&at->err),
				 -1);
		assert_int_equal(at->err.kind, ERROR_INPUT);
		assert_non_null(strstr(at->err.text, "4.0, 4.5, 4.10"));
		assert_int_equal(net.node_count, 6);
	}
}

static void one_bank_pays_nobody(void **state)
{
	struct scratch *at = *state;
	struct network net = network(at);

	assert_int_equal(
		network_narrow(&net, "4.5:4.5:4.8", &at->arena, &at->err), -1);
	assert_non_null(strstr(at->err.text, "nobody to pay"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_cell_keeps_its_releases),
		SCRATCH_TEST(a_cell_keeps_its_load),
		SCRATCH_TEST(no_such_cell),
		SCRATCH_TEST(one_bank_pays_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

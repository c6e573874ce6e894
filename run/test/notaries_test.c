/* SPDX-License-Identifier: Apache-2.0 */
/* notaries_test.c - how many nodes a notary is, by what network.yaml says. */
#include "base/cleanup.h"
#include "run/network.h"
#include "test/support/scratch.h"

static struct network net;

/* The notaries' lines, below two banks. */
static int read_notaries(struct scratch *s, const char *lines, const char *more)
{
	const char *text = arena_printf(&s->arena,
					"banks: [{release: maven:4.8, count: "
					"2}]\nnotaries:\n%scordapps: "
					"finance-4.0\n%s",
					lines, more);

	assert_non_null(text);
	return network_parse("network.yaml", text, strlen(text), &s->arena,
			     &net, &s->err);
}

static void a_notary_of_several_nodes(void **state)
{
	struct scratch *s = *state;
	const struct network_node *n;

	assert_ok(read_notaries(s,
				"- {release: maven:4.8, cluster: raft}\n"
				"- {release: maven:4.8}\n",
				""),
		  s->err);
	n = &net.nodes[4];
	assert_int_equal(net.node_count, 6);
	assert_string_equal(n->name, "notary-4.8-raft-2");
	assert_string_equal(n->set, "notary-4-8-raft");
	assert_string_equal(n->service, "O=notary-4.8-raft, L=London, C=GB");
	assert_string_equal(network_party(n), n->service);
	assert_string_equal(net.releases[n->release].label, "4.8+raft");
	assert_ptr_equal(network_notary(&net, n), &net.nodes[2]);
	/* Two notaries, each counts once. */
	assert_int_equal(net.load.count, 36);
	n = &net.nodes[5];
	assert_null(n->service);
	assert_string_equal(network_party(n), n->legal_name);
	assert_ptr_equal(network_notary(&net, n), n);
}

static void one_that_agrees_by_bft_smart_is_four(void **state)
{
	struct scratch *s = *state;
	const struct network_node *n;

	assert_ok(read_notaries(s,
				"- {release: maven:4.8, cluster: bft-smart}\n",
				""),
		  s->err);
	n = &net.nodes[5];
	assert_int_equal(net.node_count, 6);
	assert_string_equal(n->name, "notary-4.8-bft-smart-3");
	assert_string_equal(n->set, "notary-4-8-bft-smart");
	assert_string_equal(n->database, "notary_4_8_bft_smart_3");
	assert_string_equal(n->service,
			    "O=notary-4.8-bft-smart, L=London, C=GB");
	assert_string_equal(net.releases[n->release].label, "4.8+bft-smart");
	for (int i = 4; i <= 8; i++) {
		char line[80];

		snprintf(line, sizeof(line),
			 "- {release: a, cluster: bft-smart, count: %d}\n", i);
		if (i != 6)
			assert_ok(read_notaries(s, line, "repo: .\n"), s->err);
	}
}

/* By Raft most of them do, by BFT-SMaRt each waits for all others. */
static void how_many_must_be_up(void **state)
{
	const struct network_node raft = { .cluster = "raft" };
	const struct network_node bft = { .cluster = "bft-smart" };
	const struct network_node alone = { 0 };

	(void)state;
	assert_int_equal(network_notary_needs(&alone, 1), 1);
	assert_int_equal(network_notary_needs(&raft, 3), 2);
	assert_int_equal(network_notary_needs(&raft, 4), 3);
	assert_int_equal(network_notary_needs(&bft, 4), 4);
}

static void what_cannot_be_is_told_where(void **state)
{
	static const struct {
		const char *line, *more, *error;
	} bad[] = {
		{ "- {release: maven:4.8, count: 2}\n", "",
		  "3:31: count: a notary of several nodes needs 'cluster: "
		  "raft' or 'cluster: bft-smart'; to have several notaries, "
		  "write an entry for each" },
		{ "- {release: maven:4.8, cluster: bft}\n", "",
		  "3:33: cluster: expected one of raft|bft-smart, not 'bft'" },
		{ "- {release: maven:4.8, cluster: bft-smart, count: 3}\n", "",
		  "3:51: count: expected 4, 5, 7 or 8 nodes with bft-smart" },
		{ "- {release: maven:4.8, cluster: bft-smart, count: 6}\n", "",
		  "3:51: count: expected 4, 5, 7 or 8 nodes with bft-smart" },
		{ "- {release: maven:4.8, cluster: bft-smart, count: 9}\n", "",
		  "3:51: count: expected 4, 5, 7 or 8 nodes with bft-smart; "
		  "with 6 or 9, too few nodes sign" },
		{ "- {release: maven:4.8, cluster: bft-smart, "
		  "validating: true}\n",
		  "",
		  "3:56: validating: a bft-smart notary cannot validate; "
		  "expected false" },
		{ "- {release: maven:4.8, cluster: bft-smart}\n",
		  "identity: doorman\n",
		  "3:33: cluster: a bft-smart notary cannot register itself; "
		  "with 'identity: doorman', expected raft" },
	};
	struct scratch *s = *state;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		s->err = (struct error){ 0 };
		assert_error(read_notaries(s, bad[i].line, bad[i].more), s->err,
			     bad[i].error);
		assert_int_equal(s->err.kind, ERROR_INPUT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_notary_of_several_nodes),
		SCRATCH_TEST(one_that_agrees_by_bft_smart_is_four),
		SCRATCH_TEST(how_many_must_be_up),
		SCRATCH_TEST(what_cannot_be_is_told_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

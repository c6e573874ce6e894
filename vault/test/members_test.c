/* SPDX-License-Identifier: Apache-2.0 */
/* members_test.c - which transactions belong to a network. */
#include "vault/members.h"

#include "base/cleanup.h"
#include "test/support/test.h"
#include "vault/check.h"

enum { ROOM = 1024 * 1024 };
#define ISSUE                                                                  \
	"vault/4.0/issue-"                                                     \
	"2283D0C2D1F0A50E8989D3BE5E21A21B24B5A1731CB2F13D3FB7FCA5E3B9B6CC.bin"
#define NAME(who) "O=" who ", L=London, C=GB"

static struct release release = { .label = "4.0" };
static struct network_node nodes[] = {
	{ .name = "bank-a", .legal_name = NAME("BankA") },
	{ .name = "notary", .legal_name = NAME("Notary"), .role = NODE_NOTARY },
	{ .name = "bank-d", .legal_name = NAME("BankD") },
};

/* What was read of an issue of BankA's, and a network that it belongs to. */
struct story {
	struct check check;
	struct buf blob, room;
	struct arena arena;
	struct transaction tx;
	struct key_hashes hashes;
	struct member list[2];
	char hashes_text[2][KEY_HASH_TEXT];
	uint8_t parameters[FACT_ID];
};

static void list(struct story *s, unsigned at, unsigned node,
		 const struct tx_key *key)
{
	key_hash_text(s->hashes_text[at], key);
	s->list[at] = (struct member){ (uint16_t)node, s->hashes_text[at] };
}

static int begin(void **state)
{
	static struct story s;
	struct error err = { 0 };

	s = (struct story){
		.check = { .net = { .releases = &release,
				    .release_count = 1,
				    .nodes = nodes,
				    .node_count = ARRAY_SIZE(nodes) },
			   .members = { .list = s.list, .count = 2 } },
		.blob = test_vector(ISSUE),
		.room = BUF_INIT(ROOM),
		.arena = ARENA_INIT(16 * ROOM),
	};
	assert_ok(transaction_read(s.blob.data, s.blob.len, &s.room, &s.arena,
				   &s.tx, &err),
		  err);
	assert_int_equal(s.tx.output_count, 1);
	list(&s, 0, 0, &s.tx.outputs[0].cash.issuer.key);
	list(&s, 1, 1, &s.tx.notary.key);
	*state = &s;
	return 0;
}

static int end(void **state)
{
	struct story *s = *state;

	buf_release(&s->blob);
	buf_release(&s->room);
	arena_release(&s->arena);
	return 0;
}

static void is(struct story *s, enum foreign foreign)
{
	assert_int_equal(members_judge(&s->check, &s->tx, &s->hashes), foreign);
}

static void its_own_issue_belongs_to_it(void **state)
{
	struct story *s = *state;

	is(s, FOREIGN_NOT);
	assert_false(members_issuer_missing(&s->tx));
}

static void a_namesake_has_another_key(void **state)
{
	struct story *s = *state;

	s->list[0].key_hash = s->list[1].key_hash;
	is(s, FOREIGN_ISSUER);
	s->list[1].key_hash = "DLx";
	is(s, FOREIGN_NOTARY);
}

static void a_party_without_known_keys_is_not_judged(void **state)
{
	struct story *s = *state;

	s->check.members.count = 0;
	is(s, FOREIGN_NOT);
}

static void strangers_do_not_belong_to_it(void **state)
{
	struct story *s = *state;

	s->check.members.count = 0;
	s->tx.outputs[0].cash.issuer.name = NAME("BankX");
	is(s, FOREIGN_ISSUER);
	s->tx.outputs[0].cash.issuer.name = NULL;
	is(s, FOREIGN_ISSUER);
	s->tx.outputs[0].notary.name = NAME("NotaryX");
	is(s, FOREIGN_NOTARY);
}

static void a_bank_is_not_a_notary(void **state)
{
	struct story *s = *state;

	s->tx.notary = s->tx.outputs[0].cash.issuer;
	is(s, FOREIGN_NOTARY);
}

static void a_state_moves_to_a_notary_of_the_network(void **state)
{
	struct story *s = *state;

	s->tx.kind = TX_NOTARY_CHANGE;
	s->tx.output_count = 0;
	s->tx.new_notary = s->tx.notary;
	is(s, FOREIGN_NOT);
	s->tx.new_notary.name = NAME("NotaryX");
	is(s, FOREIGN_NOTARY);
}

static void an_exit_is_of_its_cash(void **state)
{
	struct story *s = *state;

	s->tx.commands[0].exit = true;
	s->tx.commands[0].exited = s->tx.outputs[0].cash;
	is(s, FOREIGN_NOT);
	s->tx.commands[0].exited.issuer.name = NAME("BankX");
	is(s, FOREIGN_ISSUER);
}

static void its_parameters_are_those_of_a_node(void **state)
{
	struct story *s = *state;

	assert_true(s->tx.has_parameters);
	s->check.members.parameters = &s->parameters;
	s->check.members.parameters_count = 1;
	is(s, FOREIGN_PARAMETERS);
	memcpy(s->parameters, s->tx.parameters.bytes, FACT_ID);
	is(s, FOREIGN_NOT);
}

static void an_issuer_signs(void **state)
{
	struct story *s = *state;

	s->tx.signature_count = 0;
	assert_true(members_issuer_missing(&s->tx));
	s->tx.commands[0].issue = false;
	assert_false(members_issuer_missing(&s->tx));
}

/* The signatures are good, and one is another bank's than the issuer. */
static void another_bank_signs(void **state)
{
	struct story *s = *state;

	s->tx.outputs[0].cash.issuer.key = s->tx.notary.key;
	assert_true(members_issuer_missing(&s->tx));
}

#define STORY(fn) cmocka_unit_test_setup_teardown(fn, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(its_own_issue_belongs_to_it),
		STORY(a_namesake_has_another_key),
		STORY(a_party_without_known_keys_is_not_judged),
		STORY(strangers_do_not_belong_to_it),
		STORY(a_bank_is_not_a_notary),
		STORY(a_state_moves_to_a_notary_of_the_network),
		STORY(an_exit_is_of_its_cash),
		STORY(its_parameters_are_those_of_a_node),
		STORY(an_issuer_signs),
		STORY(another_bank_signs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

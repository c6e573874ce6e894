/* SPDX-License-Identifier: Apache-2.0 */
/* column_plants_test.c - defects in single columns of the vaults. */
#include "test/support/plant.h"
#include "test/support/test.h"

#define OUTPUT " where transaction_id = '{tx}' and output_index = {output}"
#define SET(table, what)                                                       \
	{                                                                      \
		{                                                              \
			"payee", "update " table " set " what OUTPUT           \
		}                                                              \
	}
#define OTHER_VALUE { { FINDING_ROW_MISMATCH, "payee", "another value" } }
#define OTHER_OWNER                                                            \
	{ { FINDING_ROW_MISMATCH, "payee",                                     \
	    "names a wrong owner, or none, for output" } }
#define OTHER_PARTY                                                            \
	{ { FINDING_ROW_MISMATCH, "payee", "names other parties for output" } }
#define SOMEBODY "'O=X, L=X, C=GB'"

/* ---- names of owners whose key alone is in the output ---- */

#define CHANGE " where transaction_id = '{tx}' and output_index = {change};"
#define UNNAMED_CASH "update contract_cash_states set owner_name = null" CHANGE
#define UNNAMED_FUNGIBLE                                                       \
	"update vault_fungible_states set owner_name = null" CHANGE
#define UNNAMED_PARTY "update state_party set x500_name = null" CHANGE
#define UNNAMED UNNAMED_CASH UNNAMED_FUNGIBLE UNNAMED_PARTY

#define CHANGE_IS_UNNAMED(of)                                                  \
	{                                                                      \
		.name = "change_is_unnamed",                                   \
		.run = (of),                                                   \
		.steps = { { "payer", UNNAMED } },                             \
		.wanted = { { FINDING_ROW_MISMATCH, "payer",                   \
			      "or none, for output {change}" } },              \
	}

/* The payer is of a release of which nothing is known. */
static void forget_the_release(struct planting *p)
{
	struct network *net = &p->trial.net;
	struct release *releases = arena_array(
		&p->trial.arena, net->release_count, sizeof(*releases));

	assert_non_null(releases);
	for (unsigned i = 0; i < net->release_count; i++)
		releases[i] = net->releases[i];
	releases[net->nodes[p->payer].release].platform = 999;
	net->releases = releases;
}

static const struct plant plants[] = {
	{ .name = "constraint_has_another_key",
	  .steps = SET("vault_states",
		       "constraint_data = set_byte(constraint_data, 80, 1)"),
	  .wanted = OTHER_VALUE },
	{ .name = "constraint_has_no_data",
	  .run = "raft",
	  .steps = SET("vault_states", "constraint_data = null"),
	  .wanted = OTHER_VALUE },
	{ .name = "constraint_is_of_another_type",
	  .run = "validating",
	  .steps = SET("vault_states", "constraint_type = 0"),
	  .wanted = OTHER_VALUE },
	{ .name = "state_is_of_another_class",
	  .run = "two-contracts",
	  .steps = SET("vault_states", "contract_state_class_name = 'X'"),
	  .wanted = OTHER_VALUE },
	{ .name = "state_is_not_relevant",
	  .steps = SET("vault_states", "relevancy_status = 1"),
	  .wanted = { { FINDING_ROW_MISMATCH, "payee", "" } } },

	{ .name = "fungible_issuer_is_another",
	  .steps = SET("vault_fungible_states", "issuer_name = " SOMEBODY),
	  .wanted = OTHER_VALUE },
	{ .name = "fungible_issuer_is_none",
	  .run = "raft",
	  .steps = SET("vault_fungible_states", "issuer_name = null"),
	  .wanted = OTHER_VALUE },
	{ .name = "fungible_reference_is_another",
	  .run = "validating",
	  .steps = SET("vault_fungible_states", "issuer_ref = '\\x02'"),
	  .wanted = OTHER_VALUE },
	{ .name = "cash_reference_is_another",
	  .run = "two-contracts",
	  .steps = SET("contract_cash_states", "issuer_ref = '\\x02'"),
	  .wanted = OTHER_VALUE },
	{ .name = "cash_issuer_is_another",
	  .run = "two-contracts",
	  .steps = SET("contract_cash_states", "issuer_key_hash = 'DLX'"),
	  .wanted = OTHER_VALUE },

	{ .name = "fungible_owner_is_another",
	  .steps = SET("vault_fungible_states", "owner_name = " SOMEBODY),
	  .wanted = OTHER_OWNER },
	{ .name = "cash_owner_is_another",
	  .run = "raft",
	  .steps = SET("contract_cash_states", "owner_name = " SOMEBODY),
	  .wanted = OTHER_OWNER },

	/* Each release leaves the names out once. */
	CHANGE_IS_UNNAMED("two-releases"),
	CHANGE_IS_UNNAMED("validating"),
	CHANGE_IS_UNNAMED("two-notaries"),
	CHANGE_IS_UNNAMED("raft"),
	CHANGE_IS_UNNAMED("two-contracts"),
	{ .name = "cash_owner_of_change_is_none",
	  .steps = { { "payer", UNNAMED_CASH } },
	  .wanted = { { FINDING_ROW_MISMATCH, "payer",
			"or none, for output {change}" } } },
	{ .name = "fungible_owner_of_change_is_none",
	  .steps = { { "payer", UNNAMED_FUNGIBLE } },
	  .wanted = { { FINDING_ROW_MISMATCH, "payer",
			"or none, for output {change}" } } },
	{ .name = "party_of_change_is_none",
	  .steps = { { "payer", UNNAMED_PARTY } },
	  .wanted = { { FINDING_ROW_MISMATCH, "payer",
			"names other parties for output {change}" } } },
	{ .name = "an_unknown_release_may_leave_names_out",
	  .steps = { { "payer", UNNAMED } },
	  .act = forget_the_release,
	  .harm = HARM_NONE },

	{ .name = "party_has_another_name",
	  .steps = SET("state_party", "x500_name = " SOMEBODY),
	  .wanted = OTHER_PARTY },
	{ .name = "party_has_another_key",
	  .run = "raft",
	  .steps = SET("state_party", "public_key_hash = 'DLX'"),
	  .wanted = OTHER_PARTY },
	{ .name = "party_is_missing",
	  .run = "validating",
	  .steps = { { "payee", "delete from state_party" OUTPUT } },
	  .wanted = OTHER_PARTY },
	{ .name = "a_party_too_many",
	  .run = "two-contracts",
	  .steps = { { "payee", "insert into state_party (transaction_id,"
				" output_index, public_key_hash, x500_name)"
				" values ('{tx}', {output}, 'DLX',"
				" " SOMEBODY ")" } },
	  .wanted = OTHER_PARTY },
	{ .name = "a_party_of_the_change",
	  .run = "two-notaries",
	  .steps = { { "payee", "alter table state_party disable trigger all;"
				"insert into state_party (transaction_id,"
				" output_index, public_key_hash, x500_name)"
				" values ('{tx}', {change}, 'DLX', null)" } },
	  .wanted = OTHER_PARTY },
};

int main(int argc, char **argv)
{
	return plants_main(argc, argv, plants, ARRAY_SIZE(plants));
}

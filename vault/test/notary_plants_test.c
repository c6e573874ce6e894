/* SPDX-License-Identifier: Apache-2.0 */
/* notary_plants_test.c - defects in what a notary has committed; the rules of
 * blame are those of docs/verdicts.md, "Which transaction a finding names". */
#include "test/support/plant.h"
#include "test/support/test.h"

/* One id before, and one behind, whatever the payment's is. */
#define LOW "0000000000000000000000000000000000000000000000000000000000000001"
#define HIGH "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE"

#define UNLIST                                                                 \
	"delete from node_notary_committed_txs where transaction_id = '{tx}';"
#define UNSPEND                                                                \
	"delete from node_notary_committed_states"                             \
	" where consuming_transaction_id = '{tx}';"
#define LIST(id) "insert into node_notary_committed_txs values ('" id "');"
/* The table's key allows one consumer of a state. */
#define UNLOCK                                                                 \
	"alter table node_notary_committed_states"                             \
	" drop constraint node_notary_states_pkey;"
#define SPEND(id, index, by)                                                   \
	"insert into node_notary_committed_states"                             \
	" (transaction_id, output_index, consuming_transaction_id)"            \
	" values ('" id "', " index ", '" by "');"
#define SPEND_INPUT(by) UNLOCK SPEND("{input}", "{index}", by)
#define SPEND_OUTPUT(by) SPEND("{tx}", "{output}", by)
#define RESPEND(by)                                                            \
	"update node_notary_committed_states"                                  \
	" set consuming_transaction_id = '" by "'"                             \
	" where consuming_transaction_id = '{tx}';"

#define DOUBLED                                                                \
	{ { FINDING_DOUBLED, "notary", "as spent by another transaction" } }
#define CONSUMED                                                               \
	{ { FINDING_LOST, "notary",                                            \
	    "as spent by a transaction that does not spend it" } }

static const struct plant plants[] = {
	/* ---- one of the notary's two lists ---- */

	{ .name = "it_is_not_listed",
	  .steps = { { "notary", UNLIST } },
	  .wanted = { { FINDING_NOT_RECORDED, "notary",
			"does not list the transaction" } } },
	{ .name = "it_is_not_listed_by_another_release",
	  .run = "two-notaries",
	  .steps = { { "notary", UNLIST } },
	  .wanted = { { FINDING_NOT_RECORDED, "notary",
			"does not list the transaction" } } },
	{ .name = "it_is_listed_alone",
	  .steps = { { "notary", UNSPEND } },
	  .wanted = { { FINDING_NOT_RECORDED, "notary",
			"has not committed the states that it spends" } } },

	/* ---- two consumers of one state ---- */

	{ .name = "an_unknown_rival_before",
	  .steps = { { "notary", SPEND_INPUT(LOW) } },
	  .wanted = DOUBLED },
	{ .name = "an_unknown_rival_behind",
	  .steps = { { "notary", SPEND_INPUT(HIGH) } },
	  .wanted = DOUBLED },
	{ .name = "a_listed_rival_before",
	  .steps = { { "notary", SPEND_INPUT(LOW) LIST(LOW) } },
	  .wanted = DOUBLED },
	{ .name = "a_listed_rival_behind",
	  .steps = { { "notary", SPEND_INPUT(HIGH) LIST(HIGH) } },
	  .wanted = DOUBLED },
	{ .name = "a_known_rival_before",
	  .steps = { { "notary", SPEND_INPUT("{before}") } },
	  .wanted = DOUBLED },
	{ .name = "a_known_rival_behind",
	  .steps = { { "notary", SPEND_INPUT("{behind}") } },
	  .wanted = DOUBLED },
	{ .name = "an_unknown_rival_in_its_place_before",
	  .run = "validating",
	  .steps = { { "notary", RESPEND(LOW) } },
	  .wanted = DOUBLED },
	{ .name = "an_unknown_rival_in_its_place_behind",
	  .run = "validating",
	  .steps = { { "notary", RESPEND(HIGH) } },
	  .wanted = DOUBLED },
	{ .name = "a_known_rival_in_its_place_before",
	  .run = "validating",
	  .steps = { { "notary", RESPEND("{before}") } },
	  .wanted = DOUBLED },
	{ .name = "a_known_rival_in_its_place_behind",
	  .run = "validating",
	  .steps = { { "notary", RESPEND("{behind}") } },
	  .wanted = DOUBLED },
	{ .name = "two_unknown_rivals",
	  .steps = { { "notary", UNLOCK SPEND_OUTPUT(LOW) SPEND_OUTPUT(HIGH)
					 LIST(LOW) LIST(HIGH) } },
	  .wanted = { { FINDING_DOUBLED, "notary",
			"output {output} of the transaction as spent by two "
			"transactions" } } },

	/* ---- a state that its vault calls free ---- */

	{ .name = "spent_by_a_known_one_before",
	  .steps = { { "notary", SPEND_OUTPUT("{before}") } },
	  .wanted = CONSUMED },
	{ .name = "spent_by_a_known_one_behind",
	  .steps = { { "notary", SPEND_OUTPUT("{behind}") } },
	  .wanted = CONSUMED },
	{ .name = "spent_by_its_own_maker",
	  .steps = { { "notary", SPEND_OUTPUT("{tx}") } },
	  .wanted = CONSUMED },
	{ .name = "spent_by_an_unknown_one_before",
	  .steps = { { "notary", SPEND_OUTPUT(LOW) LIST(LOW) } },
	  .wanted = { { FINDING_LOST, "notary", "no vault has the transaction",
			LOW } },
	  .harm = HARM_NETWORK },
	{ .name = "spent_by_an_unknown_one_behind",
	  .steps = { { "notary", SPEND_OUTPUT(HIGH) LIST(HIGH) } },
	  .wanted = { { FINDING_LOST, "notary", "no vault has the transaction",
			HIGH } },
	  .harm = HARM_NETWORK },

	/* ---- a state that nobody made ---- */

	{ .name = "a_state_of_nobody_before",
	  .steps = { { "notary", SPEND(LOW, "0", "{tx}") } },
	  .wanted = { { FINDING_ROW_MISMATCH, "notary",
			"output 0 of a transaction that no vault has, as "
			"spent by this transaction" } } },
	{ .name = "a_state_of_nobody_behind",
	  .steps = { { "notary", SPEND(HIGH, "0", "{tx}") } },
	  .wanted = { { FINDING_ROW_MISMATCH, "notary",
			"output 0 of a transaction that no vault has, as "
			"spent by this transaction" } } },
	{ .name = "nobody_spends_a_state_of_nobody",
	  .steps = { { "notary", SPEND(LOW, "0", HIGH) LIST(HIGH) } },
	  .wanted = { { FINDING_LOST, "notary", "no vault has the transaction",
			HIGH } },
	  .harm = HARM_NETWORK },

	/* ---- what is not an id ---- */

	{ .name = "an_odd_consumer",
	  .steps = { { "notary", RESPEND("who?") } },
	  .wanted = { { FINDING_UNDECODABLE, "notary",
			"not a transaction id: 'who?'" } } },
	{ .name = "an_odd_id_in_the_list",
	  .steps = { { "notary", LIST("who?") } },
	  .wanted = { { FINDING_UNDECODABLE, "notary",
			"node_notary_committed_txs has 'who?' instead of an id",
			"" } },
	  .harm = HARM_NETWORK },
	{ .name = "an_odd_id_of_a_state",
	  .steps = { { "notary", SPEND("what?", "0", "{tx}") } },
	  .wanted = { { FINDING_UNDECODABLE, "notary",
			"node_notary_committed_states has 'what?' instead of "
			"an id",
			"" } },
	  .harm = HARM_NETWORK },
	{ .name = "an_odd_id_of_the_payment",
	  .steps = { { "payee", "update node_transactions set tx_id = 'which?'"
				" where tx_id = '{tx}'" } },
	  .wanted = { { FINDING_ID_MISMATCH, "payee",
			"does not match its bytes: 'which?'" } } },
	{ .name = "an_odd_id_of_nothing",
	  .steps = { { "payee", "insert into node_transactions (tx_id,"
				" transaction_value) values ('which?', 0)" } },
	  .wanted = { { FINDING_UNDECODABLE, "payee",
			"node_transactions has 'which?' instead of an id",
			"" } },
	  .harm = HARM_NETWORK },
	{ .name = "an_odd_id_in_a_vault",
	  .steps = { { "payee", "insert into vault_states select"
				" (jsonb_populate_record(v,"
				" '{\"transaction_id\": \"which?\"}')).*"
				" from vault_states v where transaction_id ="
				" '{tx}' and output_index = {output}" } },
	  .wanted = { { FINDING_UNDECODABLE, "payee",
			"vault_states has 'which?' instead of an id", "" } },
	  .harm = HARM_NETWORK },
};

int main(int argc, char **argv)
{
	return plants_main(argc, argv, plants, ARRAY_SIZE(plants));
}

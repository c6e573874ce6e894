/* SPDX-License-Identifier: Apache-2.0 */
/* members.h - whether a transaction belongs to the network of the run. */
#ifndef VAULT_MEMBERS_H
#define VAULT_MEMBERS_H

#include <stdbool.h>

#include "corda/transaction.h"
#include "vault/fact.h"
#include "vault/key_hashes.h"

struct check;
struct database;

/* What shows that a transaction is of another network. */
enum foreign {
	FOREIGN_NOT,
	FOREIGN_NOTARY, /* is not a notary of this one, or has another key */
	FOREIGN_PARAMETERS, /* no node has these network parameters */
	FOREIGN_ISSUER, /* is not a node of this one, or has another key */
	FOREIGN_INPUT /* made by a transaction that nobody knows */
};

/* "its notary is not of this network" … */
const char *foreign_text(enum foreign foreign);

/*
 * What the nodes themselves say of the network: the main keys of its parties
 * (node_info_party_cert) and its parameters (node_network_parameters). All that
 * any node lists counts. A party or a table of which no node says anything is
 * not judged. To be filled before transactions are read.
 */
struct member {
	uint16_t node;
	const char *key_hash;
};

struct members {
	struct member *list; /* in the check's arena, as all of it */
	size_t count, room;
	uint8_t (*parameters)[FACT_ID];
	size_t parameters_count, parameters_room;
};

/* Adds what one node says. */
int members_read(struct check *c, const struct database *db, struct error *err);

/* Only what the transaction says of itself: never FOREIGN_INPUT. */
enum foreign members_judge(const struct check *c, const struct transaction *tx,
			   struct key_hashes *hashes);

/* True if cash is issued without its issuer's signature. */
bool members_issuer_missing(const struct transaction *tx);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* attachments.h - the files that transactions name, and what nodes have. */
#ifndef VAULT_ATTACHMENTS_H
#define VAULT_ATTACHMENTS_H

#include "corda/transaction.h"
#include "vault/fact.h"

struct check;
struct database;

/* The attachments that a worker met last: a network has few, and each
 * transaction names one or two. */
enum { ATTACHMENTS_KEPT = 16 };

struct attachments_met {
	bool wanted; /* the node has a table of them */
	bool set[ATTACHMENTS_KEPT];
	uint8_t ids[ATTACHMENTS_KEPT][FACT_ID];
};

/* Those that a transaction names, which the node stores. */
void attachments_named(struct check *c, struct attachments_met *met,
		       uint16_t node, const struct transaction *tx);

/* Hashes those that the node has: the server does. */
int check_scan_attachments(struct check *c, struct database *db,
			   struct error *err);
/* Tells those that a node lacks, and those whose content has another hash. */
int check_join_attachments(struct check *c, struct error *err);

#endif

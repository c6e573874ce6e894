/* SPDX-License-Identifier: Apache-2.0 */
/* stored_json.h - a decoded transaction as JSON. */
#ifndef VAULT_STORED_JSON_H
#define VAULT_STORED_JSON_H

#include "corda/transaction.h"
#include "data/json.h"

/* The transaction as vault_stored() returns it, but without data from
 * databases: the lists `stored_by`, and `vaults` and `consumed_by` of each
 * output, are empty, and no participant has a node. */
struct js *stored_json(const struct transaction *tx);

#endif

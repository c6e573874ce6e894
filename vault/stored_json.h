/* SPDX-License-Identifier: Apache-2.0 */
/* stored_json.h - a decoded transaction as JSON. */
#ifndef VAULT_STORED_JSON_H
#define VAULT_STORED_JSON_H

#include "corda/transaction.h"
#include "data/json.h"

/* What vault_stored() gives of the transaction itself: its lists of rows
 * (`stored_by`, and of each output `vaults` and `consumed_by`) are empty, and
 * no participant has a node. */
struct js *stored_json(const struct transaction *tx);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* vault.h - opens every node's database and proves what became of the money. */
#ifndef VAULT_VAULT_H
#define VAULT_VAULT_H

#include <stdbool.h>

#include "base/error.h"
#include "base/progress.h"
#include "data/json.h"

/*
 * Waits until the vaults are quiet (bounded by timeouts.settle), then checks
 * every database of the run and writes <run>/settlements.jsonl,
 * <run>/findings.jsonl and <run>/balances.jsonl anew. *ret_details:
 * {"databases":5,
 * "transactions":143,"signatures":171,"findings":0,"notes":0,"quiet":true,…}.
 * Vaults that did not get quiet in time are checked all the same: a payment
 * that still runs is settled as in flight, and no finding is made of it.
 * Findings are not errors. A database that cannot be read is ERROR_INTERNAL.
 *
 * With `ask_nodes` each bank's node is asked over RPC what it holds, and
 * *ret_details has "asked": {"banks":6,"answered":5,"agree":5,"nodes":[{"node":
 * …,"seconds":0.2,"why":null,"holds":[{"currency":"USD","amount":100}]},…]}.
 * A node that does not answer has a "why" and no "holds", and is a note. Where
 * the vaults did not get quiet no node is asked, and that is a note, too. A sum
 * that differs is a finding if it differs twice: after the first time all of
 * the check is done once more.
 */
int vault_check(const char *run_dir, bool ask_nodes, struct progress *progress,
		struct js **ret_details, struct error *err);

/* The same without the wait, for vaults that nobody writes to any more. */
int vault_judge(const char *run_dir, struct progress *progress,
		struct js **ret_details, struct error *err);

/* ERROR_INPUT unless a bank of the run has an address to ask it at. */
int vault_can_ask(const char *run_dir, struct error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* stored.h - one transaction as the nodes' databases have it. */
#ifndef VAULT_STORED_H
#define VAULT_STORED_H

#include "base/error.h"
#include "data/json.h"

/*
 * Opens the database of every node of a run that is up, and decodes the
 * transaction of this id. *ret, of the caller:
 *
 *	{"stored_by":["bank-4.0-0",…],"kind":"wire","notary":"O=…",
 *	 "inputs":["19234D…(0)"],"references":[],
 *	 "outputs":[{"index":0,"contract":…,"state":…,"amount":1.23,
 *	   "quantity":123,"currency":"USD","issuer":"O=…","owner_key":"DL…",
 *	   "notary":"O=…",
 *	   "participants":[{"name":"O=…","key":"DL…","node":"bank-4.0-0"}],
 *	   "consumed_by":[{"tx":"0851A9…","node":"notary-4.8-0"}],
 *	   "vaults":[{"node":…,"status":"unconsumed","owner":"O=…",
 *	     "recorded":"2026-11-21T07:50:12.345Z","consumed":null,
 *	     "lock":null,"locked":null}]}],
 *	 "commands":["…Cash$Commands$Move"],
 *	 "signers":["DL…"],"signatures":[{"key":"DL…","notary":true}]}
 *
 * `amount`, `quantity`, `currency` and `issuer` only of cash. `name` of
 * a participant is null if the transaction has only its key, `node` if no
 * database knows whose key it is.
 * `consumed_by`: what each notary node has committed. `lock`: the id of a soft
 * lock, and since when. NULL: no database has the transaction. ERROR_INPUT
 * where the run is not up.
 */
int vault_stored(const char *run_dir, const char *tx, struct js **ret,
		 struct error *err);

#endif

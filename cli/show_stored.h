/* SPDX-License-Identifier: Apache-2.0 */
/* show_stored.h - a transaction or a state from the nodes' databases, for
 * people. */
#ifndef CLI_SHOW_STORED_H
#define CLI_SHOW_STORED_H

#include "base/buf.h"
#include "base/error.h"
#include "data/json.h"

/* vault_stored() of a run that may be down: then *ret is NULL, and so it is
 * where no database has the transaction; `why` is filled if the databases could
 * not be read. */
int show_stored_read(const char *run_dir, const char *tx, struct js **ret,
		     struct error *why);
/* Adds what vault_stored() gives, in lines. */
void show_stored_text(const struct js *tx, struct buf *out);
/* Adds what it gives about the output of that index, in lines. */
void show_stored_state(const struct js *tx, unsigned index, struct buf *out);

#endif

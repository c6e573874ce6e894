/* SPDX-License-Identifier: Apache-2.0 */
/* motion.h - payments that still run while the vaults are read. */
#ifndef VAULT_MOTION_H
#define VAULT_MOTION_H

#include "vault/tx_view.h"

/*
 * Where check_await_quiet() has to give up, flows still run. The databases are
 * then read one after the other while payments go on: what one of them lacks
 * of such a payment it may have a moment later. So the check notes which flows
 * run before it reads, and which it finds while it reads; a payment that one
 * of them may belong to is in flight. In quiet vaults nothing is.
 *
 * A payment's own flow is known by its id. The flow of a payee that receives
 * has an id of its own: a flow at the payee that belongs to none of the payee's
 * operations may receive any payment to it.
 */

/* Before the scan: notes the flows that run; says that it is not quiet. */
int motion_note(struct check *c, struct error *err);
/* After the scan: adds those that it has found. */
int motion_know(struct check *c, struct error *err);
/* Does the flow run, as far as its node's database tells? Not one that waits
 * for an operator, or has ended. */
bool motion_runs(const struct flow_left *flow);

/* Is this payment in flight? */
bool motion_has(const struct check *c, const struct op_record *op);
/* Takes away what only says that databases were read at different moments. */
void motion_excuse(struct tx_view *v);

#endif

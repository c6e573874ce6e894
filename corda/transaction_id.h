/* SPDX-License-Identifier: Apache-2.0 */
/* transaction_id.h - computes an id from a decoded transaction. */
#ifndef CORDA_TRANSACTION_ID_H
#define CORDA_TRANSACTION_ID_H

#include "corda/transaction.h"

/* Only for corda/. `core` is the content of txBits: a WireTransaction or one of
 * the two other classes. Temporary memory comes from `arena`. */
int transaction_kind_of(const struct amqp_value *core, enum tx_kind *ret,
			struct error *err);
int transaction_compute_id(const struct amqp_value *core, struct arena *arena,
			   struct tx_id *ret, struct error *err);

/* Groups of components, by number. */
enum tx_group {
	GROUP_INPUTS,
	GROUP_OUTPUTS,
	GROUP_COMMANDS,
	GROUP_ATTACHMENTS,
	GROUP_NOTARY,
	GROUP_TIME_WINDOW,
	GROUP_SIGNERS,
	GROUP_REFERENCES,
	GROUP_PARAMETERS,
	GROUPS_MAX = 32 /* newer releases may have more */
};

/* The list of components of each group, or NULL where it is absent. */
int transaction_groups(const struct amqp_value *core,
		       const struct amqp_value *ret_groups[GROUPS_MAX],
		       struct error *err);

#endif

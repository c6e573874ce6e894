/* SPDX-License-Identifier: Apache-2.0 */
/* parameters.h - network parameters: planned, signed, valid, updated. */
#ifndef DOORMAN_PARAMETERS_H
#define DOORMAN_PARAMETERS_H

#include "doorman/inside.h"

/*
 * In the store, kind "network":
 *	plan	{notaries, …, epoch, modified, description, deadline}: what is
 *		to be signed once its notaries are known
 *	current	the hash of the parameters that are valid
 *	signed	the plan that was signed last
 *	update	{hash, description, deadline}: those that are to come
 *
 * Epoch and time are set when the plan is made. So signing it again, after the
 * process was killed, gives the same parameters.
 */

/* Stores the file as the plan, unless there are parameters or a plan. */
int parameters_begin(struct doorman *d, const char *file, struct error *err);
/* Signs the plan if there is one and its notaries are known. */
int parameters_settle(struct doorman *d, struct error *err);
/* Called when a notary that never ran has a new key: parameters that name the
 * old key become a plan again. */
int parameters_withdraw(struct doorman *d, const struct x500_name *notary,
			struct error *err);
/* Hash of the valid parameters, empty without any; the update, or NULL. */
int parameters_current(struct doorman *d, char ret_hash[HASH_TEXT],
		       struct js **ret_update, struct error *err);
/* {current, update, plan, waiting_for: […]} */
int parameters_list(struct doorman *d, struct js **ret, struct error *err);

#endif

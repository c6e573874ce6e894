/* SPDX-License-Identifier: Apache-2.0 */
/* decisions.h - the decisions about certificate requests. */
#ifndef DOORMAN_DECISIONS_H
#define DOORMAN_DECISIONS_H

#include "doorman/inside.h"

enum request_state {
	REQUEST_UNKNOWN,
	REQUEST_PENDING,
	REQUEST_APPROVED,
	REQUEST_REJECTED
};

/* In automatic mode, this call approves a pending request. Adds the reason of a
 * rejection to `reason`, which may be NULL. */
int request_state(struct doorman *d, const char *id, enum request_state *ret,
		  struct buf *reason, struct error *err);
/* Finds the id of the only request whose id has this beginning. ERROR_INPUT if
 * there is none, or more than one. */
int request_find(struct doorman *d, const char *beginning,
		 char ret_id[HASH_TEXT], struct error *err);

#endif

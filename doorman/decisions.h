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

/* In automatic mode a pending request is approved here. Adds the reason of a
 * rejection to `reason`, which may be NULL. */
int request_state(struct doorman *d, const char *id, enum request_state *ret,
		  struct buf *reason, struct error *err);
/* The whole id of one request by its beginning; ERROR_INPUT for any other. */
int request_find(struct doorman *d, const char *beginning,
		 char ret_id[HASH_TEXT], struct error *err);

#endif

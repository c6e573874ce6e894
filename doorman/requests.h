/* SPDX-License-Identifier: Apache-2.0 */
/* requests.h - certificate requests: taken, decided, answered. */
#ifndef DOORMAN_REQUESTS_H
#define DOORMAN_REQUESTS_H

#include "doorman/inside.h"

/*
 * A request's id is the hash of role, name and key: a node that asks again
 * with the same key, having heard no answer, is told the same id. A name
 * belongs to the first key that asked for it, unless that was rejected.
 *
 *	taken -> approved -> issued
 *	      -> rejected
 */
enum { REQUESTS_MAX = 10000 };

enum request_state {
	REQUEST_UNKNOWN,
	REQUEST_PENDING,
	REQUEST_APPROVED,
	REQUEST_REJECTED
};

/* ERROR_INPUT for what is no proper request, and for a name that is taken;
 * `from` is the sender's address. */
int request_submit(struct doorman *d, const void *csr, size_t len,
		   const char *from, char ret_id[HASH_TEXT], struct error *err);
/* In automatic mode a pending request is approved here. Adds the reason of a
 * rejection to `reason`. */
int request_state(struct doorman *d, const char *id, enum request_state *ret,
		  struct buf *reason, struct error *err);
/* Issues the certificate of an approved request, or finds the one issued
 * before, and adds the zip of it and those above it. */
int request_answer(struct doorman *d, const char *id, struct buf *zip,
		   struct error *err);
/* The key of an approved service of this name; .bytes NULL without one. Its
 * bytes live in `room`. */
int request_service_key(struct doorman *d, const struct x500_name *name,
			struct buf *room, struct der *ret, struct error *err);
/* Appends an object for each request. */
int requests_list(struct doorman *d, struct js *list, struct error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* requests.h - certificate requests: accepted, decided, answered. */
#ifndef DOORMAN_REQUESTS_H
#define DOORMAN_REQUESTS_H

#include "doorman/inside.h"

/*
 * A request's id is the hash of role, name and key: a node that asks again
 * with the same key, having heard no answer, is told the same id.
 *
 *	taken -> approved -> issued
 *	      -> rejected <-
 *	      -> expired, see kept.h
 */

/* ERROR_INPUT for what is no proper request, and for a name that is taken;
 * ERROR_INTERNAL when there is no room for one more now. `from` is the sender's
 * address. */
int request_submit(struct doorman *d, const void *csr, size_t len,
		   const char *from, char ret_id[HASH_TEXT], struct error *err);
/* Issues the certificate of an approved request, or finds the one issued
 * before, and adds the zip of it and those above it. */
int request_answer(struct doorman *d, const char *id, struct buf *zip,
		   struct error *err);
/* Appends an object for each request. */
int requests_list(struct doorman *d, struct js *list, struct error *err);

#endif

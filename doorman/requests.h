/* SPDX-License-Identifier: Apache-2.0 */
/* requests.h - certificate requests: accepted, decided, answered. */
#ifndef DOORMAN_REQUESTS_H
#define DOORMAN_REQUESTS_H

#include "doorman/inside.h"

/*
 * The id of a request is the hash of role, name and key. So a node that sends
 * the same request again, because it got no answer, gets the same id.
 *
 *	taken -> approved -> issued
 *	      -> rejected <-
 *	      -> expired, see kept.h
 */

/* Stores a request. ERROR_INPUT if the request is not valid or its name is
 * taken; ERROR_INTERNAL if there is no room for one more. `from` is the
 * sender's address. */
int request_submit(struct doorman *d, const void *csr, size_t len,
		   const char *from, char ret_id[HASH_TEXT], struct error *err);
/* Issues the certificate of an approved request, or finds the one that was
 * issued before. Adds a zip of this certificate and those above it. */
int request_answer(struct doorman *d, const char *id, struct buf *zip,
		   struct error *err);
/* Appends an object for each request. */
int requests_list(struct doorman *d, struct js *list, struct error *err);

#endif

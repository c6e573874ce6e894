/* SPDX-License-Identifier: Apache-2.0 */
/* requests.h - certificate requests: taken, decided, answered. */
#ifndef DOORMAN_REQUESTS_H
#define DOORMAN_REQUESTS_H

#include "corda/csr.h"
#include "doorman/inside.h"

/*
 * A request's id is the hash of role, name and key: a node that asks again
 * with the same key, having heard no answer, is told the same id.
 *
 *	taken -> approved -> issued
 *	      -> rejected <-
 *	      -> expired, see kept.h
 *
 * A name is held by the request that was approved last for it. Once its node
 * is in the map, no other key may ask for the name; until then another may
 * take its place, as nodes that are killed while they register make new keys.
 */
enum { REQUEST_ARENA = 256 * 1024, REQUEST_CSR_MAX = 64 * 1024 };

enum request_state {
	REQUEST_UNKNOWN,
	REQUEST_PENDING,
	REQUEST_APPROVED,
	REQUEST_REJECTED
};

/* A request as it is kept, {"at", "from", "csr"}, read again. */
struct request {
	struct arena arena;
	struct buf der;
	struct js *kept;
	struct csr csr;
};

#define REQUEST_INIT                                                           \
	{ .arena = ARENA_INIT(REQUEST_ARENA), .der = BUF_INIT(REQUEST_CSR_MAX) }

void request_release(struct request *r);
int request_load(struct doorman *d, const char *id, struct request *r,
		 bool *ret_found, struct error *err);

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

/* ---- decisions.c ---- */

/* In automatic mode a pending request is approved here. Adds the reason of a
 * rejection to `reason`, which may be NULL. */
int request_state(struct doorman *d, const char *id, enum request_state *ret,
		  struct buf *reason, struct error *err);
/* The whole id of one request by its beginning; ERROR_INPUT for any other. */
int request_find(struct doorman *d, const char *beginning,
		 char ret_id[HASH_TEXT], struct error *err);
/* ERROR_INPUT when another request's node of this name is in the map. */
int request_name_free(struct doorman *d, const struct x500_name *name,
		      const char *id, struct error *err);
/* The approved request that holds a name: its id, empty without one, and what
 * it asked for. */
int request_holder(struct doorman *d, const struct x500_name *name,
		   char ret_id[HASH_TEXT], struct request *r,
		   struct error *err);

#endif

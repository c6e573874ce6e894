/* SPDX-License-Identifier: Apache-2.0 */
/* names.h - stored requests and decisions, and who holds a name. */
#ifndef DOORMAN_NAMES_H
#define DOORMAN_NAMES_H

#include "corda/csr.h"
#include "doorman/inside.h"

/*
 * The request that was approved last for a name holds the name. Once its node
 * is in the map, no other key may request the name. Until then another request
 * may replace it, because a node that is killed while it registers makes a new
 * key.
 */

enum { REQUEST_ARENA = 256 * 1024, REQUEST_CSR_MAX = 64 * 1024 };

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
/* Reads r->der and r->csr from r->kept. */
int request_read(struct doorman *d, struct request *r, struct error *err);
/* Reads the decision about a request, if there is one. Adds the reason of a
 * rejection to `reason`, which may be NULL. */
int decision_read(struct doorman *d, const char *id, bool *ret_decided,
		  bool *ret_approved, struct buf *reason, struct error *err);

/* The request that got a name last, even if it was rejected later; empty if
 * there is none. Writes the hash of the name to `hash`. */
int name_last(struct doorman *d, const struct x500_name *name,
	      char hash[HASH_TEXT], char ret_id[HASH_TEXT], struct error *err);
/* The approved request that holds a name: its id (empty if there is none) and
 * its content. */
int name_holder(struct doorman *d, const struct x500_name *name,
		char ret_id[HASH_TEXT], struct request *r, struct error *err);
/* ERROR_INPUT if a node with this name, of another request, is in the map. */
int name_check_free(struct doorman *d, const struct x500_name *name,
		    const char *id, struct error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* names.h - stored requests and decisions, and who holds a name. */
#ifndef DOORMAN_NAMES_H
#define DOORMAN_NAMES_H

#include "corda/csr.h"
#include "doorman/inside.h"

/*
 * A name is held by the request that was approved last for it. Once its node
 * is in the map, no other key may ask for the name; until then another may
 * take its place, as nodes that are killed while they register make new keys.
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
/* What was decided about a request, if anything was. Adds the reason of a
 * rejection to `reason`, which may be NULL. */
int decision_read(struct doorman *d, const char *id, bool *ret_decided,
		  bool *ret_approved, struct buf *reason, struct error *err);

/* The request to which a name was given last, whatever became of it; empty
 * without one. `hash` becomes the name's. */
int name_last(struct doorman *d, const struct x500_name *name,
	      char hash[HASH_TEXT], char ret_id[HASH_TEXT], struct error *err);
/* The approved request that holds a name: its id, empty without one, and what
 * it asked for. */
int name_holder(struct doorman *d, const struct x500_name *name,
		char ret_id[HASH_TEXT], struct request *r, struct error *err);
/* ERROR_INPUT when another request's node of this name is in the map. */
int name_check_free(struct doorman *d, const struct x500_name *name,
		    const char *id, struct error *err);

#endif

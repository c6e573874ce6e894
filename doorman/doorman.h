/* SPDX-License-Identifier: Apache-2.0 */
/* doorman.h - lets nodes into a network: certificates, parameters, map. */
#ifndef DOORMAN_DOORMAN_H
#define DOORMAN_DOORMAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "data/json.h"

/*
 * All state of a doorman is in its store (store.h): a server loses nothing
 * after kill -9. So the operator's calls below work directly on the store, even
 * while another process serves from it; the server sees each change at its next
 * request.
 */
struct doorman;

struct doorman_settings {
	const char *directory; /* where the state is, or */
	const char *database; /* URI of PostgreSQL, see pg_open_uri() */
	bool existing; /* ERROR_INPUT where no doorman has served from yet */
	bool by_hand; /* requests wait for doorman_decide() */
	unsigned poll_seconds; /* how often nodes ask again */
	/* What happened, one JSON object; may be NULL. From any thread. */
	void (*log)(void *ctx, const char *line);
	void *ctx;
	bool log_reads; /* also requests that only read, and succeed */
};

/* Opens the store; keys that are not there yet are made, unless `existing`. */
int doorman_open(const struct doorman_settings *settings, struct doorman **ret,
		 struct error *err);
void doorman_close(struct doorman *d); /* NULL is fine */
static inline void doorman_closep(struct doorman **d)
{
	doorman_close(*d);
}

struct doorman_service {
	const char *address; /* "127.0.0.1:8080" */
	unsigned rate; /* requests a second of an address; 0: any */
	const char *parameters; /* a file to begin with, or NULL */
	void (*on_ready)(void *ctx, uint16_t port); /* or NULL */
	void *ctx;
};

/* Serves until an interrupt. */
int doorman_serve(struct doorman *d, const struct doorman_service *service,
		  struct error *err);

/* {requests: [...], nodes: [...], parameters: {...}} */
int doorman_list(struct doorman *d, struct js **ret, struct error *err);
/* `id` may be the unique beginning of an id; *ret_id gets the whole id, 65
 * bytes. A request may be rejected after it was approved: its node then leaves
 * the map. ERROR_INPUT if no request has the id, or if the request has this
 * decision already or was rejected. */
enum { DOORMAN_ID = 65 };
int doorman_decide(struct doorman *d, const char *id, bool approve,
		   const char *reason, char ret_id[DOORMAN_ID],
		   struct error *err);
/* Removes a request, its decision and its certificate. ERROR_INPUT while its
 * node is in the map. The same key may ask again. */
int doorman_forget(struct doorman *d, const char *id, char ret_id[DOORMAN_ID],
		   struct error *err);
/* Removes all requests of an address that the operator has not decided and
 * whose nodes are not in the map. *ret_count is their number. */
int doorman_forget_from(struct doorman *d, const char *address,
			unsigned *ret_count, struct error *err);
/*
 * Reads a file of parameters. They are signed as soon as all notaries in it are
 * known: a service by its approved request, another notary by its published
 * node info. The first parameters are valid at once; later ones are an update,
 * which nodes may accept for `after` seconds from now.
 */
int doorman_plan(struct doorman *d, const char *file, const char *description,
		 uint64_t after, struct error *err);
/* Makes the update valid; ERROR_INPUT before its deadline unless `now`. */
int doorman_flag_day(struct doorman *d, bool now, char ret_hash[DOORMAN_ID],
		     struct error *err);
/* Publishes the file nodeInfo-… of a registered node, as if the node had done
 * so. */
int doorman_publish(struct doorman *d, const char *file, struct error *err);
/* Adds the trust store that nodes register with. */
int doorman_truststore(struct doorman *d, struct buf *out, struct error *err);

/* ---- for a key that several nodes share, on the machine of such a node
 * ---- */

struct doorman_application {
	const char *url; /* of the doorman: "http://doorman:8080" */
	const char *name; /* of the service */
	const char *key; /* a file: P-256, PKCS#8 in DER */
	const char
		*store; /* the file to write; not changed if it has the key */
	unsigned seconds; /* bound of the wait for the doorman's approval */
};

/*
 * Requests a certificate of the service and writes a key store (mode 0600,
 * alias KEYSTORE_SERVICE, password KEYSTORE_PASSWORD) with which a node can
 * start. All requests for the same key get the same certificate. ERROR_INPUT if
 * the doorman refuses, or the store has another key; ERROR_DEPLOY if there is
 * no certificate in time.
 */
int doorman_apply(const struct doorman_application *application,
		  struct error *err);

#endif

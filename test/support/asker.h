/* SPDX-License-Identifier: Apache-2.0 */
/* asker.h - what a node asks a doorman, and the last answer. */
#ifndef TEST_SUPPORT_ASKER_H
#define TEST_SUPPORT_ASKER_H

#include "corda/network_map.h"
#include "corda/network_parameters.h"
#include "sys/file.h"
#include "test/support/applicant.h"

struct doorman;

/* Asks by asker_by_route() or asker_by_http(). */
struct asker {
	/* Fills in the answer; `body` NULL: there is none. */
	void (*ask)(struct asker *a, const char *method, const char *path,
		    const struct buf *body);
	struct doorman *of; /* for asker_by_route(); borrowed */
	uint16_t port; /* for asker_by_http() */
	unsigned status; /* 0: the connection ended without an answer */
	struct buf head; /* lines "Name: value\r\n" */
	struct buf body;
	/* Certificates that came with the one that was asked for. */
	struct buf doorman, root;
};

void asker_init(struct asker *a,
		void (*ask)(struct asker *a, const char *method,
			    const char *path, const struct buf *body));
void asker_release(struct asker *a);
/* Has the doorman `of` answer as its server does, without HTTP. */
void asker_by_route(struct asker *a, const char *method, const char *path,
		    const struct buf *body);
/* Over HTTP, from a server at 127.0.0.1, by a connection of its own. */
void asker_by_http(struct asker *a, const char *method, const char *path,
		   const struct buf *body);

/* ---- over HTTP in parts, for clients that behave badly ---- */

/* A connection from this address, NULL: 127.0.0.1. */
int asker_dial(const struct asker *a, const char *from);
void asker_put(int fd, const char *text);
void asker_post(int fd, const char *path, const struct buf *body);
/* Reads the answer up to the end of the connection, and closes it. */
void asker_hang_up(struct asker *a, int fd);
/* All of it: these bytes, and the answer. */
void asker_say(struct asker *a, const char *text);

/* Forgets the last answer and asks. */
void asker_ask(struct asker *a, const char *method, const char *path,
	       const struct buf *body);
/* Fails the test unless the last answer has this status and text. */
void asker_said(const struct asker *a, unsigned status, const char *part);
/* Fails the test unless the last answer has the header with this value. */
void asker_header(const struct asker *a, const char *name, const char *value);

/* ---- what nodes do ---- */

/* Posts a certificate request; when it is taken, the path of its answer. */
void asker_request(struct asker *a, const struct applicant *from,
		   enum certificate_kind kind, char ret_path[PATH_ROOM]);
/* Posts the node's info, see applicant_info(). */
void asker_publish(struct asker *a, struct applicant *as,
		   struct applicant *service, int64_t serial);

/* ---- the same, failing the test when it is refused ---- */

/* Takes the certificates out of the last answer. */
void asker_take(struct asker *a, struct applicant *to);
/* From the request to the certificates, when nobody has to approve. */
void asker_register(struct asker *a, struct applicant *as,
		    enum certificate_kind kind);
/* The map that is served now; parts live in the arena. */
void asker_map(struct asker *a, struct arena *arena, struct network_map *ret);
/* The parameters with this hash; parts live in the answer and in the arena. */
void asker_parameters(struct asker *a, struct arena *arena,
		      const uint8_t hash[SECURE_HASH],
		      struct signed_network_parameters *ret);
/* The parameters that are valid name one notary, and it has this key. */
void asker_notary_is(struct asker *a, const struct key *key);

#endif

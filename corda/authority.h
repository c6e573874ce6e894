/* SPDX-License-Identifier: Apache-2.0 */
/* authority.h - the keys and certificates above those of the nodes. */
#ifndef CORDA_AUTHORITY_H
#define CORDA_AUTHORITY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "corda/certificate.h"
#include "corda/keystore.h"

/* A key, its certificate, and the time at which they were made. */
struct issued {
	struct key *key; /* owned; NULL: not made yet, or only its
			  * certificate exists */
	struct der certificate;
	int64_t created; /* ms since 1970 */
	uint8_t salt[KEYSTORE_SALT]; /* of its key store entry */
};

/* What issued_make() makes: a key, and its certificate signed by another
 * key. */
struct issuing {
	enum certificate_kind kind;
	enum key_kind key;
	const struct x500_name *subject, *issuer;
	const struct issued *by; /* NULL: itself */
	int64_t from; /* seconds since 1970; 0: the midnight before now */
	/* For a composite key (composite.h), which has no private key: makes
	 * only the certificate and ignores `key`. */
	struct der spki;
};

/* Keeps a key that exists. The certificate lives in the arena. */
int issued_make(const struct issuing *what, struct arena *arena,
		struct issued *ret, struct error *err);

/* The entry of a key store for this key, with its chain, leaf first. Borrows
 * all parts. */
struct keystore_entry issued_entry(const char *alias, const struct issued *key,
				   const struct der *chain, size_t len);

/*
 * A root, and directly below it the doorman, which issues the nodes'
 * certificates, and the network map, which signs parameters and maps. Every
 * release from 4.0 on accepts this, in dev mode and without it.
 */
struct authority {
	struct arena arena; /* certificates */
	struct issued root, doorman, network_map;
};

enum { AUTHORITY_ARENA = 1024 * 1024 };
#define AUTHORITY_INIT { .arena = ARENA_INIT(AUTHORITY_ARENA) }

/* The subjects of the three, which no node may have. */
extern const struct x500_name authority_root_name, authority_doorman_name,
	authority_network_map_name;

void authority_release(struct authority *a);
/* Makes keys and certificates. */
int authority_make(struct authority *a, struct error *err);
/* The same for a caller that stores the three separately. Keeps those that
 * exist. */
int authority_issue(struct arena *arena, struct issued *root,
		    struct issued *doorman, struct issued *network_map,
		    struct error *err);
/* The time from which certificates below this root are valid: the midnight
 * before the root was made, so that no certificate expires after the root. */
int64_t authority_begins(const struct issued *root);
/* As a key store (see keystore.h) under "root", "doorman", "networkmap". */
int authority_write(const struct authority *a, struct buf *out,
		    struct error *err);
int authority_read(struct authority *a, const void *bytes, size_t len,
		   struct error *err);
/* The trust store of the nodes: only the root's certificate. Its password is
 * TRUSTSTORE_PASSWORD. */
int authority_truststore(const struct authority *a, struct buf *out,
			 struct error *err);

/* Adds a certificate for a node's CA or a service, signed by the doorman. It
 * does not expire after those above it. */
int authority_certify(const struct authority *a, enum certificate_kind kind,
		      const struct x500_name *subject, struct der spki,
		      struct buf *out, struct error *err);

#endif

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

/* A key and the certificate of it, and when they were made. */
struct issued {
	struct key *key; /* owned; NULL: still to be made, or nobody has it */
	struct der certificate;
	int64_t created; /* ms since 1970 */
	uint8_t salt[KEYSTORE_SALT]; /* of its key store entry */
};

/* What is to be made: a key, and its certificate by another one. */
struct issuing {
	enum certificate_kind kind;
	enum key_kind key;
	const struct x500_name *subject, *issuer;
	const struct issued *by; /* NULL: itself */
	int64_t from; /* seconds since 1970; 0: the midnight before now */
	/* Of a key that nobody has as a whole (composite.h): the certificate
	 * alone is made, `key` is not looked at. */
	struct der spki;
};

/* Keys that are there already stay. The certificate lives in the arena. */
int issued_make(const struct issuing *what, struct arena *arena,
		struct issued *ret, struct error *err);

/* The key as it stands in a key store, with its chain, leaf first; borrows. */
struct keystore_entry issued_entry(const char *alias, const struct issued *key,
				   const struct der *chain, size_t len);

/*
 * A root, and right below it the doorman, who issues the nodes' certificates,
 * and the network map, who signs parameters and maps. Every release from 4.0
 * on takes this, in and out of dev mode.
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
/* The same for those who keep the three by themselves; what is there stays. */
int authority_issue(struct arena *arena, struct issued *root,
		    struct issued *doorman, struct issued *network_map,
		    struct error *err);
/* When certificates below this root begin: at the midnight before it was made,
 * so that nothing outlives it. */
int64_t authority_begins(const struct issued *root);
/* As a key store (see keystore.h) under "root", "doorman", "networkmap". */
int authority_write(const struct authority *a, struct buf *out,
		    struct error *err);
int authority_read(struct authority *a, const void *bytes, size_t len,
		   struct error *err);
/* The store of the root alone, which nodes trust: its password is
 * TRUSTSTORE_PASSWORD. */
int authority_truststore(const struct authority *a, struct buf *out,
			 struct error *err);

/* Adds the certificate of a node's CA or of a service, by the doorman. It does
 * not outlive those above it. */
int authority_certify(const struct authority *a, enum certificate_kind kind,
		      const struct x500_name *subject, struct der spki,
		      struct buf *out, struct error *err);

#endif

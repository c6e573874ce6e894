/* SPDX-License-Identifier: Apache-2.0 */
/* signed_data.h - a blob together with its signature. */
#ifndef CORDA_SIGNED_DATA_H
#define CORDA_SIGNED_DATA_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "corda/der.h"
#include "corda/key.h"
#include "proto/amqp_writer.h"

/*
 * SignedDataWithCert: network parameters or a network map, signed with a key
 * whose certificate is directly below the root, so no chain is written. The
 * signature covers the inner bytes, which are stored unchanged.
 */
struct signed_data {
	struct der inner;
	struct der signer; /* certificate */
	struct der signature;
};

int signed_data_sign(struct der inner, struct der signer, const struct key *key,
		     struct buf *out, struct error *err);
/* As an object in a bigger value. */
void signed_data_write(const struct signed_data *data, struct amqp_writer *w);
/* Parts live in the bytes. The signature is not verified. */
int signed_data_read(const void *bytes, size_t len, struct arena *arena,
		     struct signed_data *ret, struct error *err);

enum { SECURE_HASH = 32 };

/* A SecureHash as an object, and as a blob of its own. */
void secure_hash_write(struct amqp_writer *w, const uint8_t hash[SECURE_HASH]);
void secure_hash_blob(const uint8_t hash[SECURE_HASH], struct buf *out);
/* Reads a blob; ERROR_INPUT if it does not have a SHA-256. */
int secure_hash_read(const void *bytes, size_t len, struct arena *arena,
		     uint8_t ret[SECURE_HASH], struct error *err);

/* An Instant as an object. */
void instant_write(struct amqp_writer *w, int64_t seconds, int nanos);

/*
 * SignedData<SecureHash>: a node accepts network parameters by their hash,
 * with the key of its legal identity.
 */
struct signed_hash {
	uint8_t hash[SECURE_HASH];
	struct der by; /* SubjectPublicKeyInfo */
};

/* ERROR_INPUT also if the signature is not valid. */
int signed_hash_read(const void *bytes, size_t len, struct arena *arena,
		     struct signed_hash *ret, struct error *err);

#endif

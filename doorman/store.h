/* SPDX-License-Identifier: Apache-2.0 */
/* store.h - what a doorman knows, kept so that nothing answered is lost. */
#ifndef DOORMAN_STORE_H
#define DOORMAN_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/error.h"

/*
 * Values by kind and key. Each call is a whole: when it has returned 0, what
 * it wrote survives kill -9 and loss of power; when it failed, or was killed,
 * the value is the old or the new one. Several processes may use one store:
 * of those that create the same key, one is told that it did. What reads a
 * value to decide on another is a change: store_begin() to store_end(), and no
 * two changes of a store overlap, whichever processes make them.
 *
 *	keys		authority: the network's keys, a Java key store
 *	request		by id: a certificate request as it came
 *	name		by hash of the name: the id to which it was given last
 *	use		by hash of the name: the same, once it is in the map
 *	decision	by id: a JSON object
 *	certificate	by id: the certificate that was issued
 *	node		by hash of the name: hash of its node info
 *	node-info	by hash: a signed node info
 *	parameters	by hash: signed network parameters
 *	network		plan, current, update: see parameters.h; mark: kept.h
 *	ack		by update and node: who accepts parameters
 */
struct store;

struct store_driver {
	int (*get)(struct store *s, const char *kind, const char *key,
		   struct buf *out, bool *ret_found, struct error *err);
	int (*put)(struct store *s, const char *kind, const char *key,
		   const void *bytes, size_t len, bool create,
		   bool *ret_created, struct error *err);
	int (*remove)(struct store *s, const char *kind, const char *key,
		      struct error *err);
	int (*each)(struct store *s, const char *kind,
		    int (*fn)(const char *key, const struct buf *value,
			      void *ctx),
		    void *ctx, struct error *err);
	int (*lock)(struct store *s, struct error *err);
	int (*begin)(struct store *s, struct error *err);
	int (*end)(struct store *s, bool keep, struct error *err);
	void (*close)(struct store *s);
};

struct store {
	const struct store_driver *driver;
	unsigned changing; /* store_begin() without its store_end() */
	bool damaged; /* see store_damaged() */
};

enum {
	STORE_VALUE_MAX = 1024 * 1024,
	STORE_KEY_MAX = 96,
	STORE_PATIENCE = 10 /* seconds that a change waits for another */
};

/* A place without keys/authority has no state yet. With `make`, opening it
 * makes what is missing; else it changes nothing and fails with ERROR_INPUT. */

/* A directory for its owner alone: ERROR_INPUT when it is another user's, or
 * open to others, or its keys are. */
int store_open_directory(const char *path, bool make, struct store **ret,
			 struct error *err);
/* A table `medley_doorman` in a PostgreSQL database; see pg_open_uri(). A lost
 * connection is made again at the next call. */
int store_open_postgres(const char *uri, bool make, struct store **ret,
			struct error *err);
void store_close(struct store *s); /* NULL is fine */
static inline void store_closep(struct store **s)
{
	store_close(*s);
}

/* One server at a time: ERROR_INPUT when another holds the store. */
int store_lock(struct store *s, struct error *err);

/*
 * A change waits until that of another process has ended, STORE_PATIENCE at
 * most. Changes nest; the outermost counts. In PostgreSQL it is a transaction:
 * with a negative `rc`, or when it is killed, nothing of it was done. In a
 * directory its calls are as durable as others, one after the other.
 */
int store_begin(struct store *s, struct error *err);
/* `rc` is that of what was done since: returned if negative, with the error as
 * it is; else 0, or -1 when the change could not be kept. */
int store_end(struct store *s, int rc, struct error *err);

/* What follows fails with ERROR_INTERNAL: the state cannot be read or written.
 * Adds the value to `out`, which may be NULL; whether there is one. */
int store_get(struct store *s, const char *kind, const char *key,
	      struct buf *out, bool *ret_found, struct error *err);
/* Replaces what there is. */
int store_put(struct store *s, const char *kind, const char *key,
	      const void *bytes, size_t len, struct error *err);
/* Leaves what there is; whether there was nothing. */
int store_create(struct store *s, const char *kind, const char *key,
		 const void *bytes, size_t len, bool *ret_created,
		 struct error *err);
/* What is not there is fine. */
int store_remove(struct store *s, const char *kind, const char *key,
		 struct error *err);
/* In the order of keys. fn stops with non-zero, which is returned. */
int store_each(struct store *s, const char *kind,
	       int (*fn)(const char *key, const struct buf *value, void *ctx),
	       void *ctx, struct error *err);

/* For whoever cannot read what the store gave: it is not what was written, and
 * trying again is in vain. The error, whatever its kind was, is ERROR_INTERNAL
 * now, unless memory was short. Returns -1. */
int store_damaged(struct store *s, struct error *err);
/* Whether something was damaged since this was asked last. */
bool store_was_damaged(struct store *s);

/* Keys are made of letters, digits, '.', '_' and '-', and begin with none of
 * the last three. */
bool store_key_valid(const char *key);

#endif

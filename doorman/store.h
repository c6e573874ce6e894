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
 * Values by kind and key. Each call is atomic: after it has returned 0, its
 * value survives kill -9 and loss of power; if it failed or was killed, the
 * value is the old or the new one. Several processes may use one store. If
 * several create the same key, only one of them gets *ret_created. Code that
 * reads a value to decide about another one needs a change, from store_begin()
 * to store_end(). Two changes of a store never overlap, even of different
 * processes.
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
 * A change waits for the change of another process, at most STORE_PATIENCE
 * seconds. Changes may be nested; the outermost counts. In PostgreSQL a change
 * is a transaction: with a negative `rc`, or if the process is killed, nothing
 * is changed. In a directory each call in a change is durable by itself.
 */
int store_begin(struct store *s, struct error *err);
/* `rc` is the result of the work since store_begin(). A negative one is
 * returned, with an unchanged error; else 0, or -1 if the change could not be
 * stored. */
int store_end(struct store *s, int rc, struct error *err);

/* The following calls fail with ERROR_INTERNAL if the state cannot be read or
 * written. Adds the value to `out`, which may be NULL; *ret_found tells whether
 * there is one. */
int store_get(struct store *s, const char *kind, const char *key,
	      struct buf *out, bool *ret_found, struct error *err);
/* Replaces a value or creates it. */
int store_put(struct store *s, const char *kind, const char *key,
	      const void *bytes, size_t len, struct error *err);
/* Creates a value; does not change one that exists. *ret_created tells
 * which. */
int store_create(struct store *s, const char *kind, const char *key,
		 const void *bytes, size_t len, bool *ret_created,
		 struct error *err);
/* A value that does not exist is no error. */
int store_remove(struct store *s, const char *kind, const char *key,
		 struct error *err);
/* Calls fn in the order of keys. A non-zero result of fn stops and is
 * returned. */
int store_each(struct store *s, const char *kind,
	       int (*fn)(const char *key, const struct buf *value, void *ctx),
	       void *ctx, struct error *err);

/* To be called if a value of the store cannot be read: it is damaged, and
 * another try would fail too. Changes the kind of the error to ERROR_INTERNAL,
 * unless memory was short. Returns -1. */
int store_damaged(struct store *s, struct error *err);
/* True if a damaged value was found since the last call. */
bool store_was_damaged(struct store *s);

/* Keys are made of letters, digits, '.', '_' and '-', and begin with none of
 * the last three. */
bool store_key_valid(const char *key);

#endif

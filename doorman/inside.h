/* SPDX-License-Identifier: Apache-2.0 */
/* inside.h - declarations that the files of this room share. */
#ifndef DOORMAN_INSIDE_H
#define DOORMAN_INSIDE_H

#include "corda/authority.h"
#include "doorman/doorman.h"
#include "doorman/kept.h"
#include "doorman/store.h"

struct doorman {
	struct doorman_settings settings;
	struct store *store;
	struct authority authority;
	struct kept kept;
};

enum { DOORMAN_BODY = 64 * 1024 }; /* bytes of what a node sends, at most */

/* A SHA-256 as upper-case hex. Most keys of the store have this form. */
enum { HASH_TEXT = DOORMAN_ID };
void hash_text(const void *bytes, size_t len, char ret[HASH_TEXT]);
/* True if the text has the form that hash_text() writes. */
bool hash_valid(const char *text);
/* The hash of a name. Upper and lower case make no difference. */
int name_hash(const struct x500_name *name, char ret[HASH_TEXT],
	      struct error *err);

/* A JSON object of the store; NULL in *ret when there is none. */
int store_get_json(struct store *s, const char *kind, const char *key,
		   struct js **ret, struct error *err);
int store_put_json(struct store *s, const char *kind, const char *key,
		   const struct js *value, struct error *err);
/* store_each() only for keys that are hashes. Other files in a directory of the
 * state, such as copies that a person made, are skipped. */
int store_each_hash(struct store *s, const char *kind,
		    int (*fn)(const char *key, const struct buf *value,
			      void *ctx),
		    void *ctx, struct error *err);
/* Reads a hash that is valid as a key; empty if the store has no such value. */
int store_get_hash(struct store *s, const char *kind, const char *key,
		   char ret[HASH_TEXT], struct error *err);

/* Logs {"at": now, "event": what, …} with the members of `event`, and frees
 * `event`. `what` is a word. */
void doorman_say(const struct doorman *d, const char *what, struct js *event);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* store.c - calls the driver of a doorman's store. */
#include "doorman/store.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

bool store_key_valid(const char *key)
{
	size_t len = strlen(key);

	if (!len || len > STORE_KEY_MAX || !isalnum((unsigned char)key[0]))
		return false;
	for (; *key; key++)
		if (!isalnum((unsigned char)*key) && !strchr("._-", *key))
			return false;
	return true;
}

/* Whoever asks is not to blame for a state that cannot be read or written. */
static int blame_machine(int rc, struct error *err)
{
	if (rc < 0 && err && err->kind != ERROR_INTERRUPTED)
		err->kind = ERROR_INTERNAL;
	return rc;
}

void store_close(struct store *s)
{
	if (s)
		s->driver->close(s);
}

int store_lock(struct store *s, struct error *err)
{
	return s->driver->lock(s, err);
}

int store_begin(struct store *s, struct error *err)
{
	if (!s->changing && s->driver->begin(s, err) < 0)
		return blame_machine(-1, err);
	s->changing++;
	return 0;
}

int store_end(struct store *s, int rc, struct error *err)
{
	assert(s->changing);
	if (--s->changing)
		return rc;
	if (rc < 0) {
		s->driver->end(s, false, NULL);
		return rc;
	}
	return blame_machine(s->driver->end(s, true, err), err);
}

int store_damaged(struct store *s, struct error *err)
{
	if (err && error_is_memory(err))
		return -1;
	s->damaged = true;
	return blame_machine(-1, err);
}

bool store_was_damaged(struct store *s)
{
	const bool damaged = s->damaged;

	s->damaged = false;
	return damaged;
}

int store_get(struct store *s, const char *kind, const char *key,
	      struct buf *out, bool *ret_found, struct error *err)
{
	cleanup(buf_release) struct buf unread = BUF_INIT(STORE_VALUE_MAX);

	*ret_found = false;
	if (!store_key_valid(key))
		return 0;
	return blame_machine(s->driver->get(s, kind, key, out ? out : &unread,
					    ret_found, err),
			     err);
}

int store_put(struct store *s, const char *kind, const char *key,
	      const void *bytes, size_t len, struct error *err)
{
	bool created;

	assert(store_key_valid(key) && len <= STORE_VALUE_MAX);
	return blame_machine(s->driver->put(s, kind, key, bytes, len, false,
					    &created, err),
			     err);
}

int store_create(struct store *s, const char *kind, const char *key,
		 const void *bytes, size_t len, bool *ret_created,
		 struct error *err)
{
	assert(store_key_valid(key) && len <= STORE_VALUE_MAX);
	return blame_machine(s->driver->put(s, kind, key, bytes, len, true,
					    ret_created, err),
			     err);
}

int store_remove(struct store *s, const char *kind, const char *key,
		 struct error *err)
{
	assert(store_key_valid(key));
	return blame_machine(s->driver->remove(s, kind, key, err), err);
}

int store_each(struct store *s, const char *kind,
	       int (*fn)(const char *key, const struct buf *value, void *ctx),
	       void *ctx, struct error *err)
{
	return blame_machine(s->driver->each(s, kind, fn, ctx, err), err);
}

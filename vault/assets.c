/* SPDX-License-Identifier: Apache-2.0 */
/* assets.c - kinds of money: a currency by an issuer, and their sums. */
#include "vault/assets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "vault/fact.h"

enum { NAME_MAX_LEN = 4096 };

void assets_init(struct assets *a)
{
	*a = (struct assets){ .count = 0 };
	pthread_mutex_init(&a->lock, NULL);
}

void assets_release(struct assets *a)
{
	for (size_t i = 0; i < a->count; i++) {
		free(a->list[i].name);
		free(a->list[i].issuer_name);
	}
	free(a->list);
	pthread_mutex_destroy(&a->lock);
}

static int grow(struct assets *a)
{
	size_t room = a->room ? a->room * 2 : 16;
	struct asset *more;

	if (a->count < a->room)
		return 0;
	if (room > ASSETS_MAX)
		return error_set(&a->failure, ERROR_INTERNAL,
				 "more than %d kinds of money", ASSETS_MAX);
	more = reallocarray(a->list, room, sizeof(*more));
	if (!more)
		return error_nomem(&a->failure);
	a->list = more;
	a->room = room;
	return 0;
}

static int32_t add(struct assets *a, struct buf *name)
{
	if (grow(a) < 0)
		return ASSET_NONE;
	a->list[a->count] = (struct asset){ .name = buf_steal_text(name) };
	if (!a->list[a->count].name) {
		error_nomem(&a->failure);
		return ASSET_NONE;
	}
	return (int32_t)a->count++;
}

static int32_t find(const struct assets *a, const char *name)
{
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->list[i].name, name) == 0)
			return (int32_t)i;
	return ASSET_NONE;
}

static uint32_t hash_bytes(uint32_t h, const void *bytes, size_t len)
{
	const uint8_t *b = bytes;

	for (size_t i = 0; i < len; i++)
		h = (h ^ b[i]) * 16777619u;
	return h;
}

uint32_t assets_issuer_hash(const char *issuer, const uint8_t *ref, size_t len)
{
	const char *name = issuer ? issuer : "";

	/* With its end, so that name and reference do not run together. */
	return hash_bytes(hash_bytes(2166136261u, name, strlen(name) + 1), ref,
			  len);
}

int32_t assets_find(struct assets *a, const char *currency,
		    const char *issuer_key_hash, const uint8_t *ref,
		    size_t ref_len, const char *issuer)
{
	cleanup(buf_release) struct buf name = BUF_INIT(NAME_MAX_LEN);
	cleanup(buf_release) struct buf hex = BUF_INIT(NAME_MAX_LEN);
	int32_t at;

	buf_add_hex(&hex, ref, ref_len);
	buf_addf(&name, "%s|%s|%s", currency, issuer_key_hash, buf_text(&hex));
	pthread_mutex_lock(&a->lock);
	if (buf_check(&hex, &a->failure) < 0 ||
	    buf_check(&name, &a->failure) < 0)
		at = ASSET_NONE;
	else
		at = find(a, buf_text(&name));
	if (at < 0 && !hex.failed && !name.failed)
		at = add(a, &name);
	if (at >= 0 && issuer && !a->list[at].issuer_name) {
		a->list[at].issuer_name = strdup(issuer);
		if (!a->list[at].issuer_name)
			error_nomem(&a->failure);
		a->list[at].issuer = assets_issuer_hash(issuer, ref, ref_len);
	}
	pthread_mutex_unlock(&a->lock);
	return at;
}

int assets_check(const struct assets *a, struct error *err)
{
	if (a->failure.kind == ERROR_NONE)
		return 0;
	if (err)
		*err = a->failure;
	return error_wrap(err, "kinds of money");
}

const char *asset_currency(const struct asset *a, char room[CURRENCY_ROOM])
{
	snprintf(room, CURRENCY_ROOM, "%.*s", (int)strcspn(a->name, "|"),
		 a->name);
	return room;
}

const char *asset_ref(const struct asset *a)
{
	return strrchr(a->name, '|') + 1;
}

struct asset *assets_at(struct assets *a, int32_t asset)
{
	return asset >= 0 && (size_t)asset < a->count ? &a->list[asset] : NULL;
}

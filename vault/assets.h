/* SPDX-License-Identifier: Apache-2.0 */
/* assets.h - kinds of money: a currency by an issuer, and their sums. */
#ifndef VAULT_ASSETS_H
#define VAULT_ASSETS_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/money.h"

/* What one node has of it. */
struct share {
	MONEY_SUM held; /* its part of the asset's `held` */
	MONEY_SUM in_rows; /* of that, by cash rows: what a vault query sums */
	MONEY_SUM owned; /* what these rows should sum up to */
	MONEY_SUM told; /* of in_rows - owned: findings about a state tell it */
};

/* There are few of them, as many as issuers times currencies. */
struct asset {
	char *name; /* owned: "USD|DL…|01", as the cash tables have it */
	char *issuer_name; /* owned, or NULL: only its key's hash is known */
	uint32_t issuer; /* assets_issuer_hash(), if `issuer_name` */
	MONEY_SUM issued, exited; /* by all transactions, each once */
	MONEY_SUM held; /* unconsumed in all vaults, by their rows */
	struct share *shares; /* by node; of the check's arena, or NULL */
	MONEY_SUM explained; /* what single findings add to `held` */
};

/* What the vaults must hold of it. */
static inline MONEY_SUM asset_expected(const struct asset *a)
{
	return a->issued - a->exited + a->explained;
}

/* "USD": the part of the name up to the first '|'. */
enum { CURRENCY_ROOM = 16 };
const char *asset_currency(const struct asset *a, char room[CURRENCY_ROOM]);
/* "01": the part behind the last '|'. */
const char *asset_ref(const struct asset *a);

enum { ASSETS_MAX = 65536 };

struct assets {
	pthread_mutex_t lock;
	struct asset *list; /* owned */
	size_t count, room;
	struct error failure; /* of assets_find(); kind ERROR_NONE: none */
};

void assets_init(struct assets *a);
void assets_release(struct assets *a);

/* The number of an asset, made if new; ASSET_NONE when that failed, which
 * assets_check() tells: no sum is right then. `issuer` may be NULL where only
 * the key's hash is known. */
int32_t assets_find(struct assets *a, const char *currency,
		    const char *issuer_key_hash, const uint8_t *ref,
		    size_t ref_len, const char *issuer);

/* -1 if any call of assets_find() failed. */
int assets_check(const struct assets *a, struct error *err);

/* Of an issuer's name, which may be NULL, and reference. */
uint32_t assets_issuer_hash(const char *issuer, const uint8_t *ref, size_t len);

/* NULL for ASSET_NONE. */
struct asset *assets_at(struct assets *a, int32_t asset);

#endif

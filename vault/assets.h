/* SPDX-License-Identifier: Apache-2.0 */
/* assets.h - kinds of money: a currency by an issuer, and their sums. */
#ifndef VAULT_ASSETS_H
#define VAULT_ASSETS_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

/* There are few of them, as many as issuers times currencies. */
struct asset {
	char *name; /* owned: "USD|DL…|01", as the cash tables have it */
	char *text; /* owned, or NULL: "USD of O=BankA, …, ref 01" */
	int64_t issued, exited; /* by all transactions, each once */
	int64_t held; /* unconsumed in all vaults, by their rows */
	int64_t explained; /* what single findings add to `held` */
};

enum { ASSETS_MAX = 65536 };

struct assets {
	pthread_mutex_t lock;
	struct asset *list; /* owned */
	size_t count, room;
};

void assets_init(struct assets *a);
void assets_release(struct assets *a);

/* The number of an asset, made if new; ASSET_NONE when there is no room.
 * `issuer` may be NULL where only the key's hash is known. */
int32_t assets_find(struct assets *a, const char *currency,
		    const char *issuer_key_hash, const uint8_t *ref,
		    size_t ref_len, const char *issuer);

/* NULL for ASSET_NONE. */
struct asset *assets_at(struct assets *a, int32_t asset);

#endif

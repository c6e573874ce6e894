/* SPDX-License-Identifier: Apache-2.0 */
/* network_parameters.h - the signed parameters that all nodes share. */
#ifndef CORDA_NETWORK_PARAMETERS_H
#define CORDA_NETWORK_PARAMETERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "corda/der.h"
#include "corda/key.h"
#include "corda/name.h"

struct notary_info {
	struct x500_name name;
	struct der spki; /* the key that notarises */
	bool validating;
};

/* Package owners and the contract whitelist are written empty. */
struct network_parameters {
	int epoch;
	int64_t event_horizon; /* seconds */
	int max_message_size, max_transaction_size; /* bytes */
	int minimum_platform;
	int64_t modified; /* seconds since 1970 … */
	int modified_nanos; /* … and the nanoseconds */
	const struct notary_info *notaries;
	size_t notary_count;
};

/* As in node infos, hash and signature cover the inner bytes. */
struct signed_network_parameters {
	struct der inner;
	struct der signer; /* certificate: network map, or parameters */
	struct der signature;
	struct network_parameters parameters;
};

/* Adds the inner blob. */
void network_parameters_write(const struct network_parameters *parameters,
			      struct buf *out);
/* Adds the file. The signer's issuer is the root: no chain is written. */
int network_parameters_sign(struct der inner, struct der signer,
			    const struct key *key, struct buf *out,
			    struct error *err);
/* Parts live in the arena or in the bytes. Signatures are not verified. */
int network_parameters_read(const void *bytes, size_t len, struct arena *arena,
			    struct signed_network_parameters *ret,
			    struct error *err);

#endif

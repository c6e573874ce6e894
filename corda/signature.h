/* SPDX-License-Identifier: Apache-2.0 */
/* signature.h - checks that all required signers signed a transaction. */
#ifndef CORDA_SIGNATURE_H
#define CORDA_SIGNATURE_H

#include "base/buf.h"
#include "base/error.h"
#include "corda/transaction.h"

/*
 * Adds the bytes that are signed: the whole envelope of a SignableData, as
 * every release writes it. `id` is the transaction's id, or the root of the
 * tree if a notary signed several ids at once.
 */
int signable_bytes(const struct tx_id *id, int platform, int scheme,
		   struct buf *out, struct error *err);

/*
 * The root of a PartialMerkleTree, which must contain the hash of `id` among
 * its included leaves.
 */
int partial_tree_root(const struct amqp_value *tree, const struct tx_id *id,
		      struct tx_id *ret_root, struct error *err);

enum signature_fault {
	SIGNATURE_GOOD,
	SIGNATURE_WRONG, /* does not verify */
	SIGNATURE_UNVERIFIABLE, /* its scheme or key is not known here */
	SIGNATURE_OTHER_TREE, /* the batch does not contain the transaction */
	SIGNATURE_MISSING /* a required signer has not signed */
};

/* The first fault, and the key that it concerns. */
struct signature_result {
	enum signature_fault fault;
	struct tx_key key;
	unsigned verified; /* signatures that are good */
	unsigned repeated; /* of these, found in `known` */
};

/* "the signature does not verify" … */
const char *signature_fault_text(enum signature_fault fault);

/*
 * Verifies each signature, then that all required signers have signed: the
 * commands' signers, and the notary where there are inputs, references or a
 * time window. (The inputs of a notary change or contract upgrade say who must
 * sign it, so only the notary is required here.) -1 if there is no memory: then
 * the result says nothing.
 */
int transaction_verify(const struct transaction *tx,
		       struct signature_result *ret, struct error *err);

/* The same, but signatures that `known` (see verified.h) has are not verified
 * again; good ones are added to it. */
struct verified;
int transaction_verify_known(const struct transaction *tx,
			     struct verified *known,
			     struct signature_result *ret, struct error *err);

/* True if `key` is among `signed_by`, or is a composite key (Corda's own
 * kind) whose threshold they reach. */
bool key_fulfilled(const struct tx_key *key, const struct tx_key *signed_by,
		   size_t count);

/* The hash of a key as it is in the nodes' databases: "DL" and base 58 of the
 * SHA-256 of the key. */
enum { KEY_HASH_TEXT = 48 };
const char *key_hash_text(char room[KEY_HASH_TEXT], const struct tx_key *key);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* transaction.h - a transaction as a node stores or returns it, and its id. */
#ifndef CORDA_TRANSACTION_H
#define CORDA_TRANSACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "corda/merkle.h"
#include "proto/amqp.h"

/* The id: the root of a tree of hashes over the transaction's components. */
struct tx_id {
	enum digest_kind algorithm;
	uint8_t bytes[DIGEST_MAX]; /* digest_size(algorithm) of them */
};

/* "19234D3C…", or "SHA-384:…" when not SHA-256. */
enum { TX_ID_TEXT = 8 + 2 * DIGEST_MAX + 1 };
const char *tx_id_text(char room[TX_ID_TEXT], const struct tx_id *id);
bool tx_id_equal(const struct tx_id *a, const struct tx_id *b);
/* False if it is no such text. */
bool tx_id_parse(const char *text, struct tx_id *ret);

enum tx_kind { TX_WIRE, TX_NOTARY_CHANGE, TX_CONTRACT_UPGRADE };

struct state_ref {
	struct tx_id tx;
	uint32_t index;
};

/* A public key: DER, SubjectPublicKeyInfo. */
struct tx_key {
	const uint8_t *der;
	size_t len;
};

struct tx_party {
	const char *name; /* "O=BankA, L=London, C=GB"; NULL: anonymous */
	struct tx_key key;
};

/* An amount of cash: quantity in the smallest unit, by whom it was issued. */
struct tx_cash {
	int64_t quantity;
	const char *currency;
	struct tx_party issuer;
	const uint8_t *issuer_ref;
	size_t issuer_ref_len;
};

struct tx_output {
	const char *contract; /* "net.corda.finance.contracts.asset.Cash" */
	const char *state; /* class of the state */
	struct tx_party notary;
	int constraint_type; /* as vault_states has it; -1: another */
	const uint8_t *constraint; /* attachment id or key; NULL: none */
	size_t constraint_len;
	bool has_cash; /* a Cash$State: then cash is set */
	struct tx_cash cash;
	/* Whose vaults have the state: of cash its owner. Of another state
	 * those that it names; its class may compute others, or all, unless
	 * `all_participants`. */
	struct tx_party *participants;
	size_t participant_count;
	bool all_participants;
};

struct tx_command {
	const char *class_name;
	bool issue, exit; /* of cash */
	struct tx_cash exited; /* exit: what leaves */
};

struct tx_signature {
	struct tx_key by;
	const uint8_t *bytes;
	size_t len;
	int platform; /* of the signer */
	int scheme; /* as the signer names it: see verify.h */
	/* A notary's signature over several ids: the tree's root is signed. */
	const struct amqp_value *tree; /* or NULL */
};

/* What lists hold lives in the arena, texts and bytes too or in the input. */
struct transaction {
	enum tx_kind kind;
	struct tx_id id; /* computed from the bytes */
	struct state_ref *inputs;
	size_t input_count;
	struct state_ref *references;
	size_t reference_count;
	struct tx_output *outputs; /* of TX_WIRE; the others' are their inputs
				    * with the notary or contract replaced */
	size_t output_count;
	struct tx_command *commands;
	size_t command_count;
	struct tx_key *signers; /* by the commands, with repeats */
	size_t signer_count;
	struct tx_party notary; /* name NULL and no key: none */
	struct tx_party new_notary; /* TX_NOTARY_CHANGE */
	const char *new_contract; /* TX_CONTRACT_UPGRADE */
	bool has_window;
	struct tx_id *attachments;
	size_t attachment_count;
	struct tx_id parameters; /* of the network */
	bool has_parameters;
	struct tx_signature *signatures;
	size_t signature_count;
};

/*
 * The id alone: of the bytes `txBits.bytes` of a SignedTransaction (an
 * envelope). For who has no use of the content, such as the driver. Needs no
 * more than the bytes. Errors: ERROR_INTERNAL.
 */
int transaction_id_of(const void *tx_bits, size_t len, struct tx_id *ret,
		      struct error *err);

/* Of a SignedTransaction, as decoded from a flow's result. */
int transaction_id_of_value(const struct amqp_value *signed_tx,
			    struct tx_id *ret, struct error *err);

/* All of it, from a stored blob; `room` as in storage_unpack(), it must
 * outlive the transaction. */
int transaction_read(const uint8_t *stored, size_t len, struct buf *room,
		     struct arena *arena, struct transaction *ret,
		     struct error *err);

#endif

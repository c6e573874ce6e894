/* SPDX-License-Identifier: Apache-2.0 */
/* fact.h - what the databases say, in small records of one size. */
#ifndef VAULT_FACT_H
#define VAULT_FACT_H

#include <stdint.h>

/*
 * The check reads every table once, in whatever order it comes, and writes
 * what it learns as facts into spool files. These are then taken up part by
 * part, sorted, so that all that is said of one thing stands together. Memory
 * is thereby bounded by the size of a part, not by that of the vaults.
 *
 * There are five rounds, each with a spool of its own:
 *   keys          who owns an output: its key, and the node that made the key
 *   states        what each vault and each notary says of a state
 *   claims        what a notary alone says of a transaction
 *   attachments   which files nodes have, and which they should
 *   transactions  who has a transaction, who should, and what it moves
 *
 * An id is kept as its first 32 bytes, which is all of a SHA-256 one.
 */
enum { FACT_ID = 32, NODE_NONE = 0xffff, ASSET_NONE = -1 };

enum fact_type {
	/* keys: `key` is the hash of an owner's key */
	FACT_KEY_OWNER = 1, /* node */
	FACT_OUTPUT, /* of state (other, index), one for each participant, of
		      * cash its owner: amount, asset, extra = row hash; node =
		      * the one that it names, or NODE_NONE */

	/* states: `key`, `index` is the state */
	FACT_OWNED, /* FACT_OUTPUT with the participant as node, or NODE_NONE;
		     * other = the participant's key */
	FACT_INHERITED, /* made by a notary change or contract upgrade; there
			 * is a FACT_OWNED if its root is known: lineage.h */
	FACT_SPENT, /* by other, as stored at node; extra = its notary */
	FACT_COMMITTED, /* to other, by the notary's node; amount = place in the
			 * log of its cluster, 0: it has none; COMMIT_ODD: to
			 * what is not an id */
	FACT_VAULT_ROW, /* at node; extra = row hash, time = recorded */
	FACT_CASH_ROW, /* at node: amount, asset */
	FACT_FUNGIBLE_ROW, /* at node: amount; extra = issuer hash */
	FACT_PARTY_ROW, /* at node: other = the party's key */

	/* claims: FACT_STORED of the copies that can be read; FACT_CONSUMER,
	 * FACT_HOLDER and FACT_PROBLEM of the transaction `key` that a notary
	 * names as the spender of state (other, index) */

	/* transactions: `key` is the transaction */
	FACT_OPERATION, /* index = which operation names it */
	FACT_STORED, /* at node; index = kind, extra = its notary */
	FACT_COMMITTED_TX, /* listed by the notary node */
	FACT_CONSUMER, /* the notary node has committed a state to it */
	FACT_BEHIND, /* the notary node, which has not read that far, has not
		      * committed its input */
	FACT_HOLDER, /* node owns an input or output (flag) of amount, asset */
	FACT_EXIT, /* amount, asset leave */
	FACT_NEEDED, /* node stores a transaction that spends from it */
	FACT_TOLD, /* the notary node committed a state to it; told of another
		    * transaction */
	FACT_PROBLEM, /* at node, about output `index`; extra = problem */

	/* attachments: `key` is the attachment */
	FACT_ATTACHMENT, /* at node, its content's SHA-256 is other */
	FACT_ATTACHMENT_EMPTY, /* at node, without content */
	FACT_ATTACHMENT_NAMED /* by transaction other, stored at node */
};

/* Bits of `flags`. */
enum {
	/* FACT_VAULT_ROW */
	ROW_CONSUMED = 1, /* state_status */
	ROW_CONSUMED_TIME = 2, /* consumed_timestamp */
	ROW_LOCKED = 4,
	ROW_PARTIES = 8, /* the node has a table of parties */
	/* FACT_SPENT */
	SPENT_FOREIGN = 2, /* by a transaction that is told to be foreign */
	/* FACT_CASH_ROW, FACT_FUNGIBLE_ROW, FACT_PARTY_ROW: the owner's name */
	ROW_NAME_NONE = 1, /* there is none, and the release may do that */
	ROW_NAME_OTHER = 2, /* it is not the node's */
	/* FACT_COMMITTED */
	COMMIT_ODD = 1,
	/* FACT_CONSUMER in claims */
	CLAIM_MADE = 1, /* the state's maker is known */
	/* FACT_STORED */
	STORED_ISSUE = 1, /* has an issue command */
	STORED_UNVERIFIED = 2, /* status is not V */
	STORED_UNREADABLE = 4, /* nothing else is known of this copy */
	STORED_NEEDS_NOTARY = 8,
	STORED_FOREIGN = 16, /* of another network */
	/* FACT_HOLDER */
	HOLDER_OUTPUT = 1, /* else of an input */
	HOLDER_CASH = 2,
	HOLDER_UNKNOWN = 4, /* an input whose value is not known */
	/* FACT_OUTPUT, FACT_OWNED */
	OUTPUT_CASH = 1,
	OUTPUT_NO_KEY = 2, /* FACT_OWNED: no node holds the key */
	OUTPUT_KEY_SHARED = 4, /* FACT_OWNED: several nodes hold it */
	OUTPUT_UPGRADED = 8, /* FACT_OWNED: its contract, so its class, too */
	OUTPUT_NAMED = 16, /* it names the participant */
	OUTPUT_SHARED = 32, /* it may have more participants than it says */
	OUTPUT_NOBODY = 64 /* it does not say who its participants are */
};

/* What is wrong with a transaction or its states, in order of weight: the
 * first names the finding, the others are told as what follows from it. */
enum problem {
	PROBLEM_FOREIGN, /* of another network; index = enum foreign */
	PROBLEM_FORGED, /* more out than in */
	PROBLEM_DOUBLED, /* other = the second spender */
	PROBLEM_DOUBLED_COMMIT, /* node, of the notary, has committed its input
				 * to other */
	PROBLEM_DOUBLED_OUTPUT, /* node, of the notary, has committed its output
				 * to other, which no vault has, and to more */
	PROBLEM_ID, /* the bytes give another id */
	PROBLEM_UNDECODABLE,
	PROBLEM_ODD_COMMIT, /* node, of the notary, has committed state (other,
			     * index) to what is not an id */
	PROBLEM_SIGNATURE, /* index = enum signature_fault */
	PROBLEM_ABSENT, /* no vault has it */
	PROBLEM_CONSUMED, /* node, of the notary, has committed its output to
			   * other, which does not spend it */
	PROBLEM_NOT_RECORDED, /* node should have it and has not */
	PROBLEM_CHAIN_BROKEN, /* node has not what its others spend from */
	PROBLEM_NOT_COMMITTED, /* node, the notary, does not know it */
	PROBLEM_NOT_SPENT, /* node, the notary, lists it without its inputs */
	PROBLEM_UNLISTED, /* node, of the notary, has its inputs alone */
	PROBLEM_FORGOTTEN, /* node, of the notary, does not know it any more */
	PROBLEM_VALUE_LOST, /* less out than in */
	PROBLEM_NO_HOLDER, /* no node has key or rows of its unspent output;
			    * node: the owner as far as it is known, or one
			    * of the participants */
	PROBLEM_NO_KEY, /* node has not the key of a state that it holds */
	PROBLEM_KEY_SHARED, /* several nodes, node is one, have its key */
	PROBLEM_NO_ROW, /* node's vault misses its output */
	PROBLEM_STRAY_ROW, /* node's vault has a row it should not */
	PROBLEM_STRAY_COMMIT, /* node, of the notary, has committed to it a
			       * state of other, which nobody made */
	PROBLEM_STATUS, /* the row's status is not what is stored */
	PROBLEM_ROW_VALUE, /* amount, class or notary differ */
	PROBLEM_ROW_NAME, /* node's vault names another owner */
	PROBLEM_ROW_PARTY, /* node's vault has another party, none, or more */
	PROBLEM_UNVERIFIED, /* stored, but not as verified */
	PROBLEM_LOCKED, /* a soft lock is left */
	PROBLEMS
};

struct fact {
	uint8_t key[FACT_ID];
	uint32_t index;
	uint8_t type; /* enum fact_type */
	uint8_t flags;
	uint16_t node; /* index in the network, or NODE_NONE */
	uint8_t other[FACT_ID];
	int64_t amount;
	int64_t time; /* microseconds since 1970, 0: unknown */
	int32_t asset; /* see assets.h */
	uint32_t extra;
};

/* Orders by key, index, type, node, other: for qsort. */
int fact_compare(const void *a, const void *b);

#endif

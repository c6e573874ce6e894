/* SPDX-License-Identifier: Apache-2.0 */
/* signature.c - checks that all required signers signed a transaction. */
#include "corda/signature.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/cursor.h"
#include "corda/composite.h"
#include "corda/verified.h"
#include "corda/verify.h"

enum { SIGNABLE_MAX = 4096, SIGNERS_MAX = 256, COMPOSITE_DEPTH = 8 };

const char *signature_fault_text(enum signature_fault fault)
{
	static const char *const texts[] = {
		[SIGNATURE_GOOD] = "all signatures are good",
		[SIGNATURE_WRONG] = "a signature is not valid",
		[SIGNATURE_UNVERIFIABLE] = "medley does not know the scheme or "
					   "the key of a signature",
		[SIGNATURE_OTHER_TREE] = "the batch that a notary signed does "
					 "not contain the transaction",
		[SIGNATURE_MISSING] = "a required signature is missing",
	};

	return texts[fault];
}

/* ---- keys ---- */

static bool key_equal(const struct tx_key *a, const struct tx_key *b)
{
	return a->len == b->len && memcmp(a->der, b->der, a->len) == 0;
}

/* The content of a DER element with this tag. */
static struct cursor der_open(struct cursor *c, uint8_t tag)
{
	size_t len;
	uint8_t first;

	if (cursor_u8(c) != tag)
		c->failed = true;
	first = cursor_u8(c);
	len = first;
	if (first > 0x84)
		c->failed = true;
	else if (first & 0x80)
		len = cursor_be(c, first & 0x7f);
	return cursor_sub(c, len);
}

/* The key in a BIT STRING, which starts with the number of unused bits. */
static struct cursor der_bits(struct cursor *c)
{
	struct cursor bits = der_open(c, 0x03);

	if (cursor_u8(&bits) != 0)
		bits.failed = true;
	return bits;
}

static int64_t der_int(struct cursor *c)
{
	struct cursor v = der_open(c, 0x02);
	size_t len = cursor_left(&v);

	if (len == 0 || len > 4)
		c->failed = true;
	return (int64_t)cursor_be(&v, len <= 4 ? (unsigned)len : 0);
}

/* SEQUENCE { SEQUENCE { OID }, BIT STRING of SEQUENCE { threshold, nodes } };
 * a node is SEQUENCE { BIT STRING of a key, weight }. */
static bool composite_open(const struct tx_key *key, struct cursor *ret_nodes,
			   int64_t *ret_threshold)
{
	struct cursor c = cursor_over(key->der, key->len);
	struct cursor all = der_open(&c, 0x30), id = der_open(&all, 0x30), body;

	id = der_open(&id, 0x06);
	if (cursor_left(&id) != composite_oid.len ||
	    memcmp(id.p, composite_oid.bytes, composite_oid.len) != 0)
		return false;
	all = der_bits(&all);
	body = der_open(&all, 0x30);
	*ret_threshold = der_int(&body);
	*ret_nodes = der_open(&body, 0x30);
	return !body.failed && !ret_nodes->failed;
}

static bool fulfilled(const struct tx_key *key, const struct tx_key *signed_by,
		      size_t count, int depth)
{
	struct cursor nodes;
	int64_t threshold, reached = 0;

	for (size_t i = 0; i < count; i++)
		if (key_equal(key, &signed_by[i]))
			return true;
	if (depth == 0 || !composite_open(key, &nodes, &threshold))
		return false;
	while (cursor_left(&nodes) > 0) {
		struct cursor node = der_open(&nodes, 0x30);
		struct cursor bits = der_bits(&node);
		struct tx_key part = { bits.p, cursor_left(&bits) };
		int64_t weight = der_int(&node);

		if (nodes.failed || node.failed || bits.failed)
			return false;
		if (fulfilled(&part, signed_by, count, depth - 1))
			reached += weight;
	}
	return threshold > 0 && reached >= threshold;
}

bool key_fulfilled(const struct tx_key *key, const struct tx_key *signed_by,
		   size_t count)
{
	return fulfilled(key, signed_by, count, COMPOSITE_DEPTH);
}

/* ---- base 58 ---- */

const char *key_hash_text(char room[KEY_HASH_TEXT], const struct tx_key *key)
{
	static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcde"
				       "fghijkmnopqrstuvwxyz";
	uint8_t hash[DIGEST_MAX], digits[45] = { 0 };
	size_t len = 0, zeroes = 0;
	char *p = room;

	digest_bytes(DIGEST_SHA256, key->der, key->len, hash);
	while (zeroes < 32 && hash[zeroes] == 0)
		zeroes++;
	for (size_t i = zeroes; i < 32; i++) {
		unsigned carry = hash[i];

		for (size_t k = 0; k < len || carry; k++) {
			carry += digits[k] * 256u;
			digits[k] = (uint8_t)(carry % 58);
			carry /= 58;
			if (k >= len)
				len = k + 1;
		}
	}
	*p++ = 'D';
	*p++ = 'L';
	while (zeroes-- > 0)
		*p++ = '1';
	while (len-- > 0)
		*p++ = alphabet[digits[len]];
	*p = '\0';
	return room;
}

/* ---- a transaction's signatures ---- */

static int verify_anew(const struct tx_signature *s, const struct tx_id *id,
		       enum signature_fault *ret, struct error *err)
{
	cleanup(buf_release) struct buf bytes = BUF_INIT(SIGNABLE_MAX);
	/* Who signs for a composite key names that one's scheme. */
	const int scheme = s->scheme == SCHEME_COMPOSITE
				   ? verify_scheme(s->by.der, s->by.len)
				   : s->scheme;
	int rc;

	if (signable_bytes(id, s->platform, s->scheme, &bytes, err) < 0)
		return -1;
	rc = verify_signature(scheme, s->by.der, s->by.len, s->bytes, s->len,
			      bytes.data, bytes.len);
	if (rc == VERIFY_NO_MEMORY)
		return error_nomem(err);
	if (rc < 0)
		*ret = SIGNATURE_UNVERIFIABLE;
	else
		*ret = rc ? SIGNATURE_GOOD : SIGNATURE_WRONG;
	return 0;
}

static int verify_one(const struct transaction *tx,
		      const struct tx_signature *s, struct verified *known,
		      enum signature_fault *ret, bool *ret_known,
		      struct error *err)
{
	struct tx_id id = tx->id; /* or the root of a notary's batch */
	uint8_t hash[VERIFIED_HASH];

	*ret_known = false;
	*ret = SIGNATURE_GOOD;
	if (s->tree && partial_tree_root(s->tree, &tx->id, &id, NULL) < 0) {
		*ret = SIGNATURE_OTHER_TREE;
		return 0;
	}
	if (!known)
		return verify_anew(s, &id, ret, err);
	verified_hash(s, &id, hash);
	*ret_known = verified_has(known, hash);
	if (*ret_known)
		return 0;
	if (verify_anew(s, &id, ret, err) < 0)
		return -1;
	if (*ret == SIGNATURE_GOOD)
		verified_add(known, hash);
	return 0;
}

static bool needs_notary(const struct transaction *tx)
{
	return tx->notary.key.len > 0 &&
	       (tx->input_count > 0 || tx->reference_count > 0 ||
		tx->has_window);
}

/* The first required key that the signatures do not fulfil, or NULL. */
static const struct tx_key *missing(const struct transaction *tx)
{
	struct tx_key by[SIGNERS_MAX];
	size_t count = 0;

	for (; count < tx->signature_count && count < SIGNERS_MAX; count++)
		by[count] = tx->signatures[count].by;
	for (size_t i = 0; i < tx->signer_count; i++)
		if (!key_fulfilled(&tx->signers[i], by, count))
			return &tx->signers[i];
	if (needs_notary(tx) && !key_fulfilled(&tx->notary.key, by, count))
		return &tx->notary.key;
	return NULL;
}

static int verify_all(const struct transaction *tx, struct verified *known,
		      struct signature_result *ret, struct error *err)
{
	enum signature_fault fault;
	bool again;

	for (size_t i = 0; i < tx->signature_count; i++) {
		if (verify_one(tx, &tx->signatures[i], known, &fault, &again,
			       err) < 0)
			return -1;
		if (fault == SIGNATURE_GOOD) {
			ret->verified++;
			ret->repeated += again;
		} else if (ret->fault == SIGNATURE_GOOD) {
			ret->fault = fault;
			ret->key = tx->signatures[i].by;
		}
	}
	return 0;
}

int transaction_verify_known(const struct transaction *tx,
			     struct verified *known,
			     struct signature_result *ret, struct error *err)
{
	struct signature_result result = { .fault = SIGNATURE_GOOD };
	const struct tx_key *key;

	if (verify_all(tx, known, &result, err) < 0)
		return -1;
	key = result.fault == SIGNATURE_GOOD ? missing(tx) : NULL;
	if (key) {
		result.fault = SIGNATURE_MISSING;
		result.key = *key;
	}
	*ret = result;
	return 0;
}

int transaction_verify(const struct transaction *tx,
		       struct signature_result *ret, struct error *err)
{
	return transaction_verify_known(tx, NULL, ret, err);
}

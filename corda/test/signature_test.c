/* SPDX-License-Identifier: Apache-2.0 */
/* signature_test.c - what is signed, by every scheme; who must have signed. */
#include "corda/signature.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "corda/composite.h"
#include "corda/key.h"
#include "corda/verified.h"
#include "corda/verify.h"
#include "test/support/test.h"

enum { WORDS = 6, BYTES = 4096, KEYS = 3 };

static struct buf text;
static char *lines[32];
static size_t line_count;

static int load(void **state)
{
	char *at = NULL;

	(void)state;
	text = test_vector("vault/signatures/signable-and-schemes.txt");
	for (char *l = strtok_r((char *)text.data, "\n", &at); l;
	     l = strtok_r(NULL, "\n", &at))
		if (*l != '#' && line_count < ARRAY_SIZE(lines))
			lines[line_count++] = l;
	return 0;
}

static int unload(void **state)
{
	(void)state;
	buf_release(&text);
	return 0;
}

static size_t unhex(const char *hex, uint8_t *out)
{
	size_t n = strlen(hex) / 2;
	unsigned byte;

	assert_true(n <= BYTES);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
		out[i] = (uint8_t)byte;
	}
	return n;
}

/* Splits a copy of a line; false when its first word is another. */
static bool words_of(char *line, const char *first, char *words[WORDS],
		     char **copy)
{
	char *at = NULL;
	int n = 0;

	*copy = strdup(line);
	for (char *w = strtok_r(*copy, " ", &at); w && n < WORDS;
	     w = strtok_r(NULL, " ", &at))
		words[n++] = w;
	return strcmp(words[0], first) == 0;
}

static struct tx_id counting_id(void)
{
	struct tx_id id = { .algorithm = DIGEST_SHA256 };

	for (uint8_t i = 0; i < 32; i++)
		id.bytes[i] = i;
	return id;
}

static void writes_what_nodes_sign(void **state)
{
	unsigned checked = 0;

	(void)state;
	for (size_t i = 0; i < line_count; i++) {
		cleanup(buf_release) struct buf b = BUF_INIT(BYTES);
		cleanup(freep) char *copy = NULL;
		char *w[WORDS];
		uint8_t want[BYTES];
		struct tx_id id = counting_id();
		int platform = 10, scheme = 4;
		struct error err = { 0 };

		if (!words_of(lines[i], "signable", w, &copy))
			continue;
		if (strncmp(w[1], "pv=", 3) == 0) {
			platform = atoi(w[1] + 3);
			scheme = atoi(w[2] + 7);
		} else {
			assert_true(tx_id_parse(w[2], &id));
		}
		assert_ok(signable_bytes(&id, platform, scheme, &b, &err), err);
		assert_int_equal(b.len, unhex(w[3], want));
		assert_memory_equal(b.data, want, b.len);
		checked++;
	}
	assert_int_equal(checked, 10);
}

static void verifies_every_scheme(void **state)
{
	unsigned checked = 0;

	(void)state;
	for (size_t i = 0; i < line_count; i++) {
		cleanup(buf_release) struct buf b = BUF_INIT(BYTES);
		cleanup(freep) char *copy = NULL;
		char *w[WORDS];
		uint8_t key[BYTES], sig[BYTES];
		size_t key_len, sig_len;
		struct tx_id id = counting_id();
		int scheme;

		if (!words_of(lines[i], "sig", w, &copy))
			continue;
		scheme = atoi(w[2]);
		key_len = unhex(w[3], key);
		sig_len = unhex(w[4], sig);
		signable_bytes(&id, 10, scheme, &b, NULL);
		assert_int_equal(verify_signature(scheme, key, key_len, sig,
						  sig_len, b.data, b.len),
				 1);
		b.data[200] ^= 1;
		assert_int_equal(verify_signature(scheme, key, key_len, sig,
						  sig_len, b.data, b.len),
				 0);
		b.data[200] ^= 1; /* after a bad one as before it */
		assert_int_equal(verify_signature(scheme, key, key_len, sig,
						  sig_len, b.data, b.len),
				 1);
		assert_int_equal(verify_signature(5, key, key_len, sig, sig_len,
						  b.data, b.len),
				 -1);
		assert_int_equal(verify_signature(scheme, key, key_len - 1, sig,
						  sig_len, b.data, b.len),
				 -1);
		checked++;
	}
	assert_int_equal(checked, 4);
}

/* Weights 1 and 2, threshold 2. */
static void counts_weights_of_composite_keys(void **state)
{
	cleanup(freep) char *copy = NULL;
	char *w[WORDS] = { 0 }, hash[KEY_HASH_TEXT];
	uint8_t der[KEYS][BYTES];
	struct tx_key keys[KEYS];
	size_t at = line_count - 1;
	uint8_t *threshold;

	(void)state;
	assert_true(words_of(lines[at], "composite", w, &copy));
	for (int i = 0; i < KEYS; i++)
		keys[i] = (struct tx_key){ der[i], unhex(w[1 + i], der[i]) };
	assert_false(key_fulfilled(&keys[0], &keys[1], 1));
	assert_true(key_fulfilled(&keys[0], &keys[2], 1));
	assert_true(key_fulfilled(&keys[0], &keys[1], 2));
	assert_true(key_fulfilled(&keys[1], &keys[1], 1));
	assert_false(key_fulfilled(&keys[1], &keys[2], 1));
	assert_string_equal(key_hash_text(hash, &keys[0]), w[4]);
	assert_string_equal(key_hash_text(hash, &keys[1]), w[5]);
	threshold = memmem(der[0], keys[0].len, "\x02\x01\x02\x30", 4);
	assert_non_null(threshold);
	threshold[2] = 0; /* not even then is nobody enough */
	assert_false(key_fulfilled(&keys[0], NULL, 0));
	threshold[2] = 2;
	keys[0].len--;
	assert_false(key_fulfilled(&keys[0], &keys[2], 1));
}

static void verify(const struct transaction *tx, struct signature_result *ret)
{
	struct error err = { 0 };

	assert_ok(transaction_verify(tx, ret, &err), err);
}

/* A part of a composite key names that one's scheme, which is signed, too. */
static void a_part_signs_by_its_own_scheme(void **state)
{
	cleanup(buf_release) struct buf bytes = BUF_INIT(BYTES);
	cleanup(buf_release) struct buf by = BUF_INIT(BYTES);
	cleanup(key_freep) struct key *key = NULL;
	struct tx_signature signature = { .platform = 10,
					  .scheme = SCHEME_COMPOSITE };
	struct transaction tx = { .id.algorithm = DIGEST_SHA256,
				  .signatures = &signature,
				  .signature_count = 1 };
	struct signature_result got;
	struct error err = { 0 };

	(void)state;
	assert_ok(key_generate(KEY_ED25519, &key, &err), err);
	assert_ok(signable_bytes(&tx.id, 10, SCHEME_COMPOSITE, &bytes, &err),
		  err);
	assert_ok(key_sign(key, bytes.data, bytes.len, &by, &err), err);
	signature.by =
		(struct tx_key){ key_spki(key).bytes, key_spki(key).len };
	signature.bytes = by.data;
	signature.len = by.len;
	verify(&tx, &got);
	assert_int_equal(got.fault, SIGNATURE_GOOD);
	assert_int_equal(got.verified, 1);
	by.data[3] ^= 1;
	verify(&tx, &got);
	assert_int_equal(got.fault, SIGNATURE_WRONG);
	/* The whole has no algorithm to sign by. */
	signature.by =
		(struct tx_key){ composite_oid.bytes, composite_oid.len };
	verify(&tx, &got);
	assert_int_equal(got.fault, SIGNATURE_UNVERIFIABLE);
}

#define TREE "net.corda.core.crypto.PartialMerkleTree"

/* References let a small blob nest without end. */
static void refuses_a_tree_that_is_too_deep(void **state)
{
	enum { DEEP = 45000 };
	static struct amqp_value nodes[DEEP + 1];
	static const struct amqp_value *items[DEEP + 1][2];
	static struct amqp_field sides[] = {
		{ .name = "left", .name_len = 4 },
		{ .name = "right", .name_len = 5 },
	};
	static struct amqp_field roots[] = { { .name = "root",
					       .name_len = 4 } };
	static const char name[] = TREE "$PartialTree$Node";
	const struct amqp_class node = { .kind = AMQP_COMPOSITE,
					 .name = name,
					 .name_len = sizeof(name) - 1,
					 .field_count = 2,
					 .fields = sides };
	const struct amqp_class whole = { .kind = AMQP_COMPOSITE,
					  .name = TREE,
					  .name_len = sizeof(TREE) - 1,
					  .field_count = 1,
					  .fields = roots };
	const struct amqp_value *root = &nodes[DEEP];
	const struct amqp_value tree = {
		.type = AMQP_OBJECT, .cls = &whole, .items = &root, .count = 1
	};
	const struct tx_id id = { .algorithm = DIGEST_SHA256 };
	struct error err = { 0 };
	struct tx_id ret;

	(void)state;
	for (int i = 1; i <= DEEP; i++) {
		items[i][0] = items[i][1] = &nodes[i - 1];
		nodes[i] = (struct amqp_value){ .type = AMQP_OBJECT,
						.cls = &node,
						.items = items[i],
						.count = 2 };
	}
	assert_error(partial_tree_root(&tree, &id, &ret, &err), err,
		     "too large");
}

static void knows_a_signature_again(void **state)
{
	struct verified *known = verified_new();
	struct tx_signature s = { { (const uint8_t *)"key", 3 },
				  (const uint8_t *)"signature",
				  9,
				  4,
				  4,
				  NULL };
	struct tx_id id = { .algorithm = DIGEST_SHA256, .bytes = { 1, 2 } };
	uint8_t hash[DIGEST_MAX], other[DIGEST_MAX];

	(void)state;
	verified_hash(&s, &id, hash);
	assert_false(verified_has(known, hash));
	verified_add(known, hash);
	assert_true(verified_has(known, hash));
	id.bytes[31] ^= 1;
	verified_hash(&s, &id, other);
	assert_false(verified_has(known, other));
	id.bytes[31] ^= 1;
	s.platform++;
	verified_hash(&s, &id, other);
	assert_false(verified_has(known, other));
	verified_free(known);
}

/* Those with the same place in the table do not drive each other out at
 * once. */
static void remembers_several_in_one_place(void **state)
{
	struct verified *known = verified_new();
	uint8_t hash[VERIFIED_HASH] = { 7 };

	(void)state;
	for (uint8_t i = 0; i < 5; i++) {
		hash[31] = i;
		verified_add(known, hash);
	}
	for (uint8_t i = 0; i < 5; i++) {
		hash[31] = i;
		assert_int_equal(verified_has(known, hash), i > 0);
	}
	verified_free(known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_what_nodes_sign),
		cmocka_unit_test(verifies_every_scheme),
		cmocka_unit_test(knows_a_signature_again),
		cmocka_unit_test(remembers_several_in_one_place),
		cmocka_unit_test(counts_weights_of_composite_keys),
		cmocka_unit_test(a_part_signs_by_its_own_scheme),
		cmocka_unit_test(refuses_a_tree_that_is_too_deep),
	};

	return cmocka_run_group_tests(tests, load, unload);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* key_test.c - keys come out as nodes keep them, and sign what verifies. */
#include "corda/key.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <pthread.h>

#include "test/support/test.h"

static void assert_good_signature(struct der spki, const char *text,
				  const struct buf *signature, bool hashed)
{
	const uint8_t *p = spki.bytes;
	EVP_PKEY *pkey = d2i_PUBKEY(NULL, &p, spki.len);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	assert_non_null(pkey);
	assert_int_equal(EVP_DigestVerifyInit(ctx, NULL,
					      hashed ? EVP_sha256() : NULL,
					      NULL, pkey),
			 1);
	assert_int_equal(EVP_DigestVerify(ctx, signature->data, signature->len,
					  (const uint8_t *)text, strlen(text)),
			 1);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
}

static void assert_reads_back(const struct key *key)
{
	cleanup(key_freep) struct key *again = NULL;
	struct error err = { 0 };
	struct der pkcs8 = key_pkcs8(key), spki = key_spki(key);

	assert_ok(key_read(pkcs8.bytes, pkcs8.len, &again, &err), err);
	assert_int_equal(key_kind(again), key_kind(key));
	assert_int_equal(key_pkcs8(again).len, pkcs8.len);
	assert_memory_equal(key_pkcs8(again).bytes, pkcs8.bytes, pkcs8.len);
	assert_int_equal(key_spki(again).len, spki.len);
	assert_memory_equal(key_spki(again).bytes, spki.bytes, spki.len);
}

static void makes_keys_that_sign(enum key_kind kind, size_t spki_len)
{
	cleanup(buf_release) struct buf signature = BUF_INIT(256);
	cleanup(key_freep) struct key *key = NULL;
	struct error err = { 0 };

	assert_ok(key_generate(kind, &key, &err), err);
	assert_int_equal(key_spki(key).len, spki_len);
	assert_ok(key_sign(key, "text", 4, &signature, &err), err);
	assert_good_signature(key_spki(key), "text", &signature,
			      kind == KEY_P256);
	assert_reads_back(key);
}

static void makes_p256_keys(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++)
		makes_keys_that_sign(KEY_P256, 91);
}

static void makes_ed25519_keys(void **state)
{
	(void)state;
	makes_keys_that_sign(KEY_ED25519, 44);
}

static void keeps_the_bytes_of_keys_it_reads(void **state)
{
	static const char *const files[] = {
		"bootstrap/net-jks/pki/root.key.der",
		"bootstrap/net-jks/pki/doorman.key.der",
		"bootstrap/net-jks/pki/networkmap.key.der",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		cleanup(buf_release) struct buf der = test_vector(files[i]);
		cleanup(key_freep) struct key *key = NULL;
		struct error err = { 0 };

		assert_ok(key_read(der.data, der.len, &key, &err), err);
		assert_int_equal(key_pkcs8(key).len, der.len);
		assert_memory_equal(key_pkcs8(key).bytes, der.data, der.len);
	}
}

/* Signing must not depend on whether the key was made here or read. */
static void signs_with_keys_it_reads(void **state)
{
	static const enum key_kind kinds[] = { KEY_P256, KEY_ED25519 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		cleanup(key_freep) struct key *made = NULL, *key = NULL;
		struct error err = { 0 };
		struct der pkcs8;

		assert_ok(key_generate(kinds[i], &made, &err), err);
		pkcs8 = key_pkcs8(made);
		assert_ok(key_read(pkcs8.bytes, pkcs8.len, &key, &err), err);
		for (int again = 0; again < 2; again++) {
			cleanup(buf_release) struct buf signature =
				BUF_INIT(256);

			assert_ok(key_sign(key, "text", 4, &signature, &err),
				  err);
			assert_good_signature(key_spki(made), "text",
					      &signature, kinds[i] == KEY_P256);
		}
	}
}

static void reads_a_key_whose_public_key_is_known(void **state)
{
	static const enum key_kind kinds[] = { KEY_P256, KEY_ED25519 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		cleanup(key_freep) struct key *made = NULL, *key = NULL;
		cleanup(buf_release) struct buf signature = BUF_INIT(256);
		struct error err = { 0 };
		struct der pkcs8, spki;

		assert_ok(key_generate(kinds[i], &made, &err), err);
		pkcs8 = key_pkcs8(made);
		spki = key_spki(made);
		assert_ok(key_read_pair(pkcs8.bytes, pkcs8.len, spki, &key,
					&err),
			  err);
		assert_int_equal(key_pkcs8(key).len, pkcs8.len);
		assert_memory_equal(key_pkcs8(key).bytes, pkcs8.bytes,
				    pkcs8.len);
		assert_int_equal(key_spki(key).len, spki.len);
		assert_memory_equal(key_spki(key).bytes, spki.bytes, spki.len);
		assert_ok(key_sign(key, "text", 4, &signature, &err), err);
		assert_good_signature(spki, "text", &signature,
				      kinds[i] == KEY_P256);
	}
}

/* The key that the certificate names may be of another kind, or none. */
static void reads_a_key_beside_an_odd_public_key(void **state)
{
	cleanup(key_freep) struct key *made = NULL, *other = NULL;
	struct error err = { 0 };
	struct der pkcs8, odd[3] = { { NULL, 0 } };

	(void)state;
	assert_ok(key_generate(KEY_ED25519, &made, &err), err);
	assert_ok(key_generate(KEY_P256, &other, &err), err);
	pkcs8 = key_pkcs8(made);
	odd[1] = key_spki(other);
	odd[2] = (struct der){ key_spki(made).bytes, 20 };
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		cleanup(key_freep) struct key *key = NULL;

		assert_ok(key_read_pair(pkcs8.bytes, pkcs8.len, odd[i], &key,
					&err),
			  err);
		assert_memory_equal(key_spki(key).bytes, key_spki(made).bytes,
				    key_spki(made).len);
	}
	assert_error(key_read_pair("rubbish", 7, key_spki(made), &other, &err),
		     err, "PKCS#8");
}

static void signs_with_no_key_off_the_curve(void **state)
{
	cleanup(buf_release) struct buf signature = BUF_INIT(256);
	cleanup(key_freep) struct key *made = NULL, *key = NULL;
	struct error err = { 0 };
	uint8_t bytes[256];
	struct der pkcs8;

	(void)state;
	assert_ok(key_generate(KEY_P256, &made, &err), err);
	pkcs8 = key_pkcs8(made);
	memcpy(bytes, pkcs8.bytes, pkcs8.len);
	bytes[pkcs8.len - 1] ^= 1;
	assert_ok(key_read(bytes, pkcs8.len, &key, &err), err);
	assert_error(key_sign(key, "text", 4, &signature, &err), err,
		     "not on the curve P-256");
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_int_equal(signature.len, 0);
}

static void *sign_often(void *key)
{
	for (int i = 0; i < 20; i++) {
		cleanup(buf_release) struct buf signature = BUF_INIT(256);
		struct error err = { 0 };

		assert_ok(key_sign(key, "text", 4, &signature, &err), err);
		assert_good_signature(key_spki(key), "text", &signature, true);
	}
	return NULL;
}

static void several_threads_sign_with_one_key(void **state)
{
	cleanup(key_freep) struct key *made = NULL, *key = NULL;
	struct error err = { 0 };
	struct der pkcs8;
	pthread_t other;

	(void)state;
	assert_ok(key_generate(KEY_P256, &made, &err), err);
	pkcs8 = key_pkcs8(made);
	assert_ok(key_read(pkcs8.bytes, pkcs8.len, &key, &err), err);
	assert_int_equal(pthread_create(&other, NULL, sign_often, key), 0);
	sign_often(key);
	assert_int_equal(pthread_join(other, NULL), 0);
}

/* The number 1 is the key of the curve's generator. */
static void makes_the_key_of_a_number(void **state)
{
	static const uint8_t x[] = { 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c };
	cleanup(key_freep) struct key *key = NULL;
	uint8_t secret[KEY_SECRET] = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(key_from_secret(secret, &key, &err), -1);
	secret[KEY_SECRET - 1] = 1;
	assert_ok(key_from_secret(secret, &key, &err), err);
	assert_int_equal(key_kind(key), KEY_P256);
	assert_memory_equal(key_spki(key).bytes + 27, x, sizeof(x));
	assert_reads_back(key);
}

static void refuses_what_is_no_key(void **state)
{
	cleanup(key_freep) struct key *key = NULL;
	EVP_PKEY *other = EVP_EC_gen("secp256k1");
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(other);
	uint8_t *der = NULL;
	int len = i2d_PKCS8_PRIV_KEY_INFO(info, &der);
	struct error err = { 0 };

	(void)state;
	assert_error(key_read("rubbish", 7, &key, &err), err, "PKCS#8");
	assert_error(key_read(der, len, &key, &err), err, "neither P-256");
	assert_null(key);
	OPENSSL_free(der);
	PKCS8_PRIV_KEY_INFO_free(info);
	EVP_PKEY_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_p256_keys),
		cmocka_unit_test(makes_ed25519_keys),
		cmocka_unit_test(keeps_the_bytes_of_keys_it_reads),
		cmocka_unit_test(signs_with_keys_it_reads),
		cmocka_unit_test(reads_a_key_whose_public_key_is_known),
		cmocka_unit_test(reads_a_key_beside_an_odd_public_key),
		cmocka_unit_test(signs_with_no_key_off_the_curve),
		cmocka_unit_test(several_threads_sign_with_one_key),
		cmocka_unit_test(makes_the_key_of_a_number),
		cmocka_unit_test(refuses_what_is_no_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* key.c - private keys of a network, through OpenSSL. */
#include "corda/key.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "corda/openssl_memory.h"

enum { POINT_SIZE = 65, SIGNATURE_MAX = 80 };

struct key {
	enum key_kind kind;
	/* Owned. NULL: a P-256 key that was read and has not signed yet. */
	_Atomic(EVP_PKEY *) pkey;
	uint8_t pkcs8[138];
	size_t pkcs8_len;
	uint8_t spki[91];
	size_t spki_len;
};

/* What stands before the secret and the point in the DER of each kind; the
 * rest of the encodings is constant. */
static const uint8_t p256_pkcs8_head[] = {
	0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86,
	0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d,
	0x03, 0x01, 0x07, 0x04, 0x6d, 0x30, 0x6b, 0x02, 0x01, 0x01, 0x04, 0x20,
};
static const uint8_t p256_pkcs8_middle[] = { 0xa1, 0x44, 0x03, 0x42, 0x00 };
static const uint8_t p256_spki_head[] = {
	0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
	0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
	0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
};
static const uint8_t ed25519_pkcs8_head[] = {
	0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
	0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
};
static const uint8_t ed25519_spki_head[] = {
	0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
};

static int openssl_failed(struct error *err, const char *what)
{
	char text[256] = "no reason given";
	unsigned long code = ERR_get_error();

	if (code)
		ERR_error_string_n(code, text, sizeof(text));
	ERR_clear_error();
	if (openssl_memory_ended())
		return error_nomem(err);
	return error_set(err, ERROR_INTERNAL, "%s: %s", what, text);
}

static uint8_t *put(uint8_t *at, const void *bytes, size_t len)
{
	memcpy(at, bytes, len);
	return at + len;
}

static void write_p256(struct key *key, const uint8_t *secret,
		       const uint8_t *point)
{
	uint8_t *at;

	at = put(key->pkcs8, p256_pkcs8_head, sizeof(p256_pkcs8_head));
	at = put(at, secret, KEY_SECRET);
	at = put(at, p256_pkcs8_middle, sizeof(p256_pkcs8_middle));
	key->pkcs8_len = put(at, point, POINT_SIZE) - key->pkcs8;
	at = put(key->spki, p256_spki_head, sizeof(p256_spki_head));
	key->spki_len = put(at, point, POINT_SIZE) - key->spki;
}

static bool encode_p256(struct key *key)
{
	uint8_t secret[KEY_SECRET], point[POINT_SIZE];
	BIGNUM *number = NULL;
	size_t len = 0;
	bool good;

	good = EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_PRIV_KEY,
				     &number) == 1 &&
	       BN_bn2binpad(number, secret, KEY_SECRET) == KEY_SECRET &&
	       EVP_PKEY_get_octet_string_param(key->pkey,
					       OSSL_PKEY_PARAM_PUB_KEY, point,
					       POINT_SIZE, &len) == 1 &&
	       len == POINT_SIZE && point[0] == 0x04;
	BN_clear_free(number);
	if (good)
		write_p256(key, secret, point);
	OPENSSL_cleanse(secret, sizeof(secret));
	return good;
}

static bool encode_ed25519(struct key *key)
{
	uint8_t *secret, *point;
	size_t secret_len = KEY_SECRET, point_len = KEY_SECRET;

	secret =
		put(key->pkcs8, ed25519_pkcs8_head, sizeof(ed25519_pkcs8_head));
	point = put(key->spki, ed25519_spki_head, sizeof(ed25519_spki_head));
	key->pkcs8_len = sizeof(ed25519_pkcs8_head) + KEY_SECRET;
	key->spki_len = sizeof(ed25519_spki_head) + KEY_SECRET;
	return EVP_PKEY_get_raw_private_key(key->pkey, secret, &secret_len) ==
		       1 &&
	       EVP_PKEY_get_raw_public_key(key->pkey, point, &point_len) == 1;
}

/* Takes the OpenSSL key over, also on failure. */
static int key_wrap(EVP_PKEY *pkey, enum key_kind kind, struct key **ret_key,
		    struct error *err)
{
	cleanup(key_freep) struct key *key = calloc(1, sizeof(*key));

	if (!key) {
		EVP_PKEY_free(pkey);
		return error_nomem(err);
	}
	key->kind = kind;
	key->pkey = pkey;
	if (kind == KEY_P256 ? !encode_p256(key) : !encode_ed25519(key))
		return openssl_failed(err, "encoding a key");
	*ret_key = steal(key);
	return 0;
}

/* What was made becomes what all threads use, unless another one was first. */
static EVP_PKEY *share(_Atomic(EVP_PKEY *) *place, EVP_PKEY *made)
{
	EVP_PKEY *none = NULL;

	if (!made || atomic_compare_exchange_strong(place, &none, made))
		return made;
	EVP_PKEY_free(made);
	return none;
}

/* A new key takes its curve from this one, which never signs: setting up the
 * curve takes as long as making a key. */
static EVP_PKEY *p256_model(void)
{
	static _Atomic(EVP_PKEY *) model;
	EVP_PKEY *pkey = atomic_load(&model);

	return pkey ? pkey : share(&model, EVP_EC_gen("P-256"));
}

static EVP_PKEY *generate_p256(void)
{
	EVP_PKEY *model = p256_model(), *pkey = NULL;
	EVP_PKEY_CTX *ctx =
		model ? EVP_PKEY_CTX_new_from_pkey(NULL, model, NULL) : NULL;

	if (ctx && EVP_PKEY_keygen_init(ctx) == 1 &&
	    EVP_PKEY_generate(ctx, &pkey) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

int key_generate(enum key_kind kind, struct key **ret_key, struct error *err)
{
	EVP_PKEY *pkey;

	openssl_memory_begin();
	pkey = kind == KEY_P256 ? generate_p256()
				: EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	if (!pkey)
		return openssl_failed(err, "making a key");
	return key_wrap(pkey, kind, ret_key, err);
}

static bool is_p256(const EVP_PKEY *pkey)
{
	char group[32] = "";

	return EVP_PKEY_is_a(pkey, "EC") &&
	       EVP_PKEY_get_group_name(pkey, group, sizeof(group), NULL) == 1 &&
	       !strcmp(group, "prime256v1");
}

/* OpenSSL wants numbers in the machine's order, and cannot be given a P-256
 * key in fewer words. */
static EVP_PKEY *p256_of(const uint8_t *secret, const uint8_t *point)
{
	uint8_t number[KEY_SECRET], public[POINT_SIZE];
	char group[] = "prime256v1";
	OSSL_PARAM params[] = {
		OSSL_PARAM_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group,
				       sizeof(group) - 1),
		OSSL_PARAM_BN(OSSL_PKEY_PARAM_PRIV_KEY, number, KEY_SECRET),
		OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY, public,
					POINT_SIZE),
		OSSL_PARAM_END
	};
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	BIGNUM *bn = BN_bin2bn(secret, KEY_SECRET, NULL);
	EVP_PKEY *pkey = NULL;

	put(public, point, POINT_SIZE);
	if (ctx && bn && BN_bn2nativepad(bn, number, KEY_SECRET) > 0 &&
	    EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) != 1)
		pkey = NULL;
	BN_clear_free(bn);
	EVP_PKEY_CTX_free(ctx);
	OPENSSL_cleanse(number, sizeof(number));
	return pkey;
}

static bool begins(const uint8_t *bytes, const uint8_t *head, size_t len)
{
	return !memcmp(bytes, head, len);
}

/* Where the secret and the point are in a P-256 key as we write it. */
enum {
	P256_SECRET = sizeof(p256_pkcs8_head),
	P256_MIDDLE = P256_SECRET + KEY_SECRET,
	P256_POINT = P256_MIDDLE + sizeof(p256_pkcs8_middle),
	P256_SIZE = P256_POINT + POINT_SIZE,
	ED25519_SECRET = sizeof(ed25519_pkcs8_head)
};

static bool is_own_p256(const uint8_t *pkcs8, size_t len)
{
	return len == P256_SIZE &&
	       begins(pkcs8, p256_pkcs8_head, sizeof(p256_pkcs8_head)) &&
	       begins(pkcs8 + P256_MIDDLE, p256_pkcs8_middle,
		      sizeof(p256_pkcs8_middle)) &&
	       pkcs8[P256_POINT] == 0x04;
}

/* OpenSSL takes tens of microseconds to import a key, and a stored network has
 * two P-256 keys for each node, which hardly ever sign again: only the key that
 * signs is imported. */
static int read_p256(const uint8_t *pkcs8, struct key **ret_key,
		     struct error *err)
{
	struct key *key = calloc(1, sizeof(*key));

	if (!key)
		return error_nomem(err);
	key->kind = KEY_P256;
	write_p256(key, pkcs8 + P256_SECRET, pkcs8 + P256_POINT);
	*ret_key = key;
	return 0;
}

/* Imports the key when it first signs, in whichever thread that is. */
static EVP_PKEY *key_import(const struct key *key)
{
	_Atomic(EVP_PKEY *) *place = &((struct key *)key)->pkey;
	EVP_PKEY *pkey = atomic_load(place);

	return pkey ? pkey
		    : share(place, p256_of(key->pkcs8 + P256_SECRET,
					   key->pkcs8 + P256_POINT));
}

static bool is_own_ed25519(const uint8_t *pkcs8, size_t len)
{
	return len == ED25519_SECRET + KEY_SECRET &&
	       begins(pkcs8, ed25519_pkcs8_head, ED25519_SECRET);
}

/* Ed25519 keys as we write them, read without OpenSSL's decoders; NULL for
 * other keys. */
static EVP_PKEY *read_ed25519(const uint8_t *pkcs8, size_t len)
{
	if (!is_own_ed25519(pkcs8, len))
		return NULL;
	return EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL,
					    pkcs8 + ED25519_SECRET, KEY_SECRET);
}

static EVP_PKEY *ed25519_of(const uint8_t *secret, const uint8_t *point)
{
	uint8_t private[KEY_SECRET], public[KEY_SECRET];
	OSSL_PARAM params[] = { OSSL_PARAM_octet_string(
					OSSL_PKEY_PARAM_PRIV_KEY, private,
					KEY_SECRET),
				OSSL_PARAM_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
							public, KEY_SECRET),
				OSSL_PARAM_END };
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "ED25519", NULL);
	EVP_PKEY *pkey = NULL;

	put(private, secret, KEY_SECRET);
	put(public, point, KEY_SECRET);
	if (ctx && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	OPENSSL_cleanse(private, sizeof(private));
	return pkey;
}

int key_read(const void *pkcs8, size_t len, struct key **ret_key,
	     struct error *err)
{
	const uint8_t *p = pkcs8;
	EVP_PKEY *pkey;

	if (is_own_p256(pkcs8, len))
		return read_p256(pkcs8, ret_key, err);
	openssl_memory_begin();
	pkey = read_ed25519(pkcs8, len);
	if (!pkey)
		pkey = d2i_AutoPrivateKey(NULL, &p, len);
	ERR_clear_error();
	if (pkey && is_p256(pkey))
		return key_wrap(pkey, KEY_P256, ret_key, err);
	if (pkey && EVP_PKEY_is_a(pkey, "ED25519"))
		return key_wrap(pkey, KEY_ED25519, ret_key, err);
	EVP_PKEY_free(pkey);
	if (openssl_memory_ended())
		return error_nomem(err);
	if (!pkey)
		return error_set(err, ERROR_INPUT,
				 "not a private key in PKCS#8");
	return error_set(err, ERROR_INPUT,
			 "a private key that is neither P-256 nor Ed25519");
}

int key_read_pair(const void *pkcs8, size_t len, struct der spki,
		  struct key **ret_key, struct error *err)
{
	const size_t head = sizeof(ed25519_spki_head);
	EVP_PKEY *pkey;

	if (!is_own_ed25519(pkcs8, len) || spki.len != head + KEY_SECRET ||
	    !begins(spki.bytes, ed25519_spki_head, head))
		return key_read(pkcs8, len, ret_key, err);
	openssl_memory_begin();
	pkey = ed25519_of((const uint8_t *)pkcs8 + ED25519_SECRET,
			  spki.bytes + head);
	if (!pkey)
		return openssl_failed(err, "reading a key");
	return key_wrap(pkey, KEY_ED25519, ret_key, err);
}

int key_from_secret(const uint8_t secret[KEY_SECRET], struct key **ret_key,
		    struct error *err)
{
	/* PKCS#8 without the point, which OpenSSL finds by itself. */
	static const uint8_t head[] = {
		0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07,
		0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08,
		0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x04,
		0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20,
	};
	uint8_t pkcs8[sizeof(head) + KEY_SECRET];
	int rc;

	put(put(pkcs8, head, sizeof(head)), secret, KEY_SECRET);
	rc = key_read(pkcs8, sizeof(pkcs8), ret_key, err);
	OPENSSL_cleanse(pkcs8, sizeof(pkcs8));
	return rc;
}

void key_free(struct key *key)
{
	if (!key)
		return;
	EVP_PKEY_free(key->pkey);
	OPENSSL_cleanse(key, sizeof(*key));
	free(key);
}

enum key_kind key_kind(const struct key *key)
{
	return key->kind;
}

struct der key_pkcs8(const struct key *key)
{
	return (struct der){ key->pkcs8, key->pkcs8_len };
}

struct der key_spki(const struct key *key)
{
	return (struct der){ key->spki, key->spki_len };
}

static int import_failed(struct error *err)
{
	ERR_clear_error();
	if (openssl_memory_ended())
		return error_nomem(err);
	return error_set(err, ERROR_INPUT,
			 "a private key that is not on the curve P-256");
}

int key_sign(const struct key *key, const void *bytes, size_t len,
	     struct buf *ret_signature, struct error *err)
{
	uint8_t signature[SIGNATURE_MAX];
	size_t signature_len = sizeof(signature);
	EVP_PKEY *pkey;
	EVP_MD_CTX *ctx;
	bool good;

	openssl_memory_begin();
	pkey = key_import(key);
	if (!pkey)
		return import_failed(err);
	ctx = EVP_MD_CTX_new();
	/* Ed25519 hashes by itself. */
	good = ctx &&
	       EVP_DigestSignInit(ctx, NULL,
				  key->kind == KEY_P256 ? EVP_sha256() : NULL,
				  NULL, pkey) == 1 &&
	       EVP_DigestSign(ctx, signature, &signature_len, bytes, len) == 1;
	EVP_MD_CTX_free(ctx);
	if (!good)
		return openssl_failed(err, "signing");
	buf_add(ret_signature, signature, signature_len);
	return buf_check(ret_signature, err);
}

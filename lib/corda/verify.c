/* SPDX-License-Identifier: Apache-2.0 */
/* verify.c - one signature by one key, through OpenSSL. */
#include "corda/verify.h"

#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/cleanup.h"

enum { ED25519_KEY = 32 };

/* What stands before the 32 bytes of an Ed25519 key in DER. */
static const uint8_t ed25519_prefix[] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
					  0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };

static void key_freep(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

static void ctx_freep(EVP_MD_CTX **ctx)
{
	EVP_MD_CTX_free(*ctx);
}

/* Ed25519 the short way: decoding DER takes OpenSSL 3 as long as verifying. */
static EVP_PKEY *read_key(int scheme, const uint8_t *der, size_t len)
{
	const unsigned char *p = der;

	if (scheme != SCHEME_ED25519)
		return d2i_PUBKEY(NULL, &p, (long)len);
	if (len != sizeof(ed25519_prefix) + ED25519_KEY ||
	    memcmp(der, ed25519_prefix, sizeof(ed25519_prefix)) != 0)
		return NULL;
	return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL,
					   der + sizeof(ed25519_prefix),
					   ED25519_KEY);
}

int verify_signature(int scheme, const uint8_t *key, size_t key_len,
		     const uint8_t *signature, size_t signature_len,
		     const void *message, size_t message_len)
{
	static const int kinds[] = {
		[SCHEME_RSA] = EVP_PKEY_RSA,
		[SCHEME_SECP256K1] = EVP_PKEY_EC,
		[SCHEME_SECP256R1] = EVP_PKEY_EC,
		[SCHEME_ED25519] = EVP_PKEY_ED25519,
	};
	cleanup(key_freep) EVP_PKEY *pkey = NULL;
	cleanup(ctx_freep) EVP_MD_CTX *ctx = NULL;
	int rc;

	if (scheme < SCHEME_RSA || scheme > SCHEME_ED25519)
		return -1;
	pkey = read_key(scheme, key, key_len);
	ctx = EVP_MD_CTX_new();
	if (!pkey || !ctx || EVP_PKEY_get_base_id(pkey) != kinds[scheme] ||
	    EVP_DigestVerifyInit(ctx, NULL,
				 scheme == SCHEME_ED25519 ? NULL : EVP_sha256(),
				 NULL, pkey) != 1) {
		ERR_clear_error();
		return -1;
	}
	rc = EVP_DigestVerify(ctx, signature, signature_len, message,
			      message_len);
	if (rc != 1)
		ERR_clear_error();
	return rc == 1;
}

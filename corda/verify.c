/* SPDX-License-Identifier: Apache-2.0 */
/* verify.c - one signature by one key, through OpenSSL. */
#include "corda/verify.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/cleanup.h"
#include "corda/openssl_memory.h"

enum { ED25519_KEY = 32 };

/* What stands before the 32 bytes of an Ed25519 key in DER. */
static const uint8_t ed25519_prefix[] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
					  0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };

/* And before the 65 bytes of a P-256 point. */
static const uint8_t p256_prefix[] = { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a,
				       0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
				       0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03,
				       0x01, 0x07, 0x03, 0x42, 0x00 };

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

/* A context for a key, ready to verify; NULL if the key is none such. */
static EVP_MD_CTX *ctx_new(int scheme, const uint8_t *key, size_t len)
{
	static const int kinds[] = {
		[SCHEME_RSA] = EVP_PKEY_RSA,
		[SCHEME_SECP256K1] = EVP_PKEY_EC,
		[SCHEME_SECP256R1] = EVP_PKEY_EC,
		[SCHEME_ED25519] = EVP_PKEY_ED25519,
	};
	cleanup(key_freep) EVP_PKEY *pkey = read_key(scheme, key, len);
	cleanup(ctx_freep) EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (!pkey || !ctx || EVP_PKEY_get_base_id(pkey) != kinds[scheme] ||
	    EVP_DigestVerifyInit(ctx, NULL,
				 scheme == SCHEME_ED25519 ? NULL : EVP_sha256(),
				 NULL, pkey) != 1)
		return NULL;
	return steal(ctx);
}

/* ---- contexts that are kept ---- */

/*
 * A network has few keys that sign much, and making a context takes a
 * twentieth of the time of verifying. So each thread keeps the last few of
 * Ed25519; they go with the thread.
 */
enum { KEPT_MAX = 8 };

struct kept {
	struct {
		uint8_t key[ED25519_KEY];
		EVP_MD_CTX *ctx;
	} slots[KEPT_MAX];
	unsigned next; /* to be replaced */
};

static pthread_key_t kept_key;
static bool kept_works;

static void kept_free(void *arg)
{
	struct kept *k = arg;

	for (int i = 0; i < KEPT_MAX; i++)
		EVP_MD_CTX_free(k->slots[i].ctx);
	free(k);
}

static void kept_prepare(void)
{
	kept_works = pthread_key_create(&kept_key, kept_free) == 0;
}

static struct kept *kept_of_thread(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct kept *k;

	pthread_once(&once, kept_prepare);
	if (!kept_works)
		return NULL;
	k = pthread_getspecific(kept_key);
	if (k)
		return k;
	k = calloc(1, sizeof(*k));
	if (k && pthread_setspecific(kept_key, k) != 0) {
		free(k);
		return NULL;
	}
	return k;
}

/* Takes the thread's context of this key out, if it has one. */
static EVP_MD_CTX *kept_take(struct kept *k, const uint8_t *raw)
{
	for (int i = 0; i < KEPT_MAX; i++)
		if (k->slots[i].ctx &&
		    memcmp(k->slots[i].key, raw, ED25519_KEY) == 0)
			return steal(k->slots[i].ctx);
	return NULL;
}

/* Keeps a context that has verified, if it can do so again. */
static void kept_put(struct kept *k, const uint8_t *raw, EVP_MD_CTX *ctx)
{
	unsigned at = k->next;

	if (EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, NULL) != 1) {
		EVP_MD_CTX_free(ctx);
		ERR_clear_error();
		return;
	}
	for (unsigned i = 0; i < KEPT_MAX; i++)
		if (!k->slots[i].ctx)
			at = i;
	if (k->slots[at].ctx)
		k->next = (at + 1) % KEPT_MAX;
	EVP_MD_CTX_free(k->slots[at].ctx);
	k->slots[at].ctx = ctx;
	memcpy(k->slots[at].key, raw, ED25519_KEY);
}

static bool is_ed25519(int scheme, const uint8_t *key, size_t len)
{
	return scheme == SCHEME_ED25519 &&
	       len == sizeof(ed25519_prefix) + ED25519_KEY &&
	       memcmp(key, ed25519_prefix, sizeof(ed25519_prefix)) == 0;
}

/* True if a kept context finds it good. Anything else is for a new one to
 * say, so that no verdict rests on what a used one does. */
static bool kept_verify(struct kept *k, const uint8_t *raw,
			const uint8_t *signature, size_t signature_len,
			const void *message, size_t message_len)
{
	cleanup(ctx_freep) EVP_MD_CTX *ctx = kept_take(k, raw);

	if (!ctx || EVP_DigestVerify(ctx, signature, signature_len, message,
				     message_len) != 1)
		return false;
	kept_put(k, raw, steal(ctx));
	return true;
}

int verify_signature(int scheme, const uint8_t *key, size_t key_len,
		     const uint8_t *signature, size_t signature_len,
		     const void *message, size_t message_len)
{
	cleanup(ctx_freep) EVP_MD_CTX *ctx = NULL;
	const uint8_t *raw = NULL;
	struct kept *kept = NULL;
	bool good;

	if (scheme < SCHEME_RSA || scheme > SCHEME_ED25519)
		return -1;
	openssl_memory_begin();
	if (is_ed25519(scheme, key, key_len)) {
		raw = key + sizeof(ed25519_prefix);
		kept = kept_of_thread();
	}
	if (kept && kept_verify(kept, raw, signature, signature_len, message,
				message_len))
		return 1;
	ctx = ctx_new(scheme, key, key_len);
	good = ctx && EVP_DigestVerify(ctx, signature, signature_len, message,
				       message_len) == 1;
	if (!good)
		ERR_clear_error();
	if (!good && openssl_memory_ended())
		return VERIFY_NO_MEMORY;
	if (!ctx)
		return -1;
	if (kept && good)
		kept_put(kept, raw, steal(ctx));
	return good;
}

int verify_scheme(const uint8_t *key, size_t key_len)
{
	if (is_ed25519(SCHEME_ED25519, key, key_len))
		return SCHEME_ED25519;
	if (key_len > sizeof(p256_prefix) &&
	    !memcmp(key, p256_prefix, sizeof(p256_prefix)))
		return SCHEME_SECP256R1;
	return 0;
}

int verify_signed(struct der key, struct der signature, struct der message,
		  const char *what, struct error *err)
{
	int rc = verify_signature(verify_scheme(key.bytes, key.len), key.bytes,
				  key.len, signature.bytes, signature.len,
				  message.bytes, message.len);

	if (rc == VERIFY_NO_MEMORY)
		return error_nomem(err);
	return rc == 1 ? 0 : error_set(err, ERROR_INPUT, "%s", what);
}

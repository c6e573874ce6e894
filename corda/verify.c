/* SPDX-License-Identifier: Apache-2.0 */
/* verify.c - signatures by one key each, and certificate requests, through
 * OpenSSL. */
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

/* ---- certificate requests ---- */

#define OID_ROLE "1.3.6.1.4.1.50530.1.1"

static void request_freep(X509_REQ **request)
{
	X509_REQ_free(*request);
}

static void object_freep(ASN1_OBJECT **object)
{
	ASN1_OBJECT_free(*object);
}

static void bytes_freep(unsigned char **bytes)
{
	OPENSSL_free(*bytes);
}

/* OpenSSL reads BER, and ignores what follows: in DER the request comes out as
 * it came. */
static bool is_der(X509_REQ *request, const void *bytes, size_t len)
{
	cleanup(bytes_freep) unsigned char *again = NULL;
	int n;

	/* Or the inner part would be written as it was read. */
	if (i2d_re_X509_REQ_tbs(request, NULL) < 0)
		return false;
	n = i2d_X509_REQ(request, &again);
	return n >= 0 && (size_t)n == len && !memcmp(again, bytes, len);
}

static X509_REQ *read_request(const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	cleanup(request_freep) X509_REQ *request =
		len ? d2i_X509_REQ(NULL, &p, (long)len) : NULL;

	return request && is_der(request, bytes, len) ? steal(request) : NULL;
}

static struct der copy(const unsigned char *bytes, int len, struct arena *arena)
{
	uint8_t *to =
		bytes && len >= 0 ? arena_alloc(arena, (size_t)len + 1) : NULL;

	return to ? (struct der){ memcpy(to, bytes, len), len }
		  : (struct der){ NULL, 0 };
}

/* The only value of the only attribute of this kind, or NULL. */
static const ASN1_TYPE *attribute(const X509_REQ *request,
				  const ASN1_OBJECT *kind)
{
	int at = X509_REQ_get_attr_by_OBJ(request, kind, -1);
	X509_ATTRIBUTE *a;

	if (at < 0 || X509_REQ_get_attr_by_OBJ(request, kind, at) >= 0)
		return NULL;
	a = X509_REQ_get_attr(request, at);
	return X509_ATTRIBUTE_count(a) == 1 ? X509_ATTRIBUTE_get0_type(a, 0)
					    : NULL;
}

/* False: out of memory. */
static bool take_attributes(const X509_REQ *request, struct arena *arena,
			    struct signed_request *ret)
{
	cleanup(object_freep) ASN1_OBJECT *kind = OBJ_txt2obj(OID_ROLE, 1);
	const ASN1_TYPE *role = kind ? attribute(request, kind) : NULL;
	const ASN1_TYPE *email =
		attribute(request, OBJ_nid2obj(NID_pkcs9_emailAddress));

	if (role && role->type == V_ASN1_INTEGER)
		ret->role = ASN1_INTEGER_get(role->value.integer);
	if (!email || email->type != V_ASN1_UTF8STRING ||
	    !ASN1_STRING_length(email->value.utf8string))
		return kind != NULL;
	ret->email = copy(email->value.utf8string->data,
			  email->value.utf8string->length, arena);
	return kind && ret->email.bytes;
}

static bool take_parts(X509_REQ *request, struct arena *arena,
		       struct signed_request *ret)
{
	cleanup(bytes_freep) unsigned char *subject = NULL, *spki = NULL;
	int subject_len =
		i2d_X509_NAME(X509_REQ_get_subject_name(request), &subject);
	int spki_len =
		i2d_X509_PUBKEY(X509_REQ_get_X509_PUBKEY(request), &spki);

	*ret = (struct signed_request){
		.subject = copy(subject, subject_len, arena),
		.spki = copy(spki, spki_len, arena),
	};
	return ret->subject.bytes && ret->spki.bytes &&
	       take_attributes(request, arena, ret);
}

/* NULL, or what is wrong. */
static const char *check_signature(X509_REQ *request, struct der spki)
{
	if (verify_scheme(spki.bytes, spki.len) != SCHEME_SECP256R1)
		return "its key is not a P-256 key";
	if (X509_REQ_get_signature_nid(request) != NID_ecdsa_with_SHA256)
		return "it is not signed by ECDSA with SHA-256";
	if (X509_REQ_verify(request, X509_REQ_get0_pubkey(request)) != 1)
		return "it is not signed with its own key";
	return NULL;
}

int verify_request(const void *bytes, size_t len, struct arena *arena,
		   struct signed_request *ret, struct error *err)
{
	const char *wrong = "not a PKCS#10 request in DER";
	cleanup(request_freep) X509_REQ *request = NULL;
	struct signed_request got;
	bool whole;

	openssl_memory_begin();
	request = read_request(bytes, len);
	whole = !request || take_parts(request, arena, &got);
	if (request && whole)
		wrong = check_signature(request, got.spki);
	ERR_clear_error();
	if (!whole || (wrong && openssl_memory_ended()))
		return error_nomem(err);
	if (wrong)
		return error_set(err, ERROR_INPUT, "%s", wrong);
	*ret = got;
	return 0;
}

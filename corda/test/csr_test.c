/* SPDX-License-Identifier: Apache-2.0 */
/* csr_test.c - requests as nodes sent them, and what is made of bent ones. */
#include "corda/csr.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/cleanup.h"
#include "test/support/test.h"

#define CZ "bootstrap/cz/"

static void assert_reads(const char *file, const char *name,
			 enum certificate_kind kind)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(65536);
	cleanup(buf_release) struct buf printed = BUF_INIT(1024);
	cleanup(buf_release) struct buf csr = test_vector(file);
	struct error err = { 0 };
	struct csr got;

	assert_ok(csr_read(csr.data, csr.len, &arena, &got, &err), err);
	x500_name_print(&got.name, &printed);
	assert_string_equal(buf_text(&printed), name);
	assert_int_equal(got.kind, kind);
	assert_int_equal(got.spki.len, 91);
	assert_string_equal(got.email, "admin@company.com");
}

static void reads_what_each_release_sent(void **state)
{
	(void)state;
	assert_reads(CZ "csr-BankA.der", "O=BankA, L=London, C=GB",
		     CERTIFICATE_NODE_CA);
	assert_reads(CZ "csr-BankB.der", "O=BankB, L=London, C=GB",
		     CERTIFICATE_NODE_CA);
	assert_reads(CZ "csr-BankC.der", "O=BankC, L=London, C=GB",
		     CERTIFICATE_NODE_CA);
	assert_reads(CZ "csr-BankD.der", "O=BankD, L=London, C=GB",
		     CERTIFICATE_NODE_CA);
	assert_reads(CZ "csr-Notary_Service.der",
		     "O=Notary Service, L=London, C=GB", CERTIFICATE_SERVICE);
}

static void reads_what_we_write(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(65536);
	cleanup(buf_release) struct buf csr = BUF_INIT(65536);
	cleanup(buf_release) struct buf printed = BUF_INIT(1024);
	cleanup(key_freep) struct key *key = NULL;
	static const struct x500_name name = { .organisation = "Service",
					       .locality = "London",
					       .country = "GB" };
	struct error err = { 0 };
	struct csr got;

	(void)state;
	assert_ok(key_generate(KEY_P256, &key, &err), err);
	assert_ok(csr_write(CERTIFICATE_SERVICE, &name, key, &csr, &err), err);
	assert_ok(csr_read(csr.data, csr.len, &arena, &got, &err), err);
	x500_name_print(&got.name, &printed);
	assert_string_equal(buf_text(&printed), "O=Service, L=London, C=GB");
	assert_int_equal(got.kind, CERTIFICATE_SERVICE);
	assert_int_equal(got.spki.len, key_spki(key).len);
	assert_memory_equal(got.spki.bytes, key_spki(key).bytes, got.spki.len);
	assert_string_equal(got.email, "");
}

static void assert_refuses(const struct buf *csr, const char *why)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(65536);
	struct error err = { 0 };
	struct csr got;

	assert_error(csr_read(csr->data, csr->len, &arena, &got, &err), err,
		     why);
}

static void assert_takes(const struct buf *csr)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(65536);
	struct error err = { 0 };
	struct csr got;

	assert_ok(csr_read(csr->data, csr->len, &arena, &got, &err), err);
}

static void refuses_what_is_no_request_in_der(void **state)
{
	cleanup(buf_release) struct buf csr = test_vector(CZ "csr-BankA.der");
	cleanup(buf_release) struct buf inner = test_vector(CZ "csr-BankA.der");
	struct buf nothing = BUF_INIT(1);

	(void)state;
	assert_refuses(&nothing, "not a PKCS#10 request");
	csr.len--;
	assert_refuses(&csr, "not a PKCS#10 request");
	csr.len++;
	buf_add_u8(&csr, 0);
	assert_refuses(&csr, "not a PKCS#10 request");
	csr.len--;
	/* 3 octets for a length of 296, then 2 for the version's of 1: BER */
	csr.data[1] = 0x83;
	buf_splice(&csr, 2, 0, "", 1);
	assert_refuses(&csr, "not a PKCS#10 request");
	buf_splice(&inner, 8, 0, "\x81", 1);
	inner.data[3]++;
	inner.data[6]++;
	assert_refuses(&inner, "not a PKCS#10 request");
}

static void refuses_what_was_changed(void **state)
{
	static const size_t places[] = { 54 /* organisation */, 169 /* role */,
					 190 /* e-mail */,
					 295 /* signature */ };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		cleanup(buf_release) struct buf csr =
			test_vector(CZ "csr-BankA.der");

		csr.data[places[i]] ^= 1;
		assert_refuses(&csr, "not signed with its own key");
	}
}

/* ---- requests of our own, signed ---- */

struct wish {
	const char *why; /* it is refused; NULL: it is taken */
	const char *organisation;
	const char *key; /* a curve, or RSA or ED25519 */
	const EVP_MD *(*md)(void);
	const char *roles[2]; /* attributes: values of an octet each */
	bool turned; /* O before L */
};

static void add_part(X509_NAME *name, const char *key, const char *text)
{
	assert_int_equal(X509_NAME_add_entry_by_txt(name, key, MBSTRING_UTF8,
						    (const uint8_t *)text, -1,
						    -1, 0),
			 1);
}

static void add_name(X509_REQ *request, const struct wish *w)
{
	X509_NAME *name = X509_NAME_new();

	add_part(name, "C", "GB");
	if (w->turned)
		add_part(name, "O", w->organisation);
	add_part(name, "L", "London");
	if (!w->turned)
		add_part(name, "O", w->organisation);
	X509_REQ_set_subject_name(request, name);
	X509_NAME_free(name);
}

#define OID_ROLE "1.3.6.1.4.1.50530.1.1"
#define OID_TWIN "1.3.6.1.4.1.50530.1.2"

static void add_attribute(X509_REQ *request, const char *oid,
			  const char *values)
{
	ASN1_OBJECT *kind = OBJ_txt2obj(oid, 1);
	X509_ATTRIBUTE *a = X509_ATTRIBUTE_new();

	X509_ATTRIBUTE_set1_object(a, kind);
	for (; *values; values++)
		X509_ATTRIBUTE_set1_data(a, V_ASN1_INTEGER, values, 1);
	assert_int_equal(X509_REQ_add1_attr(request, a), 1);
	X509_ATTRIBUTE_free(a);
	ASN1_OBJECT_free(kind);
}

static int encode(X509_REQ *request, unsigned char **ret)
{
	int len = i2d_X509_REQ(request, ret);

	assert_true(len > 0);
	return len;
}

/* OpenSSL adds no attribute twice, but reads it: the second one is added with
 * an identifier of the same length, which is then changed. */
static X509_REQ *add_roles(X509_REQ *request, const struct wish *w,
			   EVP_PKEY *key)
{
	static const uint8_t twin[] = { 0x83, 0x8a, 0x62, 0x01, 0x02 };
	const unsigned char *in;
	unsigned char *der = NULL, *at;
	int len;

	if (w->roles[0])
		add_attribute(request, OID_ROLE, w->roles[0]);
	if (!w->roles[1])
		return request;
	add_attribute(request, OID_TWIN, w->roles[1]);
	X509_REQ_sign(request, key, EVP_sha256()); /* or it has no DER */
	len = encode(request, &der);
	at = memmem(der, len, twin, sizeof(twin));
	assert_non_null(at);
	at[sizeof(twin) - 1] = 1;
	X509_REQ_free(request);
	in = der;
	request = d2i_X509_REQ(NULL, &in, len);
	assert_non_null(request);
	OPENSSL_free(der);
	return request;
}

static EVP_PKEY *make_key(const char *kind)
{
	if (!strcmp(kind, "RSA"))
		return EVP_RSA_gen(2048);
	return strcmp(kind, "ED25519") ? EVP_EC_gen(kind)
				       : EVP_PKEY_Q_keygen(NULL, NULL, kind);
}

static void make_request(const struct wish *w, EVP_PKEY *signer,
			 struct buf *out)
{
	X509_REQ *request = X509_REQ_new();
	EVP_PKEY *key = make_key(w->key);
	unsigned char *der = NULL;
	int len;

	add_name(request, w);
	X509_REQ_set_pubkey(request, key);
	request = add_roles(request, w, key);
	assert_true(X509_REQ_sign(request, signer ?: key,
				  w->md ? w->md() : NULL) > 0);
	len = encode(request, &der);
	buf_add(out, der, len);
	OPENSSL_free(der);
	X509_REQ_free(request);
	EVP_PKEY_free(key);
}

static void takes_what_certificates_are_issued_for(void **state)
{
	const char *role = "its role is not valid";
	const char *key = "not a P-256 key", *md = "ECDSA with SHA-256";
	const char *letters = "a character that is not allowed in names";
	const char *order = "its name is not written as C, ST, L, O";
	const struct wish all[] = {
		{ NULL, "Bank", "P-256", EVP_sha256, { "\4" }, false },
		{ NULL, "Bank", "P-256", EVP_sha256, { "\3" }, false },
		{ role, "Bank", "P-256", EVP_sha256, { "\7" }, false },
		{ role, "Bank", "P-256", EVP_sha256, { NULL }, false },
		{ role, "Bank", "P-256", EVP_sha256, { "\4", "\3" }, false },
		{ role, "Bank", "P-256", EVP_sha256, { "\3\4" }, false },
		{ key, "Bank", "P-384", EVP_sha256, { "\4" }, false },
		{ key, "Bank", "secp256k1", EVP_sha256, { "\4" }, false },
		{ key, "Bank", "RSA", EVP_sha256, { "\4" }, false },
		{ key, "Bank", "ED25519", NULL, { "\4" }, false },
		{ md, "Bank", "P-256", EVP_sha512, { "\4" }, false },
		{ md, "Bank", "P-256", EVP_sha1, { "\4" }, false },
		{ letters, "Ba\ank", "P-256", EVP_sha256, { "\4" }, false },
		{ order, "Bank", "P-256", EVP_sha256, { "\4" }, true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		cleanup(buf_release) struct buf csr = BUF_INIT(65536);

		make_request(&all[i], NULL, &csr);
		if (all[i].why)
			assert_refuses(&csr, all[i].why);
		else
			assert_takes(&csr);
	}
}

static void refuses_the_signature_of_another_key(void **state)
{
	static const struct wish wish = { NULL,	      "Bank",	"P-256",
					  EVP_sha256, { "\4" }, false };
	cleanup(buf_release) struct buf csr = BUF_INIT(65536);
	EVP_PKEY *other = make_key("P-256");

	(void)state;
	make_request(&wish, other, &csr);
	assert_refuses(&csr, "not signed with its own key");
	EVP_PKEY_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_each_release_sent),
		cmocka_unit_test(reads_what_we_write),
		cmocka_unit_test(refuses_what_is_no_request_in_der),
		cmocka_unit_test(refuses_what_was_changed),
		cmocka_unit_test(takes_what_certificates_are_issued_for),
		cmocka_unit_test(refuses_the_signature_of_another_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

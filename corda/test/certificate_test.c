/* SPDX-License-Identifier: Apache-2.0 */
/* certificate_test.c - issues the certificates of a network that ran, again. */
#include "corda/certificate.h"

#include <openssl/x509v3.h>
#include <openssl/x509.h>

#include "base/cleanup.h"
#include "corda/keystore.h"
#include "test/support/test.h"

#define NET "bootstrap/net-jks/"
#define ISSUER(cn) "CN=" cn ",OU=Test,O=Test Net,L=London,C=GB"

enum { MIDNIGHT = 1795219200 }; /* of 2026-11-21 */

static struct key *pki_key(const char *name)
{
	cleanup(buf_release) struct buf der = test_vector(name);
	struct key *key = NULL;
	struct error err = { 0 };

	assert_ok(key_read(der.data, der.len, &key, &err), err);
	return key;
}

/* Only the signature differs: ECDSA's is new each time. */
static void assert_issues(enum certificate_kind kind, struct der der,
			  const char *issuer_name, const struct key *issuer_key,
			  const char *subject_name)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(65536);
	cleanup(buf_release) struct buf out = BUF_INIT(65536);
	struct x500_name issuer, subject;
	struct certificate want, got;
	struct error err = { 0 };
	struct certificate_request request = { .kind = kind,
					       .subject = &subject,
					       .issuer = &issuer,
					       .issuer_key = issuer_key,
					       .from = MIDNIGHT };

	assert_ok(certificate_read(der, &want, &err), err);
	assert_ok(x500_name_parse(issuer_name, &arena, &issuer, &err), err);
	assert_ok(x500_name_parse(subject_name, &arena, &subject, &err), err);
	request.spki = want.spki;
	/* SEQUENCE header of 4, version of 5, INTEGER header of 2 */
	memcpy(request.serial, want.tbs.bytes + 11, CERTIFICATE_SERIAL);
	assert_ok(certificate_issue(&request, &out, &err), err);
	assert_ok(certificate_read((struct der){ out.data, out.len }, &got,
				   &err),
		  err);
	assert_int_equal(got.tbs.len, want.tbs.len);
	assert_memory_equal(got.tbs.bytes, want.tbs.bytes, want.tbs.len);
}

static void issues_what_nodes_ran_with(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(65536);
	cleanup(buf_release) struct buf nodes =
		test_vector(NET "BankA/nodekeystore.jks");
	cleanup(buf_release) struct buf ssl =
		test_vector(NET "BankA/sslkeystore.jks");
	cleanup(key_freep) struct key *root = pki_key(NET "pki/root.key.der");
	cleanup(key_freep) struct key *doorman =
		pki_key(NET "pki/doorman.key.der");
	cleanup(key_freep) struct key *node_ca = NULL;
	struct keystore_entry *e;
	struct error err = { 0 };
	size_t n;

	(void)state;
	assert_ok(keystore_read(nodes.data, nodes.len, KEYSTORE_PASSWORD,
				&arena, &e, &n, &err),
		  err);
	assert_ok(key_read(e[0].pkcs8.bytes, e[0].pkcs8.len, &node_ca, &err),
		  err);
	assert_issues(CERTIFICATE_ROOT, e[0].chain[2], ISSUER("Test Root CA"),
		      root, ISSUER("Test Root CA"));
	assert_issues(CERTIFICATE_DOORMAN, e[0].chain[1],
		      ISSUER("Test Root CA"), root, ISSUER("Test Doorman CA"));
	assert_issues(CERTIFICATE_NODE_CA, e[0].chain[0],
		      ISSUER("Test Doorman CA"), doorman,
		      "O=BankA,L=London,C=GB");
	assert_issues(CERTIFICATE_IDENTITY, e[1].chain[0],
		      "O=BankA,L=London,C=GB", node_ca,
		      "O=BankA,L=London,C=GB");
	assert_ok(keystore_read(ssl.data, ssl.len, KEYSTORE_PASSWORD, &arena,
				&e, &n, &err),
		  err);
	assert_issues(CERTIFICATE_TLS, e[0].chain[0], "O=BankA,L=London,C=GB",
		      node_ca, "O=BankA,L=London,C=GB");
}

static void signs_so_that_openssl_agrees(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(65536);
	cleanup(buf_release) struct buf out = BUF_INIT(65536);
	cleanup(key_freep) struct key *key = NULL;
	struct certificate_request request = { .kind = CERTIFICATE_ROOT,
					       .from = 2600000000 };
	struct x500_name name;
	struct error err = { 0 };
	const uint8_t *p;
	X509 *cert;

	(void)state;
	assert_ok(x500_name_parse(ISSUER("Root"), &arena, &name, &err), err);
	assert_ok(key_generate(KEY_P256, &key, &err), err);
	assert_ok(certificate_serial(request.serial, &err), err);
	assert_int_equal(request.serial[0] >> 6, 1);
	request.subject = request.issuer = &name;
	request.issuer_key = key;
	request.spki = key_spki(key);
	assert_ok(certificate_issue(&request, &out, &err), err);
	p = out.data;
	cert = d2i_X509(NULL, &p, out.len);
	assert_non_null(cert);
	assert_int_equal(X509_verify(cert, X509_get0_pubkey(cert)), 1);
	assert_int_equal(X509_get_notAfter(cert)->type, V_ASN1_GENERALIZEDTIME);
	assert_int_equal(X509_check_ca(cert), 1);
	X509_free(cert);
}

static void refuses_what_is_no_certificate(void **state)
{
	struct certificate cert;
	struct error err = { 0 };

	(void)state;
	assert_error(certificate_read((struct der){ (const uint8_t *)"0", 1 },
				      &cert, &err),
		     err, "no X.509");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(issues_what_nodes_ran_with),
		cmocka_unit_test(signs_so_that_openssl_agrees),
		cmocka_unit_test(refuses_what_is_no_certificate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

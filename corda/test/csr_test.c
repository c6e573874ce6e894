/* SPDX-License-Identifier: Apache-2.0 */
/* csr_test.c - requests as nodes sent them, and what is made of bent ones. */
#include "corda/csr.h"

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

static void refuses_what_is_not_signed_or_no_request(void **state)
{
	cleanup(buf_release) struct buf csr = test_vector(CZ "csr-BankA.der");
	struct buf nothing = BUF_INIT(1);

	(void)state;
	csr.data[54] ^= 1; /* in the organisation */
	assert_refuses(&csr, "not signed with its own key");
	csr.data[54] ^= 1;
	csr.data[169] = 7; /* the role */
	assert_refuses(&csr, "asks for a role");
	csr.data[169] = 4;
	csr.data[55] = 7; /* a bell in the name */
	assert_refuses(&csr, "a character that names do not have");
	csr.len--;
	assert_refuses(&csr, "no PKCS#10 request");
	assert_refuses(&nothing, "no PKCS#10 request");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_each_release_sent),
		cmocka_unit_test(reads_what_we_write),
		cmocka_unit_test(refuses_what_is_not_signed_or_no_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

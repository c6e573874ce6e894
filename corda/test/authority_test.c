/* SPDX-License-Identifier: Apache-2.0 */
/* authority_test.c - keys come back as they were, and issue what holds. */
#include "corda/authority.h"

#include "test/support/test.h"

static const struct x500_name bank = { .organisation = "Bank A",
				       .locality = "London",
				       .country = "GB" };

static void assert_same(struct der a, struct der b)
{
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.bytes, b.bytes, a.len);
}

static void comes_back_as_it_was(void **state)
{
	cleanup(authority_release) struct authority a = AUTHORITY_INIT;
	cleanup(authority_release) struct authority b = AUTHORITY_INIT;
	cleanup(buf_release) struct buf store = BUF_INIT(65536);
	cleanup(buf_release) struct buf trust = BUF_INIT(65536);
	cleanup(buf_release) struct buf again = BUF_INIT(65536);
	struct error err = { 0 };

	(void)state;
	assert_ok(authority_make(&a, &err), err);
	assert_ok(authority_write(&a, &store, &err), err);
	assert_ok(authority_read(&b, store.data, store.len, &err), err);
	assert_same(key_pkcs8(a.root.key), key_pkcs8(b.root.key));
	assert_same(key_pkcs8(a.doorman.key), key_pkcs8(b.doorman.key));
	assert_same(key_pkcs8(a.network_map.key), key_pkcs8(b.network_map.key));
	assert_same(a.doorman.certificate, b.doorman.certificate);
	assert_ok(authority_truststore(&a, &trust, &err), err);
	assert_ok(authority_truststore(&b, &again, &err), err);
	assert_same((struct der){ trust.data, trust.len },
		    (struct der){ again.data, again.len });
	store.data[store.len - 1] ^= 1;
	assert_error(authority_read(&b, store.data, store.len, &err), err, "");
}

static void issues_what_holds(void **state)
{
	cleanup(authority_release) struct authority a = AUTHORITY_INIT;
	cleanup(key_freep) struct key *key = NULL;
	cleanup(buf_release) struct buf der = BUF_INIT(8192);
	struct error err = { 0 };
	struct der path[3];

	(void)state;
	assert_ok(authority_make(&a, &err), err);
	assert_ok(key_generate(KEY_P256, &key, &err), err);
	assert_ok(authority_certify(&a, CERTIFICATE_SERVICE, &bank,
				    key_spki(key), &der, &err),
		  err);
	path[0] = (struct der){ der.data, der.len };
	path[1] = a.doorman.certificate;
	path[2] = a.root.certificate;
	assert_ok(certificate_path_check(path, 3, a.doorman.certificate,
					 a.root.certificate, &err),
		  err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back_as_it_was),
		cmocka_unit_test(issues_what_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

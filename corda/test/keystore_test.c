/* SPDX-License-Identifier: Apache-2.0 */
/* keystore_test.c - stores that nodes ran with come out byte for byte. */
#include "corda/keystore.h"

#include "base/cleanup.h"
#include "test/support/test.h"

#define NET "bootstrap/net-jks/"

struct store {
	struct buf bytes;
	struct arena arena;
	struct keystore_entry *entries;
	size_t count;
};

static void store_release(struct store *s)
{
	buf_release(&s->bytes);
	arena_release(&s->arena);
}

static struct store open_store(const char *name, const char *password)
{
	struct store s = { .bytes = test_vector(name),
			   .arena = ARENA_INIT(65536) };
	struct error err = { 0 };

	assert_ok(keystore_read(s.bytes.data, s.bytes.len, password, &s.arena,
				&s.entries, &s.count, &err),
		  err);
	return s;
}

static void assert_rewrites(const char *name, const char *password)
{
	cleanup(store_release) struct store s = open_store(name, password);
	cleanup(buf_release) struct buf again = BUF_INIT(65536);
	struct error err = { 0 };

	assert_ok(keystore_write(s.entries, s.count, password, &again, &err),
		  err);
	assert_int_equal(again.len, s.bytes.len);
	assert_memory_equal(again.data, s.bytes.data, again.len);
}

static void rewrites_the_stores_of_nodes(void **state)
{
	(void)state;
	assert_rewrites(NET "BankA/nodekeystore.jks", KEYSTORE_PASSWORD);
	assert_rewrites(NET "BankB/nodekeystore.jks", KEYSTORE_PASSWORD);
	assert_rewrites(NET "BankC/sslkeystore.jks", KEYSTORE_PASSWORD);
	assert_rewrites(NET "Notary/truststore.jks", TRUSTSTORE_PASSWORD);
	assert_rewrites("bootstrap/variants/nodekeystore.service-identity.jks",
			KEYSTORE_PASSWORD);
}

static void finds_entries_by_alias(void **state)
{
	cleanup(store_release) struct store s =
		open_store(NET "BankA/nodekeystore.jks", KEYSTORE_PASSWORD);
	const struct keystore_entry *e;

	(void)state;
	assert_int_equal(s.count, 2);
	e = keystore_find(s.entries, s.count, "cordaclientca");
	assert_non_null(e);
	assert_int_equal(e->chain_len, 3);
	assert_int_equal(e->pkcs8.len, 138);
	e = keystore_find(s.entries, s.count, "identity-private-key");
	assert_non_null(e);
	assert_int_equal(e->chain_len, 4);
	assert_int_equal(e->pkcs8.len, 48);
	assert_null(keystore_find(s.entries, s.count, "cordarootca"));
}

static void refuses_a_wrong_password_and_any_change(void **state)
{
	cleanup(store_release) struct store s =
		open_store(NET "BankA/truststore.jks", TRUSTSTORE_PASSWORD);
	struct keystore_entry *entries;
	struct error err = { 0 };
	size_t count;

	(void)state;
	assert_error(keystore_read(s.bytes.data, s.bytes.len, "trustpasS",
				   &s.arena, &entries, &count, &err),
		     err, "another password");
	assert_error(keystore_read(s.bytes.data, s.bytes.len, "\xc3\xbc",
				   &s.arena, &entries, &count, &err),
		     err, "ASCII");
	for (size_t i = 0; i < s.bytes.len; i++) {
		s.bytes.data[i] ^= 1;
		assert_error(keystore_read(s.bytes.data, s.bytes.len,
					   TRUSTSTORE_PASSWORD, &s.arena,
					   &entries, &count, &err),
			     err, "was changed");
		s.bytes.data[i] ^= 1;
		assert_int_equal(keystore_read(s.bytes.data, i,
					       TRUSTSTORE_PASSWORD, &s.arena,
					       &entries, &count, &err),
				 -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rewrites_the_stores_of_nodes),
		cmocka_unit_test(finds_entries_by_alias),
		cmocka_unit_test(refuses_a_wrong_password_and_any_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* node_info_test.c - the files of a network that ran, made once more. */
#include "corda/node_info.h"

#include "base/cleanup.h"
#include "corda/digest.h"
#include "corda/keystore.h"
#include "corda/network_parameters.h"
#include "test/support/test.h"

#define NET "bootstrap/net-jks/"

static void assert_same(const struct buf *got, const void *want, size_t len)
{
	assert_false(got->failed);
	assert_int_equal(got->len, len);
	assert_memory_equal(got->data, want, len);
}

static void assert_hash(struct der inner, const char *want)
{
	cleanup(buf_release) struct buf hex = BUF_INIT(128);
	uint8_t hash[DIGEST_MAX];

	digest_bytes(DIGEST_SHA256, inner.bytes, inner.len, hash);
	buf_add_hex(&hex, hash, 32);
	assert_string_equal(buf_text(&hex), want);
}

static struct key *stored_key(const char *store, const char *alias)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(65536);
	cleanup(buf_release) struct buf bytes = test_vector(store);
	const struct keystore_entry *e;
	struct keystore_entry *entries;
	struct key *key = NULL;
	struct error err = { 0 };
	size_t count;

	assert_ok(keystore_read(bytes.data, bytes.len, KEYSTORE_PASSWORD,
				&arena, &entries, &count, &err),
		  err);
	e = keystore_find(entries, count, alias);
	assert_non_null(e);
	assert_ok(key_read(e->pkcs8.bytes, e->pkcs8.len, &key, &err), err);
	return key;
}

static void assert_made_again(const char *bank, const char *file,
			      const char *hash, int platform)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1024 * 1024);
	cleanup(buf_release) struct buf inner = BUF_INIT(65536);
	cleanup(buf_release) struct buf outer = BUF_INIT(65536);
	cleanup(buf_release) struct buf want = test_vector(file);
	cleanup(key_freep) struct key *key = NULL;
	struct signed_node_info read;
	struct error err = { 0 };
	char store[128];

	snprintf(store, sizeof(store), NET "%s/nodekeystore.jks", bank);
	key = stored_key(store, "identity-private-key");
	assert_ok(node_info_read(want.data, want.len, &arena, &read, &err),
		  err);
	assert_hash(read.inner, hash);
	assert_int_equal(read.info.platform, platform);
	node_info_write(&read.info, &inner);
	assert_same(&inner, read.inner.bytes, read.inner.len);
	assert_ok(node_info_sign((struct der){ inner.data, inner.len },
				 (const struct key *const[]){ key }, 1, &outer,
				 &err),
		  err);
	assert_same(&outer, want.data, want.len);
}

static void makes_node_infos_byte_for_byte(void **state)
{
	(void)state;
	assert_made_again("BankA",
			  NET "node-infos/"
			      "nodeInfo-"
			      "4B67199D69D4E8EE3E6FE626CDF0D1114AB0B44F9C3187E7"
			      "41644B035463128D",
			  "377CF8AA831C01FECBCF077EB9A3D79D363946A67F2ABA978CA1"
			  "08D78F5CB263",
			  4);
	assert_made_again("BankB",
			  NET "node-infos/"
			      "nodeInfo-"
			      "C67D3FDE496ECAA1799860E7CF8D199E5E097785B4732878"
			      "4D11E3F33C0E631B",
			  "28D3DAB4708D0416073F443E603C788D47B96BC1E61D3C6AD9F7"
			  "DADD4832AF84",
			  7);
	assert_made_again("BankC",
			  NET "node-infos/"
			      "nodeInfo-"
			      "34DC759516CED4D4C53EE60669F9A4C0E28FFD93849204A9"
			      "9730AD03E4516403",
			  "5BE1257E124F3C033CBCBA1B5C2784D1AFBDFACF3AC46509BF89"
			  "7B3296FB79DA",
			  12);
	assert_made_again("Notary",
			  NET "node-infos/"
			      "nodeInfo-"
			      "777DA369F066FE34BEDE3E6334A1006A4026A02DD76AFA79"
			      "8204BD015C9965DE",
			  "4D11B6F835F51389EE3C243BD3CC5AB65A29A652C928A69A41C8"
			  "82735754BE22",
			  10);
}

/* Two identities; ST, OU and UTF-8; CN and a P-256 identity. */
static void reads_other_forms_and_writes_them_the_same(void **state)
{
	static const char *const files[] = {
		"bootstrap/variants/nodeInfo-C63FDB8DF7C68FF5EF914207CE48E0A7A6"
		"36B075E5D958469E7252D58A02205D",
		"bootstrap/variants/nodeInfo-6ACEF00D00AAD5DDD828ABCCFE8CB25D9D"
		"2F42BAFF66BB865169A33E9CA3A8B3",
		"bootstrap/variants/nodeInfo-FA96E79468EF4FFB76C2C31FF8E6C93C5D"
		"3963EAB9B6568C1B3F6EC4CAF16769",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		cleanup(arena_release) struct arena arena =
			ARENA_INIT(1024 * 1024);
		cleanup(buf_release) struct buf inner = BUF_INIT(65536);
		cleanup(buf_release) struct buf file = test_vector(files[i]);
		struct signed_node_info read;
		struct error err = { 0 };

		assert_ok(node_info_read(file.data, file.len, &arena, &read,
					 &err),
			  err);
		assert_int_equal(read.signature_count,
				 read.info.identity_count);
		node_info_write(&read.info, &inner);
		assert_same(&inner, read.inner.bytes, read.inner.len);
	}
}

static void makes_network_parameters_byte_for_byte(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1024 * 1024);
	cleanup(buf_release) struct buf inner = BUF_INIT(65536);
	cleanup(buf_release) struct buf outer = BUF_INIT(65536);
	cleanup(buf_release) struct buf want =
		test_vector(NET "network-parameters");
	cleanup(buf_release) struct buf der =
		test_vector(NET "pki/networkmap.key.der");
	cleanup(key_freep) struct key *key = NULL;
	struct signed_network_parameters read;
	struct error err = { 0 };

	(void)state;
	assert_ok(network_parameters_read(want.data, want.len, &arena, &read,
					  &err),
		  err);
	assert_hash(read.inner,
		    "A3FC9F3A9F7022D937C8F2D53D161BC535E366688FE8731"
		    "BE6285067E2EA63C4");
	assert_int_equal(read.parameters.minimum_platform, 4);
	assert_int_equal(read.parameters.notary_count, 1);
	network_parameters_write(&read.parameters, &inner);
	assert_same(&inner, read.inner.bytes, read.inner.len);
	assert_ok(key_read(der.data, der.len, &key, &err), err);
	assert_ok(network_parameters_sign((struct der){ inner.data, inner.len },
					  read.signer, key, &outer, &err),
		  err);
	assert_same(&outer, want.data, want.len);
}

static void refuses_one_kind_of_file_for_the_other(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1024 * 1024);
	cleanup(buf_release) struct buf file =
		test_vector(NET "network-parameters");
	struct signed_network_parameters parameters;
	struct signed_node_info info;
	struct error err = { 0 };

	(void)state;
	assert_error(node_info_read(file.data, file.len, &arena, &info, &err),
		     err, "expected a SignedNodeInfo");
	assert_int_equal(network_parameters_read(file.data, file.len / 2,
						 &arena, &parameters, &err),
			 -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_node_infos_byte_for_byte),
		cmocka_unit_test(reads_other_forms_and_writes_them_the_same),
		cmocka_unit_test(makes_network_parameters_byte_for_byte),
		cmocka_unit_test(refuses_one_kind_of_file_for_the_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

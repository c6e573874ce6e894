/* SPDX-License-Identifier: Apache-2.0 */
/* network_map_test.c - maps as a node's own serialiser and nodes have them. */
#include "corda/network_map.h"

#include "base/cleanup.h"
#include "corda/digest.h"
#include "test/support/test.h"

#define BLOBS "bootstrap/blobs/"
#define CZ "bootstrap/cz/"

static void assert_same(const struct buf *got, const char *file)
{
	cleanup(buf_release) struct buf want = test_vector(file);

	assert_false(got->failed);
	assert_int_equal(got->len, want.len);
	assert_memory_equal(got->data, want.data, want.len);
}

static void assert_map_again(const char *file)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1024 * 1024);
	cleanup(buf_release) struct buf want = test_vector(file);
	cleanup(buf_release) struct buf got = BUF_INIT(65536);
	struct error err = { 0 };
	struct network_map map;

	assert_ok(network_map_read((struct der){ want.data, want.len }, &arena,
				   &map, &err),
		  err);
	network_map_write(&map, &got);
	assert_same(&got, file);
}

static void makes_maps_byte_for_byte(void **state)
{
	(void)state;
	assert_map_again(BLOBS "networkmap0.bin");
}

/* Here the serialiser refers to a hash that it has written before. */
static void reads_a_map_with_a_reference(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1024 * 1024);
	cleanup(buf_release) struct buf file =
		test_vector(BLOBS "networkmap2.bin");
	struct error err = { 0 };
	uint8_t one[DIGEST_MAX], two[DIGEST_MAX];
	struct network_map map;

	(void)state;
	digest_bytes(DIGEST_SHA256, "one", 3, one);
	digest_bytes(DIGEST_SHA256, "two", 3, two);
	assert_ok(network_map_read((struct der){ file.data, file.len }, &arena,
				   &map, &err),
		  err);
	assert_memory_equal(map.parameters, two, SECURE_HASH);
	assert_int_equal(map.node_info_count, 2);
	assert_memory_equal(map.node_infos[0], one, SECURE_HASH);
	assert_memory_equal(map.node_infos[1], two, SECURE_HASH);
	assert_null(map.update);
}

static void reads_and_writes_an_update(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1024 * 1024);
	cleanup(buf_release) struct buf file =
		test_vector(BLOBS "networkmapU.bin");
	cleanup(buf_release) struct buf again = BUF_INIT(65536);
	struct error err = { 0 };
	struct network_map map, copy;
	uint8_t one[DIGEST_MAX];

	(void)state;
	digest_bytes(DIGEST_SHA256, "one", 3, one);
	assert_ok(network_map_read((struct der){ file.data, file.len }, &arena,
				   &map, &err),
		  err);
	assert_non_null(map.update);
	assert_memory_equal(map.update->parameters, one, SECURE_HASH);
	network_map_write(&map, &again);
	assert_ok(network_map_read((struct der){ again.data, again.len },
				   &arena, &copy, &err),
		  err);
	assert_memory_equal(copy.update->parameters, one, SECURE_HASH);
	assert_string_equal(copy.update->description, map.update->description);
	assert_int_equal(copy.update->deadline, map.update->deadline);
	assert_true(map.update->deadline > 0);
}

static void signs_a_map_that_nodes_took(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1024 * 1024);
	cleanup(buf_release) struct buf pkcs8 =
		test_vector(CZ "networkmap.key.der");
	cleanup(buf_release) struct buf file =
		test_vector(CZ "network-map.bin");
	cleanup(buf_release) struct buf got = BUF_INIT(65536);
	cleanup(key_freep) struct key *key = NULL;
	struct error err = { 0 };
	struct signed_data data;
	struct network_map map;

	(void)state;
	assert_ok(key_read(pkcs8.data, pkcs8.len, &key, &err), err);
	assert_ok(signed_data_read(file.data, file.len, &arena, &data, &err),
		  err);
	assert_ok(network_map_read(data.inner, &arena, &map, &err), err);
	assert_int_equal(map.node_info_count, 5);
	assert_ok(signed_data_sign(data.inner, data.signer, key, &got, &err),
		  err);
	assert_same(&got, CZ "network-map.bin");
}

/* The pair's parts are taken out of the captured one, and put in again. */
static void makes_the_pair_byte_for_byte(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(4 * 1024 * 1024);
	cleanup(buf_release) struct buf file = test_vector(CZ "node-infos.bin");
	cleanup(buf_release) struct buf got = BUF_INIT(65536);
	const struct amqp_value *v, *list;
	struct signed_node_info infos[8] = { 0 };
	struct signed_data map;
	struct error err = { 0 };

	(void)state;
	assert_ok(amqp_read(file.data, file.len, &arena, &v, &err), err);
	map.inner = der_of(amqp_path(v, "first.raw.bytes"));
	map.signer = der_of(amqp_path(v, "first.sig.by"));
	map.signature = der_of(amqp_path(v, "first.sig.bytes"));
	list = amqp_get(v, "second");
	assert_in_range(amqp_count(list), 1, 8);
	for (size_t i = 0; i < amqp_count(list); i++) {
		const struct amqp_value *info = amqp_at(list, i);
		const struct amqp_value *all = amqp_get(info, "signatures");

		infos[i].inner = der_of(amqp_path(info, "raw.bytes"));
		infos[i].signature_count = amqp_count(all);
		for (size_t j = 0; j < amqp_count(all); j++)
			infos[i].signatures[j] =
				der_of(amqp_get(amqp_at(all, j), "bytes"));
	}
	network_map_pair_write(&map, infos, amqp_count(list), &got);
	assert_same(&got, CZ "node-infos.bin");
}

static void reads_what_a_node_accepts(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1024 * 1024);
	cleanup(buf_release) struct buf ack =
		test_vector(CZ "ack-parameters.bin");
	cleanup(buf_release) struct buf parameters =
		test_vector(CZ "network-parameters-epoch2.bin");
	cleanup(buf_release) struct buf blob = BUF_INIT(1024);
	struct error err = { 0 };
	struct signed_data data;
	struct signed_hash got;
	uint8_t hash[DIGEST_MAX];

	(void)state;
	assert_ok(signed_data_read(parameters.data, parameters.len, &arena,
				   &data, &err),
		  err);
	digest_bytes(DIGEST_SHA256, data.inner.bytes, data.inner.len, hash);
	assert_ok(signed_hash_read(ack.data, ack.len, &arena, &got, &err), err);
	assert_memory_equal(got.hash, hash, SECURE_HASH);
	secure_hash_blob(got.hash, &blob);
	assert_non_null(memmem(ack.data, ack.len, blob.data, blob.len));
	*(uint8_t *)memmem(ack.data, ack.len, hash, SECURE_HASH) ^= 1;
	assert_error(signed_hash_read(ack.data, ack.len, &arena, &got, &err),
		     err, "signature is not good");
}

static void writes_a_hash_as_nodes_do(void **state)
{
	cleanup(buf_release) struct buf got = BUF_INIT(1024);
	uint8_t hash[DIGEST_MAX];

	(void)state;
	digest_bytes(DIGEST_SHA256, "one", 3, hash);
	secure_hash_blob(hash, &got);
	assert_same(&got, BLOBS "hash.bin");
}

/* As a notary's node stores who has spent a state. */
static void reads_a_hash_of_a_node(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1024 * 1024);
	cleanup(buf_release) struct buf blob =
		test_vector("bootstrap/raft-state-value.bin");
	static const uint8_t begin[] = { 0xa5, 0xaf, 0x16, 0x10 };
	struct error err = { 0 };
	uint8_t hash[SECURE_HASH];

	(void)state;
	assert_ok(secure_hash_read(blob.data, blob.len, &arena, hash, &err),
		  err);
	assert_memory_equal(hash, begin, sizeof(begin));
	assert_error(secure_hash_read(blob.data, blob.len - 1, &arena, hash,
				      &err),
		     err, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_maps_byte_for_byte),
		cmocka_unit_test(reads_a_map_with_a_reference),
		cmocka_unit_test(reads_and_writes_an_update),
		cmocka_unit_test(signs_a_map_that_nodes_took),
		cmocka_unit_test(makes_the_pair_byte_for_byte),
		cmocka_unit_test(reads_what_a_node_accepts),
		cmocka_unit_test(writes_a_hash_as_nodes_do),
		cmocka_unit_test(reads_a_hash_of_a_node),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* certificate_path_test.c - paths of published nodes, whole and bent. */
#include <string.h>

#include "base/cleanup.h"
#include "corda/certificate.h"
#include "corda/node_info.h"
#include "test/support/test.h"

#define CZ "bootstrap/cz/"

static const char *const published[] = {
	CZ "publish-132CAD7B.bin", CZ "publish-953501AB.bin",
	CZ "publish-96FB0A41.bin", CZ "publish-E7DD13F0.bin",
	CZ "publish-F401B2DC.bin",
};

static void read_info(const struct buf *file, struct arena *arena,
		      struct signed_node_info *ret)
{
	struct error err = { 0 };

	assert_ok(node_info_read(file->data, file->len, arena, ret, &err), err);
}

static int check(const struct certificate_path *path, struct error *err)
{
	return certificate_path_check(path->certificates, path->count,
				      path->certificates[path->count - 2],
				      path->certificates[path->count - 1], err);
}

static void takes_what_registered_nodes_published(void **state)
{
	unsigned services = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(published); i++) {
		cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 20);
		cleanup(buf_release) struct buf file =
			test_vector(published[i]);
		struct signed_node_info info;
		struct error err = { 0 };

		read_info(&file, &arena, &info);
		for (size_t j = 0; j < info.info.identity_count; j++) {
			assert_ok(check(&info.info.identities[j], &err), err);
			services += info.info.identities[j].count == 3;
		}
	}
	assert_int_equal(services, 1);
}

static void assert_refuses(const struct certificate_path *path, const char *why)
{
	struct error err = { 0 };

	assert_error(check(path, &err), err, why);
}

static void refuses_paths_that_do_not_hold(void **state)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1 << 20);
	cleanup(buf_release) struct buf file = test_vector(published[0]);
	cleanup(buf_release) struct buf other = test_vector(published[1]);
	struct signed_node_info info, stranger;
	struct certificate_path path;
	struct certificate leaf;
	struct der mixed[4];
	struct error err = { 0 };

	(void)state;
	read_info(&file, &arena, &info);
	read_info(&other, &arena, &stranger);
	path = info.info.identities[0];
	assert_error(certificate_path_check(path.certificates, path.count,
					    path.certificates[0],
					    path.certificates[3], &err),
		     err, "does not end in this network's");
	assert_refuses(&(struct certificate_path){ path.certificates + 1, 3 },
		       "a node CA is no identity");
	memcpy(mixed, path.certificates, sizeof(mixed));
	mixed[1] = stranger.info.identities[0].certificates[1];
	assert_refuses(&(struct certificate_path){ mixed, 4 },
		       "names of a certificate and its issuer");
	mixed[1] = mixed[0];
	assert_refuses(&(struct certificate_path){ mixed, 4 }, "of role 6");
	assert_ok(certificate_read(path.certificates[0], &leaf, &err), err);
	((uint8_t *)(uintptr_t)leaf.spki.bytes)[leaf.spki.len - 1] ^= 1;
	assert_refuses(&path, "not signed by its issuer");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_registered_nodes_published),
		cmocka_unit_test(refuses_paths_that_do_not_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* boot_test.c - what a boot reads from a node, and how schemas are shared. */
#include "deploy/network_boot.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "test/support/scratch.h"

static void the_nodes_own_time_is_read_from_its_log(void **state)
{
	static const char log[] =
		"Loaded 2 CorDapp(s)                     : Finance\n"
		"Node for \"bank-4.0-0\" started up and registered in 54.27 "
		"sec\n"
		"Running P2PMessaging loop\n";

	(void)state;
	assert_float_equal(boot_registered_seconds(log), 54.27, 1e-9);
	assert_float_equal(boot_registered_seconds("Starting"), 0, 0);
	assert_float_equal(boot_registered_seconds(""), 0, 0);
}

#define IMAGE(n) "localhost/node@sha256:" n

static struct release releases[] = {
	{ .label = "4.0",
	  .platform = 4,
	  .image = IMAGE("40"),
	  .cordapps_image = IMAGE("f0") },
	{ .label = "4.8",
	  .platform = 10,
	  .image = IMAGE("48"),
	  .cordapps_image = IMAGE("f0") },
	{ .label = "4.9", .platform = 11, .failure = "no such release" },
};

static struct network_node nodes[] = {
	{ .name = "a0", .release = 0, .role = NODE_BANK },
	{ .name = "a1", .release = 0, .role = NODE_BANK },
	{ .name = "b0", .release = 1, .role = NODE_BANK },
	{ .name = "c0", .release = 2, .role = NODE_BANK },
	{ .name = "n0", .release = 1, .role = NODE_NOTARY },
};

static struct migration later = { .from = 8, .to = 99, .insert = "migrate" };

static void plan(struct scratch *at, struct network_boot *nb)
{
	*nb = (struct network_boot){
		.net = { .releases = releases,
			 .release_count = ARRAY_SIZE(releases),
			 .nodes = nodes,
			 .node_count = ARRAY_SIZE(nodes) },
		.migrations = { &later, 1 },
	};
	arena_init(&nb->arena, 1024 * 1024);
	setenv("MEDLEY_CACHE", at->dir, 1);
	assert_ok(network_boot_plan(nb, &at->err), at->err);
}

static void alike_nodes_share_a_schema(void **state)
{
	struct network_boot nb;

	plan(*state, &nb);
	assert_int_equal(nb.boot_count, 4); /* c0 has no image */
	assert_int_equal(nb.schema_count, 3);
	assert_ptr_equal(nb.boots[0].schema, nb.boots[1].schema);
	assert_string_equal(nb.boots[0].schema->first->name, "a0");
	assert_null(nb.boots[0].schema->migration);
	assert_ptr_equal(nb.boots[2].schema->migration, &later);
	arena_release(&nb.arena);
}

static void banks_and_notaries_are_kept_apart(void **state)
{
	struct network_boot nb;

	plan(*state, &nb);
	assert_ptr_not_equal(nb.boots[2].schema, nb.boots[3].schema);
	assert_string_not_equal(nb.boots[2].schema->cache,
				nb.boots[3].schema->cache);
	arena_release(&nb.arena);
}

static void images_without_digests_are_not_trusted(void **state)
{
	struct network_boot nb;

	releases[0].image = "localhost/node:latest";
	plan(*state, &nb);
	releases[0].image = IMAGE("40");
	assert_null(nb.boots[0].schema->cache);
	assert_non_null(nb.boots[2].schema->cache);
	arena_release(&nb.arena);
}

static void slow_nodes_and_schemas_give_the_others_time(void **state)
{
	struct boot boots[2] = { 0 };
	struct node_schema schemas[2] = { 0 };
	struct network_boot nb = { .net.timeouts = { .boot = 300,
						     .migrate = 300 },
				   .boots = boots,
				   .boot_count = 2,
				   .schemas = schemas,
				   .schema_count = 2 };

	(void)state;
	boots[0].seconds = schemas[0].seconds = 100;
	assert_int_equal(boot_bound(&nb), 300);
	assert_int_equal(schema_bound(&nb), 300);
	boots[0].state = BOOT_READY;
	schemas[0].state = SCHEMA_DONE;
	assert_int_equal(boot_bound(&nb), 400);
	assert_int_equal(schema_bound(&nb), 400);
	boots[0].seconds = schemas[0].seconds = 9999;
	assert_int_equal(boot_bound(&nb), 1200);
	assert_int_equal(schema_bound(&nb), 1200);
}

/* What the engine says of a command, "dumped". */
static int dump(struct engine *e, const struct pod *pod,
		const char *const *argv, const char *input, int seconds,
		struct buf *out, struct error *err)
{
	(void)e, (void)pod, (void)argv, (void)input, (void)seconds;
	buf_add_str(out, "create table t (a int);\n");
	return buf_check(out, err);
}

static int interrupted_dump(struct engine *e, const struct pod *pod,
			    const char *const *argv, const char *input,
			    int seconds, struct buf *out, struct error *err)
{
	(void)e, (void)pod, (void)argv, (void)input, (void)seconds, (void)out;
	return error_set(err, ERROR_INTERRUPTED, "interrupted");
}

/* The node is ready all the same. */
static void a_cache_that_cannot_be_written_fails_nothing(void **state)
{
	struct scratch *at = *state;
	struct engine_ops ops = { .exec = dump };
	struct engine engine = { .ops = &ops };
	const struct secrets secrets = { .database_user = "u",
					 .database_password = "p" };
	char there[PATH_ROOM];
	struct node_schema schemas[2] = {
		{ .cache = "/dev/null/templates/1.sql" },
		{ .cache = path_join(there, at->dir, "2.sql") },
	};
	struct boot boots[2] = {
		{ .node = &nodes[0],
		  .schema = &schemas[0],
		  .state = BOOT_READY },
		{ .node = &nodes[2],
		  .schema = &schemas[1],
		  .state = BOOT_READY },
	};
	struct network_boot nb = { .schemas = schemas,
				   .schema_count = 2,
				   .boots = boots,
				   .boot_count = 2,
				   .database = { .engine = &engine,
						 .secrets = &secrets } };

	assert_ok(schemas_keep(&nb, &at->err), at->err);
	assert_non_null(strstr(schemas[0].not_kept, "/dev/null/templates"));
	assert_string_equal(schemas[1].not_kept, "");
	assert_true(file_exists(there));
	ops.exec = interrupted_dump;
	assert_int_equal(schemas_keep(&nb, &at->err), -1);
	assert_int_equal(at->err.kind, ERROR_INTERRUPTED);
}

/* More than half of its nodes make a notary. */
static void a_cluster_counts_once(void **state)
{
	struct network_node members[] = { nodes[4], nodes[4], nodes[4] };
	struct boot boots[] = { { .node = &members[0] },
				{ .node = &members[1] },
				{ .node = &members[2] } };
	struct network_boot nb = { .net = { .nodes = members, .node_count = 3 },
				   .boots = boots,
				   .boot_count = 3 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		members[i].cluster = "raft";
		members[i].service = "O=Service, L=London, C=GB";
	}
	boots[1].state = BOOT_READY;
	assert_int_equal(network_boot_ready(&nb, NODE_NOTARY), 0);
	assert_int_equal(network_boot_possible(&nb, NODE_NOTARY), 1);
	boots[2].state = BOOT_READY;
	assert_int_equal(network_boot_ready(&nb, NODE_NOTARY), 1);
	members[0].cluster = "bft-smart";
	assert_int_equal(network_boot_ready(&nb, NODE_NOTARY), 0);
	members[0].cluster = "raft";
	assert_int_equal(network_boot_ready(&nb, NODE_BANK), 0);
	boots[0].state = boots[1].state = BOOT_FAILED;
	assert_int_equal(network_boot_possible(&nb, NODE_NOTARY), 0);
}

static void a_reason_is_told_once(void **state)
{
	struct boot boots[] = {
		{ .node = &nodes[0], .state = BOOT_FAILED, .why = "no space" },
		{ .node = &nodes[1], .state = BOOT_READY },
		{ .node = &nodes[2], .state = BOOT_FAILED, .why = "no image" },
		{ .node = &nodes[3], .state = BOOT_FAILED, .why = "no space" },
	};
	const struct network_boot nb = { .boots = boots, .boot_count = 4 };
	cleanup(buf_release) struct buf out = BUF_INIT(1024);
	cleanup(buf_release) struct buf want = BUF_INIT(1024);

	(void)state;
	network_boot_failures(&nb, &out);
	buf_addf(&want, "; %s, %s: no space; %s: no image", nodes[0].name,
		 nodes[3].name, nodes[2].name);
	assert_string_equal(buf_text(&out), buf_text(&want));
}

#define T(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_nodes_own_time_is_read_from_its_log),
		SCRATCH_TEST(alike_nodes_share_a_schema),
		SCRATCH_TEST(banks_and_notaries_are_kept_apart),
		SCRATCH_TEST(images_without_digests_are_not_trusted),
		SCRATCH_TEST(a_cache_that_cannot_be_written_fails_nothing),
		T(slow_nodes_and_schemas_give_the_others_time),
		cmocka_unit_test(a_cluster_counts_once),
		cmocka_unit_test(a_reason_is_told_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

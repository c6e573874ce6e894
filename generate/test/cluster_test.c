/* SPDX-License-Identifier: Apache-2.0 */
/* cluster_test.c - what the nodes of one notary are told, again and again. */
#include "generate/identity_store.h"
#include "generate/node_conf.h"
#include "sys/file.h"
#include "test/support/test.h"

static const char network_yaml[] =
	"banks: [{release: maven:4.10, count: 2}]\n"
	"notaries: [{release: maven:4.8, cluster: raft, count: 2}]\n"
	"cordapps: finance-4.0\n";

struct story {
	struct arena arena;
	struct network net;
	struct error err;
};

static int set_up(void **state)
{
	struct story *s = calloc(1, sizeof(*s));

	arena_init(&s->arena, 64 * 1024 * 1024);
	assert_ok(network_parse("network.yaml", network_yaml,
				strlen(network_yaml), &s->arena, &s->net,
				&s->err),
		  s->err);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct story *s = *state;

	arena_release(&s->arena);
	free(s);
	return 0;
}

static void assert_conf_has(struct story *s, const char *node, const char *part)
{
	cleanup(buf_release) struct buf conf = BUF_INIT(64 * 1024);
	struct node_conf_rules rules;

	assert_ok(node_conf_load("generate/node-conf.yaml", &s->arena, &rules,
				 &s->err),
		  s->err);
	assert_ok(node_conf_write(&rules, &s->net, network_find(&s->net, node),
				  10, &conf, &s->err),
		  s->err);
	if (!strstr(buf_text(&conf), part))
		fail_msg("\"%s\" is not in %s", part, buf_text(&conf));
}

#define HOST(n)                                                                \
	"notary-4-8-raft-" n ".notary-4-8-raft.medley.svc.cluster.local:10005"

static void the_first_begins_and_the_others_join(void **state)
{
	struct story *s = *state;

	assert_conf_has(
		s, "notary-4.8-raft-0",
		"serviceLegalName = \"O=notary-4.8-raft, L=London, "
		"C=GB\"\n"
		"  raft {\n"
		"    nodeAddress = \"" HOST("0") "\"\n"
						 "    clusterAddresses = []\n");
	assert_conf_has(
		s, "notary-4.8-raft-1",
		"    nodeAddress = \"" HOST(
			"1") "\"\n"
			     "    clusterAddresses = [\"" HOST("0") "\"]\n");
}

/* The key that all share is in the store like their own. */
static void the_shared_key_is_kept(void **state)
{
	struct story *s = *state;
	cleanup(identities_release) struct identities one = { 0 }, two = { 0 };
	char dir[PATH_ROOM], path[PATH_ROOM];
	struct der a, b;

	assert_ok(dir_make_temporary("/tmp/medley-cluster-", dir, &s->err),
		  s->err);
	path_join(path, dir, "identities.jks");
	assert_ok(generate_identities(&s->net, &one, &s->err), s->err);
	assert_ok(identity_store_save(path, &one, &s->err), s->err);
	assert_ok(identities_init(&two, &s->net, &s->err), s->err);
	assert_ok(identity_store_load(path, &two, &s->err), s->err);
	assert_ok(identities_make(&two, &s->err), s->err);
	a = one.network_parameters;
	b = two.network_parameters;
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.bytes, b.bytes, a.len);
	a = one.nodes[3].nodekeystore;
	b = two.nodes[3].nodekeystore;
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.bytes, b.bytes, a.len);
	dir_remove(dir, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_first_begins_and_the_others_join, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(the_shared_key_is_kept, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

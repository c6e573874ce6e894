/* SPDX-License-Identifier: Apache-2.0 */
/* notary_cluster_test.c - what the nodes of one notary are told, again and
 * again. */
#include "corda/network_parameters.h"
#include "corda/signature.h"
#include "generate/identity_store.h"
#include "generate/node_conf.h"
#include "sys/file.h"
#include "test/support/test.h"

static const char network_yaml[] =
	"banks: [{release: maven:4.10, count: 2}]\n"
	"notaries:\n"
	"- {release: maven:4.8, cluster: raft, count: 2}\n"
	"- {release: maven:4.8, cluster: bft-smart}\n"
	"cordapps: finance-4.0\n";
enum { RAFT = 2, BFT = 4 }; /* the first nodes */

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

#undef HOST
#define HOST(n)                                                                \
	"\"notary-4-8-bft-smart-" n                                            \
	".notary-4-8-bft-smart.medley.svc.cluster.local:10005\""

static void each_knows_its_place_among_all(void **state)
{
	struct story *s = *state;

	assert_conf_has(
		s, "notary-4.8-bft-smart-2",
		"serviceLegalName = \"O=notary-4.8-bft-smart, L=London, "
		"C=GB\"\n"
		"  bftSMaRt {\n"
		"    replicaId = 2\n"
		"    clusterAddresses = [" HOST("0") ", " HOST("1") ", " HOST(
			"2") ", " HOST("3") "]\n");
}

static const struct keystore_entry *entry_of(struct story *s,
					     const struct node_identity *n,
					     const char *alias)
{
	struct keystore_entry *entries;
	size_t count;

	assert_ok(keystore_read(n->nodekeystore.bytes, n->nodekeystore.len,
				KEYSTORE_PASSWORD, &s->arena, &entries, &count,
				&s->err),
		  s->err);
	return keystore_find(entries, count, alias);
}

static void assert_same(struct der a, struct der b)
{
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.bytes, b.bytes, a.len);
}

/* By Raft one key is everybody's, by BFT-SMaRt each has a part of it. */
static void who_has_which_key(void **state)
{
	struct story *s = *state;
	cleanup(identities_release) struct identities ids = { 0 };
	const struct keystore_entry *a, *b;

	assert_ok(generate_identities(&s->net, &ids, &s->err), s->err);
	a = entry_of(s, &ids.nodes[RAFT], KEYSTORE_SERVICE);
	b = entry_of(s, &ids.nodes[RAFT + 1], KEYSTORE_SERVICE);
	assert_same(a->pkcs8, b->pkcs8);
	assert_null(entry_of(s, &ids.nodes[RAFT], KEYSTORE_COMPOSITE));
	a = entry_of(s, &ids.nodes[BFT], KEYSTORE_SERVICE);
	b = entry_of(s, &ids.nodes[BFT + 3], KEYSTORE_SERVICE);
	assert_int_equal(a->pkcs8.len, b->pkcs8.len);
	assert_memory_not_equal(a->pkcs8.bytes, b->pkcs8.bytes, a->pkcs8.len);
	a = entry_of(s, &ids.nodes[BFT], KEYSTORE_COMPOSITE);
	b = entry_of(s, &ids.nodes[BFT + 3], KEYSTORE_COMPOSITE);
	assert_null(a->pkcs8.bytes);
	assert_same(a->chain[0], b->chain[0]);
}

/* Three of four must sign, and the parameters name the key of all. */
static void the_service_is_made_of_all_parts(void **state)
{
	struct story *s = *state;
	cleanup(identities_release) struct identities ids = { 0 };
	struct signed_network_parameters file;
	struct certificate certificate;
	struct tx_key whole, parts[4];
	struct signed_node_info info;
	struct der spki;

	assert_ok(generate_identities(&s->net, &ids, &s->err), s->err);
	for (int i = 0; i < 4; i++) {
		spki = key_spki(ids.nodes[BFT + i].part.key);
		parts[i] = (struct tx_key){ spki.bytes, spki.len };
	}
	assert_ok(certificate_read(ids.nodes[BFT].composite.certificate,
				   &certificate, &s->err),
		  s->err);
	spki = certificate.spki;
	whole = (struct tx_key){ spki.bytes, spki.len };
	assert_false(key_fulfilled(&whole, parts, 2));
	assert_true(key_fulfilled(&whole, parts, 3));
	assert_true(key_fulfilled(&whole, parts + 1, 3));
	assert_ok(network_parameters_read(ids.network_parameters.bytes,
					  ids.network_parameters.len, &s->arena,
					  &file, &s->err),
		  s->err);
	assert_int_equal(file.parameters.notary_count, 2);
	assert_same(file.parameters.notaries[1].spki, spki);
	/* Of the two identities of a node one signs. */
	assert_ok(node_info_read(ids.nodes[BFT + 1].info.bytes,
				 ids.nodes[BFT + 1].info.len, &s->arena, &info,
				 &s->err),
		  s->err);
	assert_int_equal(info.info.identity_count, 2);
	assert_int_equal(info.signature_count, 1);
}

/* Identities of the story's network are kept, and those of `net` made with what
 * was kept. */
static void generate_again(struct story *s, const struct network *net,
			   struct identities *one, struct identities *two)
{
	char dir[PATH_ROOM], path[PATH_ROOM];

	assert_ok(dir_make_temporary("/tmp/medley-cluster-", dir, &s->err),
		  s->err);
	path_join(path, dir, "identities.jks");
	assert_ok(generate_identities(&s->net, one, &s->err), s->err);
	assert_ok(identity_store_save(path, one, &s->err), s->err);
	assert_ok(identities_init(two, net, &s->err), s->err);
	assert_ok(identity_store_load(path, two, &s->err), s->err);
	assert_ok(identities_make(two, &s->err), s->err);
	dir_remove(dir, NULL);
}

/* The keys that are shared are in the store like others. */
static void what_is_shared_is_kept(void **state)
{
	struct story *s = *state;
	cleanup(identities_release) struct identities one = { 0 }, two = { 0 };

	generate_again(s, &s->net, &one, &two);
	assert_same(one.network_parameters, two.network_parameters);
	for (unsigned i = 0; i < one.node_count; i++)
		assert_same(one.nodes[i].nodekeystore,
			    two.nodes[i].nodekeystore);
}

/* Those who were there keep their part; the key of all is another. */
static void another_count_is_another_key(void **state)
{
	static const char more[] =
		"banks: [{release: maven:4.10, count: 2}]\n"
		"notaries:\n"
		"- {release: maven:4.8, cluster: raft, count: 2}\n"
		"- {release: maven:4.8, cluster: bft-smart, count: 5}\n"
		"cordapps: finance-4.0\n";
	struct story *s = *state;
	cleanup(identities_release) struct identities one = { 0 }, two = { 0 };
	struct network net;
	struct der was, is;

	assert_ok(network_parse("network.yaml", more, strlen(more), &s->arena,
				&net, &s->err),
		  s->err);
	generate_again(s, &net, &one, &two);
	for (int i = 0; i < 4; i++)
		assert_same(key_spki(one.nodes[BFT + i].part.key),
			    key_spki(two.nodes[BFT + i].part.key));
	was = one.nodes[BFT].composite.certificate;
	is = two.nodes[BFT].composite.certificate;
	assert_int_not_equal(was.len, is.len);
	assert_same(
		entry_of(s, &two.nodes[BFT + 4], KEYSTORE_COMPOSITE)->chain[0],
		is);
}

int main(void)
{
#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		STORY(the_first_begins_and_the_others_join),
		STORY(each_knows_its_place_among_all),
		STORY(who_has_which_key),
		STORY(the_service_is_made_of_all_parts),
		STORY(what_is_shared_is_kept),
		STORY(another_count_is_another_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

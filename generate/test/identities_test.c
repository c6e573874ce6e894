/* SPDX-License-Identifier: Apache-2.0 */
/* identities_test.c - what a network's nodes get holds together. */
#include "generate/identities.h"

#include <openssl/x509.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "corda/network_parameters.h"
#include "generate/identity_store.h"
#include "test/support/scratch.h"
#include "test/support/test.h"

static struct release releases[] = {
	{ .label = "4.0", .platform = 4 },
	{ .label = "4.10", .platform = 12 },
	{ .label = "4.8", .platform = 10 },
};
static struct network_node nodes[] = {
	{ .name = "bank-4.0-0",
	  .legal_name = "O=bank-4.0-0, L=London, C=GB",
	  .set = "bank-4-0",
	  .pod = "bank-4-0-0",
	  .host = "bank-4-0-0.bank-4-0.medley.svc.cluster.local" },
	{ .name = "bank-4.10-0",
	  .legal_name = "O=bank-4.10-0, L=London, C=GB",
	  .set = "bank-4-10",
	  .pod = "bank-4-10-0",
	  .host = "bank-4-10-0.bank-4-10.medley.svc.cluster.local",
	  .release = 1 },
	{ .name = "notary-4.8-0",
	  .legal_name = "O=notary-4.8-0, L=London, C=GB",
	  .set = "notary-4-8",
	  .pod = "notary-4-8-0",
	  .host = "notary-4-8-0.notary-4-8.medley.svc.cluster.local",
	  .release = 2,
	  .role = NODE_NOTARY },
};
static const struct network net = { .releases = releases,
				    .release_count = ARRAY_SIZE(releases),
				    .nodes = nodes,
				    .node_count = ARRAY_SIZE(nodes) };

static struct identities made(void)
{
	struct identities ids;
	struct error err = { 0 };

	assert_ok(generate_identities(&net, &ids, &err), err);
	return ids;
}

static X509 *parse(struct der der)
{
	const uint8_t *p = der.bytes;
	X509 *cert = d2i_X509(NULL, &p, der.len);

	assert_non_null(cert);
	return cert;
}

/* Each certificate is signed by the next, the last by itself. */
static void assert_chain_holds(const struct der *chain, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		X509 *cert = parse(chain[i]);
		X509 *above = parse(chain[i + 1 < count ? i + 1 : i]);

		assert_int_equal(X509_verify(cert, X509_get0_pubkey(above)), 1);
		assert_int_equal(X509_NAME_cmp(X509_get_issuer_name(cert),
					       X509_get_subject_name(above)),
				 0);
		X509_free(cert);
		X509_free(above);
	}
}

static void assert_store_holds(struct der store, const char *alias)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(1024 * 1024);
	const struct keystore_entry *e;
	struct keystore_entry *entries;
	struct error err = { 0 };
	size_t count;

	assert_ok(keystore_read(store.bytes, store.len, KEYSTORE_PASSWORD,
				&arena, &entries, &count, &err),
		  err);
	e = keystore_find(entries, count, alias);
	assert_non_null(e);
	assert_chain_holds(e->chain, e->chain_len);
}

static void chains_of_every_store_hold(void **state)
{
	cleanup(identities_release) struct identities ids = made();

	(void)state;
	assert_int_equal(ids.node_count, 3);
	for (unsigned i = 0; i < ids.node_count; i++) {
		const struct node_identity *n = &ids.nodes[i];

		assert_store_holds(n->nodekeystore, "cordaclientca");
		assert_store_holds(n->nodekeystore, "identity-private-key");
		assert_store_holds(n->sslkeystore, "cordaclienttls");
	}
}

static void node_infos_say_where_and_what_a_node_is(void **state)
{
	cleanup(identities_release) struct identities ids = made();
	cleanup(arena_release) struct arena arena = ARENA_INIT(1024 * 1024);
	const struct node_identity *n = &ids.nodes[1];
	struct signed_node_info file;
	struct error err = { 0 };

	(void)state;
	assert_ok(node_info_read(n->info.bytes, n->info.len, &arena, &file,
				 &err),
		  err);
	assert_int_equal(file.info.platform, 12);
	assert_string_equal(file.info.addresses[0].host, nodes[1].host);
	assert_int_equal(file.info.addresses[0].port, P2P_PORT);
	assert_int_equal(file.info.identity_count, 1);
	assert_int_equal(file.signature_count, 1);
	assert_chain_holds(file.info.identities[0].certificates,
			   file.info.identities[0].count);
}

static void parameters_name_the_notary_and_the_lowest_platform(void **state)
{
	cleanup(identities_release) struct identities ids = made();
	cleanup(arena_release) struct arena arena = ARENA_INIT(1024 * 1024);
	struct signed_network_parameters file;
	struct error err = { 0 };

	(void)state;
	assert_ok(network_parameters_read(ids.network_parameters.bytes,
					  ids.network_parameters.len, &arena,
					  &file, &err),
		  err);
	assert_int_equal(file.parameters.minimum_platform, 4);
	assert_int_equal(file.parameters.notary_count, 1);
	assert_string_equal(file.parameters.notaries[0].name.organisation,
			    "notary-4.8-0");
	assert_false(file.parameters.notaries[0].validating);
	assert_memory_equal(file.parameters.notaries[0].spki.bytes,
			    key_spki(ids.nodes[2].identity.key).bytes, 44);
	assert_chain_holds((struct der[]){ file.signer, ids.root.certificate },
			   2);
}

/* Two nodes that are one notary: a key of their own, and one that they share,
 * which the parameters name once. */
static void a_cluster_shares_an_identity(void **state)
{
	struct network_node members[] = { nodes[2], nodes[2] };
	struct network cluster = net;
	cleanup(identities_release) struct identities ids = { 0 };
	cleanup(arena_release) struct arena arena = ARENA_INIT(1024 * 1024);
	struct signed_network_parameters parameters;
	struct signed_node_info info;
	struct error err = { 0 };

	(void)state;
	members[1].name = members[1].pod = "notary-4.8-1";
	members[1].legal_name = "O=notary-4.8-1, L=London, C=GB";
	for (int i = 0; i < 2; i++) {
		members[i].cluster = "raft";
		members[i].service = "O=Service, L=London, C=GB";
	}
	cluster.nodes = members;
	cluster.node_count = 2;
	assert_ok(generate_identities(&cluster, &ids, &err), err);
	for (int i = 0; i < 2; i++) {
		struct der file = ids.nodes[i].info;

		assert_store_holds(ids.nodes[i].nodekeystore,
				   "distributed-notary-private-key");
		assert_ok(node_info_read(file.bytes, file.len, &arena, &info,
					 &err),
			  err);
		assert_int_equal(info.info.identity_count, 2);
		assert_int_equal(info.signature_count, 2);
		assert_chain_holds(info.info.identities[1].certificates,
				   info.info.identities[1].count);
	}
	assert_ptr_equal(ids.nodes[1].first, &ids.nodes[0]);
	assert_null(ids.nodes[1].part.key);
	assert_ptr_not_equal(ids.nodes[0].identity.key,
			     ids.nodes[1].identity.key);
	assert_ok(network_parameters_read(ids.network_parameters.bytes,
					  ids.network_parameters.len, &arena,
					  &parameters, &err),
		  err);
	assert_int_equal(parameters.parameters.notary_count, 1);
	assert_string_equal(parameters.parameters.notaries[0].name.organisation,
			    "Service");
	assert_memory_equal(parameters.parameters.notaries[0].spki.bytes,
			    key_spki(ids.nodes[0].part.key).bytes, 44);
}

/* ---- many nodes, which several threads make ---- */

enum { MANY = 200 };

struct many {
	struct arena arena;
	struct network net;
};

static struct many many_nodes(void)
{
	struct many m = { .arena = ARENA_INIT(1024 * 1024), .net = net };

	m.net.node_count = MANY;
	m.net.nodes = arena_array(&m.arena, MANY, sizeof(*m.net.nodes));
	assert_non_null(m.net.nodes);
	for (unsigned i = 0; i < MANY; i++) {
		struct network_node *n = &m.net.nodes[i];

		*n = i ? nodes[0] : nodes[2];
		n->ordinal = i;
		n->name = arena_printf(&m.arena, "bank-4.0-%u", i);
		n->pod = arena_printf(&m.arena, "bank-4-0-%u", i);
		n->host = arena_printf(&m.arena, "%s.medley", n->pod);
		n->legal_name =
			arena_printf(&m.arena, "O=%s, L=London, C=GB", n->name);
	}
	return m;
}

static void assert_same(struct der a, struct der b)
{
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.bytes, b.bytes, a.len);
}

static void each_of_many_nodes_has_its_own_identity(void **state)
{
	struct many m = many_nodes();
	cleanup(arena_release) struct arena arena =
		ARENA_INIT(16 * 1024 * 1024);
	cleanup(identities_release) struct identities ids = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_ok(generate_identities(&m.net, &ids, &err), err);
	assert_int_equal(ids.node_count, MANY);
	for (unsigned i = 0; i < MANY; i++) {
		const struct node_identity *n = &ids.nodes[i];
		struct signed_node_info file;
		const struct certificate_path *path;

		assert_ptr_equal(n->node, &m.net.nodes[i]);
		assert_store_holds(n->nodekeystore, "cordaclientca");
		assert_store_holds(n->sslkeystore, "cordaclienttls");
		assert_ok(node_info_read(n->info.bytes, n->info.len, &arena,
					 &file, &err),
			  err);
		assert_string_equal(file.info.addresses[0].host,
				    m.net.nodes[i].host);
		path = &file.info.identities[0];
		assert_same(path->certificates[0], n->identity.certificate);
		assert_same(path->certificates[2], ids.doorman.certificate);
		assert_chain_holds(path->certificates, path->count);
	}
	arena_release(&m.arena);
}

/* What is loaded is what was made, and gives the same files. */
static void many_nodes_are_stored(void **state)
{
	struct scratch *s = *state;
	struct many m = many_nodes();
	cleanup(identities_release) struct identities one = { 0 }, two = { 0 };
	char path[PATH_ROOM];

	path_join(path, s->dir, "identities.jks");
	assert_ok(generate_identities(&m.net, &one, &s->err), s->err);
	assert_ok(identity_store_save(path, &one, &s->err), s->err);
	assert_ok(identities_init(&two, &m.net, &s->err), s->err);
	assert_ok(identity_store_load(path, &two, &s->err), s->err);
	assert_ok(identities_make(&two, &s->err), s->err);
	for (unsigned i = 0; i < MANY; i++) {
		assert_same(one.nodes[i].nodekeystore,
			    two.nodes[i].nodekeystore);
		assert_same(one.nodes[i].sslkeystore, two.nodes[i].sslkeystore);
		assert_same(one.nodes[i].info, two.nodes[i].info);
	}
	assert_same(one.network_parameters, two.network_parameters);
	arena_release(&m.arena);
}

static ino_t file_number(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	return st.st_ino;
}

/* Loads the store for these nodes, makes what is missing, and saves it. */
static void store_again(struct scratch *s, const char *path,
			const struct network *network)
{
	cleanup(identities_release) struct identities ids = { 0 };

	assert_ok(identities_init(&ids, network, &s->err), s->err);
	assert_ok(identity_store_load(path, &ids, &s->err), s->err);
	assert_ok(identities_make(&ids, &s->err), s->err);
	assert_ok(identity_store_save(path, &ids, &s->err), s->err);
}

/* A file that is written again is another one: file_write() renames. */
static void a_store_is_written_only_if_it_changes(void **state)
{
	struct scratch *s = *state;
	struct many m = many_nodes();
	char path[PATH_ROOM];
	ino_t first;

	path_join(path, s->dir, "identities.jks");
	m.net.node_count = 3;
	store_again(s, path, &m.net);
	first = file_number(path);
	assert_int_equal(chmod(path, 0644), 0);
	store_again(s, path, &m.net);
	assert_int_equal(file_number(path), first);
	/* The keys of a node that is gone for now stay. */
	m.net.node_count = 2;
	store_again(s, path, &m.net);
	assert_int_equal(file_number(path), first);
	m.net.node_count = 4;
	store_again(s, path, &m.net);
	assert_int_not_equal(file_number(path), first);
	first = file_number(path);
	m.net.nodes[1].legal_name = "O=Renamed, L=London, C=GB";
	store_again(s, path, &m.net);
	assert_int_not_equal(file_number(path), first);
	arena_release(&m.arena);
}

static void a_bad_name_is_told_with_its_node(void **state)
{
	struct network_node bad[] = { nodes[2] };
	struct network other = net;
	struct identities ids;
	struct error err = { 0 };

	(void)state;
	bad[0].legal_name = "O=X, L=London, C=GB";
	other.nodes = bad;
	other.node_count = 1;
	assert_error(generate_identities(&other, &ids, &err), err,
		     "node notary-4.8-0");
	assert_error(generate_identities(&other, &ids, &err), err,
		     "two letters");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chains_of_every_store_hold),
		cmocka_unit_test(node_infos_say_where_and_what_a_node_is),
		cmocka_unit_test(
			parameters_name_the_notary_and_the_lowest_platform),
		cmocka_unit_test(a_cluster_shares_an_identity),
		cmocka_unit_test(each_of_many_nodes_has_its_own_identity),
		SCRATCH_TEST(many_nodes_are_stored),
		SCRATCH_TEST(a_store_is_written_only_if_it_changes),
		cmocka_unit_test(a_bad_name_is_told_with_its_node),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

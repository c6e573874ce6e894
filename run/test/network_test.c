/* SPDX-License-Identifier: Apache-2.0 */
/* network_test.c - network.yaml: what comes out of it, and what is refused. */
#include "test/support/test.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "run/jvm.h"
#include "run/network.h"

static struct arena arena = ARENA_INIT(16 * 1024 * 1024);
static char dir[PATH_ROOM];
static char path[PATH_ROOM];

static int setup(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_ok(dir_make_temporary("/tmp/medley-network-", dir, &err), err);
	path_join(path, dir, "network.yaml");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return dir_remove(dir, NULL);
}

static int read_text(const char *text, struct network *net, struct error *err)
{
	assert_ok(file_write(path, text, strlen(text), 0644, err), *err);
	return network_read(path, &arena, net, err);
}

static struct network good(const char *text)
{
	struct network net = { 0 };
	struct error err = { 0 };

	assert_ok(read_text(text, &net, &err), err);
	return net;
}

static const char quick[] = "banks:\n"
			    "  - release: maven:4.0\n"
			    "  - release: maven:4.5\n"
			    "    count: 2\n"
			    "notaries:\n"
			    "  - release: maven:4.5\n"
			    "    validating: true\n"
			    "cordapps: finance-4.0\n"
			    "seed: 18446744073709551615\n";

static void laid_out(void **state)
{
	struct network net = good(quick);
	const struct network_node *n = &net.nodes[2];

	(void)state;
	assert_int_equal(net.node_count, 4);
	assert_int_equal(net.release_count, 2);
	assert_string_equal(net.releases[0].label, "4.0");
	assert_string_equal(net.releases[1].cordapps, "finance-4.0");
	assert_string_equal(n->name, "bank-4.5-1");
	assert_string_equal(n->legal_name, "O=bank-4.5-1, L=London, C=GB");
	assert_string_equal(n->set, "bank-4-5");
	assert_string_equal(n->pod, "bank-4-5-1");
	assert_string_equal(n->host,
			    "bank-4-5-1.bank-4-5.medley.svc.cluster.local");
	assert_string_equal(n->database, "bank_4_5_1");
	assert_int_equal(n->ordinal, 1);
	assert_int_equal(n->release, 1);
	n = network_find(&net, "notary-4.5-0");
	assert_non_null(n);
	assert_true(n->role == NODE_NOTARY && n->validating);
	assert_string_equal(n->set, "notary-4-5");
	assert_int_equal(n->release, 1);
	assert_null(network_find(&net, "bank-4.5-2"));
}

static void defaults(void **state)
{
	struct network net = good(quick);

	(void)state;
	assert_true(net.seed == UINT64_MAX);
	assert_string_equal(net.engine, "podman");
	assert_string_equal(net.namespace, "medley");
	assert_null(net.repo);
	assert_int_equal(net.settled_gate, 6);
	assert_int_equal(net.load.count, 54); /* 6 pairs, 6 each, half more */
	assert_int_equal(net.load.in_flight, 8);
	assert_int_equal(net.load.mix[OP_PAY], 9);
	assert_string_equal(net.load.currency, "USD");
	assert_int_equal(net.load.issue_amount, 1000000);
	assert_int_equal(net.load.pay_min, 100);
	assert_int_equal(net.load.pay_max, 10000);
	assert_int_equal(net.timeouts.build, 900);
	assert_int_equal(net.timeouts.down, 120);
}

#define BANKS                                                                  \
	"banks: [{release: maven:4.0}, {release: maven:4.10}]\n"               \
	"notaries: [{release: maven:4.8}]\n"

static const char *jvm_of(const struct network *net, const char *node)
{
	return jvm_options(network_find(net, node)->jvm);
}

static void jvm_options_of_the_network_and_of_its_nodes(void **state)
{
	struct network net = good(BANKS "cordapps: finance-4.0\n");

	(void)state;
	assert_string_equal(net.nodes[0].jvm, "fast");
	assert_non_null(strstr(jvm_of(&net, "notary-4.8-0"), "-XX:"));
	net = good("banks: [{release: maven:4.0, jvm: -Xmx1g -Xms1g}, "
		   "{release: maven:4.10}]\n"
		   "notaries: [{release: maven:4.8, jvm: fast}]\n"
		   "cordapps: finance-4.0\njvm: stock\n");
	assert_string_equal(jvm_of(&net, "bank-4.0-0"), "-Xmx1g -Xms1g");
	assert_string_equal(jvm_of(&net, "bank-4.10-0"), "");
	assert_string_equal(net.nodes[2].jvm, "fast");
	/* as in runs that know nothing of the key */
	assert_string_equal(jvm_options(NULL), "");
}

static void load_as_written(void **state)
{
	struct network net = good(
		BANKS
		"cordapps: finance-4.0\n"
		"load: {rate: 2.5, seconds: 30, mix: {issue: 0, pay: 1},"
		" in_flight: 3, currency: GBP, issue: 50, pay: [0.01, 1.5]}\n"
		"gates: {settled: 2}\ntimeouts: {flow: 5}\n");

	(void)state;
	assert_true(net.load.rate == 2.5);
	assert_int_equal(net.load.count, 0);
	assert_int_equal(net.load.seconds, 30);
	assert_int_equal(net.load.mix[OP_ISSUE], 0);
	assert_int_equal(net.load.issue_amount, 5000);
	assert_int_equal(net.load.pay_min, 1);
	assert_int_equal(net.load.pay_max, 150);
	assert_int_equal(net.settled_gate, 2);
	assert_int_equal(net.timeouts.flow, 5);
	assert_int_equal(net.timeouts.boot, 300);
	assert_true(net.seed > 1000000000);
}

static void jars_in_labels(void **state)
{
	struct network net = good(BANKS "cordapps: release\n");

	(void)state;
	assert_string_equal(net.releases[0].label, "4.0+finance-4.0");
	assert_string_equal(net.releases[1].label, "4.10+finance-4.10");
	assert_string_equal(net.releases[2].label, "4.8");
	assert_string_equal(net.releases[2].cordapps, "finance-4.8");
	assert_string_equal(net.nodes[1].name, "bank-4.10-finance-4.10-0");
	assert_string_equal(net.nodes[1].set, "bank-4-10-finance-4-10");
	assert_string_equal(net.nodes[1].database, "bank_4_10_finance_4_10_0");
	net = good("banks: [{release: maven:4.8, cordapps: finance-4.0},"
		   " {release: maven:4.8, cordapps: finance-4.8}]\n"
		   "notaries: [{release: maven:4.8}]\n");
	assert_int_equal(net.release_count, 3);
	assert_string_equal(net.releases[2].cordapps, "finance-4.0");
	net = good("banks: [{release: maven:4.10_1, cordapps: release},"
		   " {release: maven:4.8, cordapps: finance-4.10-of-a-name}]\n"
		   "notaries: [{release: maven:4.8}]\n");
	assert_string_equal(net.releases[0].cordapps, "finance-4.10_1");
	for (int i = 0; i < 2; i++) {
		const char *name = net.nodes[i].name;

		assert_non_null(strstr(name, "-finance-4.10-"));
		assert_null(strchr(name, '_'));
		assert_in_range(strlen(name), 1, 60);
	}
}

static void commit_ishes(void **state)
{
	struct network net =
		good("banks: [{release: origin/main}, {release: release-V4.8},"
		     " {release: 0123456789abcdef0123456789abcdef01234567},"
		     " {release: feature/a-very-long-name-of-a-branch}]\n"
		     "notaries: [{release: HEAD~2}]\n"
		     "cordapps: finance-4.0\nrepo: .\n");

	(void)state;
	assert_string_equal(net.repo, dir);
	assert_string_equal(net.releases[0].label, "origin-main");
	assert_string_equal(net.nodes[1].name, "bank-release-V4.8-0");
	assert_string_equal(net.nodes[1].set, "bank-release-v4-8");
	assert_string_equal(net.releases[2].label, "0123456789");
	assert_string_equal(net.releases[3].label, "feature-a-ver-2849f4");
	assert_string_equal(net.releases[4].label, "HEAD-2");
	for (unsigned i = 0; i < net.node_count; i++)
		assert_true(strlen(net.nodes[i].set) <= 40);
}

#define TWO "banks:\n- release: maven:4.0\n- release: maven:4.5\n"
#define NOTARY "notaries:\n- release: maven:4.8\n"
#define APPS "cordapps: finance-4.0\n"

static const struct {
	const char *text, *error;
} bad[] = {
	{ "", "1:1: expected one document with the keys banks and notaries" },
	{ "- a\n", "1:1: expected a network, a map of 'key: value'" },
	{ "banks:\n- releas: maven:4.0\n" NOTARY,
	  "2:3: unknown key 'releas'; did you mean 'release'?" },
	{ TWO NOTARY "colour: red\n",
	  "6:1: unknown key 'colour'; a network has: banks, notaries, "
	  "cordapps, jvm, database, history, external_database, identity, "
	  "engine, namespace, context, storage_class, registry, resources, "
	  "kubernetes, repo, "
	  "seed, load, "
	  "gates, "
	  "timeouts" },
	{ TWO NOTARY APPS "seed: 1\nseed: 2\n",
	  "8:1: key 'seed' is given twice, first in line 7" },
	{ NOTARY APPS, "1:1: a network needs the key 'banks' (the banks; each "
		       "entry becomes one StatefulSet)" },
	{ TWO APPS, "1:1: a network needs the key 'notaries'" },
	{ "banks: []\n" NOTARY, "1:8: banks: expected a list of 1 to 100, "
				"not a list" },
	{ "banks: maven:4.0\n" NOTARY,
	  "1:8: banks: expected a list of 1 to 100, not 'maven:4.0'" },
	{ "banks: [maven:4.0]\n" NOTARY,
	  "1:9: expected a bank, a map of 'key: value'" },
	{ "banks: [{count: 2}]\n" NOTARY,
	  "1:9: a bank needs the key 'release'" },
	{ "banks: [{release: maven:4.0, count: 1001}]\n" NOTARY,
	  "1:37: count: expected a whole number from 1 to 1000, not '1001'" },
	{ "banks: [{release: maven:4.0, count: 0}]\n" NOTARY, "not '0'" },
	{ "banks: [{release: maven:4.0, count: two}]\n" NOTARY, "not 'two'" },
	{ "banks: [{release: maven:4.0, count: \"2\"}]\n" NOTARY,
	  "count: expected a whole number from 1 to 1000, not the text '2'" },
	{ "banks: [{release: maven:4.0}]\n" NOTARY APPS,
	  "1:8: one bank has nobody to pay; expected at least two: add another "
	  "entry, or 'count: 2'" },
	{ "banks: [{release: maven:4.0}, {release: maven:4.0}]\n" NOTARY APPS,
	  "1:41: release maven:4.0 is listed twice; list it once, with "
	  "'count:' for more nodes" },
	{ "banks: [{release: 'maven:', count: 2}]\n" NOTARY APPS,
	  "1:19: release: \"maven:\": the version is missing; expected "
	  "maven:VERSION" },
	{ "banks: [{release: 'maven:4.9-SNAPSHOT', count: 2}]\n" NOTARY APPS,
	  "1:19: release: \"4.9-SNAPSHOT\" is a snapshot" },
	{ "banks: [{release: '-x', count: 2}]\n" NOTARY APPS,
	  "1:19: release: \"-x\": the name of a release must not begin" },
	{ "banks: [{release: v4, count: 2}]\n" NOTARY APPS,
	  "1:19: release 'v4' is a commit-ish; name its clone with 'repo:', or "
	  "write maven:v4" },
	{ "banks: [{release: a/b}, {release: a-b}]\nrepo: .\n" NOTARY APPS,
	  "1:35: releases a/b and a-b both get the name 'bank-a-b'" },
	{ "banks: [{release: a, count: 2}]\nrepo: .\n" NOTARY
	  "cordapps: release\n",
	  "cordapps: 'release' needs a release maven:VERSION, 'a' is a "
	  "commit-ish" },
	{ TWO NOTARY, "2:3: release maven:4.0 has no CorDapps; add 'cordapps: "
		      "finance-4.0' here or for the whole network" },
	{ TWO NOTARY "cordapps: cash-4.0\n",
	  "6:11: cordapps: expected finance-VERSION or release, not "
	  "'cash-4.0'" },
	{ TWO NOTARY "cordapps: finance-\n",
	  "6:11: cordapps: expected finance-VERSION or release, not "
	  "'finance-'" },
	{ TWO NOTARY "cordapps: finance-../4\n",
	  "6:11: cordapps: \"../4\" is not a valid version" },
	{ TWO NOTARY "cordapps: finance-4.9-SNAPSHOT\n",
	  "6:11: cordapps: \"4.9-SNAPSHOT\" is a snapshot" },
	{ TWO NOTARY APPS "database: h2\n",
	  "7:11: database: expected postgresql, not 'h2'" },
	{ TWO NOTARY APPS "engine: docker\n",
	  "7:9: engine: expected one of podman|kubernetes, not 'docker'" },
	{ TWO NOTARY APPS "namespace: Medley_1\n",
	  "7:12: namespace: expected lower-case letters, digits and '-', at "
	  "most 40, not 'Medley_1'" },
	{ TWO NOTARY APPS "repo: nowhere\n", "7:7: repo: there is no '" },
	{ TWO NOTARY APPS "seed: -1\n",
	  "7:7: seed: expected a whole number from 0 to 18446744073709551615, "
	  "not '-1'" },
	{ TWO NOTARY APPS "seed: 18446744073709551616\n", "seed: expected" },
	{ TWO NOTARY APPS "load: {rate: fast}\n",
	  "7:14: rate: expected a number from 0 to 10000, not 'fast'" },
	{ TWO NOTARY APPS "load: {rate: 1.2.3}\n", "rate: expected" },
	{ TWO NOTARY APPS "load: {pay: 5}\n",
	  "7:13: pay: expected two amounts, [least, most], not '5'" },
	{ TWO NOTARY APPS "load: {pay: [5, 4]}\n",
	  "7:13: pay: 5 is larger than 4; expected [least, most]" },
	{ TWO NOTARY APPS "load: {pay: [1, 2.345]}\n",
	  "7:17: pay: expected an amount from 0.01 to 1000000000, not "
	  "'2.345'" },
	{ TWO NOTARY APPS "load: {issue: 0}\n", "7:15: issue: expected" },
	{ TWO NOTARY APPS "load: {issue: 5.00}\n",
	  "7:7: load: an issue is smaller than the largest payment; expected "
	  "issue of at least 100.00" },
	{ TWO NOTARY APPS "load: {count: 0}\n",
	  "7:7: load: no limit is set; expected count or seconds above 0" },
	{ TWO NOTARY APPS "load: {currency: XAU}\n",
	  "currency: expected one of USD|EUR|GBP|CHF, not 'XAU'" },
	{ TWO NOTARY APPS "load: {mix: {pay: 0}}\n", "7:19: pay: expected" },
	{ TWO NOTARY APPS "load: {in_fligth: 2}\n",
	  "did you mean 'in_flight'?" },
	{ TWO NOTARY APPS "gates: {settled: 0}\n", "7:18: settled: expected" },
	{ TWO NOTARY APPS "gates: 3\n", "7:8: expected gates, a map" },
	{ TWO NOTARY APPS "timeouts: {boot: 1.5}\n", "7:18: boot: expected" },
	{ TWO NOTARY APPS "jvm: slow\n",
	  "7:6: jvm: expected fast, stock, or options for the java command "
	  "that begin with '-'" },
	{ TWO NOTARY APPS "jvm: -Xmx$(MEMORY)\n", "have no '$', '{' or '}'" },
	{ TWO "notaries: [{release: maven:4.8, jvm: \"-a\\nb\"}]\n" APPS,
	  "4:38: jvm: expected" },
	{ TWO "notaries: [{release: maven:4.8, validating: yes}]\n" APPS,
	  "4:45: validating: expected true or false, not 'yes'" },
	{ "banks: [{release: a, count: 1000}, {release: b, count: 1000}, "
	  "{release: c, count: 1000}, {release: d, count: 1000}, "
	  "{release: e, count: 1000}, {release: f}]\nrepo: .\n" NOTARY APPS,
	  "1:8: 5001 banks; expected at most 5000" },
	{ TWO NOTARY APPS "resources: {memory: 1 GB}\n",
	  "7:21: memory: expected a quantity such as 500m, 2 or 512Mi, not "
	  "'1 GB'" },
	{ TWO NOTARY APPS "resources: {storage: 1.Gi}\n", "not '1.Gi'" },
	{ TWO NOTARY APPS "storage_class: Fast\n",
	  "7:16: storage_class: expected the name of a StorageClass, not "
	  "'Fast'" },
	{ TWO NOTARY APPS "registry: https://r.example\n",
	  "7:11: registry: expected host[:port][/path], not 'https://r" },
	{ TWO NOTARY APPS "external_database: {host: a..b}\n",
	  "7:27: host: expected the name of a server, not 'a..b'" },
	{ TWO NOTARY APPS "external_database: {host: db, secret: A}\n",
	  "7:39: secret: expected the name of a Secret, not 'A'" },
	{ TWO NOTARY "---\n", "expected one document" },
	{ "banks: [\n", "2:1: " },
};

static void refused(void **state)
{
	struct network net;
	size_t at = strlen(path);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct error err = { 0 };

		assert_error(read_text(bad[i].text, &net, &err), err,
			     bad[i].error);
		assert_int_equal(err.kind, ERROR_INPUT);
		assert_int_equal(strncmp(err.text, path, at), 0);
		assert_int_equal(err.text[at], ':');
	}
	struct error err = { 0 };

	assert_error(network_read("/nowhere.yaml", &arena, &net, &err), err,
		     "/nowhere.yaml: No such file");
}

static void moved(void **state)
{
	struct network net = good(quick);
	struct error err = { 0 };

	(void)state;
	assert_ok(network_move(&net, "net-2", &arena, &err), err);
	assert_string_equal(net.namespace, "net-2");
	assert_string_equal(net.nodes[0].host, "bank-4-0-0.bank-4-0.net-2.svc"
					       ".cluster.local");
	assert_error(network_move(&net, "Net_2", &arena, &err), err,
		     "namespace: expected lower-case letters");
	assert_string_equal(net.namespace, "net-2");
}

static void parsed_from_a_text(void **state)
{
	static const char text[] = TWO NOTARY APPS
		"storage_class: fast\nregistry: r.example:5000/a\n"
		"external_database: {host: db.example}\n"
		"resources: {memory: 1Gi, cpu_limit: 1.5}\n";
	struct network net;
	struct error err = { 0 };

	(void)state;
	assert_ok(network_parse("here", text, strlen(text), &arena, &net, &err),
		  err);
	assert_string_equal(net.storage_class, "fast");
	assert_string_equal(net.registry, "r.example:5000/a");
	assert_int_equal(net.external.port, 5432);
	assert_null(net.external.secret);
	assert_string_equal(net.resources.cpu, "100m");
	assert_string_equal(net.resources.cpu_limit, "1.5");
	assert_string_equal(net.resources.storage, "1Gi");
	assert_error(network_parse("here", "x", 1, &arena, &net, &err), err,
		     "here:1:1");
}

static void saved(void **state)
{
	struct network net = good(quick), back = { 0 };
	struct error err = { 0 };

	(void)state;
	net.load.rate = 1.25;
	net.database_image = "localhost/medley/database@sha256:12";
	net.releases[0].commit = "maven:4.0";
	net.releases[0].image = "localhost/medley/node@sha256:34";
	net.releases[0].platform = 4;
	net.releases[1].failure = "mvn: \"4.5\"\n\tis \xff not there: #";
	assert_ok(network_save(&net, dir, &err), err);
	assert_ok(network_load(dir, &arena, &back, &err), err);
	assert_string_equal(back.file, path);
	assert_true(back.seed == net.seed);
	assert_true(back.load.rate == 1.25);
	assert_int_equal(back.load.count, net.load.count);
	assert_int_equal(back.load.pay_max, 10000);
	assert_int_equal(back.load.mix[OP_ISSUE], 1);
	assert_int_equal(back.settled_gate, 6);
	assert_memory_equal(&back.timeouts, &net.timeouts,
			    sizeof(net.timeouts));
	assert_string_equal(back.database_image, net.database_image);
	assert_int_equal(back.release_count, 2);
	assert_string_equal(back.releases[0].image, net.releases[0].image);
	assert_int_equal(back.releases[0].platform, 4);
	assert_null(back.releases[0].failure);
	assert_null(back.releases[1].image);
	assert_string_equal(back.releases[1].failure,
			    "mvn: \"4.5\"\n\tis ? not there: #");
	assert_int_equal(back.node_count, net.node_count);
	for (unsigned i = 0; i < net.node_count; i++) {
		const struct network_node *a = &net.nodes[i];
		const struct network_node *b = &back.nodes[i];

		assert_string_equal(a->name, b->name);
		assert_string_equal(a->legal_name, b->legal_name);
		assert_string_equal(a->set, b->set);
		assert_string_equal(a->pod, b->pod);
		assert_string_equal(a->host, b->host);
		assert_string_equal(a->database, b->database);
		assert_int_equal(a->ordinal, b->ordinal);
		assert_int_equal(a->release, b->release);
		assert_int_equal(a->role, b->role);
		assert_int_equal(a->validating, b->validating);
		assert_string_equal(a->jvm, b->jvm);
	}
	assert_false(network_node_runs(&back, &back.nodes[1]));
}

static void no_run(void **state)
{
	struct error err = { 0 };
	struct network net;

	(void)state;
	assert_error(network_load("/tmp", &arena, &net, &err), err,
		     "/tmp is not a run: it has no network.resolved.yaml");
	assert_int_equal(err.kind, ERROR_INPUT);
}

/* docs/network-yaml.md is made by `medley help network.yaml`. */
static void documented(void **state)
{
	cleanup(buf_release) struct buf made = BUF_INIT(1 << 20);
	cleanup(buf_release) struct buf kept = BUF_INIT(1 << 20);
	struct error err = { 0 };

	(void)state;
	network_keys_document(&made);
	assert_ok(file_read("docs/network-yaml.md", &kept, &err), err);
	assert_string_equal(buf_text(&made), buf_text(&kept));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(laid_out, setup, teardown),
		cmocka_unit_test_setup_teardown(defaults, setup, teardown),
		cmocka_unit_test_setup_teardown(
			jvm_options_of_the_network_and_of_its_nodes, setup,
			teardown),
		cmocka_unit_test_setup_teardown(load_as_written, setup,
						teardown),
		cmocka_unit_test_setup_teardown(jars_in_labels, setup,
						teardown),
		cmocka_unit_test_setup_teardown(commit_ishes, setup, teardown),
		cmocka_unit_test_setup_teardown(refused, setup, teardown),
		cmocka_unit_test_setup_teardown(moved, setup, teardown),
		cmocka_unit_test_setup_teardown(saved, setup, teardown),
		cmocka_unit_test(parsed_from_a_text),
		cmocka_unit_test(no_run),
		cmocka_unit_test(documented),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* policies_test.c - NetworkPolicies allow the connections that a network makes,
 * and no others; budgets keep the pods that it needs. */
#include "generate/test/generated.h"

#include "base/cleanup.h"
#include "data/yaml.h"

#define NETWORK                                                                \
	"banks: [{release: maven:4.10, count: 2}]\n"                           \
	"notaries: [{release: maven:4.10, cluster: raft}]\n"                   \
	"cordapps: finance-4.0\n"                                              \
	"kubernetes: {network_policy: true, disruption_budget: true}\n"
#define CLUSTER "engine: kubernetes\n"

struct story {
	struct scratch at;
	struct yaml_file policies;
};

static int set_up(void **state)
{
	*state = scratch_begin(sizeof(struct story));
	return 0;
}

static void generate(struct story *s, const char *network)
{
	generate_with(&s->at, network, GENERATE_PLAIN, "r");
}

static const struct yaml_node *load(struct story *s, const char *name,
				    struct yaml_file *ret)
{
	char path[PATH_ROOM];

	path_printf(path, "%s/config/%s.yaml", s->at.dir, name);
	assert_ok(yaml_read(path, &s->at.arena, ret, &s->at.err), s->at.err);
	return ret->documents[0];
}

static bool is_there(struct story *s, const char *name)
{
	char path[PATH_ROOM];

	return file_exists(
		path_printf(path, "%s/config/%s.yaml", s->at.dir, name));
}

/* ---- policies, as a cluster reads them ---- */

/* A pod of the run; of another one, or of none. */
struct end {
	const char *component, *run;
};

static bool selects(const struct yaml_node *selector, struct end pod)
{
	const struct yaml_node *labels = yaml_get(selector, "matchLabels");
	const char *component = yaml_str(labels, "app.kubernetes.io/component");
	const char *run = yaml_str(labels, "medley.run");

	assert_non_null(run);
	return pod.run && !strcmp(run, pod.run) &&
	       (!component || !strcmp(component, pod.component));
}

static bool has_port(const struct yaml_node *ports, const char *port)
{
	for (size_t i = 0; ports && i < ports->count; i++)
		if (!strcmp(yaml_str(ports->items[i], "port"), port))
			return true;
	return false;
}

/* A rule without peers is for all addresses. */
static bool has_peer(const struct yaml_node *peers, struct end pod)
{
	for (size_t i = 0; peers && i < peers->count; i++)
		if (selects(yaml_get(peers->items[i], "podSelector"), pod))
			return true;
	return !peers;
}

/* Whether a policy that selects the pod lets it, in this direction. */
static bool side_allows(const struct story *s, struct end pod,
			const char *rules, const char *side, struct end peer,
			const char *port)
{
	bool selected = false;

	for (size_t i = 0; i < s->policies.count; i++) {
		const struct yaml_node *spec =
			yaml_get(s->policies.documents[i], "spec");
		const struct yaml_node *list = yaml_get(spec, rules);

		assert_int_equal(yaml_get(spec, "policyTypes")->count, 2);
		if (!selects(yaml_get(spec, "podSelector"), pod))
			continue;
		selected = true;
		for (size_t j = 0; list && j < list->count; j++)
			if (has_peer(yaml_get(list->items[j], side), peer) &&
			    has_port(yaml_get(list->items[j], "ports"), port))
				return true;
	}
	return !selected;
}

static bool allows(const struct story *s, struct end from, struct end to,
		   const char *port)
{
	return side_allows(s, from, "egress", "to", to, port) &&
	       side_allows(s, to, "ingress", "from", from, port);
}

/* ---- what they allow ---- */

static const char *const all[] = { "node",    "notary", "database",
				   "doorman", "driver", "healthcheck" };
static const char *const ports[] = { "53",    "5432",  "8080",	"10002",
				     "10003", "10004", "10005", "10006" };

static const struct {
	const char *from, *to, *ports;
} connections[] = {
	{ "node", "node", "10002 10005 10006" },
	{ "node", "notary", "10002 10005 10006" },
	{ "notary", "node", "10002 10005 10006" },
	{ "notary", "notary", "10002 10005 10006" },
	{ "driver", "node", "10003" },
	{ "driver", "notary", "10003" },
	{ "healthcheck", "node", "10003" },
	{ "healthcheck", "notary", "10003" },
	{ "node", "database", "5432" },
	{ "notary", "database", "5432" },
	{ "doorman", "database", "5432" },
	{ "healthcheck", "database", "5432" },
	{ "node", "doorman", "8080" },
	{ "notary", "doorman", "8080" },
	{ "healthcheck", "doorman", "8080" },
};

static bool is_needed(const char *from, const char *to, const char *port)
{
	for (size_t i = 0; i < ARRAY_SIZE(connections); i++)
		if (!strcmp(connections[i].from, from) &&
		    !strcmp(connections[i].to, to) &&
		    strstr(connections[i].ports, port))
			return true;
	return false;
}

static void check_pair(const struct story *s, const char *from, const char *to)
{
	const struct end a = { from, "r" }, b = { to, "r" };
	const struct end stranger = { to, "other" }, someone = { NULL, NULL };

	for (size_t i = 0; i < ARRAY_SIZE(ports); i++) {
		bool needed = is_needed(from, to, ports[i]);

		if (allows(s, a, b, ports[i]) != needed)
			fail_msg("%s to %s, port %s: %s", from, to, ports[i],
				 needed ? "denied" : "allowed");
		/* Of another network, or of none. */
		assert_false(allows(s, stranger, b, ports[i]));
		assert_false(allows(s, someone, b, ports[i]));
		assert_int_equal(allows(s, a, someone, ports[i]),
				 !strcmp(ports[i], "53"));
	}
}

static void a_network_connects_as_it_needs_to(void **state)
{
	struct story *s = *state;

	generate(s, NETWORK CLUSTER "identity: doorman\n");
	load(s, "network/network-policies", &s->policies);
	assert_int_equal(s->policies.count, 1 + ARRAY_SIZE(all));
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		for (size_t j = 0; j < ARRAY_SIZE(all); j++)
			check_pair(s, all[i], all[j]);
}

static void a_server_that_is_there_already_is_reached(void **state)
{
	const struct end node = { "node", "r" }, out = { NULL, NULL };
	struct story *s = *state;

	generate(s, NETWORK CLUSTER "external_database: {host: db.example, "
				    "port: 6432}\n");
	load(s, "network/network-policies", &s->policies);
	assert_int_equal(s->policies.count, 1 + 4);
	assert_true(allows(s, node, out, "6432"));
	assert_false(allows(s, node, out, "5432"));
	assert_false(allows(s, (struct end){ "driver", "r" }, out, "6432"));
}

/* ---- budgets ---- */

static const char *budget_of(struct story *s, const char *name)
{
	struct yaml_file file;
	const struct yaml_node *o = load(s, name, &file);

	assert_string_equal(yaml_str(o, "kind"), "PodDisruptionBudget");
	return yaml_str(yaml_get(o, "spec"), "maxUnavailable");
}

static void pods_stay_while_they_are_needed(void **state)
{
	struct story *s = *state;

	generate(s, NETWORK CLUSTER);
	assert_string_equal(budget_of(s, "bank-4-10/bank-4-10-budget"), "0");
	assert_string_equal(budget_of(s, "network/database-budget"), "0");
	/* By Raft two of three nodes are enough. */
	assert_string_equal(budget_of(s, "network/notary-4-10-raft-budget"),
			    "1");
	assert_false(is_there(s, "network/doorman-budget"));
}

static void there_are_none_unless_they_are_wanted(void **state)
{
	struct story *s = *state;

	generate(s, NETWORK); /* podman */
	assert_false(is_there(s, "network/network-policies"));
	assert_false(is_there(s, "network/database-budget"));
	generate(s, CLUSTER "banks: [{release: maven:4.10, count: 2}]\n"
			    "notaries: [{release: maven:4.10}]\n"
			    "cordapps: finance-4.0\n");
	assert_false(is_there(s, "network/network-policies"));
	assert_false(is_there(s, "network/database-budget"));
}

#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, scratch_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(a_network_connects_as_it_needs_to),
		STORY(a_server_that_is_there_already_is_reached),
		STORY(pods_stay_while_they_are_needed),
		STORY(there_are_none_unless_they_are_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

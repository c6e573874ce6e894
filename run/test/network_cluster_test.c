/* SPDX-License-Identifier: Apache-2.0 */
/* network_cluster_test.c - the keys of network.yaml that pods in a cluster
 * follow: read, and refused at their place. */
#include "run/network_keys.h"

#include "base/cleanup.h"
#include "run/network_labels.h"
#include "run/network_names.h"
#include "test/support/scratch.h"

#define NETWORK                                                                \
	"banks: [{release: maven:4.0, count: 2}]\n"                            \
	"notaries: [{release: maven:4.8}]\n"                                   \
	"cordapps: finance-4.0\n"
#define SIXTY_THREE                                                            \
	"a23456789012345678901234567890123456789012345678901234567890123"

static int parse(struct scratch *at, const char *text, struct network *ret)
{
	at->err = (struct error){ 0 };
	return network_parse("n.yaml", text, strlen(text), &at->arena, ret,
			     &at->err);
}

static void labels_and_places_are_read(void **state)
{
	static const char text[] = NETWORK
		"kubernetes:\n"
		"  labels: {team: ledger, example.com/cost: 42}\n"
		"  annotations: {\"example.com/about\": \"a b: c\"}\n"
		"  node_selector: {disk: ssd, empty: \"\"}\n"
		"  tolerations:\n"
		"  - {key: dedicated, value: ledger, effect: NoSchedule}\n"
		"  - {operator: Exists, effect: NoExecute, seconds: 60}\n"
		"  priority_class: low\n"
		"  image_pull_policy: Always\n"
		"resources: {ephemeral_storage: 1Gi}\n";
	struct scratch *at = *state;
	const struct kubernetes_extras *e;
	struct network net;

	assert_ok(parse(at, text, &net), at->err);
	e = &net.extras;
	assert_int_equal(e->label_count, 2);
	assert_string_equal(e->labels[1].name, "example.com/cost");
	assert_string_equal(e->labels[1].value, "42");
	assert_string_equal(e->annotations[0].value, "a b: c");
	assert_string_equal(e->node_selector[1].value, "");
	assert_int_equal(e->toleration_count, 2);
	assert_string_equal(e->tolerations[0].op, "Equal");
	assert_int_equal(e->tolerations[0].seconds, 0);
	assert_null(e->tolerations[1].key);
	assert_int_equal(e->tolerations[1].seconds, 60);
	assert_string_equal(e->priority_class, "low");
	assert_string_equal(e->image_pull_policy, "Always");
	assert_string_equal(net.resources.ephemeral_storage, "1Gi");
	assert_null(net.resources.ephemeral_storage_limit);
}

static void there_are_none_unless_they_are_named(void **state)
{
	struct scratch *at = *state;
	struct network net;

	assert_ok(parse(at, NETWORK, &net), at->err);
	assert_int_equal(net.extras.label_count, 0);
	assert_int_equal(net.extras.toleration_count, 0);
	assert_null(net.extras.priority_class);
	assert_string_equal(net.extras.image_pull_policy, "IfNotPresent");
	assert_null(net.resources.ephemeral_storage);
}

/* Names of objects have the prefix; those that people type have not. */
static void a_prefix_is_of_objects_alone(void **state)
{
	static const char text[] = NETWORK "kubernetes: {prefix: red-}\n";
	struct scratch *at = *state;
	const struct network_node *n;
	char room[OBJECT_NAME];
	struct network net;

	assert_ok(parse(at, text, &net), at->err);
	n = &net.nodes[1];
	assert_string_equal(n->name, "bank-4.0-1");
	assert_string_equal(n->legal_name, "O=bank-4.0-1, L=London, C=GB");
	assert_string_equal(n->set, "red-bank-4-0");
	assert_string_equal(n->pod, "red-bank-4-0-1");
	assert_string_equal(
		n->host,
		"red-bank-4-0-1.red-bank-4-0.medley.svc.cluster.local");
	assert_string_equal(n->database, "red_bank_4_0_1");
	assert_string_equal(net.releases[0].label, "4.0");
	assert_string_equal(net.database_set, "red-database");
	assert_string_equal(network_object(&net, "driver", room), "red-driver");
	assert_string_equal(network_doorman_database(&net, room),
			    "red_doorman");
}

/* Kubernetes adds eleven characters to the name of a StatefulSet in a label,
 * and an ordinal to the pods', whose names are labels as well. */
static void the_longest_names_fit_into_labels(void **state)
{
	static const char text[] =
		"banks: [{release: a-branch-of-thirty-characters-, count: 2}, "
		"{release: maven:4.0, cordapps: finance-4.10}]\n"
		"notaries: [{release: another-branch-that-is-long, cluster: "
		"bft-smart}]\n"
		"cordapps: finance-a-version-that-is-very-long\nrepo: /\n"
		"kubernetes: {prefix: a2345678901-}\n";
	struct scratch *at = *state;
	struct network net;
	size_t longest = 0;

	assert_ok(parse(at, text, &net), at->err);
	for (unsigned i = 0; i < net.node_count; i++) {
		size_t len = strlen(net.nodes[i].set);

		longest = len > longest ? len : longest;
		assert_true(strlen(net.nodes[i].pod) <= 63);
	}
	assert_int_equal(longest, 52);
}

/* What Kubernetes would refuse, and what is said of it. */
static const struct {
	const char *text, *why;
} bad[] = {
	{ "kubernetes: {lables: {}}\n",
	  "n.yaml:4:14: unknown key 'lables'; did you mean 'labels'?" },
	{ "kubernetes: {prefix: red}\n",
	  "n.yaml:4:22: prefix: expected at most 12 lower-case letters, "
	  "digits and '-', a letter first and '-' last, such as red-, not "
	  "'red'" },
	{ "kubernetes: {prefix: a23456789012-}\n", "not 'a23456789012-'" },
	{ "kubernetes: {prefix: 1red-}\n", "not '1red-'" },
	{ "kubernetes: {prefix: Red-}\n", "not 'Red-'" },
	{ "kubernetes: {prefix: a.b-}\n", "not 'a.b-'" },
	{ "kubernetes: {prefix: \"-\"}\n", "not '-'" },
	{ "kubernetes: {labels: [a]}\n",
	  "n.yaml:4:22: labels: expected a map of at most 64 texts" },
	{ "kubernetes:\n  labels:\n    -team: a\n",
	  "n.yaml:6:5: labels: expected a name of letters" },
	{ "kubernetes: {labels: {Example.com/team: a}}\n",
	  "n.yaml:4:23: labels: expected a name" },
	{ "kubernetes: {labels: {a/b/c: a}}\n", "not 'a/b/c'" },
	{ "kubernetes: {labels: {team: a b}}\n",
	  "n.yaml:4:29: labels: team: expected at most 63 letters" },
	{ "kubernetes: {labels: {team: " SIXTY_THREE "4}}\n",
	  "labels: team: expected at most 63" },
	{ "kubernetes: {labels: {" SIXTY_THREE "4: a}}\n",
	  "labels: expected a name" },
	{ "kubernetes: {labels: {medley.run: a}}\n",
	  "n.yaml:4:23: labels: medley sets 'medley.run' itself" },
	{ "kubernetes:\n  labels:\n    team: a\n"
	  "    app.kubernetes.io/name: a\n",
	  "n.yaml:7:5: labels: medley sets 'app.kubernetes.io/name'" },
	{ "kubernetes: {annotations: {medley.run/release: a}}\n",
	  "n.yaml:4:28: annotations: medley sets" },
	{ "kubernetes: {annotations: {a b: a}}\n",
	  "annotations: expected a name" },
	{ "kubernetes: {node_selector: {disk: -}}\n",
	  "n.yaml:4:36: node_selector: disk: expected at most 63" },
	{ "kubernetes: {priority_class: Low}\n",
	  "n.yaml:4:30: priority_class: expected the name of a "
	  "PriorityClass, not 'Low'" },
	{ "kubernetes: {image_pull_policy: Sometimes}\n",
	  "n.yaml:4:33: image_pull_policy: expected one of "
	  "Always|IfNotPresent|Never, not 'Sometimes'" },
	{ "kubernetes: {tolerations: [{effect: NoSchedule}]}\n",
	  "n.yaml:4:28: tolerations: expected 'key:', or 'operator: "
	  "Exists'" },
	{ "kubernetes: {tolerations: [{key: a b}]}\n",
	  "n.yaml:4:34: key: expected a name" },
	{ "kubernetes: {tolerations: [{key: a, operator: Exists, "
	  "value: b}]}\n",
	  "value: 'operator: Exists' accepts any value" },
	{ "kubernetes: {tolerations: [{key: a, value: b c}]}\n",
	  "n.yaml:4:44: tolerations: value: expected at most 63" },
	{ "kubernetes: {tolerations: [{key: a, seconds: 5}]}\n",
	  "n.yaml:4:46: seconds: only the effect NoExecute evicts "
	  "pods" },
	{ "kubernetes: {tolerations: [{key: a, effect: No}]}\n",
	  "effect: expected one of NoSchedule|PreferNoSchedule|"
	  "NoExecute, not 'No'" },
	{ "resources: {ephemeral_storage: 1 GB}\n",
	  "n.yaml:4:32: ephemeral_storage: expected a quantity" },
	{ "resources: {ephemeral_storage_limit: lots}\n",
	  "ephemeral_storage_limit: expected a quantity" },
};

static void what_kubernetes_would_refuse_is_refused(void **state)
{
	struct scratch *at = *state;
	struct network net;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		const char *text =
			arena_printf(&at->arena, NETWORK "%s", bad[i].text);

		assert_error(parse(at, text, &net), at->err, bad[i].why);
		assert_int_equal(at->err.kind, ERROR_INPUT);
	}
}

static void too_many_bytes_are_refused(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(1 << 20);
	struct scratch *at = *state;
	struct network net;

	buf_add_str(&text, NETWORK "kubernetes:\n  annotations:\n    a: \"");
	for (unsigned i = 0; i < PAIRS_BYTES_MAX; i++)
		buf_add_str(&text, "x");
	buf_add_str(&text, "\"\n");
	assert_error(parse(at, buf_text(&text), &net), at->err,
		     "annotations: 16385 bytes in all; expected at most 16384");
}

static void labels_are_what_kubernetes_takes(void **state)
{
	(void)state;
	assert_true(label_value_valid(""));
	assert_true(label_value_valid("a"));
	assert_true(label_value_valid("A_b-c.9"));
	assert_true(label_value_valid(SIXTY_THREE));
	assert_false(label_value_valid(SIXTY_THREE "4"));
	assert_false(label_value_valid(".a"));
	assert_false(label_value_valid("a-"));
	assert_false(label_value_valid("\xc3\xa4"));
	assert_true(label_key_valid("a.b/C_d"));
	assert_false(label_key_valid(""));
	assert_false(label_key_valid("a/"));
	assert_false(label_key_valid("/a"));
	assert_false(label_key_valid("a..b/c"));
	assert_true(label_is_medleys("medley.run"));
	assert_true(label_is_medleys("medley.run/x"));
	assert_false(label_is_medleys("medley.runner"));
	assert_false(label_is_medleys("example.com/medley.run"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(labels_and_places_are_read),
		SCRATCH_TEST(there_are_none_unless_they_are_named),
		SCRATCH_TEST(a_prefix_is_of_objects_alone),
		SCRATCH_TEST(the_longest_names_fit_into_labels),
		SCRATCH_TEST(what_kubernetes_would_refuse_is_refused),
		SCRATCH_TEST(too_many_bytes_are_refused),
		cmocka_unit_test(labels_are_what_kubernetes_takes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

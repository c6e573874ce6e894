/* SPDX-License-Identifier: Apache-2.0 */
/* registers_test.c - a cluster whose nodes register themselves, and the health
 * check of any cluster. */
#include "generate/test/generated.h"

#include "base/cleanup.h"
#include "corda/key.h"
#include "data/base64.h"
#include "data/yaml.h"

#define BANKS                                                                  \
	"banks:\n"                                                             \
	"  - {release: maven:4.0, count: 2}\n"                                 \
	"  - release: maven:4.10\n"                                            \
	"notaries:\n"                                                          \
	"  - {release: maven:4.8, validating: true}\n"                         \
	"  - release: maven:4.0\n"                                             \
	"cordapps: finance-4.0\n"

#define NODES                                                                  \
	LINE("db@sha256:1", "database", "-", "-")                              \
	LINE("c@sha256:2", "cordapps", "finance-4.0", "-")                     \
	LINE("n@sha256:40", "node", "maven:4.0", "4")                          \
	LINE("n@sha256:48", "node", "maven:4.8", "10")                         \
	LINE("n@sha256:410", "node", "maven:4.10", "12")
#define NOTARIES                                                               \
	LINE("r@sha256:40", "notary", "maven:4.0", "4")                        \
	LINE("r@sha256:48", "notary", "maven:4.8", "10")                       \
	LINE("r@sha256:410", "notary", "maven:4.10", "12")
#define DOORMAN LINE("d@sha256:3", "doorman", "HEAD", "-")
#define HEALTH LINE("h@sha256:4", "healthcheck", "HEAD", "-")

struct story {
	struct scratch at;
	struct network net;
};

static int set_up(void **state)
{
	struct story *s = scratch_begin(sizeof(*s));

	*state = s;
	return 0;
}

static int fill(struct story *s, const char *network, const char *lines)
{
	struct built_images images;

	assert_ok(network_parse("network.yaml", network, strlen(network),
				&s->at.arena, &s->net, &s->at.err),
		  s->at.err);
	assert_ok(built_images_parse("node-images.txt", lines, &s->at.arena,
				     &images, &s->at.err),
		  s->at.err);
	return built_images_fill(&images, NULL, &s->net, &s->at.err);
}

static struct generate_summary write_all(struct story *s)
{
	char keys[PATH_ROOM], passwords[PATH_ROOM], config[PATH_ROOM];
	const struct generate_order order = {
		.dir = path_join(config, s->at.dir, "config"),
		.keys = path_join(keys, s->at.dir, "keys"),
		.passwords = path_join(passwords, s->at.dir, "passwords"),
		.run = "net",
	};
	struct generate_summary made = { 0 };

	assert_ok(generate_network(&s->net, &order, &made, &s->at.err),
		  s->at.err);
	return made;
}

static const struct yaml_node *object(struct story *s, const char *file,
				      const char *kind)
{
	struct yaml_file f;
	char path[PATH_ROOM];

	path_printf(path, "%s/config/%s", s->at.dir, file);
	assert_ok(yaml_read(path, &s->at.arena, &f, &s->at.err), s->at.err);
	for (size_t i = 0; i < f.count; i++)
		if (!strcmp(yaml_str(f.documents[i], "kind"), kind))
			return f.documents[i];
	fail_msg("%s has no %s", file, kind);
	return NULL;
}

static bool there(struct story *s, const char *name)
{
	char path[PATH_ROOM];

	path_printf(path, "%s/%s", s->at.dir, name);
	return file_exists(path);
}

static const struct yaml_node *pod_of(struct story *s, const char *file)
{
	const struct yaml_node *spec =
		yaml_get(object(s, file, "StatefulSet"), "spec");

	return yaml_get(yaml_get(spec, "template"), "spec");
}

/* A variable of the set's container, "" when it has no such value. */
static const char *variable(struct story *s, const char *file, const char *name)
{
	const struct yaml_node *list = yaml_get(
		yaml_get(pod_of(s, file), "containers")->items[0], "env");
	const char *value;

	for (size_t i = 0; i < list->count; i++) {
		value = yaml_str(list->items[i], "value");
		if (!strcmp(yaml_str(list->items[i], "name"), name))
			return value ? value : "";
	}
	return "";
}

static void makes_no_keys(void **state)
{
	struct story *s = *state;
	struct generate_summary made;

	assert_ok(fill(s, BANKS "identity: doorman\n", NODES NOTARIES DOORMAN),
		  s->at.err);
	made = write_all(s);
	assert_int_equal(made.identities, 0);
	/* Namespace, passwords, database, doorman and its password; four
	 * sets. */
	assert_int_equal(made.files, 5 + 4);
	assert_false(there(s, "keys"));
	assert_false(there(s, "config/network/node-infos.yaml"));
	assert_false(there(s, "config/network/healthcheck.yaml"));
	assert_false(there(s, "config/bank-4-0/bank-4-0-keys.yaml"));
}

static void tells_each_pod_who_it_is(void **state)
{
	static const char bank[] = "bank-4-10/bank-4-10.yaml";
	static const char old[] = "network/notary-4-0.yaml";
	static const char new[] = "network/notary-4-8.yaml";
	struct story *s = *state;

	assert_ok(fill(s, BANKS "identity: doorman\n", NODES NOTARIES DOORMAN),
		  s->at.err);
	write_all(s);
	assert_string_equal(variable(s, bank, "ROLE"), "bank");
	assert_string_equal(variable(s, bank, "LEGAL_NAME"),
			    "O=bank-4.10-$(ORDINAL), L=London, C=GB");
	assert_string_equal(variable(s, bank, "P2P_ADDRESS"),
			    "bank-4-10-$(ORDINAL).bank-4-10.medley.svc.cluster"
			    ".local:10002");
	assert_string_equal(variable(s, bank, "DATABASE_URL"),
			    "jdbc:postgresql://database:5432/bank_4_10_"
			    "$(ORDINAL)?currentSchema=public");
	assert_string_equal(variable(s, bank, "DATABASE_USER"),
			    "bank_4_10_$(ORDINAL)");
	assert_string_equal(variable(s, old, "LEGAL_NAME"),
			    "O=notary-4.0-$(ORDINAL), L=London, C=GB");
	assert_string_equal(variable(s, old, "SERVICE_NAME"), "");
	assert_string_equal(variable(s, new, "SERVICE_NAME"),
			    "O=notary-4.8-$(ORDINAL), L=London, C=GB");
	assert_string_equal(variable(s, new, "LEGAL_NAME"),
			    "OU=Node, O=notary-4.8-$(ORDINAL), L=London, C=GB");
	assert_string_equal(variable(s, new, "VALIDATING"), "true");
	assert_string_equal(variable(s, new, "RPC_PASSWORD"), "");
}

static void runs_what_registers_itself(void **state)
{
	static const char *const wanted[] = { "cordapps", "createdb" };
	struct story *s = *state;
	const struct yaml_node *pod, *inits;

	assert_ok(fill(s, BANKS "identity: doorman\n", NODES NOTARIES DOORMAN),
		  s->at.err);
	write_all(s);
	pod = pod_of(s, "bank-4-10/bank-4-10.yaml");
	inits = yaml_get(pod, "initContainers");
	assert_int_equal(inits->count, ARRAY_SIZE(wanted));
	for (size_t i = 0; i < inits->count; i++)
		assert_string_equal(yaml_str(inits->items[i], "name"),
				    wanted[i]);
	assert_string_equal(yaml_str(yaml_get(pod, "containers")->items[0],
				     "image"),
			    "r.example/r@sha256:410");
	assert_int_equal(yaml_get(pod, "volumes")->count, 1);
}

/* What the doorman signs. */
static const char *parameters(struct story *s)
{
	return yaml_str(yaml_get(object(s, "network/doorman.yaml", "ConfigMap"),
				 "data"),
			"parameters.yaml");
}

static void the_doorman_knows_the_notaries(void **state)
{
	struct story *s = *state;

	assert_ok(fill(s, BANKS "identity: doorman\n", NODES NOTARIES DOORMAN),
		  s->at.err);
	write_all(s);
	assert_string_equal(parameters(s),
			    "minimum_platform: 4\n"
			    "notaries:\n"
			    "  - name: \"O=notary-4.8-0, L=London, C=GB\"\n"
			    "    validating: true\n"
			    "  - name: \"O=notary-4.0-0, L=London, C=GB\"\n"
			    "    validating: false\n");
}

static void the_doorman_has_a_database(void **state)
{
	struct story *s = *state;
	const struct yaml_node *pod, *doorman;

	assert_ok(fill(s, BANKS "identity: doorman\n", NODES NOTARIES DOORMAN),
		  s->at.err);
	write_all(s);
	pod = pod_of(s, "network/doorman.yaml");
	doorman = yaml_get(pod, "containers")->items[0];
	assert_string_equal(yaml_get(doorman, "args")->items[4]->text,
			    "postgresql://doorman@database:5432/doorman");
	assert_int_equal(yaml_get(doorman, "env")->count, 1);
	assert_string_equal(yaml_str(yaml_get(pod, "initContainers")->items[0],
				     "name"),
			    "createdb");
	assert_non_null(yaml_str(
		yaml_get(object(s, "network/doorman-secret.yaml", "Secret"),
			 "data"),
		"database-password"));
}

#define RAFT                                                                   \
	"banks: [{release: maven:4.0, count: 2}]\n"                            \
	"notaries: [{release: maven:4.8, cluster: raft}]\n"                    \
	"cordapps: finance-4.0\nidentity: doorman\n"
#define RAFT_SET "network/notary-4-8-raft.yaml"
#define RAFT_HOST(n)                                                           \
	"notary-4-8-raft-" n ".notary-4-8-raft.medley.svc.cluster.local:10005"

/* The key in the Secret of the cluster's nodes. */
static const char *shared_key(struct story *s)
{
	cleanup(buf_release) struct buf der = BUF_INIT(4096);
	cleanup(key_freep) struct key *key = NULL;
	const char *text =
		yaml_str(yaml_get(object(s, "network/notary-4-8-raft-keys.yaml",
					 "Secret"),
				  "data"),
			 "service.key");

	assert_non_null(text);
	assert_ok(base64_decode(text, &der, &s->at.err), s->at.err);
	assert_ok(key_read(der.data, der.len, &key, &s->at.err), s->at.err);
	assert_int_equal(key_kind(key), KEY_P256);
	return text;
}

static void a_cluster_shares_a_key(void **state)
{
	static const char *const wanted[] = { "service", "cordapps",
					      "createdb" };
	struct story *s = *state;
	const struct yaml_node *pod, *inits, *args;
	const char *key;

	assert_ok(fill(s, RAFT, NODES NOTARIES DOORMAN), s->at.err);
	assert_int_equal(write_all(s).identities, 0);
	pod = pod_of(s, RAFT_SET);
	inits = yaml_get(pod, "initContainers");
	assert_int_equal(inits->count, ARRAY_SIZE(wanted));
	for (size_t i = 0; i < inits->count; i++)
		assert_string_equal(yaml_str(inits->items[i], "name"),
				    wanted[i]);
	args = yaml_get(inits->items[0], "args");
	assert_string_equal(args->items[3]->text,
			    "O=notary-4.8-raft, L=London, C=GB");
	assert_string_equal(yaml_str(inits->items[0], "image"),
			    "r.example/d@sha256:3");
	/* Only that container sees the Secret. */
	assert_int_equal(yaml_get(inits->items[0], "volumeMounts")->count, 2);
	assert_int_equal(yaml_get(yaml_get(pod, "containers")->items[0],
				  "volumeMounts")
				 ->count,
			 2);
	key = shared_key(s);
	write_all(s);
	assert_string_equal(shared_key(s), key);
	assert_false(there(s, "keys"));
	assert_false(there(s, "config/bank-4-0/bank-4-0-keys.yaml"));
}

static void a_cluster_is_one_notary(void **state)
{
	struct story *s = *state;

	assert_ok(fill(s, RAFT, NODES NOTARIES DOORMAN), s->at.err);
	write_all(s);
	assert_string_equal(variable(s, RAFT_SET, "CLUSTER"), "raft");
	assert_string_equal(variable(s, RAFT_SET, "SERVICE_NAME"),
			    "O=notary-4.8-raft, L=London, C=GB");
	assert_string_equal(variable(s, RAFT_SET, "LEGAL_NAME"),
			    "O=notary-4.8-raft-$(ORDINAL), L=London, C=GB");
	assert_string_equal(variable(s, RAFT_SET, "RAFT_ADDRESS"),
			    RAFT_HOST("$(ORDINAL)"));
	assert_string_equal(variable(s, RAFT_SET, "RAFT_FIRST"),
			    RAFT_HOST("0"));
	assert_string_equal(parameters(s),
			    "minimum_platform: 4\n"
			    "notaries:\n"
			    "  - name: \"O=notary-4.8-raft, L=London, C=GB\"\n"
			    "    validating: false\n");
}

static void health_is_asked_of_all(void **state)
{
	struct story *s = *state;
	const struct yaml_node *job, *args;

	assert_ok(fill(s, BANKS, NODES HEALTH), s->at.err);
	assert_int_equal(write_all(s).identities, 5);
	job = yaml_get(object(s, "network/healthcheck.yaml", "CronJob"),
		       "spec");
	job = yaml_get(yaml_get(job, "jobTemplate"), "spec");
	job = yaml_get(yaml_get(job, "template"), "spec");
	args = yaml_get(yaml_get(job, "containers")->items[0], "args");
	assert_int_equal(args->count, 3 + 1 + 5);
	assert_string_equal(args->items[3]->text, "tcp://database:5432");
	assert_string_equal(args->items[5]->text,
			    "rpc://medley@bank-4-0-1.bank-4-0.medley.svc."
			    "cluster.local:10003/optional");
	assert_string_equal(args->items[8]->text,
			    "rpc://medley@notary-4-0-0.notary-4-0.medley.svc."
			    "cluster.local:10003");
}

static void names_the_image_that_is_missing(void **state)
{
	struct story *s = *state;

	assert_error(fill(s, BANKS "identity: doorman\n", NODES NOTARIES),
		     s->at.err,
		     "no doorman image; build it: medley build "
		     "doorman");
	assert_error(fill(s, BANKS "identity: doorman\n", NODES DOORMAN),
		     s->at.err,
		     "no notary image of maven:4.0; build it: medley "
		     "build notary maven:4.0");
	assert_int_equal(s->at.err.kind, ERROR_INPUT);
}

static void podman_has_no_doorman(void **state)
{
	struct story *s = *state;

	assert_ok(fill(s, BANKS "identity: doorman\n", NODES NOTARIES DOORMAN),
		  s->at.err);
	assert_error(network_check_engine(&s->net, &s->at.err), s->at.err,
		     "network.yaml:8:11: identity: doorman is for clusters");
	assert_ok(fill(s, BANKS "identity: static\n", NODES), s->at.err);
	assert_ok(network_check_engine(&s->net, &s->at.err), s->at.err);
}

int main(void)
{
#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, scratch_end)
	const struct CMUnitTest tests[] = {
		STORY(makes_no_keys),
		STORY(tells_each_pod_who_it_is),
		STORY(runs_what_registers_itself),
		STORY(the_doorman_knows_the_notaries),
		STORY(the_doorman_has_a_database),
		STORY(a_cluster_shares_a_key),
		STORY(a_cluster_is_one_notary),
		STORY(health_is_asked_of_all),
		STORY(names_the_image_that_is_missing),
		STORY(podman_has_no_doorman),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

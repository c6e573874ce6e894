/* SPDX-License-Identifier: Apache-2.0 */
/* generate_test.c - a run's configuration: whole, repeatable, for its owner. */
#include "generate/generate.h"

#include <sys/stat.h>

#include "base/cleanup.h"
#include "data/yaml.h"
#include "generate/identities.h"
#include "run/network.h"
#include "run/run.h"
#include "test/support/scratch.h"

static const char network_yaml[] = "banks:\n"
				   "  - release: maven:4.0\n"
				   "  - release: maven:4.10\n"
				   "    count: 2\n"
				   "notaries:\n"
				   "  - release: maven:4.8\n"
				   "    validating: true\n"
				   "cordapps: finance-4.0\n"
				   "seed: 42\n";

/* What the build would have found out. */
static const struct {
	const char *label;
	int platform;
} built[] = { { "4.0", 4 }, { "4.8", 10 }, { "4.10", 12 } };

struct story {
	struct scratch at;
	struct network net;
};

static int set_up(void **state)
{
	struct story *s = scratch_begin(sizeof(*s));

	assert_ok(network_parse("network.yaml", network_yaml,
				strlen(network_yaml), &s->at.arena, &s->net,
				&s->at.err),
		  s->at.err);
	s->net.database_image = "localhost/database@sha256:00";
	for (unsigned i = 0; i < s->net.release_count; i++) {
		struct release *r = &s->net.releases[i];

		r->image = "localhost/node@sha256:11";
		r->cordapps_image = "localhost/cordapps@sha256:22";
		for (size_t j = 0; j < ARRAY_SIZE(built); j++)
			if (!strcmp(r->label, built[j].label))
				r->platform = built[j].platform;
	}
	*state = s;
	return 0;
}

static struct generate_summary generate(struct story *s)
{
	struct generate_summary summary = { 0 };

	assert_ok(network_save(&s->net, s->at.dir, &s->at.err), s->at.err);
	assert_ok(generate_config(s->at.dir, &summary, &s->at.err), s->at.err);
	return summary;
}

/* <part>/<name>.yaml of the configuration */
static struct yaml_file manifest(struct story *s, const char *part,
				 const char *name)
{
	struct yaml_file file;
	char path[PATH_ROOM];

	path_printf(path, "%s/config/%s/%s.yaml", s->at.dir, part, name);
	assert_ok(yaml_read(path, &s->at.arena, &file, &s->at.err), s->at.err);
	return file;
}

static const struct yaml_node *object(const struct yaml_file *file,
				      const char *kind, const char *name)
{
	for (size_t i = 0; i < file->count; i++) {
		const struct yaml_node *o = file->documents[i];

		if (!strcmp(yaml_str(o, "kind"), kind) &&
		    !strcmp(yaml_str(yaml_get(o, "metadata"), "name"), name))
			return o;
	}
	fail_msg("there is no %s %s", kind, name);
	return NULL;
}

/* The only object of a file. */
static const struct yaml_node *only(struct story *s, const char *part,
				    const char *kind, const char *name)
{
	struct yaml_file file = manifest(s, part, name);

	assert_int_equal(file.count, 1);
	return object(&file, kind, name);
}

static void writes_what_all_nodes_share(void **state)
{
	struct story *s = *state;
	struct generate_summary summary = generate(s);
	struct yaml_file file;
	const struct yaml_node *infos, *secret;
	char path[PATH_ROOM];

	assert_int_equal(summary.identities, 4);
	assert_int_equal(summary.files, 5 + 3 * 3);
	only(s, "network", "ConfigMap", "network");
	file = manifest(s, "network", "00-namespace");
	object(&file, "Namespace", "medley");
	file = manifest(s, "network", "database");
	object(&file, "Service", "database");
	object(&file, "StatefulSet", "database");
	file = manifest(s, "network", "passwords");
	secret = yaml_get(object(&file, "Secret", "medley-passwords"), "data");
	assert_non_null(yaml_str(secret, "rpc-password"));
	assert_string_equal(yaml_str(secret, "database-user"), "Y29yZGE=");
	infos = yaml_get(only(s, "network", "ConfigMap", "node-infos"),
			 "binaryData");
	assert_int_equal(infos->count, 4);
	for (size_t i = 0; i < infos->count; i++)
		assert_memory_equal(infos->keys[i]->text, "nodeInfo-", 9);
	path_join(path, s->at.dir, "config/network/regsecret.yaml");
	assert_false(file_exists(path));
}

static void writes_a_manifest_for_each_release(void **state)
{
	struct story *s = *state;
	const struct yaml_node *set, *conf, *keys;
	struct yaml_file file;

	generate(s);
	file = manifest(s, "bank-4-10", "bank-4-10");
	assert_int_equal(file.count, 2);
	object(&file, "Service", "bank-4-10");
	set = object(&file, "StatefulSet", "bank-4-10");
	assert_null(yaml_str(yaml_get(set, "spec"), "replicas"));
	keys = yaml_get(only(s, "bank-4-10", "Secret", "bank-4-10-keys"),
			"data");
	assert_int_equal(keys->count, 2 * 3 + 1);
	assert_non_null(yaml_str(keys, "1.sslkeystore.jks"));
	conf = yaml_get(only(s, "bank-4-10", "ConfigMap", "bank-4-10-conf"),
			"data");
	assert_int_equal(conf->count, 2);
	assert_non_null(strstr(yaml_str(conf, "node-1.conf"),
			       "p2pAddress = \"bank-4-10-1.bank-4-10.medley.svc"
			       ".cluster.local:10002\"\n"));
	assert_non_null(strstr(yaml_str(conf, "node-1.conf"),
			       "/bank_4_10_1?currentSchema=public\"\n"));
	file = manifest(s, "network", "notary-4-8");
	set = object(&file, "StatefulSet", "notary-4-8");
	assert_string_equal(yaml_str(yaml_get(set, "spec"), "replicas"), "1");
}

static const char *partition_of(struct story *s, const char *part)
{
	struct yaml_file file = manifest(s, part, part);
	const struct yaml_node *spec =
		yaml_get(object(&file, "StatefulSet", part), "spec");

	return yaml_str(yaml_get(yaml_get(spec, "updateStrategy"),
				 "rollingUpdate"),
			"partition");
}

/* Of two releases, the template is the newer's, which the last node has. */
static void says_from_where_on_nodes_are_newer(void **state)
{
	struct story *s = *state;
	struct release *newer = &s->net.releases[s->net.release_count - 1];
	struct yaml_file file;

	generate(s);
	assert_null(partition_of(s, "bank-4-10"));
	assert_string_equal(newer->label, "4.8");
	assert_string_equal(s->net.nodes[2].name, "bank-4.10-1");
	s->net.nodes[2].release = s->net.release_count - 1;
	generate(s);
	assert_string_equal(partition_of(s, "bank-4-10"), "1");
	file = manifest(s, "bank-4-10", "bank-4-10");
	assert_string_equal(
		yaml_str(yaml_get(yaml_get(object(&file, "StatefulSet",
						  "bank-4-10"),
					   "metadata"),
				  "annotations"),
			 "medley.run/release"),
		"4.8");
	assert_null(partition_of(s, "bank-4-0"));
}

/* The init container of a set, or NULL. */
/* The pod of a StatefulSet that has a file of its own. */
static const struct yaml_node *pod_of(struct story *s, const char *set)
{
	struct yaml_file file = manifest(s, set, set);
	const struct yaml_node *spec =
		yaml_get(object(&file, "StatefulSet", set), "spec");

	return yaml_get(yaml_get(spec, "template"), "spec");
}

static const struct yaml_node *init_of(struct story *s, const char *set,
				       const char *name)
{
	const struct yaml_node *list =
		yaml_get(pod_of(s, set), "initContainers");

	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(yaml_str(list->items[i], "name"), name))
			return list->items[i];
	return NULL;
}

static const struct yaml_node *node_of(struct story *s, const char *set)
{
	return yaml_get(pod_of(s, set), "containers")->items[0];
}

static void migrates_those_that_need_it(void **state)
{
	struct story *s = *state;
	const struct yaml_node *migrate;

	generate(s);
	assert_null(init_of(s, "bank-4-0", "migrate"));
	assert_non_null(init_of(s, "bank-4-0", "createdb"));
	migrate = init_of(s, "bank-4-10", "migrate");
	assert_non_null(migrate);
	migrate = yaml_get(migrate, "command")->items[2];
	assert_non_null(strstr(migrate->text,
			       "done='localhost/node@sha256:11 "
			       "localhost/cordapps@sha256:22'\n"));
	assert_non_null(strstr(migrate->text,
			       "java -jar /opt/corda/corda.jar "
			       "run-migration-scripts --core-schemas"));
}

/* _JAVA_OPTIONS of the container, or NULL. */
static const char *jvm_of(const struct yaml_node *container)
{
	const struct yaml_node *env = yaml_get(container, "env");

	for (size_t i = 0; i < env->count; i++)
		if (!strcmp(yaml_str(env->items[i], "name"), "_JAVA_OPTIONS"))
			return yaml_str(env->items[i], "value");
	return NULL;
}

static void gives_jvms_their_options(void **state)
{
	static const char options[] = "-Da=\"b c\" -Xmx1g";
	struct story *s = *state;

	s->net.nodes[0].jvm = "stock";
	for (unsigned i = 1; i < 3; i++)
		s->net.nodes[i].jvm = options;
	generate(s);
	assert_null(jvm_of(node_of(s, "bank-4-0")));
	assert_string_equal(jvm_of(node_of(s, "bank-4-10")), options);
	assert_string_equal(jvm_of(init_of(s, "bank-4-10", "migrate")),
			    options);
}

static void follows_the_keys_of_a_cluster(void **state)
{
	struct story *s = *state;
	struct yaml_file file;
	const struct yaml_node *spec, *claim;
	char path[PATH_ROOM];

	s->net.storage_class = "fast";
	s->net.resources.cpu_limit = "2";
	s->net.resources.storage = "5Gi";
	generate(s);
	file = manifest(s, "bank-4-0", "bank-4-0");
	spec = yaml_get(object(&file, "StatefulSet", "bank-4-0"), "spec");
	claim = yaml_get(yaml_get(spec, "volumeClaimTemplates")->items[0],
			 "spec");
	assert_string_equal(yaml_str(claim, "storageClassName"), "fast");
	assert_string_equal(
		yaml_str(yaml_get(yaml_get(claim, "resources"), "requests"),
			 "storage"),
		"5Gi");
	spec = yaml_get(yaml_get(spec, "template"), "spec");
	spec = yaml_get(yaml_get(spec, "containers")->items[0], "resources");
	assert_string_equal(yaml_str(yaml_get(spec, "limits"), "cpu"), "2");
	assert_string_equal(yaml_str(yaml_get(spec, "limits"), "memory"),
			    "1536Mi");
	s->net.external.host = "db.example";
	assert_ok(network_save(&s->net, s->at.dir, &s->at.err), s->at.err);
	assert_error(generate_config(s->at.dir, NULL, &s->at.err), s->at.err,
		     "external_database is for clusters");
	path_join(path, s->at.dir, "config/network/database.yaml");
	assert_true(file_exists(path));
}

static const char *conf_of(struct story *s, const char *part, const char *map)
{
	return yaml_str(yaml_get(only(s, part, "ConfigMap", map), "data"),
			"node-0.conf");
}

static void writes_what_a_release_needs(void **state)
{
	struct story *s = *state;
	const char *old_bank, *new_bank, *notary;

	generate(s);
	old_bank = conf_of(s, "bank-4-0", "bank-4-0-conf");
	new_bank = conf_of(s, "bank-4-10", "bank-4-10-conf");
	notary = conf_of(s, "network", "notary-4-8-conf");
	assert_non_null(strstr(old_bank, "READ_COMMITTED"));
	assert_null(strstr(new_bank, "READ_COMMITTED"));
	assert_null(strstr(new_bank, "notary {"));
	assert_non_null(strstr(notary, "notary { validating = true }\n"));
	assert_non_null(strstr(notary, "\"password\" = ${RPC_PASSWORD}"));
}

static void assert_mode(struct story *s, const char *name, mode_t mode)
{
	char path[PATH_ROOM];
	struct stat st;

	assert_int_equal(stat(path_join(path, s->at.dir, name), &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
}

/* The administrator's password is for createdb alone. */
static void each_node_has_a_role_of_its_own(void **state)
{
	struct story *s = *state;
	const struct yaml_node *keys, *env;

	generate(s);
	assert_non_null(strstr(conf_of(s, "bank-4-10", "bank-4-10-conf"),
			       "dataSource.user = \"bank_4_10_0\"\n"));
	keys = yaml_get(only(s, "bank-4-10", "Secret", "bank-4-10-keys"),
			"data");
	assert_string_not_equal(yaml_str(keys, "0.database"),
				yaml_str(keys, "1.database"));
	env = yaml_get(node_of(s, "bank-4-10"), "env");
	assert_int_equal(env->count, 2);
	assert_string_equal(yaml_str(env->items[0], "name"), "RPC_PASSWORD");
	assert_string_equal(yaml_str(env->items[1], "name"), "_JAVA_OPTIONS");
}

/* An earlier medley had one role for all nodes. */
static void completes_the_secrets_of_an_earlier_run(void **state)
{
	static const char old[] = "{\"rpc_user\":\"r\",\"rpc_password\":\"p\","
				  "\"database_user\":\"u\","
				  "\"database_password\":\"q\"}";
	struct story *s = *state;
	struct secrets secrets;
	char path[PATH_ROOM];

	path_join(path, s->at.dir, "secrets.json");
	assert_ok(file_write(path, old, strlen(old), 0600, &s->at.err),
		  s->at.err);
	generate(s);
	assert_ok(secrets_load(s->at.dir, &s->at.arena, &secrets, &s->at.err),
		  s->at.err);
	assert_string_equal(secrets.rpc_user, "r");
	assert_string_equal(secrets.database_password, "q");
	assert_int_equal(strlen(secrets.nodes_key), 24);
}

static void keeps_secrets_to_the_owner(void **state)
{
	struct story *s = *state;

	generate(s);
	assert_mode(s, "secrets.json", 0600);
	assert_mode(s, "identities.jks", 0600);
	assert_mode(s, "config", 0700);
	assert_mode(s, "config/network/passwords.yaml", 0600);
	assert_mode(s, "config/bank-4-0/bank-4-0-keys.yaml", 0600);
}

static struct buf content(struct story *s, const char *name)
{
	struct buf b = BUF_INIT(16 * 1024 * 1024);
	char path[PATH_ROOM];

	assert_ok(file_read(path_join(path, s->at.dir, name), &b, &s->at.err),
		  s->at.err);
	return b;
}

static void gives_the_same_when_repeated(void **state)
{
	static const char *const files[] = {
		"config/network/network.yaml",
		"config/network/node-infos.yaml",
		"config/network/passwords.yaml",
		"config/bank-4-0/bank-4-0.yaml",
		"config/bank-4-0/bank-4-0-keys.yaml",
		"config/bank-4-10/bank-4-10.yaml",
		"secrets.json",
		"identities.jks"
	};
	struct story *s = *state;
	struct buf before[ARRAY_SIZE(files)];

	generate(s);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		before[i] = content(s, files[i]);
	generate(s);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		cleanup(buf_release) struct buf after = content(s, files[i]);

		assert_string_equal(buf_text(&after), buf_text(&before[i]));
		assert_int_equal(after.len, before[i].len);
		assert_memory_equal(after.data, before[i].data, after.len);
		buf_release(&before[i]);
	}
}

static void leaves_out_what_was_not_built(void **state)
{
	struct story *s = *state;
	char path[PATH_ROOM];

	generate(s);
	for (unsigned i = 0; i < s->net.release_count; i++)
		if (!strcmp(s->net.releases[i].label, "4.0"))
			s->net.releases[i].failure = "no jar";
	assert_int_equal(generate(s).identities, 3);
	path_join(path, s->at.dir, "config/bank-4-0");
	assert_false(file_exists(path));
	assert_int_equal(yaml_get(only(s, "network", "ConfigMap", "node-infos"),
				  "binaryData")
				 ->count,
			 3);
	for (unsigned i = 0; i < s->net.release_count; i++)
		s->net.releases[i].failure = "no jar";
	assert_ok(network_save(&s->net, s->at.dir, &s->at.err), s->at.err);
	assert_error(generate_config(s->at.dir, NULL, &s->at.err), s->at.err,
		     "none of the notaries' releases");
	assert_int_equal(s->at.err.kind, ERROR_BUILD);
}

static void asks_for_the_build_first(void **state)
{
	struct story *s = *state;
	char path[PATH_ROOM];

	s->net.releases[0].image = NULL;
	assert_ok(network_save(&s->net, s->at.dir, &s->at.err), s->at.err);
	assert_error(generate_config(s->at.dir, NULL, &s->at.err), s->at.err,
		     "run 'medley build' first");
	assert_int_equal(s->at.err.kind, ERROR_INPUT);
	assert_false(file_exists(path_join(path, s->at.dir, "secrets.json")));
}

static void refuses_a_store_that_was_changed(void **state)
{
	struct story *s = *state;
	char path[PATH_ROOM];
	struct buf store;

	generate(s);
	store = content(s, "identities.jks");
	store.data[100] ^= 1;
	path_join(path, s->at.dir, "identities.jks");
	assert_ok(file_write(path, store.data, store.len, 0600, &s->at.err),
		  s->at.err);
	assert_error(generate_config(s->at.dir, NULL, &s->at.err), s->at.err,
		     "identities.jks");
	buf_release(&store);
}

int main(void)
{
#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, scratch_end)
	const struct CMUnitTest tests[] = {
		STORY(writes_what_all_nodes_share),
		STORY(writes_a_manifest_for_each_release),
		STORY(says_from_where_on_nodes_are_newer),
		STORY(migrates_those_that_need_it),
		STORY(gives_jvms_their_options),
		STORY(follows_the_keys_of_a_cluster),
		STORY(writes_what_a_release_needs),
		STORY(each_node_has_a_role_of_its_own),
		STORY(completes_the_secrets_of_an_earlier_run),
		STORY(keeps_secrets_to_the_owner),
		STORY(gives_the_same_when_repeated),
		STORY(leaves_out_what_was_not_built),
		STORY(asks_for_the_build_first),
		STORY(refuses_a_store_that_was_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

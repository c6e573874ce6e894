/* SPDX-License-Identifier: Apache-2.0 */
/* chart_test.c - a chart of Helm: for any namespace, without keys. */
#include "generate/test/generated.h"

#include "base/cleanup.h"
#include "data/json.h"
#include "data/yaml.h"

#define NETWORK                                                                \
	"banks: [{release: maven:4.10, count: 2}]\n"                           \
	"notaries: [{release: maven:4.10, cluster: raft}]\n"                   \
	"cordapps: finance-4.0\nengine: kubernetes\nnamespace: here\n"
#define SETTINGS                                                               \
	"storage_class: ssd\n"                                                 \
	"kubernetes: {labels: {team: 42}, node_selector: {disk: fast},"        \
	" tolerations: [{key: k, effect: NoSchedule}], network_policy: "       \
	"true}\n"                                                              \
	"resources: {ephemeral_storage: 1Gi, cpu_limit: 2}\n"

enum { FILE_MAX = 1 << 22 };

struct story {
	struct scratch at;
	char list[PATH_ROOM]; /* of the files */
};

static int set_up(void **state)
{
	struct story *s = scratch_begin(sizeof(*s));

	path_join(s->list, s->at.dir, "list");
	*state = s;
	return 0;
}

static void generate(struct story *s, const char *network)
{
	generate_with(&s->at, network, GENERATE_HELM, "here");
}

static const char *text_of(struct story *s, const char *name)
{
	cleanup(buf_release) struct buf b = BUF_INIT(FILE_MAX);
	char path[PATH_ROOM];

	path_printf(path, "%s/config/%s", s->at.dir, name);
	assert_ok(file_read(path, &b, &s->at.err), s->at.err);
	return arena_strdup(&s->at.arena, buf_text(&b));
}

static const struct yaml_node *yaml_of(struct story *s, const char *name)
{
	const char *text = text_of(s, name);
	struct yaml_file file;

	assert_ok(yaml_parse(name, text, strlen(text), &s->at.arena, &file,
			     &s->at.err),
		  s->at.err);
	return file.documents[0];
}

/* Calls fn for all files that an archive has. */
static void each_archived(struct story *s,
			  void (*fn)(struct story *s, const char *name,
				     const char *text, const void *ctx),
			  const void *ctx)
{
	cleanup(buf_release) struct buf names = BUF_INIT(FILE_MAX);
	char *save;

	assert_ok(file_read(s->list, &names, &s->at.err), s->at.err);
	for (char *name = strtok_r((char *)names.data, "\n", &save); name;
	     name = strtok_r(NULL, "\n", &save))
		if (strncmp(name, ".medley/", 8) != 0)
			fn(s, name, text_of(s, name), ctx);
}

/* ---- no keys ---- */

static void has_not(struct story *s, const char *name, const char *text,
		    const void *ctx)
{
	(void)s;
	if (strstr(text, ctx))
		fail_msg("%s has '%.40s'", name, (const char *)ctx);
}

static size_t check_secret(struct story *s, const struct yaml_node *secret)
{
	const struct yaml_node *data = yaml_get(secret, "data");

	/* The administrator's name is no secret: "corda". */
	for (size_t i = 0; i < data->count; i++)
		if (strcmp(data->keys[i]->text, "database-user") != 0)
			each_archived(s, has_not, data->items[i]->text);
	return data->count;
}

static void check_secrets(struct story *s, size_t secrets, size_t values)
{
	const struct yaml_node *all =
		yaml_get(yaml_of(s, ".medley/secrets.yaml"), "secrets");
	size_t seen = 0;

	assert_int_equal(all->count, secrets);
	for (size_t i = 0; i < all->count; i++)
		seen += check_secret(s, all->items[i]);
	assert_int_equal(seen, values);
	assert_string_equal(text_of(s, ".helmignore"), ".medley/\n");
	each_archived(s, has_not, "nodekeystore.jks: ");
	assert_int_equal(yaml_get(yaml_of(s, "values.yaml"), "secrets")->count,
			 0);
}

static void the_archive_has_no_keys(void **state)
{
	struct story *s = *state;

	generate(s, NETWORK SETTINGS);
	/* Passwords; two key stores and a password of each of five nodes, and
	 * the trust store of each set. */
	check_secrets(s, 3, 3 + 5 * 3 + 2);
}

static void nor_that_of_nodes_that_register_themselves(void **state)
{
	struct story *s = *state;

	generate(s, NETWORK "identity: doorman\n");
	check_secrets(s, 3, 3 + 1 + 1);
}

/* ---- any namespace ---- */

static void hosts_hold_in_every_namespace(void **state)
{
	struct story *s = *state;

	generate(s, NETWORK);
	assert_non_null(strstr(text_of(s, "templates/bank-4-10/"
					  "bank-4-10-conf.yaml"),
			       "p2pAddress = \"bank-4-10-1.bank-4-10:10002\""));
	assert_non_null(strstr(text_of(s, "templates/network/driver.yaml"),
			       "\"host\": \"bank-4-10-1.bank-4-10\""));
	assert_non_null(strstr(text_of(s, "templates/network/healthcheck.yaml"),
			       "@bank-4-10-1.bank-4-10:10003"));
	each_archived(s, has_not, "svc.cluster.local");
	each_archived(s, has_not, "namespace: here");
	each_archived(s, has_not, "medley.run: \"here\"");
}

/* ---- values ---- */

static void values_are_what_the_network_says(void **state)
{
	struct story *s = *state;
	const struct yaml_node *v, *images;

	generate(s, NETWORK SETTINGS);
	v = yaml_of(s, "values.yaml");
	images = yaml_get(v, "images");
	assert_string_equal(yaml_str(images, "driver"), "r.example/x@sha256:5");
	assert_null(yaml_str(images, "doorman"));
	assert_string_equal(
		yaml_str(yaml_get(yaml_get(images, "nodes"), "bank-4-10"),
			 "node"),
		"r.example/n@sha256:410");
	assert_string_equal(yaml_str(yaml_get(v, "replicas"), "bank-4-10"),
			    "0");
	assert_string_equal(
		yaml_str(yaml_get(v, "replicas"), "notary-4-10-raft"), "3");
	assert_string_equal(yaml_str(yaml_get(v, "storage"), "className"),
			    "ssd");
	assert_string_equal(
		yaml_str(yaml_get(yaml_get(v, "resources"), "limits"), "cpu"),
		"2");
	assert_string_equal(
		yaml_str(yaml_get(v, "ephemeralStorage"), "request"), "1Gi");
	assert_string_equal(yaml_str(yaml_get(v, "labels"), "team"), "42");
	assert_string_equal(yaml_str(yaml_get(v, "nodeSelector"), "disk"),
			    "fast");
	assert_string_equal(
		yaml_str(yaml_get(v, "tolerations")->items[0], "key"), "k");
	assert_string_equal(yaml_str(v, "networkPolicy"), "true");
	assert_string_equal(yaml_str(v, "disruptionBudget"), "false");
}

/* No image stands in a template: all are values. */
static void has_no_image(struct story *s, const char *name, const char *text,
			 const void *ctx)
{
	(void)s, (void)ctx;
	if (strncmp(name, "templates/", 10) == 0 && strstr(text, "@sha256:") &&
	    !strstr(name, "driver.yaml"))
		fail_msg("%s names an image", name);
}

static void images_are_values(void **state)
{
	struct story *s = *state;

	generate(s, NETWORK SETTINGS);
	each_archived(s, has_no_image, NULL);
	generate(s, NETWORK "identity: doorman\n");
	each_archived(s, has_no_image, NULL);
}

static void the_schema_has_all_values(void **state)
{
	struct story *s = *state;
	cleanup(js_freep) struct js *schema = NULL;
	const char *text;
	const struct yaml_node *v;
	const struct js *properties;

	generate(s, NETWORK SETTINGS);
	text = text_of(s, "values.schema.json");
	assert_ok(js_parse("schema", text, strlen(text), &schema, &s->at.err),
		  s->at.err);
	properties = js_get(schema, "properties");
	v = yaml_of(s, "values.yaml");
	for (size_t i = 0; i < v->count; i++)
		assert_non_null(js_get(properties, v->keys[i]->text));
}

#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, scratch_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(the_archive_has_no_keys),
		STORY(nor_that_of_nodes_that_register_themselves),
		STORY(hosts_hold_in_every_namespace),
		STORY(values_are_what_the_network_says),
		STORY(images_are_values),
		STORY(the_schema_has_all_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* extras_test.c - what network.yaml adds to objects and pods: all have it. */
#include "generate/test/generated.h"

#include "base/cleanup.h"
#include "data/yaml.h"

#define NETWORK                                                                \
	"banks: [{release: maven:4.10, count: 2}]\n"                           \
	"notaries: [{release: maven:4.10, cluster: raft}]\n"                   \
	"cordapps: finance-4.0\n"
#define EXTRAS                                                                 \
	"engine: kubernetes\n"                                                 \
	"kubernetes:\n"                                                        \
	"  labels: {team: 42}\n"                                               \
	"  annotations: {example.com/a: \"b: c\"}\n"                           \
	"  node_selector: {disk: ssd}\n"                                       \
	"  tolerations: [{key: k, effect: NoExecute, seconds: 9}]\n"           \
	"  priority_class: low\n"                                              \
	"  image_pull_policy: Always\n"                                        \
	"resources: {ephemeral_storage: 1Gi, ephemeral_storage_limit: 2Gi}\n"

struct story {
	struct scratch at;
	bool extras; /* whether they are expected */
	unsigned objects, pods, containers; /* seen */
};

static int set_up(void **state)
{
	struct story *s = scratch_begin(sizeof(*s));

	*state = s;
	s->extras = true;
	return 0;
}

/* The text at the key, if it is expected; else none. */
static void has(const struct story *s, const struct yaml_node *map,
		const char *key, const char *text)
{
	const char *its = yaml_str(map, key);

	if (!s->extras)
		assert_null(its);
	else if (!its || strcmp(its, text) != 0)
		fail_msg("line %d: %s is %s", map ? map->line : 0, key,
			 its ? its : "missing");
}

static void check_metadata(struct story *s, const struct yaml_node *meta)
{
	s->objects++;
	assert_non_null(yaml_str(yaml_get(meta, "labels"), "medley.run"));
	has(s, yaml_get(meta, "labels"), "team", "42");
	has(s, yaml_get(meta, "annotations"), "example.com/a", "b: c");
}

static void check_pod(struct story *s, const struct yaml_node *spec)
{
	const struct yaml_node *list = yaml_get(spec, "tolerations");

	s->pods++;
	has(s, yaml_get(spec, "nodeSelector"), "disk", "ssd");
	has(s, spec, "priorityClassName", "low");
	assert_int_equal(list ? list->count : 0, s->extras);
	if (!s->extras)
		return;
	has(s, list->items[0], "key", "k");
	has(s, list->items[0], "operator", "Equal");
	has(s, list->items[0], "effect", "NoExecute");
	has(s, list->items[0], "tolerationSeconds", "9");
}

static void check_container(struct story *s, const struct yaml_node *c)
{
	const struct yaml_node *resources = yaml_get(c, "resources");

	s->containers++;
	assert_string_equal(yaml_str(c, "imagePullPolicy"),
			    s->extras ? "Always" : "IfNotPresent");
	has(s, yaml_get(resources, "requests"), "ephemeral-storage", "1Gi");
	has(s, yaml_get(resources, "limits"), "ephemeral-storage", "2Gi");
}

/* Whatever part of an object this is, at any depth. */
static void check(struct story *s, const struct yaml_node *n)
{
	if (n->type == YAML_SCALAR)
		return;
	if (yaml_get(n, "metadata"))
		check_metadata(s, yaml_get(n, "metadata"));
	if (yaml_get(n, "containers"))
		check_pod(s, n);
	if (yaml_str(n, "image"))
		check_container(s, n);
	for (size_t i = 0; i < n->count; i++)
		check(s, n->items[i]);
}

static void check_file(struct story *s, const char *name)
{
	struct yaml_file f;
	char path[PATH_ROOM];

	path_printf(path, "%s/config/%s", s->at.dir, name);
	assert_ok(yaml_read(path, &s->at.arena, &f, &s->at.err), s->at.err);
	for (size_t i = 0; i < f.count; i++)
		check(s, f.documents[i]);
}

static void check_all(struct story *s, const char *list)
{
	cleanup(buf_release) struct buf names = BUF_INIT(1 << 20);
	char *save;

	assert_ok(file_read(list, &names, &s->at.err), s->at.err);
	for (char *line = strtok_r((char *)names.data, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		check_file(s, line);
}

static void generate(struct story *s, const char *network)
{
	char list[PATH_ROOM];

	generate_with(&s->at, network, GENERATE_PLAIN, "r");
	check_all(s, path_join(list, s->at.dir, "list"));
}

/* Nodes, notary, database, driver, health check; their templates' claims. */
static void of_generated_identities(void **state)
{
	struct story *s = *state;

	generate(s, NETWORK EXTRAS);
	assert_int_equal(s->pods, 5);
	assert_int_equal(s->containers, 2 * 6 + 2 + 1 + 1);
	assert_true(s->objects > 25);
}

static void of_nodes_that_register_themselves(void **state)
{
	struct story *s = *state;

	generate(s, NETWORK EXTRAS "identity: doorman\n");
	assert_int_equal(s->pods, 6);
	assert_int_equal(s->containers, 2 * 3 + 1 + 2 + 2 + 1 + 1);
}

static void nobody_has_what_is_not_named(void **state)
{
	struct story *s = *state;

	s->extras = false;
	generate(s, NETWORK "engine: kubernetes\n");
	assert_int_equal(s->pods, 5);
}

/* Podman has no machines to choose, and no registry to pull from. */
static void podman_has_none(void **state)
{
	static const char cluster[] = "engine: kubernetes\n";
	struct story *s = *state;

	s->extras = false;
	generate(s, arena_printf(&s->at.arena, NETWORK "%s",
				 &EXTRAS[strlen(cluster)]));
	assert_int_equal(s->pods, 5);
}

#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, scratch_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(of_generated_identities),
		STORY(of_nodes_that_register_themselves),
		STORY(nobody_has_what_is_not_named),
		STORY(podman_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* prefix_test.c - networks that share a namespace: all names of objects have
 * the prefix, and every name that an object refers to is that of an object. */
#include "generate/test/generated.h"

#include <ctype.h>

#include "base/cleanup.h"
#include "data/yaml.h"

#define NETWORK                                                                \
	"banks: [{release: maven:4.10, count: 2}]\n"                           \
	"notaries: [{release: maven:4.10, cluster: raft}]\n"                   \
	"cordapps: finance-4.0\n"
#define CLUSTER "engine: kubernetes\n"
#define SETTINGS "network_policy: true, disruption_budget: true}\n"
#define RED "kubernetes: {prefix: red-, " SETTINGS

enum { OBJECTS_MAX = 200, FILE_MAX = 1 << 22 };

struct object {
	const char *kind, *name;
};

struct story {
	struct scratch at;
	const char *prefix;
	const char *outside; /* a Secret that is the user's, or NULL */
	struct object objects[OBJECTS_MAX];
	size_t count;
	unsigned references, hosts; /* seen */
};

static int set_up(void **state)
{
	struct story *s = scratch_begin(sizeof(*s));

	s->prefix = "red-";
	*state = s;
	return 0;
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* ---- files ---- */

static void each_file(struct story *s, const char *below,
		      void (*fn)(struct story *s, const char *path))
{
	cleanup(buf_release) struct buf names = BUF_INIT(FILE_MAX);
	char path[PATH_ROOM], *save;

	path_join(path, s->at.dir, "list");
	assert_ok(file_read(path, &names, &s->at.err), s->at.err);
	for (char *line = strtok_r((char *)names.data, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (begins(line, below))
			fn(s,
			   path_printf(path, "%s/config/%s", s->at.dir, line));
}

static struct yaml_file read_yaml(struct story *s, const char *path)
{
	struct yaml_file f;

	assert_ok(yaml_read(path, &s->at.arena, &f, &s->at.err), s->at.err);
	return f;
}

/* ---- objects ---- */

static void collect(struct story *s, const char *path)
{
	struct yaml_file f = read_yaml(s, path);

	for (size_t i = 0; i < f.count; i++) {
		const char *kind = yaml_str(f.documents[i], "kind");
		const char *name =
			yaml_str(yaml_get(f.documents[i], "metadata"), "name");

		if (!strcmp(kind, "Namespace"))
			continue;
		if (!begins(name, s->prefix))
			fail_msg("%s: %s %s", path, kind, name);
		/* A label and, of StatefulSets, what Kubernetes adds to it. */
		assert_true(strlen(name) <= 63 - strlen("-0123456789"));
		assert_true(s->count < OBJECTS_MAX);
		s->objects[s->count++] = (struct object){ kind, name };
	}
}

static bool exists(const struct story *s, const char *kind, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (!strcmp(s->objects[i].kind, kind) &&
		    !strcmp(s->objects[i].name, name))
			return true;
	return false;
}

/* ---- what they refer to ---- */

static const struct {
	const char *holder, *key, *kind;
} kinds[] = {
	{ "secretKeyRef", "name", "Secret" },
	{ "secret", "secretName", "Secret" },
	{ "configMap", "name", "ConfigMap" },
	{ "persistentVolumeClaim", "claimName", "PersistentVolumeClaim" },
	{ "spec", "serviceName", "Service" },
	{ "selector", "app.kubernetes.io/name", "StatefulSet" },
	{ "matchLabels", "app.kubernetes.io/name", "StatefulSet" },
};

static void check_map(struct story *s, const char *path, const char *holder,
		      const struct yaml_node *map)
{
	const char *label = yaml_str(map, "app.kubernetes.io/name");

	if (label && !begins(label, s->prefix))
		fail_msg("%s:%d: the label %s", path, map->line, label);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const char *name = !strcmp(holder, kinds[i].holder)
					   ? yaml_str(map, kinds[i].key)
					   : NULL;

		if (!name || (s->outside && !strcmp(name, s->outside)))
			continue;
		s->references++;
		if (!exists(s, kinds[i].kind, name))
			fail_msg("%s:%d: there is no %s %s", path, map->line,
				 kinds[i].kind, name);
	}
}

/* "red-database", or "red-bank-4-10-0.red-bank-4-10.…": a Service, and a pod of
 * the StatefulSet that has its name. */
static void check_host(struct story *s, const char *path, const char *host,
		       size_t len)
{
	const char *text = arena_strndup(&s->at.arena, host, len);
	const char *dot = strchr(text, '.'), *service = text;

	if (!strcmp(text, "0.0.0.0"))
		return;
	s->hosts++;
	if (dot) {
		service = arena_strndup(&s->at.arena, dot + 1,
					strcspn(dot + 1, "."));
		if (!begins(text, service) || text[strlen(service)] != '-')
			fail_msg("%s: %s is no pod of %s", path, text, service);
	}
	if (!exists(s, "Service", service))
		fail_msg("%s: there is no Service %s (%s)", path, service,
			 text);
}

static bool is_of_host(char c)
{
	return isalnum((unsigned char)c) || (c && strchr("-.$()", c));
}

/* What stands before each `mark`, which begins or ends a host's name. */
static void check_before(struct story *s, const char *path, const char *text,
			 const char *mark)
{
	for (const char *at = text; (at = strstr(at, mark));) {
		const char *from = at;

		while (from > text && is_of_host(from[-1]))
			from--;
		at += strlen(mark);
		if (from + strlen(mark) < at && !isdigit((unsigned char)*at))
			check_host(s, path, from,
				   (size_t)(at - strlen(mark) - from));
	}
}

static void check_text(struct story *s, const char *path, const char *text)
{
	static const char *const marks[] = { ":5432",  ":8080",
					     ":10002", ":10003",
					     ":10005", ".svc.cluster.local" };
	static const char json[] = "\"host\": \"";

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		check_before(s, path, text, marks[i]);
	for (const char *at = text; (at = strstr(at, json));) {
		at += strlen(json);
		if (!s->outside || !begins(at, "db.example"))
			check_host(s, path, at, strcspn(at, "\""));
	}
}

static void check_node(struct story *s, const char *path, const char *holder,
		       const struct yaml_node *n)
{
	if (n->type == YAML_SCALAR) {
		check_text(s, path, n->text);
		return;
	}
	if (n->type == YAML_MAP)
		check_map(s, path, holder, n);
	for (size_t i = 0; i < n->count; i++)
		check_node(s, path, n->type == YAML_MAP ? n->keys[i]->text : "",
			   n->items[i]);
}

static void check_file(struct story *s, const char *path)
{
	struct yaml_file f = read_yaml(s, path);

	for (size_t i = 0; i < f.count; i++)
		check_node(s, path, "", f.documents[i]);
}

static void generate(struct story *s, const char *network)
{
	generate_with(&s->at, network, GENERATE_PLAIN, "r");
	each_file(s, "", collect);
	each_file(s, "", check_file);
	assert_true(s->count >= 15);
	assert_true(s->references >= 20);
	assert_true(s->hosts >= 10);
}

static bool is_there(struct story *s, const char *name)
{
	char path[PATH_ROOM];

	return file_exists(path_printf(path, "%s/config/%s", s->at.dir, name));
}

/* ---- stories ---- */

static void of_generated_identities(void **state)
{
	struct story *s = *state;

	generate(s, NETWORK CLUSTER RED);
	assert_true(is_there(s, "red-bank-4-10/red-bank-4-10-conf.yaml"));
	assert_true(exists(s, "PersistentVolumeClaim", "red-driver"));
	assert_true(exists(s, "CronJob", "red-healthcheck"));
	assert_true(exists(s, "NetworkPolicy", "red-medley-default"));
	assert_true(exists(s, "PodDisruptionBudget", "red-database"));
}

static void of_nodes_that_register_themselves(void **state)
{
	struct story *s = *state;

	generate(s, NETWORK CLUSTER RED "identity: doorman\n");
	assert_true(exists(s, "Secret", "red-doorman"));
	assert_true(exists(s, "PodDisruptionBudget", "red-doorman"));
}

/* The Secret of the server is the user's, and has the name that he gave it. */
static void of_databases_elsewhere(void **state)
{
	struct story *s = *state;

	s->outside = "db-login";
	generate(s, NETWORK CLUSTER RED
		 "external_database: {host: db.example, port: 6432, "
		 "secret: db-login}\n");
	assert_false(exists(s, "Service", "red-database"));
}

/* There it is part of the names of pods and hosts. */
static void of_podman(void **state)
{
	struct story *s = *state;

	generate(s, NETWORK RED);
	assert_true(exists(s, "StatefulSet", "red-database"));
}

static void without_a_prefix(void **state)
{
	struct story *s = *state;

	s->prefix = "";
	generate(s, NETWORK CLUSTER "kubernetes: {" SETTINGS);
	assert_true(exists(s, "StatefulSet", "database"));
	assert_true(exists(s, "StatefulSet", "bank-4-10"));
}

/* With the longest prefix. */
static void long_names_fit(void **state)
{
	struct story *s = *state;

	s->prefix = "a2345678901-";
	generate(s,
		 NETWORK CLUSTER "kubernetes: {prefix: a2345678901-, " SETTINGS
				 "identity: doorman\n");
}

/* ---- a chart ---- */

/* A chart's templates are not YAML: the lines that have names. */
static void check_template_line(struct story *s, const char *path,
				const char *line, const char *next)
{
	static const char *const keys[] = { "serviceName: ", "claimName: ",
					    "secretName: " };
	const char *key = line + strspn(line, " ");
	bool named = begins(line, "  name: "); /* of metadata */

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		named |= begins(key, keys[i]);
	named |= begins(key, "name: ") && next &&
		 begins(next + strspn(next, " "), "key: ");
	if (!named)
		return;
	s->references++;
	key = strchr(key, ' ') + 1;
	if (!begins(key + (*key == '"'), s->prefix))
		fail_msg("%s: %s", path, line);
}

static void check_template(struct story *s, const char *path)
{
	cleanup(buf_release) struct buf text = BUF_INIT(FILE_MAX);
	char *save, *line, *next;

	if (strstr(path, "00-namespace") || strstr(path, "secrets.yaml"))
		return;
	assert_ok(file_read(path, &text, &s->at.err), s->at.err);
	assert_null(strstr(buf_text(&text), "medley.run: \"{{"));
	line = strtok_r((char *)text.data, "\n", &save);
	for (; line; line = next) {
		next = strtok_r(NULL, "\n", &save);
		check_template_line(s, path, line, next);
	}
}

static void check_keys(struct story *s, const struct yaml_node *map)
{
	assert_true(map->count > 0);
	for (size_t i = 0; i < map->count; i++)
		if (!begins(map->keys[i]->text, s->prefix))
			fail_msg("%s", map->keys[i]->text);
}

static const struct yaml_node *values(struct story *s, const char *name)
{
	char path[PATH_ROOM];

	path_printf(path, "%s/config/%s", s->at.dir, name);
	return read_yaml(s, path).documents[0];
}

static void of_a_chart(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(FILE_MAX);
	struct story *s = *state;
	char path[PATH_ROOM];

	generate_with(&s->at, NETWORK CLUSTER RED "identity: doorman\n",
		      GENERATE_HELM, "r");
	each_file(s, "templates/", check_template);
	assert_true(s->references >= 20);
	check_keys(s, yaml_get(values(s, ".medley/secrets.yaml"), "secrets"));
	check_keys(s, yaml_get(values(s, "values.yaml"), "replicas"));
	check_keys(s, yaml_get(yaml_get(values(s, "values.yaml"), "images"),
			       "nodes"));
	path_printf(path, "%s/config/templates/secrets.yaml", s->at.dir);
	assert_ok(file_read(path, &text, &s->at.err), s->at.err);
	assert_true(begins(buf_text(&text), "{{- $prefix := \"red-\" }}\n"));
	assert_non_null(strstr(buf_text(&text), "\"%s%s\" $prefix"));
}

#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, scratch_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(of_generated_identities),
		STORY(of_nodes_that_register_themselves),
		STORY(of_databases_elsewhere),
		STORY(of_podman),
		STORY(without_a_prefix),
		STORY(long_names_fit),
		STORY(of_a_chart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* pod_plan_test.c - a StatefulSet becomes Pods of its own names. */
#include "engine/pod_plan.h"

#include "base/cleanup.h"
#include "data/yaml_edit.h"
#include "test/support/scratch.h"

static struct pod_scope scope = { .prefix = "medley-1-abcd",
				  .run_id = "1",
				  .namespace = "medley",
				  .secret_dir = "/run/secrets" };

struct story {
	struct scratch at;
	struct manifests manifests;
	struct pod_plan plan;
	const struct yaml_node *pod;
};

static int set_up(void **state)
{
	struct story *s = scratch_begin(sizeof(*s));

	assert_ok(manifests_load("test/vectors/deploy", &s->at.arena,
				 &s->manifests, &s->at.err),
		  s->at.err);
	*state = s;
	return 0;
}

static void plan(struct story *s, const struct pod_order *order)
{
	assert_ok(pod_plan(&scope, &s->manifests, order, &s->at.arena, &s->plan,
			   &s->at.err),
		  s->at.err);
	s->pod = s->plan.documents->items[s->plan.documents->count - 1];
	assert_string_equal(yaml_str(s->pod, "kind"), "Pod");
}

static const struct pod_order bank_1 = {
	.set = "bank-4-10", .ordinal = 1, .port = 10003, .host_port = 40001
};

static void an_ordinal_has_names_of_its_own(void **state)
{
	struct story *s = *state;

	plan(s, &bank_1);
	assert_string_equal(s->plan.name, "medley-1-abcd-bank-4-10-1");
	assert_string_equal(s->plan.container,
			    "medley-1-abcd-bank-4-10-1-node");
	assert_string_equal(s->plan.aliases[0],
			    "bank-4-10-1.bank-4-10.medley.svc.cluster.local");
	assert_null(s->plan.aliases[1]);
	assert_string_equal(yaml_str(yaml_get(s->pod, "spec"), "hostname"),
			    "bank-4-10-1");
	assert_string_equal(yaml_str(yaml_get(s->pod, "spec"), "restartPolicy"),
			    "Never");
	assert_string_equal(
		yaml_str(yaml_edit_at(s->pod, "metadata", "labels", NULL),
			 "medley.run"),
		"1");
	assert_string_equal(
		yaml_str(yaml_edit_at(s->pod, "metadata", "labels", NULL),
			 "app"),
		"bank-4-10");
}

static void a_set_of_one_answers_to_its_service(void **state)
{
	static const struct pod_order order = { .set = "database",
						.port = 5432,
						.host_port = 40000 };
	struct story *s = *state;

	plan(s, &order);
	assert_string_equal(s->plan.aliases[0],
			    "database-0.database.medley.svc.cluster.local");
	assert_string_equal(s->plan.aliases[1], "database");
	assert_string_equal(s->plan.aliases[2],
			    "database.medley.svc.cluster.local");
	assert_null(s->plan.aliases[3]);
}

static const struct yaml_node *first_container(struct story *s)
{
	return yaml_edit_at(s->pod, "spec", "containers", NULL)->items[0];
}

static void only_the_asked_port_is_published(void **state)
{
	struct story *s = *state;
	const struct yaml_node *ports;

	plan(s, &bank_1);
	ports = yaml_get(first_container(s), "ports");
	assert_int_equal(yaml_edit_count(ports), 1);
	assert_string_equal(yaml_str(ports->items[0], "containerPort"),
			    "10003");
	assert_string_equal(yaml_str(ports->items[0], "hostPort"), "40001");
	assert_string_equal(yaml_str(ports->items[0], "hostIP"), "127.0.0.1");
	assert_null(yaml_get(first_container(s), "startupProbe"));
}

static void what_only_clusters_need_is_left_out(void **state)
{
	struct story *s = *state;
	const struct yaml_node *init;

	plan(s, &bank_1);
	init = yaml_edit_at(s->pod, "spec", "initContainers", NULL);
	assert_int_equal(yaml_edit_count(init), 2);
	assert_string_equal(yaml_str(init->items[0], "name"), "cordapps");
	assert_string_equal(yaml_str(init->items[1], "name"), "boot");
}

static void volumes_are_the_pods_own(void **state)
{
	static const char *const expected[] = {
		"medley-1-abcd-bank-4-10-1-bank-4-10-conf",
		"medley-1-abcd-bank-4-10-1-node-infos",
		"medley-1-abcd-bank-4-10-1-tmp",
		"medley-1-abcd-bank-4-10-1-data"
	};
	struct story *s = *state;
	const struct yaml_node *volumes, *mounts;

	plan(s, &bank_1);
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
		assert_string_equal(s->plan.volumes[i], expected[i]);
	assert_null(s->plan.volumes[ARRAY_SIZE(expected)]);
	volumes = yaml_edit_at(s->pod, "spec", "volumes", NULL);
	assert_int_equal(yaml_edit_count(volumes), 5);
	assert_string_equal(yaml_str(yaml_get(volumes->items[1], "hostPath"),
				     "path"),
			    "/run/secrets/bank-4-10-keys");
	assert_string_equal(yaml_str(volumes->items[3], "name"), expected[2]);
	mounts = yaml_get(first_container(s), "volumeMounts");
	assert_string_equal(yaml_str(mounts->items[0], "name"), "data");
	assert_string_equal(yaml_str(mounts->items[1], "name"), expected[2]);
}

static void documents_carry_their_content(void **state)
{
	cleanup(buf_release) struct buf text = BUF_INIT(1024 * 1024);
	struct story *s = *state;
	struct yaml_file again;

	plan(s, &bank_1);
	pod_plan_write(&s->plan, &text);
	assert_ok(yaml_parse("plan", text.data, text.len, &s->at.arena, &again,
			     &s->at.err),
		  s->at.err);
	assert_int_equal(again.count, 4); /* 2 ConfigMaps, a claim, the Pod */
	assert_string_equal(yaml_str(yaml_get(again.documents[0], "data"),
				     "node-1.conf"),
			    "devMode=true\n");
	assert_string_equal(yaml_str(yaml_get(again.documents[1], "binaryData"),
				     "nodeInfo-CD"),
			    "Y29yZGEBAA==");
	assert_string_equal(yaml_str(again.documents[2], "kind"),
			    "PersistentVolumeClaim");
}

static void a_password_comes_from_the_runs_secret(void **state)
{
	struct story *s = *state;
	const struct yaml_node *env;

	plan(s, &bank_1);
	env = yaml_get(first_container(s), "env");
	assert_string_equal(yaml_str(yaml_edit_at(env->items[0], "valueFrom",
						  "secretKeyRef", NULL),
				     "name"),
			    "medley-1-abcd-medley-passwords");
}

static void a_job_runs_another_command(void **state)
{
	static const struct pod_order order = {
		.set = "bank-4-10",
		.job = "migrate",
		.port = 10003,
		.after = "/opt/corda/corda.jar",
		.insert = "run-migration-scripts --core-schemas",
		.drop = "--no-local-shell"
	};
	struct story *s = *state;
	const struct yaml_node *words;

	plan(s, &order);
	assert_string_equal(s->plan.name, "medley-1-abcd-bank-4-10-0-migrate");
	assert_null(s->plan.aliases[0]);
	assert_null(yaml_get(first_container(s), "ports"));
	words = yaml_get(first_container(s), "command");
	assert_int_equal(yaml_edit_count(words), 5);
	assert_string_equal(words->items[3]->text, "run-migration-scripts");
	assert_string_equal(words->items[4]->text, "--core-schemas");
	words = yaml_get(first_container(s), "args");
	assert_int_equal(yaml_edit_count(words), 1);
	assert_string_equal(words->items[0]->text,
			    "--base-directory=/var/lib/corda");
}

static void a_job_changes_a_shell_line_too(void **state)
{
	static const struct pod_order order = { .set = "bank-4-10",
						.job = "migrate",
						.after = "/opt/corda/corda.jar",
						.insert = "migrate --all",
						.drop = "--no-local-shell" };
	struct story *s = *state;
	struct yaml_edit t = { .arena = &s->at.arena };
	struct yaml_node *args = yaml_edit_list(&t);
	struct yaml_node *set =
		manifests_find(&s->manifests, "StatefulSet", "bank-4-10");

	yaml_edit_append(&t, args,
			 yaml_edit_text(&t,
					"exec java -jar /opt/corda/corda.jar "
					"--no-local-shell --x=/y"));
	set = yaml_edit_at(set, "spec", "template", "spec", "containers", NULL);
	yaml_edit_drop(set->items[0], "command");
	yaml_edit_set(&t, set->items[0], "args", args);
	plan(s, &order);
	assert_string_equal(
		yaml_get(first_container(s), "args")->items[0]->text,
		"exec java -jar /opt/corda/corda.jar migrate --all --x=/y");
}

static void what_is_missing_is_named(void **state)
{
	struct story *s = *state;
	struct pod_order order = { .set = "nobody" };
	struct yaml_node *map;

	assert_error(pod_plan(&scope, &s->manifests, &order, &s->at.arena,
			      &s->plan, &s->at.err),
		     s->at.err, "no StatefulSet nobody");
	map = manifests_find(&s->manifests, "ConfigMap", "node-infos");
	yaml_get(map, "metadata")->items[0]->text = "elsewhere";
	assert_error(pod_plan(&scope, &s->manifests, &bank_1, &s->at.arena,
			      &s->plan, &s->at.err),
		     s->at.err, "no ConfigMap node-infos");
}

static void the_manifests_stay_as_they_were(void **state)
{
	cleanup(buf_release) struct buf before = BUF_INIT(1024 * 1024);
	cleanup(buf_release) struct buf after = BUF_INIT(1024 * 1024);
	struct story *s = *state;

	for (size_t i = 0; i < s->manifests.count; i++)
		yaml_write(&before, s->manifests.documents[i], 0);
	plan(s, &bank_1);
	for (size_t i = 0; i < s->manifests.count; i++)
		yaml_write(&after, s->manifests.documents[i], 0);
	assert_string_equal(buf_text(&before), buf_text(&after));
}

/* The container of a bank, whose manifest asks for memory and CPU. */
static struct yaml_node *planned_with_limits(struct story *s)
{
	static const char text[] = "{requests: {memory: 1Gi, cpu: 1}, "
				   "limits: {memory: 2Gi, cpu: 2}}";
	struct yaml_edit t = { .arena = &s->at.arena };
	struct yaml_node *set, *containers;
	struct yaml_file parsed;

	set = (struct yaml_node *)manifests_find(&s->manifests, "StatefulSet",
						 "bank-4-10");
	containers = yaml_edit_at(set, "spec", "template", "spec", "containers",
				  NULL);
	assert_ok(yaml_parse("test", text, strlen(text), &s->at.arena, &parsed,
			     &s->at.err),
		  s->at.err);
	yaml_edit_set(&t, containers->items[0], "resources",
		      parsed.documents[0]);
	plan(s, &bank_1);
	return yaml_edit_at(s->pod, "spec", "containers", NULL)->items[0];
}

static void limits_that_cannot_be_set_are_left_out(void **state)
{
	struct story *s = *state;
	struct yaml_node *container = planned_with_limits(s);

	assert_string_equal(
		yaml_str(yaml_edit_at(container, "resources", "limits", NULL),
			 "memory"),
		"2Gi");
	assert_false(s->plan.no_memory_limit || s->plan.no_cpu_limit);
	scope.no_memory_limit = true;
	container = planned_with_limits(s);
	scope.no_memory_limit = false;
	assert_true(s->plan.no_memory_limit);
	assert_false(s->plan.no_cpu_limit);
	assert_null(
		yaml_edit_at(container, "resources", "limits", "memory", NULL));
	assert_null(yaml_edit_at(container, "resources", "requests", "memory",
				 NULL));
	assert_string_equal(
		yaml_str(yaml_edit_at(container, "resources", "limits", NULL),
			 "cpu"),
		"2");
}

#define story(test) cmocka_unit_test_setup_teardown(test, set_up, scratch_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		story(an_ordinal_has_names_of_its_own),
		story(a_set_of_one_answers_to_its_service),
		story(only_the_asked_port_is_published),
		story(what_only_clusters_need_is_left_out),
		story(volumes_are_the_pods_own),
		story(documents_carry_their_content),
		story(a_password_comes_from_the_runs_secret),
		story(a_job_runs_another_command),
		story(a_job_changes_a_shell_line_too),
		story(what_is_missing_is_named),
		story(the_manifests_stay_as_they_were),
		story(limits_that_cannot_be_set_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

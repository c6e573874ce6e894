/* SPDX-License-Identifier: Apache-2.0 */
/* driver_test.c - the driver's Job finds in its container what a run has. */
#include "generate/generate.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "data/yaml.h"
#include "run/run.h"
#include "sys/process.h"
#include "test/support/scratch.h"

static const char network_yaml[] = "banks:\n"
				   "  - release: maven:4.10\n"
				   "    count: 500\n"
				   "notaries:\n"
				   "  - release: maven:4.10\n"
				   "cordapps: finance-4.0\n"
				   "seed: 42\n";

struct story {
	struct scratch at;
	char boot[PATH_ROOM], data[PATH_ROOM];
	struct network net;
	struct yaml_file file; /* driver.yaml */
};

static int set_up(void **state)
{
	struct story *s = scratch_begin(sizeof(*s));

	assert_ok(network_parse("network.yaml", network_yaml,
				strlen(network_yaml), &s->at.arena, &s->net,
				&s->at.err),
		  s->at.err);
	s->net.database_image = "localhost/database@sha256:00";
	s->net.driver_image = "localhost/driver@sha256:33";
	s->net.releases[0].image = "localhost/node@sha256:11";
	s->net.releases[0].cordapps_image = "localhost/cordapps@sha256:22";
	s->net.releases[0].platform = 12;
	path_join(s->boot, s->at.dir, "boot");
	path_join(s->data, s->at.dir, "data");
	assert_ok(dir_make(s->boot, 0755, &s->at.err), s->at.err);
	assert_ok(dir_make(s->data, 0755, &s->at.err), s->at.err);
	*state = s;
	return 0;
}

static void generate(struct story *s)
{
	struct generate_summary summary;
	char path[PATH_ROOM];

	assert_ok(network_save(&s->net, s->at.dir, &s->at.err), s->at.err);
	assert_ok(generate_config(s->at.dir, &summary, &s->at.err), s->at.err);
	path_join(path, s->at.dir, "config/network/driver.yaml");
	assert_ok(yaml_read(path, &s->at.arena, &s->file, &s->at.err),
		  s->at.err);
}

/* The files of a ConfigMap as a volume shows them. */
static void mount_map(struct story *s, const struct yaml_node *map)
{
	const struct yaml_node *data = yaml_get(map, "data");
	char path[PATH_ROOM];

	for (size_t i = 0; i < data->count; i++) {
		const char *text = data->items[i]->text;

		assert_true(strlen(text) <= 128 * 1024);
		path_join(path, s->boot, data->keys[i]->text);
		assert_ok(file_write(path, text, strlen(text), 0444,
				     &s->at.err),
			  s->at.err);
	}
}

/* Those that the Job's volume names; returns how many. */
static size_t mount_maps(struct story *s, const struct yaml_node *spec)
{
	const struct yaml_node *volume = yaml_get(spec, "volumes")->items[2];
	const struct yaml_node *sources =
		yaml_get(yaml_get(volume, "projected"), "sources");

	for (size_t i = 0; i < sources->count; i++) {
		const char *name = yaml_str(
			yaml_get(sources->items[i], "configMap"), "name");
		const struct yaml_node *map = s->file.documents[i];

		assert_string_equal(yaml_str(yaml_get(map, "metadata"), "name"),
				    name);
		mount_map(s, map);
	}
	return sources->count;
}

static void replace(struct buf *text, const char *what, const char *with)
{
	const char *at;

	while ((at = strstr(buf_text(text), what)))
		buf_splice(text, (size_t)(at - buf_text(text)), strlen(what),
			   with, strlen(with));
}

/* The container's script up to where it becomes the driver; what it would run
 * is in `out`. */
static void run_script(struct story *s, const struct yaml_node *spec,
		       const char *password, struct buf *out)
{
	cleanup(buf_release) struct buf script = BUF_INIT(65536);
	const struct yaml_node *driver = yaml_get(spec, "containers")->items[0];
	char variable[256];

	buf_add_str(&script, yaml_get(driver, "command")->items[2]->text);
	replace(&script, "/var/lib/medley", s->data);
	replace(&script, "/boot/driver", s->boot);
	replace(&script, "/tmp/secrets.json", "/proc/self/cwd/secrets.json");
	replace(&script, "exec medley drive", "exec echo drive");
	snprintf(variable, sizeof(variable), "RPC_PASSWORD=%s", password);
	assert_ok(process_run(
			  &(struct process_spec){
				  .argv =
					  (const char *const[]){
						  "/bin/sh", "-c",
						  buf_text(&script), NULL },
				  .env_add = (const char *const[]){ variable,
								    NULL },
				  .cwd = s->data,
				  .seconds = 20 },
			  out, &s->at.err),
		  s->at.err);
}

static void the_container_has_the_run(void **state)
{
	struct story *s = *state;
	const struct yaml_node *job, *spec;
	struct network there;
	struct endpoint at;
	char run[PATH_ROOM];
	cleanup(buf_release) struct buf out = BUF_INIT(65536);

	generate(s);
	job = s->file.documents[s->file.count - 1];
	assert_string_equal(yaml_str(job, "kind"), "Job");
	assert_string_equal(yaml_str(yaml_get(job, "spec"), "suspend"), "true");
	spec = yaml_get(yaml_get(yaml_get(job, "spec"), "template"), "spec");
	/* 501 nodes are more than one ConfigMap takes. */
	assert_true(mount_maps(s, spec) > 2);
	run_script(s, spec, "a", &out);
	path_join(run, s->data, "run");
	assert_string_equal(buf_text(&out),
			    arena_printf(&s->at.arena, "drive %s\n", run));
	assert_ok(network_load(run, &s->at.arena, &there, &s->at.err),
		  s->at.err);
	assert_int_equal(there.node_count, 501);
	assert_int_equal(there.seed, 42);
	assert_ok(endpoint_load(run, "bank-4.10-499", &s->at.arena, &at,
				&s->at.err),
		  s->at.err);
	assert_string_equal(at.host, "bank-4-10-499.bank-4-10.medley.svc."
				     "cluster.local");
	assert_int_equal(at.port, 10003);
	assert_ok(endpoint_load(run, NULL, &s->at.arena, &at, &s->at.err),
		  s->at.err);
	assert_string_equal(at.host, "database");
}

static void the_password_is_any_text(void **state)
{
	struct story *s = *state;
	const struct yaml_node *job, *spec;
	struct secrets secrets;
	char path[PATH_ROOM];
	struct stat st;
	cleanup(buf_release) struct buf out = BUF_INIT(65536);

	generate(s);
	job = s->file.documents[s->file.count - 1];
	spec = yaml_get(yaml_get(yaml_get(job, "spec"), "template"), "spec");
	mount_maps(s, spec);
	run_script(s, spec, "a\"b\\c $d%s", &out);
	path_join(path, s->data, "secrets.json");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_ok(secrets_read(path, &s->at.arena, &secrets, &s->at.err),
		  s->at.err);
	assert_string_equal(secrets.rpc_password, "a\"b\\c $d%s");
	assert_string_equal(secrets.rpc_user, "medley");
}

/* As `medley drive --load` puts it into the last of the maps. */
static void another_load_is_handed_on(void **state)
{
	static const char text[] = "load: {count: 5}\n";
	struct story *s = *state;
	cleanup(buf_release) struct buf out = BUF_INIT(65536);
	const struct yaml_node *job, *spec;
	char load[PATH_ROOM];

	generate(s);
	job = s->file.documents[s->file.count - 1];
	spec = yaml_get(yaml_get(yaml_get(job, "spec"), "template"), "spec");
	mount_maps(s, spec);
	path_join(load, s->boot, "load.yaml");
	assert_ok(file_write(load, text, strlen(text), 0444, &s->at.err),
		  s->at.err);
	run_script(s, spec, "a", &out);
	assert_string_equal(buf_text(&out),
			    arena_printf(&s->at.arena,
					 "drive %s/run --load %s\n", s->data,
					 load));
}

static void without_an_image_there_is_no_job(void **state)
{
	struct story *s = *state;
	struct generate_summary summary;
	char path[PATH_ROOM];

	s->net.driver_image = NULL;
	assert_ok(network_save(&s->net, s->at.dir, &s->at.err), s->at.err);
	assert_ok(generate_config(s->at.dir, &summary, &s->at.err), s->at.err);
	path_join(path, s->at.dir, "config/network/driver.yaml");
	assert_false(file_exists(path));
}

int main(void)
{
#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, scratch_end)
	const struct CMUnitTest tests[] = {
		STORY(the_container_has_the_run),
		STORY(the_password_is_any_text),
		STORY(another_load_is_handed_on),
		STORY(without_an_image_there_is_no_job),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

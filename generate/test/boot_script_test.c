/* SPDX-License-Identifier: Apache-2.0 */
/* boot_script_test.c - the shell that a pod boots with, run in a directory. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "data/yaml.h"
#include "generate/template.h"
#include "sys/process.h"
#include "test/support/scratch.h"

struct story {
	struct scratch at;
};

static int set_up(void **state)
{
	struct story *s = scratch_begin(sizeof(*s));

	*state = s;
	return 0;
}

/* Writes a file below the story's directory that is its own content. */
static void put(struct story *s, const char *dir, const char *name)
{
	char path[PATH_ROOM], at[PATH_ROOM];

	assert_ok(dir_make(path_join(at, s->at.dir, dir), 0755, &s->at.err),
		  s->at.err);
	assert_ok(file_write(path_join(path, at, name), name, strlen(name),
			     0444, &s->at.err),
		  s->at.err);
}

static void assert_there(struct story *s, const char *name, const char *content,
			 mode_t mode)
{
	cleanup(buf_release) struct buf b = BUF_INIT(4096);
	char path[PATH_ROOM];
	struct stat st;

	path_printf(path, "%s/data/%s", s->at.dir, name);
	assert_ok(file_read(path, &b, &s->at.err), s->at.err);
	assert_string_equal(buf_text(&b), content);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
}

/* The manifest's script; `/var/lib/corda` and `/boot` lie in the directory. */
static char *script_of(struct story *s)
{
	/* Every hole of the template, filled with what reads as YAML. */
	static const struct hole none[] = {
		{ .name = "image", .value = "x" },
		{ .name = "conf_mounts", .value = "" },
		{ .name = "key_mounts", .value = "" },
		{ .name = "info_mounts", .value = "" },
		{ .name = "pull_policy", .value = "Never" },
		{ .name = "more_requests", .value = "" },
		{ .name = "more_limits", .value = "" },
	};
	cleanup(buf_release) struct buf b = BUF_INIT(65536);
	const struct yaml_node *boot;
	struct yaml_file file;

	assert_ok(template_fill_file("generate/manifests/set-boot.yaml", none,
				     ARRAY_SIZE(none), &b, &s->at.err),
		  s->at.err);
	assert_ok(yaml_parse("set", b.data, b.len, &s->at.arena, &file,
			     &s->at.err),
		  s->at.err);
	boot = file.documents[0]->items[0];
	assert_string_equal(yaml_str(boot, "name"), "boot");
	return arena_strdup(&s->at.arena,
			    yaml_get(boot, "command")->items[2]->text);
}

static void replace(struct story *s, struct buf *text, const char *what,
		    const char *name)
{
	char with[PATH_ROOM];
	const char *at;

	path_join(with, s->at.dir, name);
	while ((at = strstr(buf_text(text), what)))
		buf_splice(text, at - buf_text(text), strlen(what), with,
			   strlen(with));
}

static int boot(struct story *s, const char *hostname)
{
	cleanup(buf_release) struct buf script = BUF_INIT(65536);
	cleanup(buf_release) struct buf out = BUF_INIT(65536);
	const char *env[] = { hostname, NULL };

	buf_add_str(&script, script_of(s));
	replace(s, &script, "/var/lib/corda", "data");
	replace(s, &script, "/boot/", "volumes/");
	return process_run(
		&(struct process_spec){
			.argv = (const char *const[]){ "/bin/sh", "-c",
						       buf_text(&script),
						       NULL },
			.env_add = env,
			.seconds = 20 },
		&out, &s->at.err);
}

static void fill_volumes(struct story *s)
{
	char path[PATH_ROOM];

	put(s, "volumes/conf", "node-0.conf");
	put(s, "volumes/conf", "node-11.conf");
	put(s, "volumes/keys-1", "11.nodekeystore.jks");
	put(s, "volumes/keys-1", "11.sslkeystore.jks");
	put(s, "volumes/keys-1", "11.database");
	put(s, "volumes/keys", "truststore.jks");
	put(s, "volumes/network", "network-parameters");
	put(s, "volumes/node-infos", "nodeInfo-AA");
	put(s, "volumes/node-infos-1", "nodeInfo-BB");
	assert_ok(dir_make(path_join(path, s->at.dir, "data"), 0755,
			   &s->at.err),
		  s->at.err);
}

static void a_pod_takes_the_files_of_its_ordinal(void **state)
{
	struct story *s = *state;

	fill_volumes(s);
	/* A pod that starts again finds what it put there before. */
	for (int i = 0; i < 2; i++) {
		assert_ok(boot(s, "HOSTNAME=bank-4-10-11.bank.x"), s->at.err);
		assert_there(s, "node.conf",
			     "node-11.conf\ndataSourceProperties.dataSource"
			     ".password = \"11.database\"\n",
			     0600);
		assert_there(s, "database-password", "11.database", 0600);
		assert_there(s, "certificates/nodekeystore.jks",
			     "11.nodekeystore.jks", 0400);
		assert_there(s, "certificates/sslkeystore.jks",
			     "11.sslkeystore.jks", 0400);
		assert_there(s, "certificates/truststore.jks", "truststore.jks",
			     0400);
		assert_there(s, "network-parameters", "network-parameters",
			     0600);
		assert_there(s, "additional-node-infos/nodeInfo-AA",
			     "nodeInfo-AA", 0600);
		assert_there(s, "additional-node-infos/nodeInfo-BB",
			     "nodeInfo-BB", 0600);
	}
}

static void a_pod_without_files_of_its_own_fails(void **state)
{
	struct story *s = *state;

	fill_volumes(s);
	assert_error(boot(s, "HOSTNAME=bank-4-10-0"), s->at.err,
		     "no node was generated for ordinal 0: ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_pod_takes_the_files_of_its_ordinal, set_up,
			scratch_end),
		cmocka_unit_test_setup_teardown(
			a_pod_without_files_of_its_own_fails, set_up,
			scratch_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

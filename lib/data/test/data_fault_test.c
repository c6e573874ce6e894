/* SPDX-License-Identifier: Apache-2.0 */
/* data_fault_test.c - YAML, JSON, logins and zip without memory, and of files
 * that are read in pieces.
 */
#include "base/cleanup.h"
#include "data/base64.h"
#include "data/json.h"
#include "data/registry_auth.h"
#include "data/yaml.h"
#include "data/zip.h"
#include "test/support/fault_loop.h"
#include "test/support/scratch.h"

enum { ROOM = 16 * 1024 * 1024 };

/* Input, and what becomes of it. */
struct data {
	struct buf in;
	struct arena arena;
	char path[PATH_ROOM];
	struct yaml_file yaml;
	struct js *js;
	struct registry_auth auth;
	struct buf out;
	int64_t time;
};

static void begin(struct data *d, const char *vector)
{
	*d = (struct data){ .arena = ARENA_INIT(ROOM), .out = BUF_INIT(ROOM) };
	d->in = test_vector(vector);
	path_join(d->path, "test/vectors", vector);
}

static void end(struct data *d)
{
	buf_release(&d->in);
}

static void release(void *ctx)
{
	struct data *d = ctx;

	arena_release(&d->arena);
	buf_release(&d->out);
	js_free(d->js);
	d->js = NULL;
	d->yaml = (struct yaml_file){ .name = NULL };
	d->auth = (struct registry_auth){ .key = NULL };
	d->time = 0;
}

static void show_bytes(void *ctx, struct buf *out)
{
	struct data *d = ctx;

	buf_add(out, d->out.data, d->out.len);
}

/* ---- YAML ---- */

static int parse_yaml(void *ctx, struct error *err)
{
	struct data *d = ctx;

	return yaml_parse("in", d->in.data, d->in.len, &d->arena, &d->yaml,
			  err);
}

static int read_yaml(void *ctx, struct error *err)
{
	struct data *d = ctx;

	return yaml_read(d->path, &d->arena, &d->yaml, err);
}

static void show_yaml(void *ctx, struct buf *out)
{
	struct data *d = ctx;

	buf_add_str(out, d->yaml.name ? "read\n" : "");
	for (size_t i = 0; i < d->yaml.count; i++)
		yaml_write(out, d->yaml.documents[i], 0);
}

static void yaml_is_read_or_not(void **state)
{
	struct fault_story story = {
		.name = "yaml_parse",
		.kinds = FAULTS_MEMORY | FAULTS_LIBRARY_ALL,
		.run = parse_yaml,
		.show = show_yaml,
		.release = release,
	};
	struct data d;

	(void)state;
	begin(&d, "yaml/manifest.yaml");
	fault_loop(&story, &d);
	story.name = "yaml_read";
	story.run = read_yaml;
	story.kinds |= FAULTS_READ;
	fault_loop(&story, &d);
	end(&d);
}

/* ---- JSON ---- */

static int parse_json(void *ctx, struct error *err)
{
	struct data *d = ctx;
	struct js *value;

	if (js_parse("in", d->in.data, d->in.len, &value, err) < 0)
		return -1;
	js_free(d->js);
	d->js = value;
	return 0;
}

static int read_json(void *ctx, struct error *err)
{
	struct data *d = ctx;
	struct js *value;

	if (js_read_file(d->path, &value, err) < 0)
		return -1;
	js_free(d->js);
	d->js = value;
	return 0;
}

static int parse_parts(void *ctx, struct error *err)
{
	static const struct js_part parts[] = { { "details", NULL },
						{ "summary", NULL },
						{ NULL, NULL } };
	struct data *d = ctx;
	struct js *value;

	if (js_parse_parts("in", d->in.data, d->in.len, parts, &value, err) < 0)
		return -1;
	js_free(d->js);
	d->js = value;
	return 0;
}

static void show_json(void *ctx, struct buf *out)
{
	struct data *d = ctx;
	struct error err = { 0 };

	if (d->js)
		assert_ok(js_print(d->js, JS_PRETTY, out, &err), err);
}

/* Arrays and objects that grow several times. */
static struct js *build(void)
{
	struct js *root = js_object(), *list = js_array(), *map = js_object();
	char key[16];

	for (int i = 0; i < 40; i++) {
		struct js *item = js_object();

		snprintf(key, sizeof(key), "key-%d", i);
		js_set_int(item, "number", i);
		js_set_str(item, "text", key);
		js_set_bool(item, "even", i % 2 == 0);
		js_append(list, item);
		js_set_num(map, key, i / 4.0);
	}
	js_append_str(list, "text");
	js_append_int(list, 7);
	js_set(root, "list", list);
	js_set(root, "map", map);
	js_set_str(root, "none", NULL);
	return root;
}

static int build_json(void *ctx, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(ROOM);
	cleanup(js_freep) struct js *root = build();
	struct data *d = ctx;

	if (js_print(root, JS_LINE, &text, err) < 0)
		return -1;
	buf_release(&d->out);
	d->out = text;
	buf_init(&text, ROOM);
	return 0;
}

/* Printing finds what copying could not. */
static int copy_json(void *ctx, struct error *err)
{
	cleanup(js_freep) struct js *root = js_object();
	cleanup(js_freep) struct js *read = NULL;
	cleanup(buf_release) struct buf text = BUF_INIT(ROOM);
	struct data *d = ctx;

	if (js_parse("in", d->in.data, d->in.len, &read, err) < 0)
		return -1;
	js_set(root, "copy", js_copy(read));
	if (js_print(root, JS_LINE, &text, err) < 0)
		return -1;
	buf_release(&d->out);
	d->out = text;
	buf_init(&text, ROOM);
	return 0;
}

/* The lexer writes beyond its room for a word of 16 characters or more when
 * that cannot grow: these texts have none. */
static void json_is_read_or_not(void **state)
{
	struct fault_story story = {
		.name = "js_parse",
		.kinds = FAULTS_MEMORY | FAULTS_LIBRARY_ALL,
		.run = parse_json,
		.show = show_json,
		.release = release,
	};
	struct data d;

	(void)state;
	begin(&d, "json/phase.json");
	fault_loop(&story, &d);
	story.name = "js_parse_parts";
	story.run = parse_parts;
	fault_loop(&story, &d);
	story.name = "js_read_file";
	story.run = read_json;
	story.kinds |= FAULTS_READ;
	fault_loop(&story, &d);
	end(&d);
}

static void json_is_built_or_not(void **state)
{
	struct fault_story story = {
		.name = "js_print of what was built",
		.kinds = FAULTS_MEMORY | FAULTS_LIBRARY_ALL,
		.run = build_json,
		.show = show_bytes,
		.release = release,
	};
	struct data d;

	(void)state;
	begin(&d, "json/phase.json");
	fault_loop(&story, &d);
	story.name = "js_print of a copy";
	story.run = copy_json;
	fault_loop(&story, &d);
	end(&d);
}

/* ---- logins ---- */

static int parse_login(void *ctx, struct error *err)
{
	struct data *d = ctx;
	int rc = registry_auth_parse("in", d->in.data, d->in.len,
				     "registry.example.org/corda", &d->arena,
				     &d->auth, err);

	return rc < 0 ? -1 : 0;
}

static void show_login(void *ctx, struct buf *out)
{
	struct data *d = ctx;

	if (d->auth.key)
		buf_addf(out, "%s %s %s %s", d->auth.key, d->auth.user,
			 d->auth.password, d->auth.token ? d->auth.token : "-");
}

static int write_login(void *ctx, struct error *err)
{
	static const struct registry_auth auth = { .key = "docker.io",
						   .user = "me",
						   .password = "not-a-secret",
						   .token = "token" };
	struct data *d = ctx;
	struct buf text = BUF_INIT(ROOM);

	if (registry_auth_write(&auth, &text, err) < 0) {
		buf_release(&text);
		return -1;
	}
	buf_release(&d->out);
	d->out = text;
	return 0;
}

static void logins_are_found_or_not(void **state)
{
	struct fault_story story = {
		.name = "registry_auth_parse",
		.kinds = FAULTS_MEMORY | FAULTS_LIBRARY_ALL,
		.run = parse_login,
		.show = show_login,
		.release = release,
	};
	struct data d;

	(void)state;
	begin(&d, "registry-auth/podman.json");
	fault_loop(&story, &d);
	story.name = "registry_auth_write";
	story.run = write_login;
	story.show = show_bytes;
	fault_loop(&story, &d);
	end(&d);
}

/* ---- zip ---- */

static int write_zip(void *ctx, struct error *err)
{
	struct data *d = ctx;
	const struct zip_entry entries[] = { { "one", "1", 1 },
					     { "two", d->in.data, d->in.len } };
	struct buf zip = BUF_INIT(ROOM);

	if (zip_write(entries, ARRAY_SIZE(entries), &zip, err) < 0) {
		buf_release(&zip);
		return -1;
	}
	buf_release(&d->out);
	d->out = zip;
	return 0;
}

static int member_of_memory(void *ctx, struct error *err)
{
	struct data *d = ctx;
	struct buf member = BUF_INIT(ROOM);

	if (zip_member_of(&d->in, "two", &member, err) < 0) {
		buf_release(&member);
		return -1;
	}
	buf_release(&d->out);
	d->out = member;
	return 0;
}

static int member_of_file(void *ctx, struct error *err)
{
	struct data *d = ctx;
	struct buf member = BUF_INIT(ROOM);

	if (zip_member(d->path, "two", &member, err) < 0) {
		buf_release(&member);
		return -1;
	}
	buf_release(&d->out);
	d->out = member;
	return 0;
}

static int newest_of_file(void *ctx, struct error *err)
{
	struct data *d = ctx;

	return zip_time(d->path, &d->time, err);
}

static void show_time(void *ctx, struct buf *out)
{
	struct data *d = ctx;

	buf_addf(out, "%lld", (long long)d->time);
}

/* libarchive ends the process when it has no memory: its own is left alone. */
static void archives_are_read_and_written_or_not(void **state)
{
	struct fault_story story = {
		.name = "zip_write",
		.kinds = FAULTS_MEMORY,
		.run = write_zip,
		.show = show_bytes,
		.release = release,
	};
	struct scratch *at = *state;
	struct data d;

	begin(&d, "yaml/manifest.yaml");
	fault_loop(&story, &d);
	assert_ok(write_zip(&d, &at->err), at->err);
	buf_release(&d.in);
	d.in = d.out;
	buf_init(&d.out, ROOM);
	path_join(d.path, at->dir, "in.zip");
	assert_ok(file_write(d.path, d.in.data, d.in.len, 0600, &at->err),
		  at->err);
	story.name = "zip_member_of";
	story.run = member_of_memory;
	fault_loop(&story, &d);
	story.name = "zip_member";
	story.run = member_of_file;
	story.kinds |= FAULTS_READ;
	fault_loop(&story, &d);
	story.name = "zip_time";
	story.run = newest_of_file;
	story.show = show_time;
	fault_loop(&story, &d);
	end(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(yaml_is_read_or_not),
		cmocka_unit_test(json_is_read_or_not),
		cmocka_unit_test(json_is_built_or_not),
		cmocka_unit_test(logins_are_found_or_not),
		SCRATCH_TEST(archives_are_read_and_written_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

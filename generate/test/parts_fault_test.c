/* SPDX-License-Identifier: Apache-2.0 */
/* parts_fault_test.c - the parts of a generation, each made to fail at every
 * place.
 */
#include "base/cleanup.h"
#include "corda/digest.h"
#include "generate/generate.h"
#include "generate/identity_store.h"
#include "generate/manifests.h"
#include "generate/registration.h"
#include "generate/secrets.h"
#include "test/support/fault_loop.h"
#include "test/support/scratch.h"
#include "sys/home.h"

enum { ROOM = 64 * 1024 * 1024 };

static const char network_yaml[] = "banks:\n"
				   "  - release: maven:4.0\n"
				   "  - release: maven:4.10\n"
				   "notaries:\n"
				   "  - release: maven:4.8\n"
				   "    cluster: raft\n"
				   "cordapps: finance-4.0\n"
				   "seed: 42\n";

/* All that the parts are made of, and what one of them came to. */
struct parts {
	struct scratch *at;
	struct network net;
	struct arena arena;
	struct node_conf_rules rules, registration;
	struct migrations migrations;
	struct secrets secrets;
	struct identities ids;
	struct manifest_input in;
	char keys[PATH_ROOM];
	struct buf out;
	int (*make)(struct parts *p, struct buf *out, struct error *err);
};

static void fill_images(struct network *net)
{
	net->database_image = "localhost/database@sha256:00";
	net->driver_image = "localhost/driver@sha256:33";
	net->health_image = "localhost/health@sha256:44";
	net->doorman_image = "localhost/doorman@sha256:55";
	for (unsigned i = 0; i < net->release_count; i++) {
		struct release *r = &net->releases[i];

		r->image = "localhost/node@sha256:11";
		r->notary_image = "localhost/notary@sha256:66";
		r->cordapps_image = "localhost/cordapps@sha256:22";
		r->platform = 4 + 4 * (int)i;
	}
}

static void load_tables(struct parts *p)
{
	struct arena *arena = &p->at->arena;
	struct error *err = &p->at->err;
	char path[PATH_ROOM];

	home_path(path, "generate/node-conf.yaml");
	assert_ok(node_conf_load(path, arena, &p->rules, err), *err);
	home_path(path, "generate/registration.yaml");
	assert_ok(node_conf_load(path, arena, &p->registration, err), *err);
	home_path(path, "deploy/migration.yaml");
	assert_ok(migrations_read(path, arena, &p->migrations, err), *err);
	path_join(path, p->at->dir, "secrets.json");
	assert_ok(secrets_make(path, arena, &p->secrets, err), *err);
}

static void begin(struct parts *p, void **state, const char *more)
{
	static const struct registry_auth login = { .key = "r.example",
						    .user = "me",
						    .password = "secret" };
	struct buf text = BUF_INIT(ROOM);

	*p = (struct parts){ .at = *state,
			     .arena = ARENA_INIT(ROOM),
			     .out = BUF_INIT(ROOM) };
	scratch_in_memory(p->at);
	buf_add_str(&text, network_yaml);
	buf_add_str(&text, more);
	scratch_network(p->at, buf_text(&text), &p->net);
	buf_release(&text);
	fill_images(&p->net);
	load_tables(p);
	path_join(p->keys, p->at->dir, "identities.jks");
	assert_ok(generate_identities(&p->net, &p->ids, &p->at->err),
		  p->at->err);
	assert_ok(identity_store_save(p->keys, &p->ids, &p->at->err),
		  p->at->err);
	p->in = (struct manifest_input){ .run = "run",
					 .net = &p->net,
					 .ids = &p->ids,
					 .secrets = &p->secrets,
					 .rules = &p->rules,
					 .registration = &p->registration,
					 .migrations = &p->migrations,
					 .login = &login };
}

static void end(struct parts *p)
{
	identities_release(&p->ids);
}

static int run(void *ctx, struct error *err)
{
	struct parts *p = ctx;
	struct buf out = BUF_INIT(ROOM);

	if (p->make(p, &out, err) < 0) {
		buf_release(&out);
		return -1;
	}
	buf_release(&p->out);
	p->out = out;
	return 0;
}

static void show(void *ctx, struct buf *out)
{
	struct parts *p = ctx;

	buf_add(out, p->out.data, p->out.len);
}

static void release(void *ctx)
{
	struct parts *p = ctx;

	arena_release(&p->arena);
	buf_release(&p->out);
}

struct operation {
	const char *name;
	int (*make)(struct parts *p, struct buf *out, struct error *err);
	uint64_t kinds;
	unsigned places; /* as in a story */
};

static void fail_all(struct parts *p, const struct operation *all, size_t count)
{
	struct fault_story story = {
		.run = run,
		.show = show,
		.release = release,
	};

	for (size_t i = 0; i < count; i++) {
		p->make = all[i].make;
		story.name = all[i].name;
		story.kinds = all[i].kinds;
		story.places = all[i].places;
		fault_loop(&story, p);
	}
}

/* ---- what nodes are told ---- */

static int write_confs(struct parts *p, struct buf *out, struct error *err)
{
	for (unsigned i = 0; i < p->ids.node_count; i++)
		if (node_conf_write(&p->rules, &p->net, p->ids.nodes[i].node,
				    p->ids.nodes[i].platform, out, err) < 0)
			return -1;
	return buf_check(out, err);
}

static int write_registration(struct parts *p, struct buf *out,
			      struct error *err)
{
	return registration_write(&p->registration, &p->net, &p->ids.nodes[0],
				  out, err);
}

static int load_rules(struct parts *p, struct buf *out, struct error *err)
{
	struct node_conf_rules rules;
	char path[PATH_ROOM];

	home_path(path, "generate/node-conf.yaml");
	if (node_conf_load(path, &p->arena, &rules, err) < 0)
		return -1;
	for (size_t i = 0; i < rules.count; i++)
		buf_addf(out, "%s %s %s %d %d\n", rules.parts[i].text,
			 rules.parts[i].role ? rules.parts[i].role : "-",
			 rules.parts[i].cluster ? rules.parts[i].cluster : "-",
			 rules.parts[i].from, rules.parts[i].below);
	return buf_check(out, err);
}

static void configurations(void **state)
{
	static const struct operation all[] = {
		{ "node_conf_load", load_rules, FAULTS_MEMORY | FAULTS_LIBRARY,
		  0 },
		{ "node_conf_write", write_confs, FAULTS_MEMORY, 0 },
		{ "registration_write", write_registration, FAULTS_MEMORY, 0 },
	};
	struct parts p;

	begin(&p, state, "");
	fail_all(&p, all, ARRAY_SIZE(all));
	end(&p);
}

/* ---- keys ---- */

/* No key that is stored may be made anew: the node would be another one. */
static int load_keys(struct parts *p, struct buf *out, struct error *err)
{
	cleanup(identities_release) struct identities ids;

	if (identities_init(&ids, &p->net, err) < 0 ||
	    identity_store_load(p->keys, &ids, err) < 0)
		return -1;
	for (unsigned i = 0; i < ids.node_count; i++) {
		const struct node_identity *n = &ids.nodes[i];

		buf_addf(out, "%s %d %d %d %d\n", n->info_name, !!n->ca.key,
			 !!n->tls.key, !!n->identity.key, !!n->part.key);
	}
	return buf_check(out, err);
}

static int make_files(struct parts *p, struct buf *out, struct error *err)
{
	cleanup(identities_release) struct identities ids;

	if (identities_init(&ids, &p->net, err) < 0 ||
	    identity_store_load(p->keys, &ids, err) < 0 ||
	    identities_make(&ids, err) < 0)
		return -1;
	for (unsigned i = 0; i < ids.node_count; i++) {
		const struct node_identity *n = &ids.nodes[i];

		buf_add(out, n->nodekeystore.bytes, n->nodekeystore.len);
		buf_add(out, n->sslkeystore.bytes, n->sslkeystore.len);
		buf_add(out, n->info.bytes, n->info.len);
	}
	return buf_check(out, err);
}

static int save_keys(struct parts *p, struct buf *out, struct error *err)
{
	if (identity_store_save(p->keys, &p->ids, err) < 0)
		return -1;
	return load_keys(p, out, err);
}

/* Nor may a password: databases have it already. */
static int load_passwords(struct parts *p, struct buf *out, struct error *err)
{
	struct secrets secrets;
	char path[PATH_ROOM];

	path_join(path, p->at->dir, "secrets.json");
	if (secrets_make(path, &p->arena, &secrets, err) < 0)
		return -1;
	return file_read(path, out, err);
}

/* The parameters are signed with P-256: in another way each time. */
static void keys(void **state)
{
	static const struct operation all[] = {
		{ "identity_store_load", load_keys,
		  FAULT_BIT(FAULT_ALLOC) | FAULT_BIT(FAULT_OPEN) |
			  FAULT_BIT(FAULT_LOOK),
		  0 },
		{ "identity_store_save", save_keys,
		  FAULT_BIT(FAULT_ALLOC) | FAULTS_WRITE, 200 },
		{ "identities_make", make_files, FAULT_BIT(FAULT_ALLOC), 200 },
		{ "secrets_make", load_passwords,
		  FAULTS_MEMORY | FAULTS_READ | FAULTS_WRITE | FAULTS_FULL, 0 },
	};
	struct parts p;

	begin(&p, state, "");
	fail_all(&p, all, ARRAY_SIZE(all));
	end(&p);
}

/* ---- manifests ---- */

static int add_text(const char *name, void *ctx)
{
	char path[PATH_ROOM];
	struct parts *p = ctx;

	path_printf(path, "%s/out/network/%s", p->at->dir, name);
	return file_read(path, &p->out, &p->at->err);
}

static void show_written(void *ctx, struct buf *out)
{
	struct parts *p = ctx;
	char path[PATH_ROOM];

	path_join(path, p->at->dir, "out/network");
	if (file_exists(path))
		assert_ok(dir_each(path, add_text, p, &p->at->err), p->at->err);
	buf_add(out, p->out.data, p->out.len);
	buf_release(&p->out);
}

static void no_files(void *ctx)
{
	struct parts *p = ctx;
	char path[PATH_ROOM];

	dir_remove(path_join(path, p->at->dir, "out"), NULL);
}

/* The notary's set lies among what all nodes share. */
static int write_manifests(void *ctx, struct error *err)
{
	struct parts *p = ctx;
	cleanup(output_release) struct output output;
	char path[PATH_ROOM];

	path_join(path, p->at->dir, "out");
	if (output_begin(&output, path, NULL, GENERATE_PLAIN, err) < 0 ||
	    manifests_write_network(&p->in, &output, err) < 0 ||
	    manifests_write_driver(&p->in, &output, err) < 0)
		return -1;
	return manifests_write_set(&p->in, &p->ids.nodes[2], &output, err);
}

static void manifests(void **state)
{
	static const struct fault_story story = {
		.name = "manifests_write",
		.kinds = FAULT_BIT(FAULT_ALLOC),
		.prepare = no_files,
		.run = write_manifests,
		.show = show_written,
		.trace = TRACE_ANY, /* some files, which the caller drops */
		.places = 3000,
	};
	struct parts p;

	begin(&p, state, "");
	fault_loop(&story, &p);
	end(&p);
	begin(&p, state, "engine: kubernetes\nidentity: doorman\n");
	fault_loop(&story, &p);
	end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(configurations),
		SCRATCH_TEST(keys),
		SCRATCH_TEST(manifests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* network_fault_test.c - a run's network, images and other files without
 * memory, and of a disk that gives or takes them in pieces.
 */
#include "base/cleanup.h"
#include "run/images.h"
#include "run/migration.h"
#include "run/network.h"
#include "run/run.h"
#include "test/support/fault_loop.h"
#include "test/support/scratch.h"
#include "sys/home.h"

enum { ROOM = 16 * 1024 * 1024 };

static const char yaml[] = "banks:\n"
			   "  - release: maven:4.0\n"
			   "  - release: maven:4.10\n"
			   "    count: 2\n"
			   "    cordapps: finance-4.8\n"
			   "notaries:\n"
			   "  - release: maven:4.8\n"
			   "    cluster: raft\n"
			   "cordapps: finance-4.0\n"
			   "namespace: corda\n"
			   "seed: 42\n";

#define LINE(image, component, release, platform)                              \
	"localhost/" image "\t" component "\t" release "\tab12\t" platform     \
	"\t2026-11-21T07:50:12.345Z\n"

static const char images_text[] =
	LINE("database@sha256:d1", "database", "-",
	     "-") LINE("node@sha256:n1", "node", "maven:4.0", "4")
		LINE("node@sha256:n2", "node", "maven:4.10", "12")
			LINE("node@sha256:n3", "node", "maven:4.8", "10")
				LINE("cordapps@sha256:c1", "cordapps",
				     "finance-4.0", "-")
					LINE("cordapps@sha256:c2", "cordapps",
					     "finance-4.8", "-");

struct reading {
	struct scratch *at;
	struct arena arena;
	struct network net; /* as it was before */
	struct buf out;
	char path[PATH_ROOM];
	int (*read)(struct reading *r, struct buf *out, struct error *err);
};

static int run(void *ctx, struct error *err)
{
	struct reading *r = ctx;
	struct buf out = BUF_INIT(ROOM);

	if (r->read(r, &out, err) < 0) {
		buf_release(&out);
		return -1;
	}
	buf_release(&r->out);
	r->out = out;
	return 0;
}

static void show(void *ctx, struct buf *out)
{
	struct reading *r = ctx;

	buf_add(out, r->out.data, r->out.len);
}

static void release(void *ctx)
{
	struct reading *r = ctx;

	arena_release(&r->arena);
	buf_release(&r->out);
}

static void begin(struct reading *r, void **state)
{
	*r = (struct reading){ .at = *state,
			       .arena = ARENA_INIT(ROOM),
			       .out = BUF_INIT(ROOM) };
	scratch_in_memory(r->at);
	scratch_write(r->at, "network.yaml", yaml);
	scratch_write(r->at, "node-images.txt", images_text);
	scratch_network(r->at, yaml, &r->net);
	scratch_write(r->at, "secrets.json",
		      "{\"rpc_user\":\"u\",\"rpc_password\":\"p\","
		      "\"database_user\":\"d\",\"database_password\":\"q\","
		      "\"nodes_key\":\"k\"}");
	scratch_write(r->at, "endpoints.json",
		      "{\"nodes\":{\"bank\":{\"host\":\"h\",\"port\":7}}}");
	assert_ok(dir_make(path_join(r->path, r->at->dir, "engine"), 0700,
			   &r->at->err),
		  r->at->err);
	scratch_write(r->at, "engine/cluster.json", "{\"run\":\"label\"}");
}

struct operation {
	const char *name;
	int (*read)(struct reading *r, struct buf *out, struct error *err);
	uint64_t kinds;
};

static void fail_all(void **state, const struct operation *all, size_t count)
{
	struct fault_story story = {
		.run = run,
		.show = show,
		.release = release,
	};
	struct reading r;

	for (size_t i = 0; i < count; i++) {
		begin(&r, state);
		r.read = all[i].read;
		story.name = all[i].name;
		story.kinds = FAULTS_MEMORY | all[i].kinds;
		fault_loop(&story, &r);
	}
}

#define FAIL_ALL(state, all) fail_all(state, all, ARRAY_SIZE(all))

/* ---- the network ---- */

static int read_network(struct reading *r, struct buf *out, struct error *err)
{
	char path[PATH_ROOM];
	struct network net;

	path_join(path, r->at->dir, "network.yaml");
	if (network_read(path, &r->arena, &net, err) < 0)
		return -1;
	return network_write(&net, out, err);
}

static int load_network(struct reading *r, struct buf *out, struct error *err)
{
	struct network net;

	if (network_load(r->at->dir, &r->arena, &net, err) < 0 ||
	    network_move(&net, "elsewhere", &r->arena, err) < 0)
		return -1;
	return network_write(&net, out, err);
}

static void networks_are_read_or_not(void **state)
{
	static const struct operation all[] = {
		{ "network_read", read_network, FAULTS_READ | FAULTS_LIBRARY },
		{ "network_load", load_network, FAULTS_READ | FAULTS_LIBRARY },
	};

	FAIL_ALL(state, all);
}

static int save_network(void *ctx, struct error *err)
{
	struct reading *r = ctx;

	return network_save(&r->net, r->at->dir, err);
}

static void other_network(void *ctx)
{
	struct reading *r = ctx;

	scratch_write(r->at, "network.resolved.yaml", "old");
}

static void show_saved(void *ctx, struct buf *out)
{
	struct reading *r = ctx;
	char path[PATH_ROOM];

	path_join(path, r->at->dir, "network.resolved.yaml");
	assert_ok(file_read(path, out, &r->at->err), r->at->err);
}

static void a_saved_network_is_old_or_new(void **state)
{
	static const struct fault_story story = {
		.name = "network_save",
		.kinds = FAULTS_MEMORY | FAULTS_WRITE | FAULTS_FULL,
		.prepare = other_network,
		.run = save_network,
		.show = show_saved,
	};
	struct reading r;

	begin(&r, state);
	fault_loop(&story, &r);
}

/* ---- tables ---- */

static int fill_images(struct reading *r, struct buf *out, struct error *err)
{
	struct release releases[8];
	struct network net = r->net;
	struct built_images images;
	char path[PATH_ROOM];

	path_join(path, r->at->dir, "node-images.txt");
	memcpy(releases, net.releases, net.release_count * sizeof(*releases));
	net.releases = releases;
	if (built_images_read(path, &r->arena, &images, err) < 0 ||
	    built_images_fill(&images, NULL, &net, err) < 0 ||
	    built_images_network(&images, NULL, out, err) < 0)
		return -1;
	return network_write(&net, out, err);
}

static int read_migrations(struct reading *r, struct buf *out,
			   struct error *err)
{
	struct migrations m;
	char path[PATH_ROOM];

	home_path(path, "deploy/migration.yaml");
	if (migrations_read(path, &r->arena, &m, err) < 0)
		return -1;
	for (size_t i = 0; i < m.count; i++)
		buf_addf(out, "%d %d %s %s %s\n", m.entries[i].from,
			 m.entries[i].to, m.entries[i].after,
			 m.entries[i].insert,
			 m.entries[i].drop ? m.entries[i].drop : "-");
	return buf_check(out, err);
}

static void tables_are_read_or_not(void **state)
{
	static const struct operation all[] = {
		{ "built_images", fill_images, FAULTS_READ },
		{ "migrations_read", read_migrations,
		  FAULTS_READ | FAULTS_LIBRARY },
	};

	FAIL_ALL(state, all);
}

/* ---- what is kept of a run ---- */

static int read_secrets(struct reading *r, struct buf *out, struct error *err)
{
	char password[ROLE_PASSWORD];
	struct secrets s;

	if (secrets_load(r->at->dir, &r->arena, &s, err) < 0)
		return -1;
	secrets_role_password(&s, "bank", password);
	buf_addf(out, "%s %s %s %s %s", s.rpc_user, s.rpc_password,
		 s.database_user, s.database_password, password);
	return buf_check(out, err);
}

static int read_endpoint(struct reading *r, struct buf *out, struct error *err)
{
	struct endpoint e;

	if (endpoint_load(r->at->dir, "bank", &r->arena, &e, err) < 0)
		return -1;
	buf_addf(out, "%s %u", e.host, e.port);
	return buf_check(out, err);
}

static int read_label(struct reading *r, struct buf *out, struct error *err)
{
	char label[PATH_ROOM];

	if (run_label(r->at->dir, label, err) < 0)
		return -1;
	buf_add_str(out, label);
	return buf_check(out, err);
}

static void the_rest_is_read_or_not(void **state)
{
	static const struct operation all[] = {
		{ "secrets_load", read_secrets, FAULTS_READ | FAULTS_LIBRARY },
		{ "endpoint_load", read_endpoint,
		  FAULTS_READ | FAULTS_LIBRARY },
		{ "run_label", read_label, FAULTS_READ | FAULTS_LIBRARY },
	};

	FAIL_ALL(state, all);
}

/* ---- a new run ---- */

static void no_runs(void *ctx)
{
	struct reading *r = ctx;
	char path[PATH_ROOM];

	dir_remove(path_join(path, r->at->dir, "runs"), NULL);
	r->path[0] = 0;
}

static int create_run(void *ctx, struct error *err)
{
	struct reading *r = ctx;
	char runs[PATH_ROOM], path[PATH_ROOM];

	if (run_create(path_join(runs, r->at->dir, "runs"), path, err) < 0)
		return -1;
	path_printf(r->path, "%s", path);
	return 0;
}

/* Its name is another each second. */
static void show_run(void *ctx, struct buf *out)
{
	struct reading *r = ctx;
	char latest[PATH_ROOM], id[PATH_ROOM], part[PATH_ROOM];

	if (!r->path[0])
		return;
	path_join(latest, r->at->dir, "runs/latest");
	assert_string_equal(run_id(latest, id), strrchr(r->path, '/') + 1);
	assert_true(file_exists(path_join(part, r->path, "config")));
	assert_true(file_exists(path_join(part, r->path, "logs")));
	buf_add_str(out, "made");
}

static void a_new_run_is_whole_or_another_is_made(void **state)
{
	static const struct fault_story story = {
		.name = "run_create",
		.kinds = FAULTS_MEMORY | FAULTS_WRITE,
		.prepare = no_runs,
		.run = create_run,
		.show = show_run,
	};
	struct reading r;

	begin(&r, state);
	fault_loop(&story, &r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(networks_are_read_or_not),
		SCRATCH_TEST(a_saved_network_is_old_or_new),
		SCRATCH_TEST(tables_are_read_or_not),
		SCRATCH_TEST(the_rest_is_read_or_not),
		SCRATCH_TEST(a_new_run_is_whole_or_another_is_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

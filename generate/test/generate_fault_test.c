/* SPDX-License-Identifier: Apache-2.0 */
/* generate_fault_test.c - a configuration is whole or not there, whatever fails
 * on the way, and a second try makes it.
 */
#include "generate/generate.h"

#include <sys/stat.h>

#include "base/cleanup.h"
#include "corda/digest.h"
#include "run/run.h"
#include "test/support/fault_loop.h"
#include "test/support/scratch.h"

enum { ROOM = 64 * 1024 * 1024 };

static const char network_yaml[] = "banks:\n"
				   "  - release: maven:4.0\n"
				   "  - release: maven:4.10\n"
				   "notaries:\n"
				   "  - release: maven:4.8\n"
				   "    cluster: raft\n"
				   "cordapps: finance-4.0\n"
				   "seed: 42\n";

struct generating {
	struct scratch *at;
	struct network net;
	/* Of an earlier generation; empty: this is the first. */
	struct buf keys, secrets;
};

/* ---- the run before ---- */

/* What the build would have found out. */
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

static void begin(struct generating *g, void **state, const char *more)
{
	struct buf text = BUF_INIT(ROOM);

	*g = (struct generating){ .at = *state,
				  .keys = BUF_INIT(ROOM),
				  .secrets = BUF_INIT(ROOM) };
	scratch_in_memory(g->at);
	buf_add_str(&text, network_yaml);
	buf_add_str(&text, more);
	scratch_network(g->at, buf_text(&text), &g->net);
	buf_release(&text);
	fill_images(&g->net);
	assert_ok(network_save(&g->net, g->at->dir, &g->at->err), g->at->err);
}

static void end(struct generating *g)
{
	buf_release(&g->keys);
	buf_release(&g->secrets);
}

static const char *path_of(const struct generating *g, const char *name,
			   char room[PATH_ROOM])
{
	return path_join(room, g->at->dir, name);
}

static void keep(struct generating *g, const char *name, struct buf *ret)
{
	char path[PATH_ROOM];

	if (file_exists(path_of(g, name, path)))
		assert_ok(file_read(path, ret, &g->at->err), g->at->err);
}

/* Generates once, and keeps what the next generation needs. */
static void generate_once(struct generating *g)
{
	struct generate_summary summary;

	assert_ok(generate_config(g->at->dir, &summary, &g->at->err),
		  g->at->err);
	keep(g, "identities.jks", &g->keys);
	keep(g, "secrets.json", &g->secrets);
}

static void put(struct generating *g, const char *name, const struct buf *b)
{
	char path[PATH_ROOM];

	remove(path_of(g, name, path));
	if (b->len)
		assert_ok(file_write(path, b->data, b->len, 0600, &g->at->err),
			  g->at->err);
}

static void as_before(void *ctx)
{
	struct generating *g = ctx;
	char path[PATH_ROOM];

	dir_remove(path_of(g, "config", path), NULL);
	dir_remove(path_of(g, "config.new", path), NULL);
	put(g, "identities.jks", &g->keys);
	put(g, "secrets.json", &g->secrets);
}

/* ---- the run after ---- */

struct showing {
	const char *dir;
	struct buf *out;
};

static int show_name(const char *name, void *ctx)
{
	struct showing *s = ctx;
	struct buf text = BUF_INIT(ROOM);
	struct error err = { 0 };
	char path[PATH_ROOM];
	uint8_t hash[DIGEST_MAX];
	struct stat st;

	path_join(path, s->dir, name);
	assert_int_equal(stat(path, &st), 0);
	buf_addf(s->out, "%s %o ", name, st.st_mode);
	if (S_ISDIR(st.st_mode)) {
		struct showing below = { path, s->out };

		buf_add_str(s->out, "\n");
		return dir_each(path, show_name, &below, NULL);
	}
	assert_ok(file_read(path, &text, &err), err);
	digest_bytes(DIGEST_SHA256, text.data, text.len, hash);
	buf_add_hex(s->out, hash, 32);
	buf_add_str(s->out, "\n");
	buf_release(&text);
	return 0;
}

/* What others read: config/, keys and secrets. */
static void show_all(void *ctx, struct buf *out)
{
	struct generating *g = ctx;
	struct showing s = { g->at->dir, out };
	char path[PATH_ROOM];

	if (file_exists(path_of(g, "config", path)))
		show_name("config", &s);
	if (file_exists(path_of(g, "identities.jks", path)))
		show_name("identities.jks", &s);
	if (file_exists(path_of(g, "secrets.json", path)))
		show_name("secrets.json", &s);
}

static int generate(void *ctx, struct error *err)
{
	struct generate_summary summary;
	struct generating *g = ctx;

	return generate_config(g->at->dir, &summary, err);
}

/* The same keys and secrets give the same bytes. There are too many places for
 * all of them: the parts are tried at each in parts_fault_test.c. */
static void a_generation_again_changes_nothing(void **state)
{
	struct fault_story story = {
		.name = "generate_config again",
		.kinds = FAULTS_MEMORY | FAULTS_LIBRARY | FAULTS_READ |
			 FAULTS_WRITE | FAULTS_FULL,
		.prepare = as_before,
		.run = generate,
		.show = show_all,
		.trace = TRACE_DONE,
		.places = 12,
	};
	struct generating g;

	begin(&g, state, "");
	generate_once(&g);
	fault_loop(&story, &g);
	end(&g);
	story.name = "generate_config again, with a doorman";
	begin(&g, state, "engine: kubernetes\nidentity: doorman\n");
	generate_once(&g);
	fault_loop(&story, &g);
	end(&g);
}

/* What is new each time: that it is whole, and goes with the keys. */
static void show_whole(void *ctx, struct buf *out)
{
	struct buf first = BUF_INIT(ROOM), again = BUF_INIT(ROOM);
	struct generating *g = ctx;
	struct generate_summary summary;
	char path[PATH_ROOM];

	if (file_exists(path_of(g, "config", path))) {
		show_all(g, &first);
		assert_ok(generate_config(g->at->dir, &summary, &g->at->err),
			  g->at->err);
		show_all(g, &again);
		buf_addf(out, "%u files, %s", summary.files,
			 strcmp(buf_text(&first), buf_text(&again))
				 ? "of other keys"
				 : "of these keys");
	}
	buf_release(&first);
	buf_release(&again);
}

/* Keys may have been stored: the next try takes them. */
static void a_first_generation_is_whole_or_not_there(void **state)
{
	static const struct fault_story story = {
		.name = "generate_config",
		.kinds = FAULTS_MEMORY | FAULTS_LIBRARY | FAULTS_RANDOM |
			 FAULTS_WRITE | FAULTS_FULL,
		.prepare = as_before,
		.run = generate,
		.show = show_whole,
		.trace = TRACE_DONE,
		.places = 8,
	};
	struct generating g;

	begin(&g, state, "");
	fault_loop(&story, &g);
	end(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(a_generation_again_changes_nothing),
		SCRATCH_TEST(a_first_generation_is_whole_or_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

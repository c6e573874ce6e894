/* SPDX-License-Identifier: Apache-2.0 */
/* up.c - brings the network of a run up. */
#include "deploy/deploy.h"

#include <stdio.h>
#include <string.h>

#include "base/counted.h"
#include "deploy/endpoints.h"
#include "deploy/network_boot.h"
#include "engine/own_names.h"
#include "run/rollout.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/home.h"
#include "sys/interrupt.h"
#include "sys/wait.h"

enum {
	BOUND_MS = 500, /* bounds of time are looked at that often */
	BURST_MS = 50,
	LOG_MS = 200,
	DATABASE_SECONDS = 120,
	CLEAR_SECONDS = 120,
	LOG_SECONDS = 3,
	ARENA_MAX = 256 * 1024 * 1024,
	NODE_SECONDS = 12 /* one boot, a guess for the estimate */
};

static void network_boot_release(struct network_boot *nb)
{
	for (unsigned i = 0; i < nb->boot_count; i++)
		probing_free(nb->boots[i].probing);
	database_release(&nb->database);
	engine_closep(&nb->engine);
	arena_release(&nb->arena);
}

static int network_boot_open(struct network_boot *nb, const char *run_dir,
			     struct error *err)
{
	char path[PATH_ROOM];

	nb->run_dir = run_dir;
	arena_init(&nb->arena, ARENA_MAX);
	if (network_load(run_dir, &nb->arena, &nb->net, err) < 0 ||
	    secrets_load(run_dir, &nb->arena, &nb->secrets, err) < 0 ||
	    migrations_read(home_path(path, "deploy/migration.yaml"),
			    &nb->arena, &nb->migrations, err) < 0 ||
	    engine_open(nb->net.engine, run_dir, &nb->engine, err) < 0)
		return -1;
	return network_boot_plan(nb, err);
}

/* What an earlier up of this run left goes first. */
static int clear_earlier(struct network_boot *nb, struct error *err)
{
	const struct engine_ops *ops = nb->engine->ops;
	struct inventory_item *items, *left;
	unsigned count, left_count;

	if (inventory_load(nb->run_dir, &nb->arena, &items, &count, err) < 0)
		return -1;
	count = own_items(nb->engine, items, count);
	if (!count)
		return 0;
	if (ops->left(nb->engine, &nb->arena, &left, &left_count, err) < 0)
		return -1;
	return left_count ? ops->remove(nb->engine, items, count, CLEAR_SECONDS,
					err)
			  : 0;
}

static int start_database(struct network_boot *nb, struct progress *progress,
			  struct error *err)
{
	const struct engine_ops *ops = nb->engine->ops;
	struct pod_want want = { .set = nb->net.database_set,
				 .port = DATABASE_PORT };
	int64_t begun = clock_mono_us();

	progress_say(progress, 0, nb->boot_count + 1, 0, "database starting");
	nb->database.engine = nb->engine;
	nb->database.secrets = &nb->secrets;
	if (ops->prepare(nb->engine, err) < 0)
		return -1;
	if (nb->net.external.host)
		return 0;
	if (ops->apply(nb->engine, &want, &nb->database.pod, err) < 0 ||
	    database_wait(&nb->database, DATABASE_SECONDS, err) < 0)
		return -1;
	nb->database_seconds = (double)(clock_mono_us() - begun) / 1e6;
	return 0;
}

/* ---- the loop ---- */

/* Also when too few are left to pay each other: nobody waits for them. */
static bool settled(const struct network_boot *nb)
{
	if (network_boot_possible(nb, NODE_BANK) < 2 ||
	    !network_boot_possible(nb, NODE_NOTARY))
		return true;
	for (unsigned i = 0; i < nb->boot_count; i++)
		if (nb->boots[i].state != BOOT_READY &&
		    nb->boots[i].state != BOOT_FAILED)
			return false;
	return true;
}

static const char *word_of(const struct boot *b)
{
	switch (b->state) {
	case BOOT_WAITING:
		return b->schema->state == SCHEMA_MIGRATING ? "migrating"
							    : "waiting";
	case BOOT_STARTING:
	case BOOT_BOOTING:
		return "starting";
	case BOOT_READY:
		return "ok";
	case BOOT_FAILED:
		break;
	}
	return "FAILED";
}

static void say(const struct network_boot *nb, struct progress *progress)
{
	cleanup(buf_release) struct buf text = BUF_INIT(64 * 1024);
	unsigned done = 0;

	for (unsigned i = 0; i < nb->boot_count; i++) {
		const struct boot *b = &nb->boots[i];

		done += b->state == BOOT_READY || b->state == BOOT_FAILED;
		buf_addf(&text, "%s%s %s", i ? "  " : "", b->node->name,
			 word_of(b));
	}
	progress_say(progress, done + 1, nb->boot_count + 1,
		     NODE_SECONDS * nb->boot_count, "%s", buf_text(&text));
}

static int step_all(struct network_boot *nb, struct error *err)
{
	if (interrupt_check(err) < 0 ||
	    nb->engine->ops->observe(nb->engine, err) < 0)
		return -1;
	for (unsigned i = 0; i < nb->schema_count; i++)
		if (schema_step(nb, &nb->schemas[i], err) < 0)
			return -1;
	for (unsigned i = 0; i < nb->boot_count; i++)
		if (boot_step(nb, &nb->boots[i], err) < 0)
			return -1;
	return 0;
}

/* Schemas and nodes only go forward. */
static unsigned steps_taken(const struct network_boot *nb)
{
	unsigned n = 0;

	for (unsigned i = 0; i < nb->schema_count; i++)
		n += nb->schemas[i].state;
	for (unsigned i = 0; i < nb->boot_count; i++)
		n += nb->boots[i].state;
	return n;
}

/* Reports come in bursts, from many pods: one look is for all of a burst. */
static void wait_for_reports(const struct network_boot *nb)
{
	int64_t now, until;

	loop_step(nb->engine->loop, BOUND_MS);
	until = clock_mono_us() + BURST_MS * 1000;
	while ((now = clock_mono_us()) < until && !interrupted())
		loop_step(nb->engine->loop, (int)((until - now) / 1000) + 1);
}

/* Whoever took a step may be able to take the next one; if nobody did, the
 * engine has to tell something new, or a probing. */
static int boot_all(struct network_boot *nb, struct progress *progress,
		    struct error *err)
{
	while (!settled(nb)) {
		unsigned before = steps_taken(nb);

		if (step_all(nb, err) < 0)
			return -1;
		say(nb, progress);
		if (steps_taken(nb) == before)
			wait_for_reports(nb);
	}
	return 0;
}

/* ---- the end ---- */

/* A payment needs two banks and a notary. */
static int enough_are_up(const struct network_boot *nb, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(8192);

	if (network_boot_ready(nb, NODE_BANK) >= 2 &&
	    network_boot_ready(nb, NODE_NOTARY) >= 1)
		return 0;
	network_boot_failures(nb, &text);
	return error_set(err, ERROR_DEPLOY,
			 "%lld %s and %lld %s came up, but a payment "
			 "needs two banks and one notary%s",
			 COUNTED(network_boot_ready(nb, NODE_BANK), "bank"),
			 COUNTED_AS(network_boot_ready(nb, NODE_NOTARY),
				    "notary", "notaries"),
			 buf_text(&text));
}

static int write_endpoints(struct network_boot *nb, struct error *err)
{
	struct pod **pods =
		arena_array(&nb->arena, nb->net.node_count + 1, sizeof(*pods));
	struct endpoints where = {
		.net = &nb->net,
		.pods = pods,
		.external = { .host = nb->net.external.host,
			      .port = (uint16_t)nb->net.external.port }
	};

	if (!pods)
		return error_nomem(err);
	for (unsigned i = 0; i < nb->boot_count; i++)
		if (nb->boots[i].state == BOOT_READY)
			pods[nb->boots[i].node - nb->net.nodes] =
				nb->boots[i].pod;
	pods[nb->net.node_count] = nb->database.pod;
	return endpoints_write(&where, nb->run_dir, err);
}

static struct js *details_of_nodes(const struct network_boot *nb)
{
	struct js *nodes = js_array();

	for (unsigned i = 0; i < nb->boot_count; i++) {
		const struct boot *b = &nb->boots[i];
		struct js *node = js_object();

		js_set_str(node, "name", b->node->name);
		if (b->state == BOOT_READY)
			js_set_num(node, "boot_seconds", b->seconds);
		if (b->jvm_seconds > 0)
			js_set_num(node, "jvm_seconds", b->jvm_seconds);
		if (b->state == BOOT_FAILED)
			js_set_str(node, "failed", b->why);
		js_append(nodes, node);
	}
	return nodes;
}

static struct js *details_of_schemas(const struct network_boot *nb)
{
	struct js *list = js_array();

	for (unsigned i = 0; i < nb->schema_count; i++) {
		const struct node_schema *s = &nb->schemas[i];
		struct js *one = js_object();

		js_set_str(one, "release", s->release->label);
		js_set_str(one, "role",
			   s->role == NODE_NOTARY ? "notary" : "bank");
		js_set_str(one, "how",
			   s->restored	  ? "restored"
			   : s->migration ? "migrated"
					  : "made by the node");
		js_set_num(one, "seconds", s->seconds);
		if (s->state == SCHEMA_FAILED)
			js_set_str(one, "failed", s->why);
		if (s->not_kept[0])
			js_set_str(one, "not_kept", s->not_kept);
		js_append(list, one);
	}
	return list;
}

static struct js *details_of(const struct network_boot *nb)
{
	struct js *details = js_object(), *notes;

	if (nb->engine->lacks) {
		notes = js_array();
		js_append_str(notes, nb->engine->lacks);
		js_set(details, "notes", notes);
	}
	js_set(details, "nodes", details_of_nodes(nb));
	js_set(details, "migrations", details_of_schemas(nb));
	js_set_num(details, "database_seconds", nb->database_seconds);
	return details;
}

/* A node may answer a moment before it says that it is up. */
static void read_logs(struct network_boot *nb)
{
	int64_t limit = clock_mono_us() + LOG_SECONDS * 1000000LL;

	for (unsigned i = 0; i < nb->boot_count; i++) {
		struct boot *b = &nb->boots[i];

		if (b->state != BOOT_READY)
			continue;
		boot_read_log(nb, b);
		while (!b->jvm_seconds && !interrupted() &&
		       clock_mono_us() < limit) {
			pause_ms(LOG_MS); /* nobody reports a line of it */
			boot_read_log(nb, b);
		}
	}
}

static int bring_up(struct network_boot *nb, const char *run_dir,
		    struct progress *progress, struct error *err)
{
	if (network_boot_open(nb, run_dir, err) < 0 ||
	    rollout_check_whole(&nb->net, err) < 0 ||
	    clear_earlier(nb, err) < 0 ||
	    start_database(nb, progress, err) < 0 ||
	    boot_all(nb, progress, err) < 0 || enough_are_up(nb, err) < 0)
		return -1;
	read_logs(nb);
	if (schemas_keep(nb, err) < 0)
		return -1;
	return write_endpoints(nb, err);
}

int deploy_up(const char *run_dir, struct progress *progress,
	      struct js **ret_details, struct error *err)
{
	cleanup(network_boot_release) struct network_boot nb = { 0 };
	struct error why = { 0 };

	if (bring_up(&nb, run_dir, progress, &why) < 0) {
		/* An engine that refuses is no fault of medley's. */
		if (why.kind == ERROR_INTERNAL)
			why.kind = ERROR_DEPLOY;
		return error_set(err, why.kind, "%s", why.text);
	}
	*ret_details = details_of(&nb);
	return 0;
}

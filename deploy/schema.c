/* SPDX-License-Identifier: Apache-2.0 */
/* schema.c - a database for each node, made once for all that are alike. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "corda/digest.h"
#include "deploy/failed_pod.h"
#include "deploy/network_boot.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/home.h"
#include "sys/patience.h"

/* Part of the cache's key: to be raised when schemas are saved differently. */
static const char recipe[] = "1";

/* Two migrations are as fast together as one after the other on two cores;
 * more of them only take memory and time from those that are waited for. */
static unsigned migrations_at_once(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	return cores > 2 ? (unsigned)cores : 2;
}

/* ---- planning ---- */

/* Only a digest says what is in an image; without one nothing is kept. */
static const char *cache_of(struct network_boot *nb,
			    const struct node_schema *s)
{
	const char *images[] = { s->release->image,
				 s->release->cordapps_image };
	const char *role = s->role == NODE_NOTARY ? "notary" : "bank";
	const char *cluster = s->first->cluster;
	cleanup(buf_release) struct buf key = BUF_INIT(64 * 1024);
	cleanup(buf_release) struct buf name = BUF_INIT(1024);
	uint8_t digest[DIGEST_MAX];
	char path[PATH_ROOM];

	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		if (!images[i] || !strstr(images[i], "sha256:"))
			return NULL;
		buf_addf(&key, "%s\n", strstr(images[i], "sha256:"));
	}
	buf_addf(&key, "%s\n%s\n", role, recipe);
	if (cluster)
		buf_addf(&key, "%s\n", cluster);
	digest_bytes(DIGEST_SHA256, key.data, key.len, digest);
	buf_add_str(&name, "templates/");
	buf_add_hex(&name, digest, 16);
	buf_add_str(&name, ".sql");
	if (cache_path(path, "templates", NULL) < 0 ||
	    dir_make(path, 0700, NULL) < 0 ||
	    cache_path(path, buf_text(&name), NULL) < 0)
		return NULL;
	return arena_strdup(&nb->arena, path);
}

static struct node_schema *schema_for(struct network_boot *nb,
				      const struct network_node *node)
{
	const struct release *release = &nb->net.releases[node->release];
	struct node_schema *s;

	for (unsigned i = 0; i < nb->schema_count; i++) {
		s = &nb->schemas[i];
		if (s->release == release && s->role == node->role)
			return s;
	}
	s = &nb->schemas[nb->schema_count++];
	*s = (struct node_schema){
		.release = release,
		.role = node->role,
		.first = node,
		.migration = migration_for(&nb->migrations, release->platform)
	};
	s->cache = cache_of(nb, s);
	return s;
}

int network_boot_plan(struct network_boot *nb, struct error *err)
{
	unsigned n = nb->net.node_count;

	nb->schemas = arena_array(&nb->arena, n + 1, sizeof(*nb->schemas));
	nb->boots = arena_array(&nb->arena, n + 1, sizeof(*nb->boots));
	if (!nb->schemas || !nb->boots)
		return error_nomem(err);
	for (unsigned i = 0; i < n; i++) {
		const struct network_node *node = &nb->net.nodes[i];

		if (!network_node_runs(&nb->net, node))
			continue;
		nb->boots[nb->boot_count].node = node;
		nb->boots[nb->boot_count++].schema = schema_for(nb, node);
	}
	return 0;
}

/* ---- making ---- */

static void schema_done(struct node_schema *s)
{
	s->state = SCHEMA_DONE;
	s->seconds = (double)(clock_mono_us() - s->begun_us) / 1e6;
}

static void schema_fail(struct node_schema *s, const char *why)
{
	s->state = SCHEMA_FAILED;
	s->seconds = (double)(clock_mono_us() - s->begun_us) / 1e6;
	snprintf(s->why, sizeof(s->why), "migration: %.480s", why);
}

/* The databases of the nodes that use this schema; with `from`, of all but
 * the first, as copies of the first's. */
static int create_databases(struct network_boot *nb,
			    const struct node_schema *s, const char *from,
			    struct error *err)
{
	for (unsigned i = 0; i < nb->boot_count; i++) {
		const struct boot *b = &nb->boots[i];

		if (b->schema != s || (from && b->node == s->first))
			continue;
		if (database_create(&nb->database, b->node->database, from,
				    err) < 0)
			return -1;
	}
	return 0;
}

/* 1 restored, 0 not in the cache (or no use, and gone), -1 error. */
static int restore(struct network_boot *nb, struct node_schema *s,
		   struct error *err)
{
	struct error why = { 0 };

	if (!s->cache || !file_exists(s->cache))
		return 0;
	if (database_load_schema(&nb->database, s->first->database, s->cache,
				 &why) < 0) {
		if (why.kind == ERROR_INTERRUPTED)
			return error_set(err, why.kind, "%s", why.text);
		unlink(s->cache);
		return 0;
	}
	s->restored = true;
	schema_done(s);
	if (create_databases(nb, s, s->first->database, err) < 0)
		return -1;
	schema_done(s);
	return 1;
}

static int start_job(struct network_boot *nb, struct node_schema *s,
		     struct error *err)
{
	struct pod_want want = { .set = s->first->set,
				 .ordinal = s->first->ordinal,
				 .job = "migrate",
				 .after = s->migration->after,
				 .insert = s->migration->insert,
				 .drop = s->migration->drop };

	if (database_create(&nb->database, s->first->database, NULL, err) < 0 ||
	    nb->engine->ops->apply(nb->engine, &want, &s->job, err) < 0)
		return -1;
	s->state = SCHEMA_MIGRATING;
	return 0;
}

static unsigned jobs_running(const struct network_boot *nb)
{
	unsigned n = 0;

	for (unsigned i = 0; i < nb->schema_count; i++)
		n += nb->schemas[i].state == SCHEMA_MIGRATING;
	return n;
}

static int schema_begin(struct network_boot *nb, struct node_schema *s,
			struct error *err)
{
	int rc;

	s->begun_us = clock_mono_us();
	if (engine_can(nb->engine, ENGINE_MAKES_DATABASES)) {
		s->cache = NULL;
		s->migration = NULL;
		schema_done(s);
		return 0;
	}
	rc = restore(nb, s, err);
	if (rc)
		return rc < 0 ? -1 : 0;
	if (!s->migration) {
		schema_done(s);
		return create_databases(nb, s, NULL, err);
	}
	return jobs_running(nb) < migrations_at_once() ? start_job(nb, s, err)
						       : 0;
}

int schema_bound(const struct network_boot *nb)
{
	double slowest = 0;

	for (unsigned i = 0; i < nb->schema_count; i++)
		if (nb->schemas[i].state == SCHEMA_DONE &&
		    nb->schemas[i].seconds > slowest)
			slowest = nb->schemas[i].seconds;
	return (int)patience(nb->net.timeouts.migrate, (int64_t)slowest);
}

static int schema_watch(struct network_boot *nb, struct node_schema *s,
			struct error *err)
{
	int64_t limit = s->begun_us + schema_bound(nb) * 1000000LL;
	struct error why;

	if (s->job->phase == POD_EXITED && !s->job->exit_code) {
		schema_done(s);
		return create_databases(nb, s, s->first->database, err);
	}
	if (s->job->phase == POD_EXITED || s->job->phase == POD_FAILED) {
		failed_pod(nb->engine, s->job, &why);
		schema_fail(s, why.text);
	} else if (clock_mono_us() > limit) {
		error_set(&why, ERROR_DEPLOY, "did not end within %d s",
			  schema_bound(nb));
		schema_fail(s, why.text);
	}
	return 0;
}

int schema_step(struct network_boot *nb, struct node_schema *s,
		struct error *err)
{
	switch (s->state) {
	case SCHEMA_TODO:
		return schema_begin(nb, s, err);
	case SCHEMA_MIGRATING:
		return schema_watch(nb, s, err);
	case SCHEMA_DONE:
	case SCHEMA_FAILED:
		break;
	}
	return 0;
}

/* ---- keeping ---- */

/* A ready node that uses the schema, or NULL. */
static const struct boot *witness(const struct network_boot *nb,
				  const struct node_schema *s)
{
	for (unsigned i = 0; i < nb->boot_count; i++)
		if (nb->boots[i].schema == s &&
		    nb->boots[i].state == BOOT_READY)
			return &nb->boots[i];
	return NULL;
}

/* The nodes are ready: without the cache only the next start is slower. */
int schemas_keep(struct network_boot *nb, struct error *err)
{
	for (unsigned i = 0; i < nb->schema_count; i++) {
		struct node_schema *s = &nb->schemas[i];
		const struct boot *ready = witness(nb, s);
		struct error why = { 0 };

		if (!s->cache || s->restored || !ready)
			continue;
		if (database_save_schema(&nb->database, ready->node->database,
					 s->cache, &why) == 0)
			continue;
		if (why.kind == ERROR_INTERRUPTED)
			return error_set(err, why.kind, "%s", why.text);
		snprintf(s->not_kept, sizeof(s->not_kept), "%.500s", why.text);
	}
	return 0;
}

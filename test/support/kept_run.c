/* SPDX-License-Identifier: Apache-2.0 */
/* kept_run.c - real runs that were kept, with their databases restored. */
#include "test/support/kept_run.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "data/zip.h"
#include "test/support/postgres.h"
#include "test/support/test.h"
#include "test/support/run_lines.h"

enum {
	RUNS_MAX = 32,
	SQL_MAX = 64 * 1024 * 1024,
	ARENA_MAX = 64 * 1024 * 1024,
	SECONDS = 60,
	RESTORERS_MAX = 8,
	ATTACHMENTS_MAX = 16
};

static struct postgres server;
static struct pg *admin;
static struct arena arena = ARENA_INIT(ARENA_MAX);
static const char *names[RUNS_MAX + 1];
static struct kept_run *runs[RUNS_MAX];

/* ---- the server ---- */

static int open_database(const char *database, struct pg **ret,
			 struct error *err)
{
	struct pg_address a = { .host = server.dir,
				.port = server.port,
				.database = database,
				.user = POSTGRES_USER,
				.password = POSTGRES_PASSWORD };

	return pg_open(&a, SECONDS, ret, err);
}

int kept_run_exec(const char *database, const char *sql, struct error *err)
{
	cleanup(pg_closep) struct pg *pg = NULL;

	if (open_database(database, &pg, err) < 0)
		return -1;
	return pg_exec(pg, sql, err);
}

int kept_run_each(const char *database, const char *sql,
		  int (*fn)(const struct pg_row *row, void *ctx), void *ctx,
		  struct error *err)
{
	cleanup(pg_closep) struct pg *pg = NULL;

	if (open_database(database, &pg, err) < 0)
		return -1;
	return pg_each(pg, sql, fn, ctx, err);
}

static int record_name(const char *name, void *ctx)
{
	char dir[PATH_ROOM], path[PATH_ROOM];
	size_t *count = ctx;

	path_join(dir, KEPT_RUNS, name);
	if (!file_exists(path_join(path, dir, "network.resolved.yaml")))
		return 0;
	if (*count == RUNS_MAX)
		return -1;
	names[(*count)++] = arena_strdup(&arena, name);
	return 0;
}

int kept_runs_start(void **state)
{
	struct error err = { 0 };

	(void)state;
	setenv("MEDLEY_HOME", ".", 1);
	if (postgres_try(&server))
		assert_ok(open_database("postgres", &admin, &err), err);
	return 0;
}

static void free_run(struct kept_run *run)
{
	if (!run)
		return;
	arena_release(&run->arena);
	free(run);
}

int kept_runs_stop(void **state)
{
	(void)state;
	pg_close(steal(admin));
	if (server.port)
		postgres_stop(&server);
	for (size_t i = 0; i < RUNS_MAX; i++)
		free_run(steal(runs[i]));
	arena_release(&arena);
	return 0;
}

const char *const *kept_run_names(struct error *err)
{
	size_t count = 0;

	if (!names[0] && dir_each(KEPT_RUNS, record_name, &count, err) < 0)
		return NULL;
	return names;
}

int kept_run_copy(const char *database, const char *copy, struct error *err)
{
	cleanup(buf_release) struct buf sql = BUF_INIT(PATH_ROOM);

	/* By files, not by way of the log, which would grow in memory. */
	buf_addf(&sql,
		 "create database \"%s\" template \"%s\" strategy file_copy",
		 copy, database);
	return pg_exec(admin, buf_text(&sql), err);
}

int kept_run_drop(const char *copy, struct error *err)
{
	cleanup(buf_release) struct buf sql = BUF_INIT(PATH_ROOM);

	buf_addf(&sql, "drop database \"%s\"", copy);
	return pg_exec(admin, buf_text(&sql), err);
}

static void write_file(const char *dir, const char *name,
		       const struct buf *text)
{
	struct error err = { 0 };
	char path[PATH_ROOM];

	path_join(path, dir, name);
	assert_ok(file_write(path, text->data, text->len, 0600, &err), err);
}

void kept_run_make_dir(char room[PATH_ROOM])
{
	cleanup(buf_release) struct buf text = BUF_INIT(PATH_ROOM);
	struct error err = { 0 };
	char prefix[PATH_ROOM];

	path_join(prefix, server.dir, "trial-");
	assert_ok(dir_make_temporary(prefix, room, &err), err);
	buf_addf(&text,
		 "{\"nodes\":{},\"database\":{\"host\":\"%s\",\"port\":%u}}",
		 server.dir, server.port);
	write_file(room, "endpoints.json", &text);
	buf_clear(&text);
	buf_add_str(&text, "{\"rpc_user\":\"u\",\"rpc_password\":\"p\","
			   "\"database_user\":\"" POSTGRES_USER "\","
			   "\"database_password\":\"" POSTGRES_PASSWORD "\"}");
	write_file(room, "secrets.json", &text);
}

/* ---- one database ---- */

/* One thread at a time: libarchive calls mktime(), and ThreadSanitizer does not
 * see the lock that the C library has around it. */
static int read_zip(const char *path, const char *name, struct buf *out,
		    struct error *err)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	int rc;

	pthread_mutex_lock(&lock);
	rc = zip_member(path, name, out, err);
	pthread_mutex_unlock(&lock);
	return rc;
}

/* Contents that the dumps leave out, since many databases have the same. */
struct attachments {
	struct {
		char id[65];
		int64_t content; /* large object */
	} list[ATTACHMENTS_MAX];
	size_t count;
};

static int record_attachment(const struct pg_row *row, void *ctx)
{
	struct attachments *a = ctx;

	if (a->count == ATTACHMENTS_MAX)
		return 1;
	snprintf(a->list[a->count].id, sizeof(a->list[0].id), "%s",
		 pg_text(row, 0));
	a->list[a->count++].content = pg_int(row, 1, 0);
	return 0;
}

static int fill_attachment(struct pg *pg, const char *id, int64_t content,
			   struct error *err)
{
	cleanup(buf_release) struct buf jar = BUF_INIT(SQL_MAX);
	cleanup(buf_release) struct buf sql = BUF_INIT(SQL_MAX);

	if (read_zip(KEPT_RUNS "/attachments.zip", id, &jar, err) < 0)
		return -1;
	buf_addf(&sql, "select lo_put(%lld, 0, '\\x", (long long)content);
	buf_add_hex(&sql, jar.data, jar.len);
	buf_add_str(&sql, "')");
	if (buf_check(&sql, err) < 0)
		return -1;
	return pg_exec(pg, buf_text(&sql), err);
}

static int fill_attachments(struct pg *pg, struct error *err)
{
	struct attachments a = { .count = 0 };

	if (pg_each(pg,
		    "select att_id, content from node_attachments"
		    " where lo_get(content) = ''",
		    record_attachment, &a, err) != 0)
		return error_wrap(err, "attachments");
	for (size_t i = 0; i < a.count; i++)
		if (fill_attachment(pg, a.list[i].id, a.list[i].content, err) <
		    0)
			return -1;
	return 0;
}

/* From the member "<database>.sql" into "<run>/<database>". */
static int restore(const struct kept_run *run, const char *database,
		   struct error *err)
{
	cleanup(buf_release) struct buf sql = BUF_INIT(SQL_MAX);
	cleanup(buf_release) struct buf create = BUF_INIT(PATH_ROOM);
	cleanup(pg_closep) struct pg *pg = NULL, *maker = NULL;
	char zip[PATH_ROOM], member[PATH_ROOM];

	path_join(zip, run->dir, "databases.zip");
	path_printf(member, "%s.sql", strchr(database, '/') + 1);
	buf_addf(&create, "create database \"%s\" template template0",
		 database);
	if (read_zip(zip, member, &sql, err) < 0 ||
	    open_database("postgres", &maker, err) < 0 ||
	    pg_exec(maker, buf_text(&create), err) < 0 ||
	    open_database(database, &pg, err) < 0 ||
	    pg_exec(pg, buf_text(&sql), err) < 0 ||
	    /* A dump empties the search path. */
	    pg_exec(pg, "set search_path=public", err) < 0 ||
	    fill_attachments(pg, err) < 0)
		return error_wrap(err, "restoring %s", database);
	return 0;
}

/* ---- all databases of a run, on all cores ---- */

struct restoring {
	const struct kept_run *run;
	atomic_uint next; /* node */
};

struct restorer {
	pthread_t thread;
	struct restoring *all;
	struct error err;
	int rc;
};

static void *restore_some(void *ctx)
{
	struct restorer *r = ctx;
	const struct network *net = &r->all->run->net;
	unsigned i;

	while (r->rc == 0 &&
	       (i = atomic_fetch_add(&r->all->next, 1)) < net->node_count)
		r->rc = restore(r->all->run, net->nodes[i].database, &r->err);
	return NULL;
}

static void restore_all(const struct kept_run *run)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned count = cores > RESTORERS_MAX ? RESTORERS_MAX
			 : cores < 1	       ? 1
					       : (unsigned)cores;
	struct restoring all = { .run = run };
	struct restorer restorers[RESTORERS_MAX] = { 0 };

	for (unsigned i = 0; i < count; i++) {
		restorers[i].all = &all;
		assert_int_equal(pthread_create(&restorers[i].thread, NULL,
						restore_some, &restorers[i]),
				 0);
	}
	for (unsigned i = 0; i < count; i++)
		pthread_join(restorers[i].thread, NULL);
	for (unsigned i = 0; i < count; i++)
		assert_ok(restorers[i].rc, restorers[i].err);
}

/* ---- a run ---- */

static int load(struct kept_run *run, struct error *err)
{
	if (network_load(run->dir, &run->arena, &run->net, err) < 0 ||
	    all_operations(run->dir, &run->arena, &run->ops, &run->op_count,
			   err) < 0)
		return -1;
	for (unsigned i = 0; i < run->net.node_count; i++) {
		struct network_node *n = &run->net.nodes[i];

		n->database = arena_printf(&run->arena, "%s/%s", run->name,
					   n->database);
		if (!n->database)
			return error_nomem(err);
	}
	return 0;
}

int kept_run_find(const char *name, struct kept_run **ret, struct error *err)
{
	struct kept_run *run;
	size_t i = 0;

	while (i < RUNS_MAX && runs[i] && strcmp(runs[i]->name, name))
		i++;
	if (i == RUNS_MAX)
		return error_set(err, ERROR_INTERNAL, "too many runs");
	if (!runs[i]) {
		run = calloc(1, sizeof(*run));
		if (!run)
			return error_nomem(err);
		*run = (struct kept_run){ .name = name,
					  .arena = ARENA_INIT(ARENA_MAX) };
		path_join(run->dir, KEPT_RUNS, name);
		runs[i] = run;
		if (load(run, err) < 0)
			return -1;
	}
	*ret = runs[i];
	return 0;
}

void kept_run_restore(struct kept_run *run)
{
	if (!postgres_there())
		skip();
	if (!run->restored)
		restore_all(run);
	run->restored = true;
}

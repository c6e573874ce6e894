/* SPDX-License-Identifier: Apache-2.0 */
/* archive_server.c - the archive of a team: tables in PostgreSQL. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "corda/digest.h"
#include "data/pg.h"
#include "run/archive.h"
#include "run/archive_tables.h"
#include "run/run.h"
#include "sys/file.h"

/*
 * Each run is recorded in one transaction. Transactions that write take turns
 * by an advisory lock, which the server lets go at their end, so that two
 * machines can create the tables, and record the same run, at the same time.
 */
enum { SECONDS = 30, TEXT_MAX = 256 * 1024 * 1024, STAMP_TEXT = 65 };

int archive_check_uri(const char *what, const char *uri, struct error *err)
{
	bool secret = false;

	if (strncmp(uri, "postgresql://", 13) &&
	    strncmp(uri, "postgres://", 11))
		return error_set(err, ERROR_INPUT,
				 "%s: expected postgresql://USER@HOST:PORT/"
				 "DATABASE",
				 what);
	if (pg_check_uri(uri, &secret, err) < 0)
		return error_wrap(err, "%s", what);
	if (secret)
		return error_set(err, ERROR_INPUT,
				 "%s: the address contains a password; put it "
				 "into ~/.pgpass, or the file that PGPASSFILE "
				 "names",
				 what);
	return 0;
}

static int take_int(const struct sql_row *row, void *ctx)
{
	*(int64_t *)ctx = sql_int(row, 0, 0);
	return 0;
}

/* ---- the tables ---- */

static int begin(struct sql *db, struct error *err)
{
	if (sql_exec(db, "begin", err) < 0)
		return -1;
	return sql_exec(
		db, "select pg_advisory_xact_lock(hashtext('medley_history'))",
		err);
}

/* The error of what failed counts, not that of giving up. */
static int end(struct sql *db, int rc, struct error *err)
{
	if (rc >= 0)
		return sql_exec(db, "commit", err) < 0 ? -1 : rc;
	sql_exec(db, "rollback", NULL);
	return rc;
}

/* -1: there is no table. */
static int read_version(struct sql *db, int64_t *ret, struct error *err)
{
	int64_t exists = 0;

	*ret = -1;
	if (sql_each(db,
		     "select case when to_regclass('medley_history') is null "
		     "then 0 else 1 end",
		     NULL, 0, take_int, &exists, err) < 0)
		return -1;
	return exists ? sql_each(db, "select version from medley_history", NULL,
				 0, take_int, ret, err)
		      : 0;
}

static int create_tables(struct sql *db, struct error *err)
{
	char text[128];

	snprintf(text, sizeof(text), "insert into medley_history values (%d)",
		 ARCHIVE_VERSION);
	if (sql_exec(db,
		     "create table medley_history (version bigint not null)",
		     err) < 0 ||
	    sql_exec(db, text, err) < 0)
		return -1;
	return archive_create(db, err);
}

/* Another machine may have created them since. */
static int create_once(struct sql *db, struct error *err)
{
	int64_t version;
	int rc = begin(db, err);

	if (rc == 0)
		rc = read_version(db, &version, err);
	if (rc == 0 && version < 0)
		rc = create_tables(db, err);
	return end(db, rc, err);
}

static int check_version(struct sql *db, bool write, struct error *err)
{
	int64_t version;

	if (read_version(db, &version, err) < 0)
		return -1;
	if (version < 0 && !write)
		return error_set(err, ERROR_INPUT,
				 "no run was recorded in it yet; 'medley "
				 "history --record' records runs");
	if (version < 0)
		return create_once(db, err);
	if (version == ARCHIVE_VERSION)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "its tables have version %lld, but this medley needs "
			 "version %d; use the medley that made the tables, or "
			 "another database",
			 (long long)version, ARCHIVE_VERSION);
}

int archive_connect(const char *uri, bool write, struct archive **ret,
		    struct error *err)
{
	cleanup(archive_closep) struct archive *a = calloc(1, sizeof(*a));

	if (!a)
		return error_nomem(err);
	a->lock = -1;
	if (sql_open_server(uri, SECONDS, &a->db, err) < 0 ||
	    check_version(a->db, write, err) < 0)
		return error_wrap(err, "the history database");
	*ret = steal(a);
	return 0;
}

/* ---- a run ---- */

/* What it holds is the same on every machine; the file's time is not. */
static int digest_of(const char *run_dir, char ret[STAMP_TEXT],
		     struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);
	uint8_t digest[DIGEST_MAX];
	char path[PATH_ROOM];

	if (file_read(path_join(path, run_dir, "results.json"), &text, err) < 0)
		return -1;
	digest_bytes(DIGEST_SHA256, text.data, text.len, digest);
	for (size_t i = 0; i < (STAMP_TEXT - 1) / 2; i++)
		snprintf(ret + 2 * i, 3, "%02x", digest[i]);
	return 0;
}

/* 1: the run is recorded as it is. */
static int is_recorded(struct sql *db, const struct archive_key *key,
		       struct error *err)
{
	const char *const values[] = { key->run, key->origin, key->stamp };
	int64_t found = 0;

	if (sql_each(db,
		     "select 1 from medley_runs where run = cast($1 as text) "
		     "and origin = cast($2 as text) "
		     "and stamp = cast($3 as text)",
		     values, 3, take_int, &found, err) < 0)
		return -1;
	return found != 0;
}

static int record(struct sql *db, const char *run_dir,
		  const struct archive_key *key, struct error *err)
{
	int rc = begin(db, err);

	if (rc == 0)
		rc = is_recorded(db, key, err);
	if (rc == 0)
		rc = archive_store(db, run_dir, key, false, err) < 0 ? -1 : 2;
	rc = end(db, rc, err);
	return rc < 0 ? -1 : rc == 2;
}

int archive_record(struct archive *a, const char *run_dir, struct error *err)
{
	char id[PATH_ROOM], origin[ARCHIVE_ORIGIN], stamp[STAMP_TEXT];
	struct archive_key key = { .origin = origin, .stamp = stamp };
	int rc;

	key.run = run_id(run_dir, id);
	key.begun_us = run_active_us(run_dir);
	if (run_refuse_links(run_dir, err) < 0 ||
	    archive_origin(run_dir, origin, err) < 0 ||
	    digest_of(run_dir, stamp, err) < 0)
		return -1;
	rc = is_recorded(a->db, &key, err);
	if (rc == 0)
		rc = record(a->db, run_dir, &key, err);
	else if (rc == 1)
		rc = 0;
	return rc < 0 ? error_wrap(err, "recording %s", run_dir) : rc;
}

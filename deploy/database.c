/* SPDX-License-Identifier: Apache-2.0 */
/* database.c - the PostgreSQL of a run: its databases and their schemas. */
#include "deploy/database.h"

#include <string.h>
#include <stdio.h>

#include "deploy/failed_pod.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/interrupt.h"

enum {
	SESSION_SECONDS = 60,
	CONNECT_SECONDS = 5,
	TRY_MS = 50,
	SCHEMA_MAX = 32 * 1024 * 1024
};

static int open_session(const struct run_database *db, const char *name,
			int seconds, struct pg **ret, struct error *err)
{
	struct pg_address address = { .host = db->pod->at.host,
				      .port = db->pod->at.port,
				      .database = name,
				      .user = db->secrets->database_user,
				      .password =
					      db->secrets->database_password };

	return pg_open(&address, seconds, ret, err);
}

/* 1 answers, 0 not yet, -1 never will. */
static int try_session(struct run_database *db, struct error *last,
		       struct error *err)
{
	struct pg *pg = NULL;

	if (interrupt_check(err) < 0 ||
	    db->engine->ops->observe(db->engine, err) < 0)
		return -1;
	if (db->pod->phase == POD_EXITED || db->pod->phase == POD_FAILED)
		return failed_pod(db->engine, db->pod, err);
	if (db->pod->phase != POD_RUNNING ||
	    open_session(db, "postgres", CONNECT_SECONDS, &pg, last) < 0)
		return 0;
	pg_close(pg);
	return 1;
}

int database_wait(struct run_database *db, int seconds, struct error *err)
{
	int64_t limit = clock_mono_us() + (int64_t)seconds * 1000000;
	struct error last = { .text = "it does not run yet" };
	int rc;

	while (!(rc = try_session(db, &last, err))) {
		if (clock_mono_us() > limit)
			return error_set(err, ERROR_DEPLOY,
					 "the database did not answer within "
					 "%d s: %s",
					 seconds, last.text);
		/* Nobody reports that it takes sessions. */
		loop_step(db->engine->loop, TRY_MS);
	}
	if (rc < 0)
		return error_wrap(err, "database");
	return open_session(db, "postgres", SESSION_SECONDS, &db->pg, err);
}

void database_release(struct run_database *db)
{
	pg_close(db->pg);
	db->pg = NULL;
}

/* One or more statements; %1$s is the name, %2$s another word. */
__attribute__((format(printf, 2, 0))) static int run_sql(struct pg *pg,
							 const char *format,
							 const char *name,
							 const char *word,
							 struct error *err)
{
	cleanup(buf_release) struct buf sql = BUF_INIT(4096);

	if (strchr(name, '"') || (word && strchr(word, '"')))
		return error_set(err, ERROR_INPUT, "database name %s", name);
	buf_addf(&sql, format, name, word);
	if (buf_check(&sql, err) < 0 || pg_exec(pg, buf_text(&sql), err) < 0)
		return error_wrap(err, "database %s", name);
	return 0;
}

static int create_role(struct run_database *db, const char *name,
		       struct error *err)
{
	cleanup(buf_release) struct buf verifier = BUF_INIT(1024);
	char password[ROLE_PASSWORD];

	if (!db->secrets->nodes_key)
		return error_set(err, ERROR_INPUT,
				 "secrets.json was written by an earlier "
				 "version of medley and has no nodes_key: run "
				 "medley generate again");
	secrets_role_password(db->secrets, name, password);
	/* A server may log what it is told. */
	if (pg_verifier(db->pg, name, password, &verifier, err) < 0)
		return -1;
	return run_sql(db->pg, "CREATE ROLE \"%s\" LOGIN PASSWORD '%s'", name,
		       buf_text(&verifier), err);
}

/* What is in a copy belongs to the original's role. So, for REASSIGN, does the
 * original, which must not move. */
static int take_over(struct run_database *db, const char *name,
		     const char *from, struct error *err)
{
	cleanup(pg_closep) struct pg *pg = NULL;

	if (open_session(db, name, SESSION_SECONDS, &pg, err) < 0)
		return -1;
	return run_sql(pg,
		       "REASSIGN OWNED BY \"%2$s\" TO \"%1$s\";"
		       "ALTER DATABASE \"%2$s\" OWNER TO \"%2$s\"",
		       name, from, err);
}

int database_create(struct run_database *db, const char *name, const char *from,
		    struct error *err)
{
	if (create_role(db, name, err) < 0 ||
	    run_sql(db->pg,
		    "CREATE DATABASE \"%1$s\" TEMPLATE \"%2$s\" "
		    "OWNER \"%1$s\"",
		    name, from ? from : "template0", err) < 0 ||
	    run_sql(db->pg, "REVOKE ALL ON DATABASE \"%s\" FROM PUBLIC", name,
		    NULL, err) < 0)
		return -1;
	return from ? take_over(db, name, from, err) : 0;
}

int database_drop(struct run_database *db, const char *name, struct error *err)
{
	if (run_sql(db->pg, "DROP DATABASE IF EXISTS \"%s\"", name, NULL, err) <
	    0)
		return -1;
	return run_sql(db->pg, "DROP ROLE IF EXISTS \"%s\"", name, NULL, err);
}

/*
 * The password comes on standard input, since words of a command are seen by
 * everyone. The second dump is what Liquibase knows of its own work.
 */
static const char dump_script[] =
	"read -r PGPASSWORD && export PGPASSWORD && "
	"dump='/usr/lib/postgresql/15/bin/pg_dump -h 127.0.0.1 "
	"--no-owner --no-privileges' && "
	"$dump -U \"$1\" -d \"$2\" --schema-only && "
	"$dump -U \"$1\" -d \"$2\" --data-only --inserts "
	"-t 'public.databasechangelog*'";

/* Lines for psql, which the server does not know, begin with '\'. */
static void drop_psql_lines(struct buf *sql)
{
	size_t at = 0;

	while (at < sql->len) {
		const char *line = buf_text(sql) + at;
		size_t n = strcspn(line, "\n");

		if (line[0] == '\\')
			buf_splice(sql, at, n + (line[n] == '\n'), NULL, 0);
		else
			at += n + 1;
	}
}

int database_save_schema(struct run_database *db, const char *name,
			 const char *path, struct error *err)
{
	cleanup(buf_release) struct buf sql = BUF_INIT(SCHEMA_MAX);
	cleanup(buf_release) struct buf input = BUF_INIT(4096);
	const char *argv[] = { "/bin/sh",
			       "-c",
			       dump_script,
			       "dump",
			       db->secrets->database_user,
			       name,
			       NULL };

	buf_addf(&input, "%s\n", db->secrets->database_password);
	if (db->engine->ops->exec(db->engine, db->pod, argv, buf_text(&input),
				  SESSION_SECONDS, &sql, err) < 0)
		return error_wrap(err, "schema of %s", name);
	drop_psql_lines(&sql);
	if (buf_check(&sql, err) < 0)
		return -1;
	return file_write(path, sql.data, sql.len, 0600, err);
}

static int fill(struct run_database *db, const char *name, const char *sql,
		struct error *err)
{
	cleanup(pg_closep) struct pg *pg = NULL;

	if (open_session(db, name, SESSION_SECONDS, &pg, err) < 0 ||
	    run_sql(pg, "SET ROLE \"%s\"", name, NULL, err) < 0)
		return -1;
	return pg_exec(pg, sql, err);
}

int database_load_schema(struct run_database *db, const char *name,
			 const char *path, struct error *err)
{
	cleanup(buf_release) struct buf sql = BUF_INIT(SCHEMA_MAX);

	if (file_read(path, &sql, err) < 0 ||
	    database_create(db, name, NULL, err) < 0)
		return -1;
	if (fill(db, name, buf_text(&sql), err) < 0) {
		database_drop(db, name, NULL);
		return error_wrap(err, "schema %s", path);
	}
	return 0;
}

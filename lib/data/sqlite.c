/* SPDX-License-Identifier: Apache-2.0 */
/* sqlite.c - a database in a file, by SQLite, which no other file includes. */
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/cleanup.h"
#include "data/sql_ops.h"
#include "sys/interrupt.h"

/*
 * The file may come from somebody else. Nothing that its schema says is run:
 * triggers and views are off, functions in it are not trusted, and it cannot
 * name another file (ATTACH). SQLite's own limits bound what a value takes.
 */
enum {
	TEXT_BYTES_MAX = 64 * 1024 * 1024,
	STATEMENT_MAX = 256 * 1024,
	STEPS = 100 * 1000 /* between two looks at ^C */
};

struct file_database {
	struct sql base;
	sqlite3 *db;
	bool damaged;
};

static struct file_database *file_of(struct sql *db)
{
	return (struct file_database *)db; /* base is the first member */
}

static int fail(struct file_database *f, struct error *err)
{
	const int code = sqlite3_errcode(f->db) & 0xff;

	if (code == SQLITE_NOMEM)
		return error_nomem(err);
	if (code == SQLITE_INTERRUPT && interrupt_check(err) < 0)
		return -1;
	f->damaged |= code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
	return error_set(err, ERROR_INTERNAL, "%s", sqlite3_errmsg(f->db));
}

/* ---- statements ---- */

static void finalizep(sqlite3_stmt **statement)
{
	sqlite3_finalize(*statement);
}

/* "$7" is a name for SQLite, which searches all names for it; "?7" is a number.
 * No statement has a '$' elsewhere. */
static int prepare(struct file_database *f, const char *text,
		   sqlite3_stmt **ret, struct error *err)
{
	cleanup(freep) char *numbered = strdup(text);

	if (!numbered)
		return error_nomem(err);
	for (char *at = numbered; (at = strchr(at, '$'));)
		*at = '?';
	if (sqlite3_prepare_v2(f->db, numbered, -1, ret, NULL) != SQLITE_OK)
		return fail(f, err);
	return 0;
}

static int bind(struct file_database *f, sqlite3_stmt *statement,
		const char *const *values, unsigned count, struct error *err)
{
	for (unsigned i = 0; i < count; i++)
		if (sqlite3_bind_text(statement, (int)i + 1, values[i], -1,
				      SQLITE_STATIC) != SQLITE_OK)
			return fail(f, err);
	return 0;
}

static int file_each(struct sql *db, const char *text,
		     const char *const *values, unsigned count, sql_row_fn *fn,
		     void *ctx, struct error *err)
{
	struct file_database *f = file_of(db);
	cleanup(finalizep) sqlite3_stmt *statement = NULL;
	struct sql_row row = { db->ops, NULL };
	int rc, code;

	if (prepare(f, text, &statement, err) < 0 ||
	    bind(f, statement, values, count, err) < 0)
		return -1;
	row.row = statement;
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		rc = fn ? fn(&row, ctx) : 0;
		if (rc)
			return rc;
	}
	return code == SQLITE_DONE ? 0 : fail(f, err);
}

static const char *file_text(const struct sql_row *row, int column)
{
	return (const char *)sqlite3_column_text(row->row, column);
}

static int64_t file_integer(const struct sql_row *row, int column, int64_t null)
{
	return sqlite3_column_type(row->row, column) == SQLITE_INTEGER
		       ? sqlite3_column_int64(row->row, column)
		       : null;
}

static bool file_damaged(const struct sql *db)
{
	return ((const struct file_database *)db)->damaged;
}

static void file_close(struct sql *db)
{
	sqlite3_close(file_of(db)->db);
	free(db);
}

static const struct sql_ops file_ops = { file_each, file_text, file_integer,
					 file_damaged, file_close };

/* ---- opening ---- */

static int is_interrupted(void *ctx)
{
	(void)ctx;
	return interrupt_check(NULL) < 0;
}

static bool configure(sqlite3 *db)
{
	static const struct {
		int what, value;
	} settings[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (sqlite3_db_config(db, settings[i].what, settings[i].value,
				      NULL) != SQLITE_OK)
			return false;
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, TEXT_BYTES_MAX);
	sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, STATEMENT_MAX);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_progress_handler(db, STEPS, is_interrupted, NULL);
	return true;
}

/* Pages are checked as they are read, and not mapped: a file that another
 * process cuts would end this one. */
static int set_pragmas(struct sql *db, struct error *err)
{
	static const char *const pragmas[] = {
		"pragma cell_size_check = on",
		"pragma mmap_size = 0",
		"pragma temp_store = memory",
	};

	for (size_t i = 0; i < ARRAY_SIZE(pragmas); i++)
		if (sql_exec(db, pragmas[i], err) < 0)
			return -1;
	return 0;
}

int sql_open_file(const char *path, struct sql **ret, struct error *err)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
			  SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX;
	struct file_database *f = calloc(1, sizeof(*f));
	cleanup(sql_closep) struct sql *db = f ? &f->base : NULL;

	if (!f)
		return error_nomem(err);
	db->ops = &file_ops;
	if (sqlite3_open_v2(path ? path : ":memory:", &f->db, flags,
			    path ? "unix-none" : NULL) != SQLITE_OK ||
	    !configure(f->db))
		return f->db ? fail(f, err) : error_nomem(err);
	if (set_pragmas(db, err) < 0)
		return -1;
	*ret = steal(db);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* sql.h - one set of statements for two databases: a file of SQLite's, and
 * PostgreSQL. */
#ifndef DATA_SQL_H
#define DATA_SQL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/*
 * Statements use what both databases understand: the types text and bigint,
 * lower-case names, "on conflict do nothing". A parameter $1, $2 … is a text,
 * and has a cast: cast($1 as text), or cast(cast($1 as text) as bigint). There
 * is no other '$' in a statement.
 */
struct sql;
struct sql_row; /* borrowed until the callback returns */

/* A server, as pg_open_uri() takes it; `seconds` bounds each statement. */
int sql_open_server(const char *uri, int seconds, struct sql **ret,
		    struct error *err);
/*
 * A file, which is created if it is missing; NULL: a database in memory.
 * Nothing locks the file: the caller makes sure that nobody else has it open.
 * Triggers and views are not run, and the schema is not trusted.
 */
int sql_open_file(const char *path, struct sql **ret, struct error *err);
void sql_close(struct sql *db);
static inline void sql_closep(struct sql **db)
{
	sql_close(*db);
}

/* True if a call has failed because the file is damaged, or not a database. */
bool sql_damaged(const struct sql *db);

/* One statement without rows. */
int sql_exec(struct sql *db, const char *text, struct error *err);

enum { SQL_VALUES_MAX = 512 };
/* Calls fn for each row; a non-zero value stops the statement and is returned.
 * `values` are the parameters, none of which is NULL; fn may be NULL. */
typedef int sql_row_fn(const struct sql_row *row, void *ctx);
int sql_each(struct sql *db, const char *text, const char *const *values,
	     unsigned count, sql_row_fn *fn, void *ctx, struct error *err);

/* A column, from 0. NULL and `null` for SQL NULL. */
const char *sql_text(const struct sql_row *row, int column);
int64_t sql_int(const struct sql_row *row, int column, int64_t null);

#endif

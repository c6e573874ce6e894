/* SPDX-License-Identifier: Apache-2.0 */
/* sql.h - runs the same SQL statements in a file of SQLite or in PostgreSQL. */
#ifndef DATA_SQL_H
#define DATA_SQL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/*
 * Statements use only SQL that both databases accept: the types text and
 * bigint, lower-case names, "on conflict do nothing". A parameter $1, $2 … is a
 * text, and needs a cast: cast($1 as text), or cast(cast($1 as text) as
 * bigint). A statement has no other '$'.
 */
struct sql;
struct sql_row; /* borrowed until the callback returns */

/* `uri`: as for pg_open_uri(). `seconds`: time limit of each statement. */
int sql_open_server(const char *uri, int seconds, struct sql **ret,
		    struct error *err);
/*
 * Opens a file, and creates the file if it is missing; NULL: a database in
 * memory. The file is not locked: the caller makes sure that no other process
 * has it open. The file may come from somebody else: SQLite does not trust its
 * schema, and runs no triggers and views of it.
 */
int sql_open_file(const char *path, struct sql **ret, struct error *err);
void sql_close(struct sql *db);
static inline void sql_closep(struct sql **db)
{
	sql_close(*db);
}

/* True if a call has failed because the file is damaged or is not a database.
 */
bool sql_damaged(const struct sql *db);

/* Runs one statement that returns no rows. */
int sql_exec(struct sql *db, const char *text, struct error *err);

enum { SQL_VALUES_MAX = 512 };
/* Calls fn for each row; a non-zero value stops the statement and is returned.
 * `values` are the parameters, none of which is NULL; fn may be NULL. */
typedef int sql_row_fn(const struct sql_row *row, void *ctx);
int sql_each(struct sql *db, const char *text, const char *const *values,
	     unsigned count, sql_row_fn *fn, void *ctx, struct error *err);

/* The value of a column, counted from 0. For SQL NULL: NULL, or `null`. */
const char *sql_text(const struct sql_row *row, int column);
int64_t sql_int(const struct sql_row *row, int column, int64_t null);

#endif

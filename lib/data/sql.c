/* SPDX-License-Identifier: Apache-2.0 */
/* sql.c - one set of statements for two databases; PostgreSQL's part. */
#include "data/sql.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "data/pg.h"
#include "data/sql_ops.h"

void sql_close(struct sql *db)
{
	if (db)
		db->ops->close(db);
}

bool sql_damaged(const struct sql *db)
{
	return db->ops->damaged(db);
}

int sql_each(struct sql *db, const char *text, const char *const *values,
	     unsigned count, sql_row_fn *fn, void *ctx, struct error *err)
{
	assert(count <= SQL_VALUES_MAX);
	return db->ops->each(db, text, values, count, fn, ctx, err);
}

int sql_exec(struct sql *db, const char *text, struct error *err)
{
	return sql_each(db, text, NULL, 0, NULL, NULL, err);
}

const char *sql_text(const struct sql_row *row, int column)
{
	return row->ops->text(row, column);
}

int64_t sql_int(const struct sql_row *row, int column, int64_t null)
{
	return row->ops->integer(row, column, null);
}

/* ---- PostgreSQL ---- */

struct server {
	struct sql base;
	struct pg *pg;
};

static struct pg *pg_of(struct sql *db)
{
	return ((struct server *)db)->pg; /* base is the first member */
}

struct giving {
	const struct sql_ops *ops;
	sql_row_fn *fn;
	void *ctx;
};

static int give(const struct pg_row *row, void *ctx)
{
	const struct giving *g = ctx;
	const struct sql_row wrapped = { g->ops, (void *)row };

	return g->fn ? g->fn(&wrapped, g->ctx) : 0;
}

static int server_each(struct sql *db, const char *text,
		       const char *const *values, unsigned count,
		       sql_row_fn *fn, void *ctx, struct error *err)
{
	struct giving giving = { db->ops, fn, ctx };
	struct pg_value parameters[SQL_VALUES_MAX];

	for (unsigned i = 0; i < count; i++)
		parameters[i] =
			(struct pg_value){ values[i], strlen(values[i]) };
	return pg_each_with(pg_of(db), text, parameters, count, give, &giving,
			    err);
}

static const char *server_text(const struct sql_row *row, int column)
{
	return pg_text(row->row, column);
}

static int64_t server_integer(const struct sql_row *row, int column,
			      int64_t null)
{
	return pg_int(row->row, column, null);
}

static bool server_damaged(const struct sql *db)
{
	(void)db;
	return false;
}

static void server_close(struct sql *db)
{
	pg_close(pg_of(db));
	free(db);
}

static const struct sql_ops server_ops = { server_each, server_text,
					   server_integer, server_damaged,
					   server_close };

int sql_open_server(const char *uri, int seconds, struct sql **ret,
		    struct error *err)
{
	struct server *s = calloc(1, sizeof(*s));

	if (!s)
		return error_nomem(err);
	s->base.ops = &server_ops;
	if (pg_open_uri(uri, seconds, &s->pg, err) < 0) {
		free(s);
		return -1;
	}
	*ret = &s->base;
	return 0;
}

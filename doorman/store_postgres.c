/* SPDX-License-Identifier: Apache-2.0 */
/* store_postgres.c - a doorman's state as rows of one table. */
#include <stdlib.h>
#include <string.h>

#include "data/pg.h"
#include "doorman/store.h"

/*
 * A statement is a transaction of its own, so a call that returned is durable
 * (synchronous_commit is the server's default). A call that failed may have
 * done its work: the connection is given up, and whoever tries again finds
 * the same value. A change is a transaction that begins with an advisory lock,
 * which the server lets go with it; statement_timeout bounds the wait for it.
 * If the connection is lost on the way, nothing more is done until the change
 * has ended, and it has failed.
 */
enum { SECONDS = STORE_PATIENCE };

struct postgres_store {
	struct store base;
	struct pg *pg; /* NULL: to be opened */
	char *uri;
	bool locked; /* to be taken again with a new connection */
	bool changing; /* a transaction of `pg`; of none if that was lost */
};

static const char schema[] =
	"create table if not exists medley_doorman ("
	"kind text not null, key text collate \"C\" not null, "
	"value bytea not null, "
	"at timestamptz not null default now(), primary key (kind, key))";

static struct postgres_store *postgres_of(struct store *s)
{
	return (struct postgres_store *)s; /* base is the first member */
}

/* An advisory lock of the session: it goes with the server's process. */
static int take_lock(struct pg *pg, struct error *err)
{
	int64_t got;

	if (pg_one_int(pg,
		       "select pg_try_advisory_lock("
		       "hashtext('medley_doorman'))::int",
		       &got, err) < 0)
		return -1;
	if (!got)
		return error_set(err, ERROR_INPUT,
				 "another doorman serves from this database");
	return 0;
}

static int connect_again(struct postgres_store *p, struct error *err)
{
	cleanup(pg_closep) struct pg *pg = NULL;

	if (p->pg)
		return 0;
	if (p->changing)
		return error_set(err, ERROR_INTERNAL,
				 "the connection to the database was lost "
				 "during a change");
	if (pg_open_uri(p->uri, SECONDS, &pg, err) < 0 ||
	    (p->locked && take_lock(pg, err) < 0))
		return -1;
	p->pg = steal(pg);
	return 0;
}

static struct pg_value text_value(const char *text)
{
	return (struct pg_value){ text, strlen(text) };
}

static int run(struct store *s, const char *sql, const struct pg_value *values,
	       unsigned count, int (*fn)(const struct pg_row *row, void *ctx),
	       void *ctx, struct error *err)
{
	struct postgres_store *p = postgres_of(s);

	if (connect_again(p, err) < 0)
		return -1;
	if (pg_each_with(p->pg, sql, values, count, fn, ctx, err) >= 0)
		return 0;
	pg_close(steal(p->pg));
	return -1;
}

struct found {
	struct buf *out;
	bool *found;
};

static int take_value(const struct pg_row *row, void *ctx)
{
	struct found *f = ctx;
	size_t len;
	const uint8_t *bytes = pg_bytes(row, 0, &len);

	*f->found = true;
	if (f->out)
		buf_add(f->out, bytes, len);
	return 0;
}

static int get(struct store *s, const char *kind, const char *key,
	       struct buf *out, bool *ret_found, struct error *err)
{
	const struct pg_value values[] = { text_value(kind), text_value(key) };
	struct found found = { out, ret_found };

	*ret_found = false;
	if (run(s,
		"select value from medley_doorman "
		"where kind = $1::text and key = $2::text",
		values, 2, take_value, &found, err) < 0)
		return -1;
	return buf_check(out, err);
}

static int put(struct store *s, const char *kind, const char *key,
	       const void *bytes, size_t len, bool create, bool *ret_created,
	       struct error *err)
{
	const struct pg_value values[] = { text_value(kind),
					   text_value(key),
					   { bytes, len } };
	struct found found = { NULL, ret_created };

	*ret_created = false;
	return run(s,
		   create ? "insert into medley_doorman (kind, key, value) "
			    "values ($1::text, $2::text, $3::bytea) "
			    "on conflict do nothing returning value"
			  : "insert into medley_doorman (kind, key, value) "
			    "values ($1::text, $2::text, $3::bytea) "
			    "on conflict (kind, key) do update "
			    "set value = excluded.value, at = now() "
			    "returning value",
		   values, 3, take_value, &found, err);
}

static int nothing(const struct pg_row *row, void *ctx)
{
	(void)row, (void)ctx;
	return 0;
}

static int remove_one(struct store *s, const char *kind, const char *key,
		      struct error *err)
{
	const struct pg_value values[] = { text_value(kind), text_value(key) };

	return run(s,
		   "delete from medley_doorman "
		   "where kind = $1::text and key = $2::text",
		   values, 2, nothing, NULL, err);
}

/* Rows are kept until the statement has ended: fn may use the store. */
struct rows {
	struct row {
		char key[STORE_KEY_MAX + 1];
		struct buf value;
	} *list;
	size_t count, room;
	struct error *err;
};

static void rows_release(struct rows *r)
{
	for (size_t i = 0; i < r->count; i++)
		buf_release(&r->list[i].value);
	free(r->list);
}

static int keep_row(const struct pg_row *row, void *ctx)
{
	struct rows *r = ctx;
	struct row *to;
	size_t len;
	const uint8_t *bytes = pg_bytes(row, 1, &len);

	if (r->count == r->room) {
		size_t room = r->room ? 2 * r->room : 64;
		void *list = realloc(r->list, room * sizeof(*r->list));

		if (!list)
			return error_nomem(r->err);
		r->list = list;
		r->room = room;
	}
	to = &r->list[r->count++];
	to->key[0] = 0;
	strncat(to->key, pg_text(row, 0), STORE_KEY_MAX);
	to->value = (struct buf)BUF_INIT(STORE_VALUE_MAX);
	buf_add(&to->value, bytes, len);
	return buf_check(&to->value, r->err);
}

static int each(struct store *s, const char *kind,
		int (*fn)(const char *key, const struct buf *value, void *ctx),
		void *ctx, struct error *err)
{
	const struct pg_value values[] = { text_value(kind) };
	cleanup(rows_release) struct rows rows = { .err = err };
	int rc = 0;

	if (run(s,
		"select key, value from medley_doorman "
		"where kind = $1::text order by key",
		values, 1, keep_row, &rows, err) < 0)
		return -1;
	for (size_t i = 0; i < rows.count && !rc; i++)
		rc = fn(rows.list[i].key, &rows.list[i].value, ctx);
	return rc;
}

static int lock(struct store *s, struct error *err)
{
	struct postgres_store *p = postgres_of(s);

	if (connect_again(p, err) < 0 || take_lock(p->pg, err) < 0)
		return -1;
	p->locked = true;
	return 0;
}

static int begin(struct store *s, struct error *err)
{
	if (run(s, "begin", NULL, 0, nothing, NULL, err) < 0 ||
	    run(s,
		"select pg_advisory_xact_lock("
		"hashtext('medley_doorman changing'))::text",
		NULL, 0, nothing, NULL, err) < 0)
		return -1;
	postgres_of(s)->changing = true;
	return 0;
}

static int end(struct store *s, bool keep, struct error *err)
{
	struct postgres_store *p = postgres_of(s);
	int rc = run(s, keep ? "commit" : "rollback", NULL, 0, nothing, NULL,
		     err);

	p->changing = false;
	return rc;
}

static void close_postgres(struct store *s)
{
	struct postgres_store *p = postgres_of(s);

	pg_close(p->pg);
	free(p->uri);
	free(p);
}

static const struct store_driver driver = {
	.get = get,
	.put = put,
	.remove = remove_one,
	.each = each,
	.lock = lock,
	.begin = begin,
	.end = end,
	.close = close_postgres,
};

/* The keys are written before anything else. */
static int check_made(struct postgres_store *p, struct error *err)
{
	int64_t there;

	if (pg_one_int(p->pg,
		       "select (to_regclass('medley_doorman') is not null)"
		       "::int",
		       &there, err) < 0)
		return -1;
	if (there && pg_one_int(p->pg,
				"select count(*) from medley_doorman "
				"where kind = 'keys' and key = 'authority'",
				&there, err) < 0)
		return -1;
	return there ? 0
		     : error_set(err, ERROR_INPUT,
				 "the database does not have the state of a "
				 "doorman (no keys in a table medley_doorman); "
				 "'medley doorman serve' makes it, --database "
				 "URI names another database");
}

int store_open_postgres(const char *uri, bool make, struct store **ret,
			struct error *err)
{
	struct postgres_store *p = calloc(1, sizeof(*p));

	if (!p)
		return error_nomem(err);
	p->base.driver = &driver;
	p->uri = strdup(uri);
	if (!p->uri || connect_again(p, err) < 0 ||
	    (make ? pg_exec(p->pg, schema, err) : check_made(p, err)) < 0) {
		store_close(&p->base);
		return -1;
	}
	*ret = &p->base;
	return 0;
}

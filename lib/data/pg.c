/* SPDX-License-Identifier: Apache-2.0 */
/* pg.c - PostgreSQL through libpq, which no other file includes. */
#include "data/pg.h"

#include <assert.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "base/arena.h"
#include "sys/bounded_call.h"
#include "sys/clock.h"
#include "sys/interrupt.h"
#include "sys/wait.h"

/*
 * A statement is sent, then its rows are taken as they come. Each wait ends
 * with an error when medley is interrupted, or the server has been silent for
 * the connection's number of seconds. A statement that is given up is cancelled
 * and its rest read, so that the connection can be used again; both are
 * bounded, too.
 */
struct pg {
	PGconn *conn;
	int seconds;
};

struct pg_row {
	const PGresult *result;
};

enum { OID_TYPE = 26, CANCEL_SECONDS = 5, ADDRESS_MAX = 64 * 1024 };

/* libpq's messages end with newlines and may have several lines. */
static int pg_error(struct error *err, const char *what, const char *message)
{
	size_t len = strcspn(message, "\n");

	return error_set(err, ERROR_INTERNAL, "%s: %.*s", what, (int)len,
			 message);
}

/* Until the socket is ready for `events` or the deadline is over. */
static int pg_wait(PGconn *conn, short events, int64_t deadline,
		   struct error *err)
{
	/* Also a server that sends all the time, but no whole row. */
	bool late = clock_mono_us() > deadline;

	if (!late && wait_fd(PQsocket(conn), events, deadline))
		return 0;
	if (interrupt_check(err) < 0)
		return -1;
	return error_set(err, ERROR_INTERNAL, "the database does not answer");
}

static int64_t deadline_of(const struct pg *pg)
{
	return clock_mono_us() + (int64_t)pg->seconds * 1000000;
}

/* ---- connecting ---- */

/* libpq looks the names of hosts up for as long as /etc/resolv.conf lets it. */
struct dial {
	struct arena arena;
	struct pg_address to; /* in the arena */
	char port[8], seconds[16];
	PGconn *conn;
};

static void dial_free(void *ctx)
{
	struct dial *d = ctx;

	PQfinish(d->conn);
	arena_release(&d->arena);
	free(d);
}

/* `database` may be a URI when nothing else is given. No `options`: a pooler
 * refuses what it cannot set again for the next client. */
static void dial_call(void *ctx)
{
	struct dial *d = ctx;
	const struct pg_address *a = &d->to;
	const char *const keys[] = { "host",
				     "port",
				     "user",
				     "password",
				     "connect_timeout",
				     "gssencmode",
				     "client_encoding",
				     "application_name",
				     "dbname",
				     NULL };
	const char *const values[] = { a->host,	    a->port ? d->port : NULL,
				       a->user,	    a->password,
				       d->seconds,  "disable",
				       "UTF8",	    "medley",
				       a->database, NULL };

	d->conn = PQconnectdbParams(keys, values, !a->host);
}

static struct dial *dial_new(const struct pg_address *a, int seconds)
{
	struct dial *d = calloc(1, sizeof(*d));
	const char **part[4];

	if (!d)
		return NULL;
	arena_init(&d->arena, ADDRESS_MAX);
	d->to = *a;
	snprintf(d->port, sizeof(d->port), "%u", (unsigned)a->port);
	snprintf(d->seconds, sizeof(d->seconds), "%d", seconds);
	part[0] = &d->to.host;
	part[1] = &d->to.database;
	part[2] = &d->to.user;
	part[3] = &d->to.password;
	for (size_t i = 0; i < ARRAY_SIZE(part); i++) {
		if (!*part[i])
			continue;
		*part[i] = arena_strdup(&d->arena, *part[i]);
		if (!*part[i]) {
			dial_free(d);
			return NULL;
		}
	}
	return d;
}

static int connect_to(const struct pg_address *address, struct pg *pg,
		      struct error *err)
{
	struct dial *d = dial_new(address, pg->seconds);

	if (!d)
		return error_nomem(err);
	if (bounded_call(dial_call, dial_free, d, pg->seconds, err) < 0)
		return error_wrap(err, "connecting");
	pg->conn = steal(d->conn);
	dial_free(d);
	if (!pg->conn)
		return error_nomem(err);
	if (PQstatus(pg->conn) == CONNECTION_OK)
		return 0;
	return pg_error(err, "connecting", PQerrorMessage(pg->conn));
}

/* Notices ("table exists, skipping") are of no interest. */
static void drop_notice(void *ctx, const PGresult *result)
{
	(void)ctx, (void)result;
}

/* In blocking mode, sending waits as long as the server likes, too. */
static int bound_sending(struct pg *pg, struct error *err)
{
	return PQsetnonblocking(pg->conn, 1) < 0 ? error_nomem(err) : 0;
}

static int bound_statements(struct pg *pg, struct error *err)
{
	char sql[64];

	snprintf(sql, sizeof(sql), "set statement_timeout='%ds'", pg->seconds);
	return pg_exec(pg, sql, err);
}

static int session_open(const struct pg_address *address, int seconds,
			struct pg **ret, struct error *err)
{
	cleanup(pg_closep) struct pg *pg = calloc(1, sizeof(*pg));

	if (!pg)
		return error_nomem(err);
	pg->seconds = seconds;
	if (connect_to(address, pg, err) < 0)
		return -1;
	PQsetNoticeReceiver(pg->conn, drop_notice, NULL);
	if (bound_sending(pg, err) < 0 || bound_statements(pg, err) < 0)
		return -1;
	*ret = steal(pg);
	return 0;
}

int pg_open(const struct pg_address *address, int seconds, struct pg **ret,
	    struct error *err)
{
	if (session_open(address, seconds, ret, err) < 0)
		return error_wrap(err, "database %s at %s:%u",
				  address->database, address->host,
				  (unsigned)address->port);
	return 0;
}

int pg_open_uri(const char *uri, int seconds, struct pg **ret,
		struct error *err)
{
	const struct pg_address address = { .database = uri };

	if (session_open(&address, seconds, ret, err) < 0)
		return error_wrap(err, "database");
	return 0;
}

int pg_check_uri(const char *uri, bool *ret_secret, struct error *err)
{
	char *why = NULL;
	PQconninfoOption *options = PQconninfoParse(uri, &why);

	if (!options) {
		/* libpq repeats the URI, and what it does not understand may be
		 * a password. */
		PQfreemem(why);
		return error_set(
			err, ERROR_INPUT,
			"expected postgresql://USER@HOST:PORT/DATABASE");
	}
	*ret_secret = false;
	for (const PQconninfoOption *o = options; o->keyword; o++)
		*ret_secret |= o->val && strchr(o->dispchar, '*');
	PQconninfoFree(options);
	return 0;
}

int pg_check_version(const struct pg *pg, int least, struct error *err)
{
	int version = PQserverVersion(pg->conn);

	if (version >= least * 10000)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "the server at %s is PostgreSQL %s; expected %d or "
			 "later",
			 PQhost(pg->conn),
			 PQparameterStatus(pg->conn, "server_version") ?: "?",
			 least);
}

void pg_close(struct pg *pg)
{
	if (!pg)
		return;
	PQfinish(pg->conn);
	free(pg);
}

/* ---- statements ---- */

/* The next result; NULL at the end of the statement. */
static int next_result(struct pg *pg, PGresult **ret, struct error *err)
{
	int64_t deadline = deadline_of(pg);
	int flushed;

	while ((flushed = PQflush(pg->conn)) == 1) {
		if (pg_wait(pg->conn, POLLIN | POLLOUT, deadline, err) < 0)
			return -1;
		if (!PQconsumeInput(pg->conn))
			break;
	}
	while (flushed == 0 && PQisBusy(pg->conn)) {
		if (pg_wait(pg->conn, POLLIN, deadline, err) < 0)
			return -1;
		if (!PQconsumeInput(pg->conn))
			return pg_error(err, "reading",
					PQerrorMessage(pg->conn));
	}
	*ret = PQgetResult(pg->conn);
	return 0;
}

static void cancel_call(void *ctx)
{
	char message[256];

	PQcancel(ctx, message, sizeof(message));
}

static void cancel_free(void *ctx)
{
	PQfreeCancel(ctx);
}

/* libpq cancels by a connection of its own, and waits for it as long as the
 * server likes. */
static bool cancel_within(struct pg *pg, int seconds)
{
	PGcancel *cancel = PQgetCancel(pg->conn);

	if (!cancel ||
	    bounded_call(cancel_call, cancel_free, cancel, seconds, NULL) < 0)
		return false;
	PQfreeCancel(cancel);
	return true;
}

/* Gives a running statement up and reads what is left of it. A server that
 * does not even answer that sends nothing more. */
static void abandon(struct pg *pg)
{
	PGresult *left;

	if (!cancel_within(pg, pg->seconds < CANCEL_SECONDS ? pg->seconds
							    : CANCEL_SECONDS))
		return;
	while (next_result(pg, &left, NULL) == 0 && left)
		PQclear(left);
}

static int check_result(const PGresult *result, struct error *err)
{
	switch (PQresultStatus(result)) {
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
	case PGRES_SINGLE_TUPLE:
	case PGRES_EMPTY_QUERY:
		return 0;
	default:
		return pg_error(err, "database", PQresultErrorMessage(result));
	}
}

int pg_exec(struct pg *pg, const char *sql, struct error *err)
{
	PGresult *result;
	int rc = 0;

	if (!PQsendQuery(pg->conn, sql))
		return pg_error(err, "sending", PQerrorMessage(pg->conn));
	for (;;) {
		if (next_result(pg, &result, err) < 0) {
			abandon(pg);
			return -1;
		}
		if (!result)
			return rc;
		if (rc == 0)
			rc = check_result(result, err);
		PQclear(result);
	}
}

/* One result's row, if it has one (the last result has none). */
static int give_row(PGresult *result,
		    int (*fn)(const struct pg_row *row, void *ctx), void *ctx,
		    struct error *err)
{
	struct pg_row row = { .result = result };

	if (check_result(result, err) < 0)
		return -1;
	return PQntuples(result) > 0 ? fn(&row, ctx) : 0;
}

int pg_each(struct pg *pg, const char *sql,
	    int (*fn)(const struct pg_row *row, void *ctx), void *ctx,
	    struct error *err)
{
	return pg_each_with(pg, sql, NULL, 0, fn, ctx, err);
}

/* A statement and its parameters, all in binary. */
static bool send(struct pg *pg, const char *sql, const struct pg_value *values,
		 unsigned count)
{
	const char *bytes[PG_VALUES_MAX];
	int lengths[PG_VALUES_MAX], binary[PG_VALUES_MAX];

	assert(count <= PG_VALUES_MAX);
	for (unsigned i = 0; i < count; i++) {
		bytes[i] = values[i].bytes ? values[i].bytes : "";
		lengths[i] = (int)values[i].len;
		binary[i] = 1;
	}
	return PQsendQueryParams(pg->conn, sql, (int)count, NULL, bytes,
				 lengths, binary, 1) == 1;
}

int pg_each_with(struct pg *pg, const char *sql, const struct pg_value *values,
		 unsigned count, int (*fn)(const struct pg_row *row, void *ctx),
		 void *ctx, struct error *err)
{
	PGresult *result;
	int rc = 0;

	if (!send(pg, sql, values, count) || !PQsetSingleRowMode(pg->conn))
		return pg_error(err, "sending", PQerrorMessage(pg->conn));
	while (rc == 0) {
		rc = next_result(pg, &result, err);
		if (rc < 0)
			break;
		if (!result)
			return 0;
		rc = give_row(result, fn, ctx, err);
		PQclear(result);
	}
	abandon(pg);
	return rc;
}

struct one_int {
	int64_t value;
	bool seen;
};

static int take_int(const struct pg_row *row, void *ctx)
{
	struct one_int *one = ctx;

	if (!one->seen)
		one->value = pg_int(row, 0, 0);
	one->seen = true;
	return 0;
}

/* To the end of the statement: to give one up takes a connection of its own,
 * and through a forward into a pod a second. */
int pg_one_int(struct pg *pg, const char *sql, int64_t *ret, struct error *err)
{
	struct one_int one = { 0 };

	if (pg_each(pg, sql, take_int, &one, err) < 0)
		return -1;
	if (!one.seen)
		return error_set(err, ERROR_INTERNAL, "no row: %s", sql);
	*ret = one.value;
	return 0;
}

int pg_verifier(struct pg *pg, const char *role, const char *password,
		struct buf *out, struct error *err)
{
	char *text = PQencryptPasswordConn(pg->conn, password, role,
					   "scram-sha-256");

	if (!text)
		return error_set(err, ERROR_INTERNAL, "password of %s: %s",
				 role, PQerrorMessage(pg->conn));
	buf_add_str(out, text);
	PQfreemem(text);
	return buf_check(out, err);
}

/* ---- values ---- */

const uint8_t *pg_bytes(const struct pg_row *row, int column, size_t *ret_len)
{
	bool null = PQgetisnull(row->result, 0, column);

	*ret_len = null ? 0 : (size_t)PQgetlength(row->result, 0, column);
	return null ? NULL
		    : (const uint8_t *)PQgetvalue(row->result, 0, column);
}

const char *pg_text(const struct pg_row *row, int column)
{
	if (PQgetisnull(row->result, 0, column))
		return NULL;
	return PQgetvalue(row->result, 0, column);
}

int64_t pg_int(const struct pg_row *row, int column, int64_t null)
{
	size_t len;
	const uint8_t *p = pg_bytes(row, column, &len);
	uint64_t raw = 0;
	unsigned unused;

	if (!p || len == 0 || len > 8)
		return null;
	for (size_t i = 0; i < len; i++)
		raw = raw << 8 | p[i];
	if (PQftype(row->result, column) == OID_TYPE)
		return (int64_t)raw;
	unused = (unsigned)(64 - 8 * len);
	return (int64_t)(raw << unused) >> unused;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* pg.h - PostgreSQL through libpq: bounded, binary, streamed. */
#ifndef DATA_PG_H
#define DATA_PG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/error.h"

struct pg; /* one connection */

struct pg_address {
	const char *host;
	uint16_t port;
	const char *database, *user, *password;
};

/* Connects within `seconds`, including the look-up of the host. Each statement
 * has the same limit (statement_timeout) unless it is changed. Errors:
 * ERROR_INTERNAL. */
int pg_open(const struct pg_address *address, int seconds, struct pg **ret,
	    struct error *err);
/* The same with a URI, "postgresql://user@host:port/database". Missing parts
 * come from libpq's variables ($PGPASSWORD …). */
int pg_open_uri(const char *uri, int seconds, struct pg **ret,
		struct error *err);
/* Checks a URI (ERROR_INPUT), and whether it contains a password or another
 * secret. The error does not repeat the URI. */
int pg_check_uri(const char *uri, bool *ret_secret, struct error *err);
/* ERROR_INPUT when the server is older than this major version. */
int pg_check_version(const struct pg *pg, int least, struct error *err);
void pg_close(struct pg *pg);
static inline void pg_closep(struct pg **pg)
{
	pg_close(*pg);
}

/* One or more statements without results. */
int pg_exec(struct pg *pg, const char *sql, struct error *err);

/* A row of the result. Values are borrowed until fn returns. */
struct pg_row;
/* The bytes of a value; NULL and length 0 for SQL NULL. Text types and bytea
 * are unchanged, integers are big-endian (see pg_int). */
const uint8_t *pg_bytes(const struct pg_row *row, int column, size_t *ret_len);
/* Text, NUL-terminated; NULL for SQL NULL. */
const char *pg_text(const struct pg_row *row, int column);
/* smallint, integer, bigint, oid, boolean. */
int64_t pg_int(const struct pg_row *row, int column, int64_t null);

/*
 * Runs one statement and calls fn for each row as it arrives (single-row mode,
 * binary format): memory does not grow with the result. fn returns 0 to
 * continue; a non-zero value stops the statement and is returned.
 */
int pg_each(struct pg *pg, const char *sql,
	    int (*fn)(const struct pg_row *row, void *ctx), void *ctx,
	    struct error *err);

/* A parameter $1, $2 …: unchanged text or bytea; a cast in the statement gives
 * the type. */
struct pg_value {
	const void *bytes;
	size_t len;
};

enum { PG_VALUES_MAX = 512 };

/* The same with parameters. */
int pg_each_with(struct pg *pg, const char *sql, const struct pg_value *values,
		 unsigned count, int (*fn)(const struct pg_row *row, void *ctx),
		 void *ctx, struct error *err);

/* The first column of the first row as integer. */
int pg_one_int(struct pg *pg, const char *sql, int64_t *ret, struct error *err);

/* Adds the verifier that the server stores for a role's password:
 * "SCRAM-SHA-256$…". With it a password can be set without sending the
 * password. It can be put into single quotes. */
int pg_verifier(struct pg *pg, const char *role, const char *password,
		struct buf *out, struct error *err);

#endif

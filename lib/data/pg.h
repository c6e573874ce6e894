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

/* Connects within `seconds`, the look-up of the host included; every statement
 * is bounded by the same time (statement_timeout) unless changed. Errors:
 * ERROR_INTERNAL. */
int pg_open(const struct pg_address *address, int seconds, struct pg **ret,
	    struct error *err);
/* The same by a URI, "postgresql://user@host:port/database"; what it leaves out
 * comes from libpq's variables ($PGPASSWORD …). */
int pg_open_uri(const char *uri, int seconds, struct pg **ret,
		struct error *err);
/* Whether a URI can be read (ERROR_INPUT), and has a password or another secret
 * in it. The error does not repeat the URI. */
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

/* A row as it is streamed. Values are borrowed until fn returns. */
struct pg_row;
/* NULL and length 0 for SQL NULL. The type decides the bytes: text types as
 * they are, bytea raw, integers big-endian (see pg_int). */
const uint8_t *pg_bytes(const struct pg_row *row, int column, size_t *ret_len);
/* Text, NUL-terminated; NULL for SQL NULL. */
const char *pg_text(const struct pg_row *row, int column);
/* smallint, integer, bigint, oid, boolean. */
int64_t pg_int(const struct pg_row *row, int column, int64_t null);

/*
 * Runs one statement and calls fn for each row as it arrives (single-row
 * mode, binary format): memory does not grow with the result. fn returns 0 to
 * go on; non-zero stops the statement and is returned.
 */
int pg_each(struct pg *pg, const char *sql,
	    int (*fn)(const struct pg_row *row, void *ctx), void *ctx,
	    struct error *err);

/* A parameter $1, $2 …: text as it is, bytea raw; a cast in the statement
 * says which. */
struct pg_value {
	const void *bytes;
	size_t len;
};

enum { PG_VALUES_MAX = 8 };

/* The same with parameters. */
int pg_each_with(struct pg *pg, const char *sql, const struct pg_value *values,
		 unsigned count, int (*fn)(const struct pg_row *row, void *ctx),
		 void *ctx, struct error *err);

/* The first column of the first row as integer. */
int pg_one_int(struct pg *pg, const char *sql, int64_t *ret, struct error *err);

/* Adds what the server keeps of a role's password, by which it can be set
 * without being told: "SCRAM-SHA-256$…", fit for single quotes. */
int pg_verifier(struct pg *pg, const char *role, const char *password,
		struct buf *out, struct error *err);

#endif

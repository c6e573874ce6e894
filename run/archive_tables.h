/* SPDX-License-Identifier: Apache-2.0 */
/* archive_tables.h - the tables of an archive, and functions that write a run
 * into them. */
#ifndef RUN_ARCHIVE_TABLES_H
#define RUN_ARCHIVE_TABLES_H

#include "base/error.h"
#include "data/sql.h"

/* Raised with every change of a table. */
enum { ARCHIVE_VERSION = 1 };

struct archive_table {
	const char *name;
	const char *columns; /* "name (column type, …)" */
	const char *types; /* of the columns: a letter each, t or i */
};

enum { ARCHIVE_RUNS, ARCHIVE_RELEASES, ARCHIVE_CELLS, ARCHIVE_TABLES };

extern const struct archive_table archive_tables[ARCHIVE_TABLES];

/* Identifies a run and a version of its results.json. */
struct archive_key {
	const char *run; /* the name of its directory */
	const char *origin;
	const char *stamp; /* differs if results.json was changed */
	int64_t begun_us; /* used if neither results.json nor the name has it */
};

int archive_create(struct sql *db, struct error *err);
/* Reads results.json and replaces the rows of the run, within a transaction of
 * the caller. `tolerant`: for a file that is not valid, stores a row with the
 * reason instead of failing. */
int archive_store(struct sql *db, const char *run_dir,
		  const struct archive_key *key, bool tolerant,
		  struct error *err);
/* Stores a row for a run whose directory is not safe to open. */
int archive_store_unreadable(struct sql *db, const struct archive_key *key,
			     const char *why, struct error *err);
int archive_forget(struct sql *db, const char *run, const char *origin,
		   struct error *err);
/* 16 hexadecimal digits; "" if the run has no phases. */
enum { ARCHIVE_ORIGIN = 17 };
int archive_origin(const char *run_dir, char ret[ARCHIVE_ORIGIN],
		   struct error *err);

struct archive {
	struct sql *db;
	int lock; /* of the file; -1: there is none */
};

#endif

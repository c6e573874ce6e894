/* SPDX-License-Identifier: Apache-2.0 */
/* archive.h - the verdicts of many runs: an index of their results.json. */
#ifndef RUN_ARCHIVE_H
#define RUN_ARCHIVE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * The archive of a directory of runs is <runs>/history.sqlite. All its data are
 * also in the runs, so the file may be deleted at any time: archive_open()
 * reads each results.json that is new or has changed, and forgets runs that no
 * longer exist. A file that is damaged, that another version made, or whose
 * schema was altered is made again; a file that is not an archive is
 * ERROR_INPUT. If the file cannot be written, or another process uses it, the
 * archive is made in memory.
 *
 * The archive of a team is a PostgreSQL database, into which each run is
 * recorded when it has ended, on any machine. Both kinds have the same tables
 * (archive_tables.c).
 */
struct archive;

int archive_open(const char *runs_dir, struct archive **ret, struct error *err);
/* A database, by a URI without a password (pg_check_uri()); libpq takes the
 * password from PGPASSFILE, PGPASSWORD or a service file. `write`: creates the
 * tables if they are missing. ERROR_INPUT if a newer medley made them. */
int archive_connect(const char *uri, bool write, struct archive **ret,
		    struct error *err);
/* ERROR_INPUT unless archive_connect() accepts the URI; errors name the URI as
 * `what`. */
int archive_check_uri(const char *what, const char *uri, struct error *err);
void archive_close(struct archive *a);
static inline void archive_closep(struct archive **a)
{
	archive_close(*a);
}

/* Records a run that has a results.json, and replaces an earlier record of the
 * same run. Returns 1; 0 if the archive has this results.json already. */
int archive_record(struct archive *a, const char *run_dir, struct error *err);

/* ---- reading ---- */

/* The name of the network of a network file, the same on every machine:
 * "examples/quickstart/network.yaml" is "quickstart", "nightly/big.yaml" is
 * "big", "network.yaml" is "network". */
char *archive_network(const char *file, struct arena *arena);

/* A run. One that was copied to another machine is the same run: `origin` is
 * made of the first line of phases.jsonl. */
struct archive_run {
	const char *id, *origin, *network;
	const char *answer, *reason; /* "": none */
	const char *engine, *medley; /* "": not known */
	int exit_code;
	int64_t begun_us; /* wall clock */
	const char
		*unreadable; /* why results.json cannot be read; "": it can */
};

/* A release in a run; "": not known. */
struct archive_release {
	const char *commit, *digest;
};

/* A cell in a run. */
struct archive_point {
	const struct archive_run *run;
	const char *verdict; /* "pass" …, as in results.json */
	const char *reason; /* "": none */
	bool required;
	int64_t payments, settled, lost, failed;
	int64_t p50_us, p95_us; /* latency; -1: not known */
	/* Only if the query names a payer. */
	struct archive_release payer, payee, notary;
};

/* A cell in all its runs. Labels contain the names of releases, not commits, so
 * the history of a branch continues over its commits. */
struct archive_cell {
	const char *network, *payer, *payee, *notary;
	const struct archive_point *points; /* the oldest run first */
	size_t count; /* at least 1 */
};

/* The cells to read; NULL: any. */
struct archive_query {
	const char *network, *payer, *payee, *notary;
};

struct archived {
	struct archive_run *runs; /* of the network, by id */
	size_t run_count;
	struct archive_cell *cells; /* by network, notary, payer, payee */
	size_t cell_count;
};

/* All parts live in `arena`. */
int archive_read(struct archive *a, const struct archive_query *query,
		 struct arena *arena, struct archived *ret, struct error *err);

/* The runs alone, of all networks. */
int archive_read_runs(struct archive *a, struct arena *arena,
		      struct archived *ret, struct error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* archive_tables.c - the tables of an archive, the same in SQLite and in
 * PostgreSQL. */
#include "run/archive_tables.h"

#include <stdio.h>

/* No column is null: an unknown text is empty, an unknown number -1. Times are
 * microseconds. docs/history.md has the meaning of the columns. */
const struct archive_table archive_tables[ARCHIVE_TABLES] = {
	[ARCHIVE_RUNS] = {
		.name = "medley_runs",
		.columns = "medley_runs ("
			   "run text not null, "
			   "origin text not null, "
			   "stamp text not null, "
			   "network text not null, "
			   "file text not null, "
			   "begun_us bigint not null, "
			   "answer text not null, "
			   "exit_code bigint not null, "
			   "reason text not null, "
			   "engine text not null, "
			   "medley text not null, "
			   "unreadable text not null, "
			   "primary key (run, origin))",
		.types = "tttttititttt",
	},
	[ARCHIVE_RELEASES] = {
		.name = "medley_run_releases",
		.columns = "medley_run_releases ("
			   "run text not null, "
			   "origin text not null, "
			   "label text not null, "
			   "word text not null, "
			   "commit_id text not null, "
			   "digest text not null, "
			   "contracts text not null, "
			   "platform bigint not null, "
			   "primary key (run, origin, label))",
		.types = "ttttttti",
	},
	[ARCHIVE_CELLS] = {
		.name = "medley_run_cells",
		.columns = "medley_run_cells ("
			   "run text not null, "
			   "origin text not null, "
			   "payer text not null, "
			   "payee text not null, "
			   "notary text not null, "
			   "verdict text not null, "
			   "judged text not null, "
			   "reason text not null, "
			   "required bigint not null, "
			   "payments bigint not null, "
			   "settled bigint not null, "
			   "lost bigint not null, "
			   "failed bigint not null, "
			   "timeouts bigint not null, "
			   "refused bigint not null, "
			   "latency_count bigint not null, "
			   "p50_us bigint not null, "
			   "p95_us bigint not null, "
			   "primary key (run, origin, payer, payee, notary))",
		.types = "ttttttttiiiiiiiiii",
	},
};

enum { STATEMENT = 2048 };

int archive_create(struct sql *db, struct error *err)
{
	char text[STATEMENT];

	for (size_t i = 0; i < ARCHIVE_TABLES; i++) {
		snprintf(text, sizeof(text), "create table %s",
			 archive_tables[i].columns);
		if (sql_exec(db, text, err) < 0)
			return -1;
	}
	return 0;
}

int archive_forget(struct sql *db, const char *run, const char *origin,
		   struct error *err)
{
	const char *const values[] = { run, origin };
	char text[STATEMENT];

	for (size_t i = 0; i < ARCHIVE_TABLES; i++) {
		snprintf(text, sizeof(text),
			 "delete from %s where run = cast($1 as text) "
			 "and origin = cast($2 as text)",
			 archive_tables[i].name);
		if (sql_each(db, text, values, 2, NULL, NULL, err) < 0)
			return -1;
	}
	return 0;
}

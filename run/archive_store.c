/* SPDX-License-Identifier: Apache-2.0 */
/* archive_store.c - puts one run into an archive: results.json becomes rows. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "corda/digest.h"
#include "run/archive.h"
#include "run/archive_tables.h"
#include "run/results.h"
#include "run/run_list.h"
#include "sys/file.h"

enum { STATEMENT_MAX = 64 * 1024, LINE_MAX_READ = 4096 };
static const size_t results_max = (size_t)1024 * 1024 * 1024;
/* Microseconds: a year, which no payment takes. */
static const double latency_most = 366 * 86400e6;

/* ---- rows on their way into a table, as many a statement as fit ---- */

struct rows {
	struct sql *db;
	const struct archive_table *table;
	struct arena *arena; /* of their texts */
	const char *values[SQL_VALUES_MAX];
	unsigned count;
	bool failed; /* no memory */
};

/* "(cast($1 as text), cast(cast($2 as text) as bigint)), (…" */
static void add_row_text(const struct rows *r, unsigned first, struct buf *out)
{
	buf_add_str(out, first ? ", (" : "(");
	for (unsigned i = 0; r->table->types[i]; i++)
		buf_addf(out,
			 r->table->types[i] == 't'
				 ? "%scast($%u as text)"
				 : "%scast(cast($%u as text) as bigint)",
			 i ? ", " : "", first + i + 1);
	buf_add_u8(out, ')');
}

/* A file from somebody else may have a cell twice: the first one counts. */
static int flush(struct rows *r, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(STATEMENT_MAX);
	const unsigned columns = (unsigned)strlen(r->table->types);
	const unsigned count = r->count;

	r->count = 0;
	if (r->failed)
		return error_nomem(err);
	if (!count)
		return 0;
	buf_addf(&text, "insert into %s values ", r->table->name);
	for (unsigned at = 0; at < count; at += columns)
		add_row_text(r, at, &text);
	buf_add_str(&text, " on conflict do nothing");
	if (buf_check(&text, err) < 0)
		return -1;
	return sql_each(r->db, buf_text(&text), r->values, count, NULL, NULL,
			err);
}

/* Before the first column of a row. */
static int row_begin(struct rows *r, struct error *err)
{
	return r->count + strlen(r->table->types) > SQL_VALUES_MAX
		       ? flush(r, err)
		       : 0;
}

static void row_text(struct rows *r, const char *text)
{
	r->values[r->count++] = text ? text : "";
}

static void row_int(struct rows *r, int64_t n)
{
	char *text = arena_printf(r->arena, "%" PRId64, n);

	r->failed |= !text;
	row_text(r, text);
}

static void row_key(struct rows *r, const struct archive_key *key)
{
	row_text(r, key->run);
	row_text(r, key->origin);
}

/* ---- results.json ---- */

/* One run that is stored. */
struct storing {
	struct sql *db;
	const struct archive_key *key;
	struct arena *arena;
	struct results results;
};

char *archive_network(const char *file, struct arena *arena)
{
	const char *base = strrchr(file, '/'), *parent = file, *dot;
	size_t len;

	base = base ? base + 1 : file;
	dot = strrchr(base, '.');
	len = dot && dot > base ? (size_t)(dot - base) : strlen(base);
	if (len != strlen("network") || strncmp(base, "network", len) ||
	    base == file)
		return arena_strndup(arena, base, len);
	for (const char *at = file; at < base - 1; at++)
		if (*at == '/')
			parent = at + 1;
	len = (size_t)(base - 1 - parent);
	/* "./network.yaml" and "../network.yaml" have no name of their own. */
	if (!len || strspn(parent, ".") >= len)
		return arena_strdup(arena, "network");
	return arena_strndup(arena, parent, len);
}

static struct rows rows_of(const struct storing *s, unsigned table)
{
	return (struct rows){ .db = s->db,
			      .table = &archive_tables[table],
			      .arena = s->arena };
}

static int store_run(const struct storing *s, const char *unreadable,
		     struct error *err)
{
	const struct results *from = &s->results;
	struct rows r = rows_of(s, ARCHIVE_RUNS);
	const char *file = from->network ? from->network : "";
	const char *network = archive_network(file, s->arena);
	int64_t begun_us;

	if (!from->run || !run_stamp_us(from->run, &begun_us))
		begun_us = s->key->begun_us;
	r.failed = !network;
	row_key(&r, s->key);
	/* One that cannot be read is tried again the next time. */
	row_text(&r, unreadable ? "?" : s->key->stamp);
	row_text(&r, network);
	row_text(&r, file);
	row_int(&r, begun_us);
	row_text(&r, from->answer);
	row_int(&r, unreadable ? -1 : from->exit_code);
	row_text(&r, from->reason);
	row_text(&r, from->engine);
	row_text(&r, js_str(from->root, "medley"));
	row_text(&r, unreadable);
	return flush(&r, err);
}

static int store_releases(const struct storing *s, struct error *err)
{
	const struct js *list = js_get(s->results.root, "releases");
	struct rows r = rows_of(s, ARCHIVE_RELEASES);

	for (size_t i = 0; i < js_count(list); i++) {
		const struct js *release = js_at(list, i);

		if (row_begin(&r, err) < 0)
			return -1;
		row_key(&r, s->key);
		row_text(&r, js_str(release, "label"));
		row_text(&r, js_str(release, "word"));
		row_text(&r, js_str(release, "commit"));
		row_text(&r, js_str(release, "digest"));
		row_text(&r, js_str(release, "contracts_sha256"));
		row_int(&r, js_int(release, "platform", -1));
	}
	return flush(&r, err);
}

static int64_t microseconds(const struct js *times, const char *key)
{
	const double us = js_num(times, key, -1) * 1000;

	return us >= 0 && us < latency_most ? (int64_t)(us + 0.5) : -1;
}

static void add_latency(struct rows *r, const struct js *times)
{
	const int64_t count = js_int(times, "count", 0);
	const bool known = count > 0;

	row_int(r, known ? count : 0);
	row_int(r, known ? microseconds(times, "p50") : -1);
	row_int(r, known ? microseconds(times, "p95") : -1);
}

static void add_cell(struct rows *r, const struct storing *s,
		     const struct result_cell *cell)
{
	const struct counts *c = &cell->counts;

	row_key(r, s->key);
	row_text(r, cell->payer);
	row_text(r, cell->payee);
	row_text(r, cell->notary);
	row_text(r, cell->verdict);
	row_text(r, cell->judged);
	row_text(r, cell->reason);
	row_int(r, cell->required);
	row_int(r, (int64_t)c->payments);
	row_int(r, (int64_t)c->settled);
	row_int(r, (int64_t)c->lost);
	row_int(r, (int64_t)c->failed);
	row_int(r, (int64_t)c->timeouts);
	row_int(r, (int64_t)c->refused);
}

static int store_cells(const struct storing *s, struct error *err)
{
	const struct js *list = js_get(s->results.root, "cells");
	struct rows r = rows_of(s, ARCHIVE_CELLS);

	for (size_t i = 0; i < s->results.cell_count; i++) {
		if (row_begin(&r, err) < 0)
			return -1;
		add_cell(&r, s, &s->results.cells[i]);
		add_latency(&r, js_get(js_at(list, i), "latency_ms"));
	}
	return flush(&r, err);
}

static int store(struct storing *s, const char *run_dir, bool tolerant,
		 struct error *err)
{
	struct error why = { 0 };
	char path[PATH_ROOM];

	path_join(path, run_dir, "results.json");
	if (results_read(path, s->arena, &s->results, &why) < 0) {
		if (tolerant && why.kind == ERROR_INPUT)
			return store_run(s, why.text, err);
		if (err)
			*err = why;
		return -1;
	}
	if (store_run(s, NULL, err) < 0 || store_releases(s, err) < 0)
		return -1;
	return store_cells(s, err);
}

int archive_store(struct sql *db, const char *run_dir,
		  const struct archive_key *key, bool tolerant,
		  struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(results_max);
	struct storing s = { .db = db, .key = key, .arena = &arena };
	int rc = archive_forget(db, key->run, key->origin, err);

	if (rc == 0)
		rc = store(&s, run_dir, tolerant, err);
	results_release(&s.results);
	return rc;
}

int archive_store_unreadable(struct sql *db, const struct archive_key *key,
			     const char *why, struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(results_max);
	const struct storing s = { .db = db, .key = key, .arena = &arena };

	if (archive_forget(db, key->run, key->origin, err) < 0)
		return -1;
	return store_run(&s, why, err);
}

/* ---- which run it is ---- */

/* The name of a run is a second, in which another machine may have begun one
 * as well; the first phase has a duration to the microsecond. The line is only
 * ever followed by others. */
int archive_origin(const char *run_dir, char ret[ARCHIVE_ORIGIN],
		   struct error *err)
{
	char path[PATH_ROOM], line[LINE_MAX_READ];
	uint8_t digest[DIGEST_MAX];
	cleanup(closep) int fd = -1;
	ssize_t n = 0;
	size_t size;
	int rc = file_open_to_read(path_join(path, run_dir, "phases.jsonl"),
				   &fd, &size, err);

	if (rc < 0)
		return -1;
	ret[0] = 0;
	if (rc)
		n = file_read_some(fd, line, sizeof(line));
	if (n < 0)
		return error_set(err, ERROR_INTERNAL, "%s cannot be read",
				 path);
	if (!n)
		return 0;
	for (ssize_t i = 0; i < n; i++)
		if (line[i] == '\n')
			n = i;
	digest_bytes(DIGEST_SHA256, line, (size_t)n, digest);
	for (size_t i = 0; i < (ARCHIVE_ORIGIN - 1) / 2; i++)
		snprintf(ret + 2 * i, 3, "%02x", digest[i]);
	return 0;
}

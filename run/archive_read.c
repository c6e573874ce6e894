/* SPDX-License-Identifier: Apache-2.0 */
/* archive_read.c - the cells of an archive, each over time. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "run/archive.h"
#include "run/archive_tables.h"
#include "run/lines.h"

enum { STATEMENT_MAX = 16 * 1024 };
static const int64_t latency_most = INT64_C(366) * 86400 * 1000000;

/* One answer on its way into memory. */
struct reading {
	struct arena *arena;
	struct line_list runs, cells, points;
	struct archive_cell key; /* of the cell whose points come in */
	size_t first; /* its first point */
	bool releases; /* rows have columns of releases */
	bool failed; /* no memory */
};

static const char *copy(struct reading *r, const struct sql_row *row,
			int column)
{
	const char *text = sql_text(row, column);
	char *copied;

	if (!text || !*text)
		return "";
	copied = arena_strdup(r->arena, text);
	r->failed |= !copied;
	return copied ? copied : "";
}

static const char *const any = "";

static const char *or_any(const char *text)
{
	return text ? text : any;
}

/* ---- runs ---- */

static int take_run(const struct sql_row *row, void *ctx)
{
	struct reading *r = ctx;
	struct archive_run *run = line_list_add(&r->runs);

	r->failed |= !run;
	if (r->failed)
		return 1;
	run->id = copy(r, row, 0);
	run->origin = copy(r, row, 1);
	run->network = copy(r, row, 2);
	run->begun_us = sql_int(row, 3, 0);
	run->answer = copy(r, row, 4);
	run->exit_code = (int)sql_int(row, 5, -1);
	run->reason = copy(r, row, 6);
	run->engine = copy(r, row, 7);
	run->medley = copy(r, row, 8);
	run->unreadable = copy(r, row, 9);
	return r->failed;
}

static int by_id(const void *a, const void *b)
{
	const struct archive_run *x = a, *y = b;
	int rc = strcmp(x->id, y->id);

	return rc ? rc : strcmp(x->origin, y->origin);
}

static int read_runs(struct sql *db, const struct archive_query *q,
		     struct reading *r, struct error *err)
{
	const char *const values[] = { or_any(q->network) };

	if (sql_each(db,
		     "select run, origin, network, begun_us, answer, "
		     "exit_code, reason, engine, medley, unreadable "
		     "from medley_runs where cast($1 as text) = '' "
		     "or network = cast($1 as text)",
		     values, 1, take_run, r, err) < 0)
		return -1;
	if (!r->failed && r->runs.count)
		qsort(r->runs.items, r->runs.count, sizeof(struct archive_run),
		      by_id);
	return r->failed ? error_nomem(err) : 0;
}

/* ---- points ---- */

enum {
	AT_NETWORK,
	AT_PAYER,
	AT_PAYEE,
	AT_NOTARY,
	AT_RUN,
	AT_ORIGIN,
	AT_VERDICT,
	AT_REASON,
	AT_REQUIRED,
	AT_PAYMENTS,
	AT_SETTLED,
	AT_LOST,
	AT_FAILED,
	AT_P50,
	AT_P95,
	AT_RELEASES
};

static void end_cell(struct reading *r)
{
	struct archive_cell *cell;

	if (r->points.count == r->first)
		return;
	cell = line_list_add(&r->cells);
	r->failed |= !cell;
	if (!cell)
		return;
	*cell = r->key;
	cell->count = r->points.count - r->first;
	r->first = r->points.count;
}

static bool same_cell(const struct archive_cell *c, const struct sql_row *row)
{
	return c->network && !strcmp(c->payer, sql_text(row, AT_PAYER)) &&
	       !strcmp(c->payee, sql_text(row, AT_PAYEE)) &&
	       !strcmp(c->notary, sql_text(row, AT_NOTARY)) &&
	       !strcmp(c->network, sql_text(row, AT_NETWORK));
}

static void begin_cell(struct reading *r, const struct sql_row *row)
{
	end_cell(r);
	r->key = (struct archive_cell){
		.network = copy(r, row, AT_NETWORK),
		.payer = copy(r, row, AT_PAYER),
		.payee = copy(r, row, AT_PAYEE),
		.notary = copy(r, row, AT_NOTARY),
	};
}

static void take_releases(struct reading *r, const struct sql_row *row,
			  struct archive_point *p)
{
	struct archive_release *const to[] = { &p->payer, &p->payee,
					       &p->notary };

	for (int i = 0; i < (int)ARRAY_SIZE(to); i++) {
		to[i]->commit = copy(r, row, AT_RELEASES + 2 * i);
		to[i]->digest = copy(r, row, AT_RELEASES + 2 * i + 1);
	}
}

static const struct archive_run *find_run(const struct reading *r,
					  const struct sql_row *row)
{
	const struct archive_run wanted = { .id = sql_text(row, AT_RUN),
					    .origin =
						    sql_text(row, AT_ORIGIN) };

	return r->runs.count ? bsearch(&wanted, r->runs.items, r->runs.count,
				       sizeof(wanted), by_id)
			     : NULL;
}

/* Whatever a server says: no payment takes a year. */
static int64_t latency(const struct sql_row *row, int column)
{
	const int64_t us = sql_int(row, column, -1);

	return us >= 0 && us < latency_most ? us : -1;
}

static int take_point(const struct sql_row *row, void *ctx)
{
	struct reading *r = ctx;
	const struct archive_run *run = find_run(r, row);
	struct archive_point *p;

	if (!run)
		return 0; /* recorded since the runs were read */
	if (!same_cell(&r->key, row))
		begin_cell(r, row);
	p = line_list_add(&r->points);
	r->failed |= !p;
	if (r->failed)
		return 1;
	p->run = run;
	p->verdict = copy(r, row, AT_VERDICT);
	p->reason = copy(r, row, AT_REASON);
	p->required = sql_int(row, AT_REQUIRED, 0) != 0;
	p->payments = sql_int(row, AT_PAYMENTS, 0);
	p->settled = sql_int(row, AT_SETTLED, 0);
	p->lost = sql_int(row, AT_LOST, 0);
	p->failed = sql_int(row, AT_FAILED, 0);
	p->p50_us = latency(row, AT_P50);
	p->p95_us = latency(row, AT_P95);
	if (r->releases)
		take_releases(r, row, p);
	return r->failed;
}

/* Commits and digests of the three releases, where one cell is meant: in the
 * table of all cells nobody sees them. */
static void add_statement(struct buf *out, bool releases)
{
	static const char *const roles[] = { "payer", "payee", "notary" };

	buf_add_str(out, "select r.network, c.payer, c.payee, c.notary, "
			 "c.run, c.origin, c.verdict, c.reason, c.required, "
			 "c.payments, c.settled, c.lost, c.failed, c.p50_us, "
			 "c.p95_us");
	for (size_t i = 0; releases && i < ARRAY_SIZE(roles); i++)
		buf_addf(out, ", %s.commit_id, %s.digest", roles[i], roles[i]);
	buf_add_str(out, " from medley_run_cells c join medley_runs r "
			 "on r.run = c.run and r.origin = c.origin");
	for (size_t i = 0; releases && i < ARRAY_SIZE(roles); i++)
		buf_addf(out,
			 " left join medley_run_releases %s on %s.run = c.run "
			 "and %s.origin = c.origin and %s.label = c.%s",
			 roles[i], roles[i], roles[i], roles[i], roles[i]);
	buf_add_str(out, " where (cast($1 as text) = '' or r.network = "
			 "cast($1 as text))");
	for (unsigned i = 0; i < ARRAY_SIZE(roles); i++)
		buf_addf(out,
			 " and (cast($%u as text) = '' or c.%s = "
			 "cast($%u as text))",
			 i + 2, roles[i], i + 2);
	buf_add_str(out, " order by r.network, c.notary, c.payer, c.payee, "
			 "r.begun_us, c.run, c.origin");
}

static int read_points(struct sql *db, const struct archive_query *q,
		       struct reading *r, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(STATEMENT_MAX);
	const char *const values[] = { or_any(q->network), or_any(q->payer),
				       or_any(q->payee), or_any(q->notary) };

	add_statement(&text, r->releases);
	if (buf_check(&text, err) < 0 ||
	    sql_each(db, buf_text(&text), values, ARRAY_SIZE(values),
		     take_point, r, err) < 0)
		return -1;
	end_cell(r);
	return r->failed ? error_nomem(err) : 0;
}

/* "4.9" comes before "4.10". */
static int by_labels(const void *a, const void *b)
{
	const struct archive_cell *x = a, *y = b;
	int rc = strverscmp(x->network, y->network);

	if (!rc)
		rc = strverscmp(x->notary, y->notary);
	if (!rc)
		rc = strverscmp(x->payer, y->payer);
	return rc ? rc : strverscmp(x->payee, y->payee);
}

static struct line_list list_of(struct arena *arena, size_t size)
{
	return (struct line_list){ .size = size, .arena = arena };
}

int archive_read(struct archive *a, const struct archive_query *query,
		 struct arena *arena, struct archived *ret, struct error *err)
{
	struct reading r = {
		.arena = arena,
		.runs = list_of(arena, sizeof(struct archive_run)),
		.cells = list_of(arena, sizeof(struct archive_cell)),
		.points = list_of(arena, sizeof(struct archive_point)),
		.releases = query->payer != NULL,
	};
	struct archive_cell *cells;
	size_t at = 0;

	if (read_runs(a->db, query, &r, err) < 0 ||
	    read_points(a->db, query, &r, err) < 0)
		return error_wrap(err, "reading the history");
	cells = r.cells.items;
	for (size_t i = 0; i < r.cells.count; at += cells[i++].count)
		cells[i].points = (struct archive_point *)r.points.items + at;
	if (r.cells.count)
		qsort(cells, r.cells.count, sizeof(*cells), by_labels);
	*ret = (struct archived){ r.runs.items, r.runs.count, cells,
				  r.cells.count };
	return 0;
}

int archive_read_runs(struct archive *a, struct arena *arena,
		      struct archived *ret, struct error *err)
{
	struct reading r = { .arena = arena,
			     .runs = list_of(arena,
					     sizeof(struct archive_run)) };

	if (read_runs(a->db, &(struct archive_query){ 0 }, &r, err) < 0)
		return error_wrap(err, "reading the history");
	*ret = (struct archived){ .runs = r.runs.items,
				  .run_count = r.runs.count };
	return 0;
}

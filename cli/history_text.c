/* SPDX-License-Identifier: Apache-2.0 */
/* history_text.c - the cells over time, for people. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "cli/cmd_history.h"
#include "cli/print.h"
#include "cli/table.h"
#include "report/words.h"
#include "run/archive_cell.h"
#include "sys/clock.h"
#include "sys/terminal.h"

enum { TEXT_MAX = 64 * 1024, SHORT_TEXT = 32, COMMIT_SHOWN = 8 };

/* "2026-11-28" */
static const char *date_text(char room[CLOCK_TEXT], int64_t wall_us)
{
	clock_text(room, wall_us);
	room[strcspn(room, "T")] = 0;
	return room;
}

/* "0.85/1.20"; "-": not known */
static const char *times_text(char room[SHORT_TEXT], int64_t p50_us,
			      int64_t p95_us)
{
	if (p50_us < 0 || p95_us < 0)
		snprintf(room, SHORT_TEXT, "-");
	else
		snprintf(room, SHORT_TEXT, "%.2f/%.2f", (double)p50_us / 1e6,
			 (double)p95_us / 1e6);
	return room;
}

/* ---- all cells ---- */

static const struct table_column cells_columns[] = {
	{ .head = "cell", .width = 20 },
	{ .head = "last runs", .width = 10, .gap = 1 },
	{ .head = "red since", .width = 10, .gap = 1 },
	{ .head = "runs", .width = 4, .gap = 1, .right = true },
	{ .head = "p50/p95 seconds", .gap = 1 },
};

static void add_signs(const struct history_view *v,
		      const struct archive_cell *c, struct buf *out)
{
	for (size_t i = history_first(v, c); i < c->count; i++)
		buf_add_str(out, verdict_sign(c->points[i].verdict,
					      terminal_utf8()));
}

static const char *latency_text(const struct archive_standing *s,
				struct arena *arena)
{
	char times[SHORT_TEXT];

	times_text(times, s->last.p50_us, s->last.p95_us);
	if (s->trend == TREND_UNKNOWN)
		return arena_strdup(arena, times);
	return arena_printf(arena, "%s %s", times, trend_word(s->trend));
}

static void add_cell(const struct history_view *v, const struct archive_cell *c,
		     struct table *t)
{
	cleanup(buf_release) struct buf signs = BUF_INIT(TEXT_MAX);
	struct archive_standing s;
	char since[CLOCK_TEXT] = "", runs[SHORT_TEXT] = "";

	archive_judge_cell(c, &s);
	add_signs(v, c, &signs);
	if (s.red) {
		date_text(since, s.red->run->begun_us);
		snprintf(runs, sizeof(runs), "%zu", s.red_runs);
	}
	TABLE_ROW(t, history_cell_name(c, v->arena), buf_text(&signs), since,
		  runs, latency_text(&s, v->arena));
}

static const struct archive_run *newest_run(const struct archived *a,
					    const char *network, size_t *count)
{
	const struct archive_run *newest = NULL;

	*count = 0;
	for (size_t i = 0; i < a->run_count; i++) {
		const struct archive_run *r = &a->runs[i];

		if (strcmp(r->network, network) || *r->unreadable)
			continue;
		++*count;
		if (!newest || r->begun_us >= newest->begun_us)
			newest = r;
	}
	return newest;
}

static void print_network(const struct history_view *v, const char *network)
{
	size_t count;
	const struct archive_run *newest =
		newest_run(&v->archived, network, &count);

	table_line(stdout, 0, "%s: %zu %s, the newest is %s (%s)", network,
		   count, count == 1 ? "run" : "runs", newest->id,
		   newest->answer);
}

/* The cells of one network from *at on. */
static void print_table(const struct history_view *v, size_t *at)
{
	cleanup(table_release) struct table t = { .columns = cells_columns,
						  .count = ARRAY_SIZE(
							  cells_columns),
						  .head = true };
	const struct archived *a = &v->archived;
	const char *network = a->cells[*at].network;

	print_network(v, network);
	for (; *at < a->cell_count && !strcmp(a->cells[*at].network, network);
	     ++*at)
		add_cell(v, &a->cells[*at], &t);
	table_print(&t, stdout);
}

void history_print_cells(const struct history_view *v)
{
	for (size_t at = 0; at < v->archived.cell_count;) {
		if (at)
			fputs("\n", stdout);
		print_table(v, &at);
	}
	if (!v->archived.cell_count)
		print_line(stdout, "no run was judged; 'medley run' makes one");
}

/* ---- one cell ---- */

static const struct table_column runs_columns[] = {
	{ .head = "run", .width = 15 },
	{ .head = "verdict", .width = 7, .gap = 1 },
	{ .head = "paid", .width = 5, .gap = 1, .right = true },
	{ .head = "p50/p95 s", .width = 9, .gap = 1 },
	{ .head = "", .gap = 1 },
};

/* A commit as git shortens it; "maven:4.10" as it is. */
static const char *commit_text(const char *commit, struct arena *arena)
{
	const bool hex = strspn(commit, "0123456789abcdef") == strlen(commit);

	if (!*commit)
		return "?";
	return hex ? arena_strndup(arena, commit, COMMIT_SHOWN) : commit;
}

static void add_change(const char *role, const struct archive_release *was,
		       const struct archive_release *is, struct arena *arena,
		       struct buf *out)
{
	if (strcmp(was->commit, is->commit))
		buf_addf(out, "%s %s -> %s. ", role,
			 commit_text(was->commit, arena),
			 commit_text(is->commit, arena));
	else if (strcmp(was->digest, is->digest))
		buf_addf(out, "%s: another image. ", role);
}

/* What changed since the run before, and the reason. */
static void add_note(const struct archive_cell *c, size_t i,
		     struct arena *arena, struct buf *out)
{
	const struct archive_point *p = &c->points[i];

	if (i) {
		add_change("payer", &p[-1].payer, &p->payer, arena, out);
		add_change("payee", &p[-1].payee, &p->payee, arena, out);
		add_change("notary", &p[-1].notary, &p->notary, arena, out);
	}
	buf_add_str(out, p->reason);
}

static void add_point(const struct history_view *v,
		      const struct archive_cell *c, size_t i, struct table *t)
{
	cleanup(buf_release) struct buf note = BUF_INIT(TEXT_MAX);
	const struct archive_point *p = &c->points[i];
	char paid[SHORT_TEXT], times[SHORT_TEXT];

	snprintf(paid, sizeof(paid), "%lld/%lld", (long long)p->settled,
		 (long long)p->payments);
	add_note(c, i, v->arena, &note);
	TABLE_ROW(t, p->run->id, p->verdict, paid,
		  times_text(times, p->p50_us, p->p95_us), buf_text(&note));
}

static void print_releases(const struct archive_cell *c, struct arena *arena)
{
	const struct archive_point *p = &c->points[c->count - 1];

	table_line(stdout, 2, "  payer %s, payee %s, notary %s in the last run",
		   commit_text(p->payer.commit, arena),
		   commit_text(p->payee.commit, arena),
		   commit_text(p->notary.commit, arena));
}

static void print_standing(const struct archive_cell *c)
{
	struct archive_standing s;
	char since[CLOCK_TEXT], last[SHORT_TEXT], before[SHORT_TEXT];
	const unsigned stable = archive_stable_runs(c);

	archive_judge_cell(c, &s);
	if (s.red)
		table_line(stdout, 2, "  red since %s (%s), in %zu %s",
			   s.red->run->id,
			   date_text(since, s.red->run->begun_us), s.red_runs,
			   s.red_runs == 1 ? "run" : "runs");
	else
		table_line(stdout, 2, "  passed in %u %s in a row", stable,
			   stable == 1 ? "run" : "runs");
	if (s.trend == TREND_UNKNOWN)
		return;
	table_line(stdout, 2,
		   "  latency is %s: p50/p95 %s s in the last %u runs, "
		   "%s s in the %u runs before",
		   trend_word(s.trend),
		   times_text(last, s.last.p50_us, s.last.p95_us), s.last.runs,
		   times_text(before, s.before.p50_us, s.before.p95_us),
		   s.before.runs);
}

void history_print_cell(const struct history_view *v,
			const struct archive_cell *c)
{
	cleanup(table_release) struct table t = { .columns = runs_columns,
						  .count = ARRAY_SIZE(
							  runs_columns),
						  .head = true };

	table_line(stdout, 0, "%s: %s", c->network,
		   history_cell_name(c, v->arena));
	print_standing(c);
	print_releases(c, v->arena);
	for (size_t i = c->count; i-- > history_first(v, c);)
		add_point(v, c, i, &t);
	table_print(&t, stdout);
}

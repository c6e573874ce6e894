/* SPDX-License-Identifier: Apache-2.0 */
/* bisect_try.c - the verdict of one cell with one commit. */
#include <string.h>

#include "base/counted.h"
#include "cli/cmd_bisect.h"
#include "cli/precheck.h"
#include "cli/row.h"
#include "run/cell_name.h"
#include "run/results.h"

/* What one run says. */
enum finding_out { SAYS_GOOD, SAYS_BAD, SAYS_NOTHING, SAYS_UNBUILT };

struct trial {
	const struct cmd_bisect_options *options;
	const struct bisect_state *state;
	const char *commit;
	struct arena *arena; /* of what outlives a run */
	enum finding_out says;
	const char *run, *reason;
};

/* ---- the network with the commit ---- */

static int load_network(const struct trial *t, struct job *job,
			struct error *err)
{
	const struct bisect_state *s = t->state;

	if (network_load_text("bisect.json: network", s->network,
			      strlen(s->network), &job->arena, &job->net,
			      err) < 0)
		return -1;
	for (unsigned i = 0; i < job->net.release_count; i++)
		if (!strcmp(job->net.releases[i].word, s->release))
			job->net.releases[i].word = t->commit;
	job->net.repo = s->repo;
	return 0;
}

/* Why the commit has no image. ERROR_BUILD if another release has none: then no
 * commit can be tested. */
static int unbuilt(const struct trial *t, const struct network *net,
		   const char **ret, struct error *err)
{
	*ret = NULL;
	for (unsigned i = 0; i < net->release_count; i++) {
		const struct release *r = &net->releases[i];

		if (!r->failure)
			continue;
		if (strcmp(r->word, t->commit))
			return error_set(err, ERROR_BUILD,
					 "release %s, which the cell needs, "
					 "cannot be built: %s",
					 r->word, r->failure);
		*ret = r->failure;
	}
	return 0;
}

/* ---- the answer of its run ---- */

static bool is_word(const char *a, const char *b)
{
	return !strcmp(a, b);
}

/* Before expected.yaml excuses it. A cell that failed once is broken, also if
 * it passed as well. */
static enum finding_out cell_says(const struct result_cell *cell)
{
	if (is_word(cell->judged, "fail") || is_word(cell->judged, "flaky"))
		return SAYS_BAD;
	return is_word(cell->judged, "pass") ? SAYS_GOOD : SAYS_NOTHING;
}

/* Of several cells (any notary), one that failed decides, then one that says
 * nothing. */
static bool outweighs(enum finding_out a, enum finding_out b)
{
	static const int weights[] = { [SAYS_GOOD] = 0,
				       [SAYS_NOTHING] = 1,
				       [SAYS_UNBUILT] = 1,
				       [SAYS_BAD] = 2 };

	return weights[a] > weights[b];
}

static int read_cells(struct trial *t, const struct results *r,
		      const char *run_dir, struct error *err)
{
	const struct result_cell *decides = NULL;

	for (size_t i = 0; i < r->cell_count; i++) {
		const struct result_cell *cell = &r->cells[i];

		if (cell_name_is(t->state->cell, cell->payer, cell->payee,
				 cell->notary) &&
		    (!decides ||
		     outweighs(cell_says(cell), cell_says(decides))))
			decides = cell;
	}
	if (!decides)
		return error_set(err, ERROR_INTERNAL,
				 "%s/results.json has no cell %s", run_dir,
				 t->state->cell);
	t->says = cell_says(decides);
	t->reason = decides->reason ? arena_strdup(t->arena, decides->reason)
				    : NULL;
	return 0;
}

/* Not the commit, but the machine or the network file is wrong: each further
 * commit would be skipped for nothing. */
static bool is_hopeless(const struct error *why)
{
	return why->kind == ERROR_BUILD || why->kind == ERROR_INPUT;
}

/* `why`: what ended the steps of the run. */
static int read_answer(struct trial *t, struct job *job,
		       const struct error *why, struct error *err)
{
	cleanup(results_release) struct results r = { 0 };
	const char *failure;
	char path[PATH_ROOM];

	t->run = arena_strdup(t->arena, job->run_dir);
	if (!t->run)
		return error_nomem(err);
	if (unbuilt(t, &job->net, &failure, err) < 0)
		return -1;
	if (failure) {
		t->says = SAYS_UNBUILT;
		t->reason =
			arena_printf(t->arena, "does not build: %s", failure);
		return t->reason ? 0 : error_nomem(err);
	}
	if (is_hopeless(why))
		return error_set(err, why->kind, "%s", why->text);
	if (results_read(path_join(path, job->run_dir, "results.json"),
			 &job->arena, &r, err) < 0)
		return -1;
	return read_cells(t, &r, job->run_dir, err);
}

static int refuse_left(const struct job *job, struct error *err)
{
	return error_set(err, ERROR_LEFT,
			 "the network of %s was not removed; run `medley down "
			 "%s`, and then the same bisection again",
			 job->run_dir, job->run_dir);
}

static int run_once(struct trial *t, struct error *err)
{
	const struct cmd_bisect_options *o = t->options;
	const struct row row = { .silent = true, .aside = true };
	cleanup(job_release) struct job job = { 0 };
	struct run_options run = o->run;
	struct ending ending;
	char runs[PATH_ROOM];

	run.runs = path_join(runs, o->state, "runs");
	if (job_open(&job, &o->common, &run, err) < 0 ||
	    load_network(t, &job, err) < 0 ||
	    precheck_engine(&job.net, err) < 0 ||
	    precheck_cluster(&job.net, err) < 0)
		return -1;
	job.boots = true;
	if (job_begin(&job, NULL, err) < 0)
		return -1;
	row_do(&job, &row, &ending);
	if (ending.left.kind)
		return refuse_left(&job, err);
	if (ending.why.kind == ERROR_INTERRUPTED)
		return error_set(err, ERROR_INTERRUPTED, "interrupted");
	return read_answer(t, &job, &ending.why, err);
}

/* ---- all runs ---- */

static int skip_undecided(const struct trial *t, unsigned tries,
			  struct bisect_test *ret, struct error *err)
{
	ret->verdict = BISECT_SKIP;
	ret->reason =
		arena_printf(t->arena, "undecided after %lld %s: %s",
			     COUNTED(tries, "run"), t->reason ?: "no reason");
	return ret->reason ? 0 : error_nomem(err);
}

int bisect_try(const struct cmd_bisect_options *o, const struct bisect_state *s,
	       const char *commit, struct arena *arena, struct bisect_test *ret,
	       struct error *err)
{
	struct trial t = { .options = o,
			   .state = s,
			   .commit = commit,
			   .arena = arena,
			   .says = SAYS_NOTHING };
	const unsigned tries = (unsigned)o->tries.value;
	struct bisect_test test = { .commit = commit };

	for (unsigned i = 0; i < tries && t.says == SAYS_NOTHING; i++)
		if (run_once(&t, err) < 0)
			return -1;
	test.run = t.run;
	test.reason = t.reason;
	if (t.says == SAYS_NOTHING) {
		if (skip_undecided(&t, tries, &test, err) < 0)
			return -1;
	} else {
		test.verdict = t.says == SAYS_GOOD  ? BISECT_GOOD
			       : t.says == SAYS_BAD ? BISECT_BAD
						    : BISECT_SKIP;
	}
	*ret = test;
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_bisect.c - medley bisect: finds the commit that broke a cell. */
#include "cli/cmd_bisect.h"

#include <string.h>

#include "base/counted.h"
#include "build-and-publish/bisect_next.h"
#include "cli/cli.h"
#include "cli/job.h"
#include "cli/print.h"
#include "run/cell_name.h"
#include "sys/interrupt.h"

enum { TRIES_MAX = 20, UNDECIDED = 2 };
static const size_t arena_max = (size_t)1024 * 1024 * 1024;

static const struct option bisect_options[] = {
	{ .name = "cell",
	  .value = CELL_NAME,
	  OPTION_OF(struct cmd_bisect_options, cell),
	  .help = "the cell that BAD breaks, by labels of releases as in the "
		  "matrix (required)" },
	{ .name = "repo",
	  .value = "PATH",
	  OPTION_OF(struct cmd_bisect_options, repo),
	  .help = "clone that has the commits (the clone of the network)" },
	{ .name = "state",
	  .value = "DIR",
	  OPTION_OF(struct cmd_bisect_options, state),
	  .fallback = "bisect",
	  .help = "directory of the state, bisect.log and the runs of the "
		  "tests (bisect)" },
	{ .name = "tries",
	  .value = "N",
	  OPTION_OF(struct cmd_bisect_options, tries),
	  .most = TRIES_MAX,
	  .fallback = "3",
	  .help = "runs of a commit whose cell has no verdict, before the "
		  "commit is skipped (3)" },
	OPTIONS_OF_GROUP(runs_group, struct cmd_bisect_options, run),
	OPTIONS_OF_GROUP(context_group, struct cmd_bisect_options, run.place),
	OPTIONS_OF_GROUP(kubeconfig_group, struct cmd_bisect_options,
			 run.place),
	OPTIONS_OF_GROUP(json_group, struct cmd_bisect_options, common),
};

struct bisecting {
	const struct cmd_bisect_options *options;
	struct bisect_state state;
	struct arena arena; /* of the state */
	struct clone *clone;
	FILE *out; /* standard error with --json */
};

static void bisecting_release(struct bisecting *b)
{
	clone_free(b->clone);
	arena_release(&b->arena);
}

/* ---- what is printed ---- */

static void print_next(const struct bisecting *b, const struct bisect_next *n)
{
	if (n->step == BISECT_TEST_END)
		print_line(b->out, "Bisecting: %s must be tested", n->what);
	else
		print_line(b->out,
			   "Bisecting: %lld %s left to test after this "
			   "(roughly %lld %s)",
			   COUNTED(n->left, "revision"),
			   COUNTED(n->steps, "step"));
	print_line(b->out, "[%s] %s", n->commit, n->subject);
	fflush(b->out);
}

static void print_test(const struct bisecting *b, const struct bisect_test *t)
{
	print_line(b->out, "%s: [%s] %s%s%s (%s)", bisect_word(t->verdict),
		   t->commit, t->subject, t->reason ? ": " : "",
		   t->reason ?: "", t->run ?: "no run");
	fflush(b->out);
}

static void print_found(const struct bisecting *b, const struct bisect_next *n)
{
	print_line(b->out, "%s is the first bad commit", n->commit);
	print_line(b->out, "    %s", n->subject);
	print_line(b->out, "first bad: %s", n->bad->run ?: "no run");
	if (n->good)
		print_line(b->out, "last good: %s  [%s] %s",
			   n->good->run ?: "no run", n->good->commit,
			   n->good->subject);
}

static void print_skipped(const struct bisecting *b,
			  const struct bisect_next *n)
{
	print_line(b->out, "There are only skipped commits left to test.");
	print_line(b->out, "The first bad commit could be any of:");
	for (unsigned i = 0; i < n->suspect_count; i++)
		print_line(b->out, "%s", n->suspects[i]);
}

/* ---- one test after the other ---- */

static int record(struct bisecting *b, const struct bisect_test *test,
		  struct error *err)
{
	if (bisect_state_add(&b->state, test, &b->arena, err) < 0)
		return -1;
	return bisect_state_write(b->options->state, &b->state, err);
}

static int test_next(struct bisecting *b, const struct bisect_next *n,
		     struct arena *arena, struct error *err)
{
	struct bisect_test test;

	print_next(b, n);
	if (interrupt_check(err) < 0 ||
	    bisect_try(b->options, &b->state, n->commit, arena, &test, err) < 0)
		return -1;
	test.subject = n->subject;
	print_test(b, &test);
	return record(b, &test, err);
}

static int conclude(struct bisecting *b, const struct bisect_next *n,
		    struct error *err)
{
	struct bisect_state *s = &b->state;

	print_found(b, n);
	s->first_bad = arena_strdup(&b->arena, n->commit);
	if (!s->first_bad)
		return error_nomem(err);
	s->bad_run = n->bad->run;
	s->good_run = n->good ? n->good->run : NULL;
	return bisect_state_write(b->options->state, s, err);
}

/* 1: there is more to do. */
static int do_step(struct bisecting *b, int *exit_code, struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(arena_max);
	struct bisect_next n;

	if (bisect_next(b->clone, &b->state, &arena, &n, err) < 0)
		return -1;
	switch (n.step) {
	case BISECT_TEST_END:
	case BISECT_TEST:
		return test_next(b, &n, &arena, err) < 0 ? -1 : 1;
	case BISECT_FOUND:
		return conclude(b, &n, err);
	case BISECT_ONLY_SKIPPED:
		print_skipped(b, &n);
		*exit_code = UNDECIDED;
	}
	return 0;
}

/* ---- the command ---- */

static int begin_state(struct bisecting *b, const struct bisect_question *q,
		       struct error *err)
{
	struct bisect_state *s = &b->state;

	if (bisect_begin(b->options, q, &b->arena, s, err) < 0 ||
	    clone_open(s->repo, &b->clone, err) < 0 ||
	    bisect_check(b->clone, s, &b->arena, err) < 0)
		return -1;
	return bisect_state_write(b->options->state, s, err);
}

static int open_state(struct bisecting *b, const struct bisect_question *q,
		      struct error *err)
{
	const char *dir = b->options->state;
	int rc = bisect_state_read(dir, &b->arena, &b->state, err);

	if (rc <= 0)
		return rc < 0 ? -1 : begin_state(b, q, err);
	if (bisect_same(&b->state, q, dir, err) < 0)
		return -1;
	print_line(b->out, "%s: %lld %s of this bisection done", dir,
		   COUNTED(b->state.test_count, "test"));
	return clone_open(b->state.repo, &b->clone, err);
}

/* Two processes would mix their tests. */
static int lock_state(const char *dir, int *ret_fd, struct error *err)
{
	char path[PATH_ROOM];
	int rc;

	if (dir_make(dir, 0755, err) < 0)
		return -1;
	rc = file_lock(path_join(path, dir, "lock"), false, ret_fd, err);
	if (rc == 0)
		return error_set(
			err, ERROR_INPUT,
			"another medley process works on the bisection "
			"in %s; wait until it has ended",
			dir);
	return rc < 0 ? -1 : 0;
}

static int check_options(const struct cmd_bisect_options *o, struct error *err)
{
	if (o->cell)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "expected --cell " CELL_NAME
			 ", the cell that BAD breaks");
}

static int print_document(const struct bisecting *b, struct error *err)
{
	cleanup(js_freep) struct js *root = NULL;

	if (!b->options->common.json)
		return 0;
	root = bisect_state_json(&b->state);
	return root ? job_print_json(root, err) : error_nomem(err);
}

/* The same command continues where this one stops. */
static int explain(const struct bisecting *b, struct error *err)
{
	if (err->kind == ERROR_INTERRUPTED)
		print_line(stderr,
			   "medley: the same command continues after %lld %s "
			   "(%s/bisect.log)",
			   COUNTED(b->state.test_count, "test"),
			   b->options->state);
	return -1;
}

static int bisect(const struct cli *cli, int *exit_code, struct error *err)
{
	const struct cmd_bisect_options *o = cli->options;
	cleanup(bisecting_release) struct bisecting b = {
		.options = o,
		.arena = ARENA_INIT(arena_max),
		.out = o->common.json ? stderr : stdout,
	};
	const struct bisect_question q = { .good = cli->args[0],
					   .bad = cli->args[1],
					   .source = cli_arg(cli, 2),
					   .cell = o->cell,
					   .repo = o->repo };
	cleanup(closep) int lock = -1;
	int rc = 1;

	if (check_options(o, err) < 0 ||
	    placement_use_kubeconfig(&o->run.place, err) < 0 ||
	    lock_state(o->state, &lock, err) < 0 || open_state(&b, &q, err) < 0)
		return -1;
	while (rc > 0)
		rc = do_step(&b, exit_code, err);
	if (rc < 0)
		return explain(&b, err);
	return print_document(&b, err);
}

const struct command command_bisect = {
	.name = "bisect",
	.usage = "GOOD BAD [RUN|NETWORK.yaml] --cell " CELL_NAME,
	.brief = "find the commit that broke a cell",
	.text = "GOOD and BAD are commits of the clone: the cell passes with "
		"GOOD and fails with BAD. medley tests GOOD and BAD, and then "
		"commits between them, as `git bisect` chooses them. A test is "
		"a run of the network with only the releases of the cell, in "
		"which the commit takes the place of BAD: of each release of "
		"the cell whose word, or whose commit, is BAD. The other "
		"releases stay as they are. The network is that of a run (the "
		"latest) or of a file.\n\n"
		"A commit that cannot be built is skipped, and so is a commit "
		"without a verdict after N runs (--tries). The result is the "
		"first bad commit, with the directories of its run and of the "
		"last good run. After ^C, the same command continues. The "
		"directory of --state has the state, the runs of the tests, "
		"and bisect.log, which has the form of `git bisect log`. The "
		"exit code is 0 if the commit was found, and 2 if only skipped "
		"commits are left.",
	.examples = EXAMPLES(
		{ "medley bisect v4.9 main --cell main:4.8:4.8",
		  "with the network of the latest run" },
		{ "medley bisect v4.9 main network.yaml --cell main:4.8:4.8 "
		  "--repo ../corda",
		  "with a network that has not been run" }),
	.least = 2,
	.most = 3,
	.needs_data = true,
	COMMAND_OPTIONS(bisect_options, struct cmd_bisect_options),
	.run = bisect,
};

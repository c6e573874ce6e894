/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_bisect_test.c - the first bad commit is found by runs of played rooms. */
#include "cli/test/played_rooms.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "build-and-publish/clone_range.h"
#include "cli/cli.h"
#include "run/bisect_state.h"
#include "run/network.h"
#include "run/score.h"
#include "test/support/repository.h"

enum { COMMITS = 24, TEXT = 1 << 20, ARGS = 16, UNDECIDED = 2 };

/* A branch with this many commits, of which one breaks the cell. */
static struct {
	char dir[PATH_ROOM], repo[PATH_ROOM], network[PATH_ROOM];
	char runs[PATH_ROOM], state[PATH_ROOM];
	char ids[COMMITS][COMMIT_ROOM];
	struct clone *clone;
	struct arena arena;
	unsigned culprit;
	unsigned unbuilt_from, unbuilt_to; /* commits that do not build */
	unsigned silent; /* runs that say nothing before one that does */
	unsigned interrupt_at; /* number of the run; 0: none */
	bool always_good;
} world;

static unsigned number_of(const char *id)
{
	for (unsigned i = 0; i < COMMITS; i++)
		if (!strcmp(world.ids[i], id))
			return i;
	fail_msg("%s is not a commit", id);
	return 0;
}

static bool is_commit(const char *word)
{
	return strlen(word) == COMMIT_ROOM - 1;
}

static bool is_unbuilt(const char *word)
{
	return is_commit(word) && number_of(word) >= world.unbuilt_from &&
	       number_of(word) < world.unbuilt_to;
}

/* The release that the commits replace is the one with label "main". */
static const char *tested_commit(const struct network *net)
{
	for (unsigned i = 0; i < net->release_count; i++)
		if (!strcmp(net->releases[i].label, "main"))
			return net->releases[i].word;
	fail_msg("there is no release main");
	return NULL;
}

static const char *verdict_of(const char *commit)
{
	if (world.silent) {
		world.silent--;
		return "undecided";
	}
	if (world.always_good)
		return "pass";
	return clone_is_ancestor(world.clone, world.ids[world.culprit], commit)
		       ? "fail"
		       : "pass";
}

static struct js *cell_of(const char *payer, const char *verdict)
{
	const struct counts none = { 0 };
	struct js *cell = js_object();

	js_set_str(cell, "payer", payer);
	js_set_str(cell, "payee", "4.8");
	js_set_str(cell, "notary", "4.8");
	js_set_str(cell, "verdict", "unsupported"); /* by expected.yaml */
	js_set_str(cell, "judged", verdict);
	js_set_str(cell, "reason", "because");
	counts_set(cell, &none);
	js_set(cell, "findings", js_array());
	return cell;
}

static void write_results(const char *run_dir)
{
	cleanup(js_freep) struct js *root = js_object();
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT);
	struct js *cells = js_array(), *issues = js_object();
	const struct counts none = { 0 };
	struct error err = { 0 };
	struct network net;
	char path[PATH_ROOM];

	assert_ok(network_load(run_dir, &world.arena, &net, &err), err);
	assert_int_equal(net.node_count, 3);
	counts_set(issues, &none);
	js_set_int(root, "version", 3);
	js_set_str(root, "run", "x");
	js_set_str(root, "answer", "PASS");
	js_set_int(root, "exit_code", 0);
	js_set(root, "issues", issues);
	js_append(cells, cell_of("main", verdict_of(tested_commit(&net))));
	js_append(cells, cell_of("4.8", "undecided"));
	js_set(root, "cells", cells);
	js_set(root, "findings", js_array());
	assert_ok(js_print(root, JS_LINE, &text, &err), err);
	path_join(path, run_dir, "results.json");
	assert_ok(file_write(path, text.data, text.len, 0644, &err), err);
	play.interrupt = world.interrupt_at && play.runs == world.interrupt_at;
}

/* ---- the repository ---- */

static void make_repository(void)
{
	char text[16];

	git_set_up();
	git_make(world.repo);
	for (unsigned i = 0; i < COMMITS; i++) {
		snprintf(text, sizeof(text), "change %u", i);
		git_commit(world.repo, "file", text);
		snprintf(world.ids[i], COMMIT_ROOM, "%s",
			 GIT_IN(world.repo, "rev-parse", "HEAD"));
	}
	GIT_IN(world.repo, "tag", "good", world.ids[0]);
}

static int set_up(void **state)
{
	static const char text[] =
		"banks: [{release: main}, {release: maven:4.8},"
		" {release: maven:4.0}]\n"
		"notaries: [{release: maven:4.8}]\ncordapps: finance-4.0\n"
		"repo: clone\nseed: 5\n";
	struct error err = { 0 };

	(void)state;
	memset(&play, 0, sizeof(play));
	memset(&world, 0, sizeof(world));
	arena_init(&world.arena, (size_t)256 * 1024 * 1024);
	play.write_results = write_results;
	play.is_unbuilt = is_unbuilt;
	assert_ok(dir_make_temporary("/tmp/medley-bisect-", world.dir, &err),
		  err);
	path_join(world.repo, world.dir, "clone");
	path_join(world.network, world.dir, "network.yaml");
	path_join(world.runs, world.dir, "runs");
	path_join(world.state, world.dir, "bisect");
	assert_ok(file_write(world.network, text, strlen(text), 0644, &err),
		  err);
	make_repository();
	assert_ok(clone_open(world.repo, &world.clone, &err), err);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	clone_free(world.clone);
	arena_release(&world.arena);
	return dir_remove(world.dir, NULL);
}

/* ---- the command ---- */

static struct error last;

static int bisect_of(const char *good, const char *bad, const char *cell)
{
	cleanup(cli_release) struct cli cli = { 0 };
	const char *argv[ARGS] = { good,	bad,	    world.network,
				   "--runs",	world.runs, "--state",
				   world.state, "--cell",   cell };
	struct error err = { 0 };
	int exit_code = 0, argc = 9;

	assert_ok(cli_read(&cli, command_find("bisect", NULL), argc,
			   (char **)argv, &err),
		  err);
	last = (struct error){ 0 };
	return cli.command->run(&cli, &exit_code, &last) < 0 ? (int)last.kind
							     : exit_code;
}

static int bisect(void)
{
	return bisect_of("good", "main", "main:4.8:4.8");
}

static struct bisect_state kept(void)
{
	struct bisect_state s;
	struct error err = { 0 };

	if (bisect_state_read(world.state, &world.arena, &s, &err) != 1)
		fail_msg("no state: %s", err.text);
	return s;
}

static void found(unsigned culprit)
{
	struct bisect_state s = kept();
	const struct bisect_test *bad, *good = NULL;

	assert_string_equal(s.first_bad, world.ids[culprit]);
	bad = bisect_state_find(&s, s.first_bad);
	assert_int_equal(bad->verdict, BISECT_BAD);
	assert_string_equal(s.bad_run, bad->run);
	for (size_t i = 0; i < s.test_count; i++)
		if (s.good_run && s.tests[i].run &&
		    !strcmp(s.tests[i].run, s.good_run))
			good = &s.tests[i];
	assert_non_null(good);
	assert_int_equal(good->verdict, BISECT_GOOD);
	assert_int_equal(number_of(good->commit), culprit - 1);
}

static void each_culprit_is_found(void **state)
{
	static const unsigned culprits[] = { 1, 2, 11, 12, 22, 23 };
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(culprits); i++) {
		world.culprit = culprits[i];
		play.runs = 0;
		assert_ok(dir_remove(world.state, &err), err);
		assert_int_equal(bisect(), 0);
		found(culprits[i]);
		assert_true(play.runs <= 2 + 5); /* ends, log2 of 23 */
	}
}

/* What git makes of the log: it has found the same commit. */
static void git_reads_the_log(void **state)
{
	char log[PATH_ROOM];
	const char *said;

	(void)state;
	world.culprit = 9;
	assert_int_equal(bisect(), 0);
	path_join(log, world.state, "bisect.log");
	said = GIT_IN(world.repo, "bisect", "replay", log);
	assert_non_null(strstr(said, world.ids[9]));
	assert_non_null(strstr(said, "is the first bad commit"));
}

static void what_does_not_build_is_skipped(void **state)
{
	(void)state;
	world.culprit = 18;
	world.unbuilt_from = 9;
	world.unbuilt_to = 15;
	assert_int_equal(bisect(), 0);
	found(18);
	assert_true(kept().test_count < 2 + 5 + 6);
}

/* The culprit is among commits that do not build. */
static void only_skipped_commits_are_left(void **state)
{
	struct bisect_state s;
	unsigned skipped = 0;

	(void)state;
	world.culprit = 11;
	world.unbuilt_from = 10;
	world.unbuilt_to = 13;
	assert_int_equal(bisect(), UNDECIDED);
	s = kept();
	assert_null(s.first_bad);
	for (size_t i = 0; i < s.test_count; i++)
		if (s.tests[i].verdict == BISECT_SKIP) {
			assert_non_null(
				strstr(s.tests[i].reason, "does not build"));
			skipped++;
		}
	assert_int_equal(skipped, 3);
}

static void a_silent_run_is_repeated(void **state)
{
	(void)state;
	world.culprit = 5;
	world.silent = 2;
	assert_int_equal(bisect(), 0);
	found(5);
	assert_int_equal(play.runs, kept().test_count + 2);
}

static void a_commit_that_stays_silent_is_skipped(void **state)
{
	(void)state;
	world.culprit = 5;
	world.silent = 3;
	assert_int_equal(bisect(), ERROR_INPUT);
	assert_non_null(strstr(last.text, "undecided after 3 runs"));
	assert_int_equal(play.runs, 3);
}

static void the_ends_are_tested(void **state)
{
	(void)state;
	world.always_good = true;
	assert_int_equal(bisect(), ERROR_INPUT);
	assert_non_null(strstr(last.text, "BAD, main"));
	assert_int_equal(play.runs, 1);
	world.always_good = false;
	world.culprit = 0;
	assert_ok(dir_remove(world.state, NULL), last);
	assert_int_equal(bisect(), ERROR_INPUT);
	assert_non_null(strstr(last.text, "GOOD, good"));
}

/* A failure that the commit did not cause stops the bisection, with an error.
 */
static void a_machine_that_cannot_build(void **state)
{
	(void)state;
	play.failing = "build";
	play.kind = ERROR_BUILD;
	assert_int_equal(bisect(), ERROR_BUILD);
	assert_int_equal(kept().test_count, 0);
	play.failing = "down";
	play.kind = ERROR_LEFT;
	play.verdict = 1;
	assert_int_equal(bisect(), ERROR_LEFT);
	assert_non_null(strstr(last.text, "medley down"));
	assert_int_equal(kept().test_count, 0);
}

static void bad_questions(void **state)
{
	(void)state;
	world.culprit = 3;
	assert_int_equal(bisect_of("good", "nowhere", "main:4.8:4.8"),
			 ERROR_INPUT);
	assert_non_null(strstr(last.text, "nowhere"));
	assert_int_equal(bisect_of("good", "main", "main:4.8:4.9"),
			 ERROR_INPUT);
	assert_int_equal(bisect_of("v1", "good", "main:4.8:4.8"), ERROR_INPUT);
	assert_non_null(strstr(last.text, "is not a release of cell"));
	assert_int_equal(bisect_of("main", "main", "main:4.8:4.8"),
			 ERROR_INPUT);
	assert_non_null(strstr(last.text, "the same commit"));
	assert_int_equal(bisect_of("main", "good", "main:4.8:4.8"),
			 ERROR_INPUT);
	/* None of them left a state. */
	assert_int_equal(bisect(), 0);
	assert_int_equal(bisect_of("v1", "main", "main:4.8:4.8"), ERROR_INPUT);
	assert_non_null(strstr(last.text, "another bisection"));
}

/* GOOD is on a branch of its own. */
static void the_merge_base_is_tested(void **state)
{
	struct bisect_state s;

	(void)state;
	GIT_IN(world.repo, "checkout", "-q", "-b", "side", world.ids[6]);
	git_commit(world.repo, "other", "beside");
	world.culprit = 15;
	/* The side branch is a commit that this test has no number of. */
	play.is_unbuilt = NULL;
	assert_int_equal(bisect_of("side", "main", "main:4.8:4.8"), 0);
	s = kept();
	assert_string_equal(s.first_bad, world.ids[15]);
	assert_string_equal(s.tests[2].commit, world.ids[6]);
}

/* Once a process: a second signal would end this program. */
static void an_interrupt_is_continued(void **state)
{
	size_t before;

	(void)state;
	interrupt_install();
	world.culprit = 20;
	world.interrupt_at = 3;
	assert_int_equal(bisect(), ERROR_INTERRUPTED);
	before = kept().test_count;
	assert_int_equal(before, 3);
	world.interrupt_at = 0;
	play.interrupt = false;
	interrupt_clear();
	assert_int_equal(bisect(), 0);
	found(20);
	/* And when all is known, it is only told. */
	play.runs = 0;
	assert_int_equal(bisect(), 0);
	assert_int_equal(play.runs, 0);
}

#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(each_culprit_is_found),
		T(git_reads_the_log),
		T(what_does_not_build_is_skipped),
		T(only_skipped_commits_are_left),
		T(a_silent_run_is_repeated),
		T(a_commit_that_stays_silent_is_skipped),
		T(the_ends_are_tested),
		T(a_machine_that_cannot_build),
		T(bad_questions),
		T(the_merge_base_is_tested),
		T(an_interrupt_is_continued),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* against_test.c - the runs to compare with are those that were named, and the
 * last green one is the newest earlier one of the same network. */
#include "report/against.h"

#include <unistd.h>

#include "base/cleanup.h"
#include "test/support/scratch.h"
#include "test/support/test.h"

enum { ROOM = 64 * 1024 * 1024 };

struct search_story {
	struct scratch at;
	struct arena arena;
	struct earlier_runs found;
	char runs[PATH_ROOM], run[PATH_ROOM];
};

static int begin(void **state)
{
	struct search_story *s = scratch_begin(sizeof(*s));

	arena_init(&s->arena, ROOM);
	path_join(s->runs, s->at.dir, "runs");
	path_join(s->run, s->runs, "20261122-000000");
	*state = s;
	return 0;
}

static int end(void **state)
{
	struct search_story *s = *state;

	earlier_runs_release(&s->found);
	arena_release(&s->arena);
	return scratch_end(state);
}

static void write_file(struct search_story *s, const char *run,
		       const char *name, const char *text)
{
	char dir[PATH_ROOM], path[PATH_ROOM];
	struct error err = { 0 };

	path_join(dir, s->runs, run);
	assert_ok(dir_make(dir, 0755, &err), err);
	assert_ok(file_write(path_join(path, dir, name), text, strlen(text),
			     0644, &err),
		  err);
}

/* A run that has been judged. */
static void add_run(struct search_story *s, const char *run,
		    const char *network, const char *answer)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "{\"version\":3,\"run\":\"%s\",\"network\":\"%s\","
		 "\"answer\":\"%s\",\"exit_code\":0,\"cells\":[]}",
		 run, network, answer);
	write_file(s, run, "network.resolved.yaml", "");
	write_file(s, run, "results.json", text);
}

static int load(struct search_story *s, const char *const *words,
		unsigned count, struct error *err)
{
	const struct against against = { s->runs, words, count };

	earlier_runs_release(&s->found);
	return against_load(&against, s->run, "a.yaml", &s->arena, &s->found,
			    err);
}

static int load_one(struct search_story *s, const char *word, struct error *err)
{
	return load(s, &word, 1, err);
}

static void assert_found(const struct search_story *s, const char *runs)
{
	cleanup(buf_release) struct buf all = BUF_INIT(4096);

	for (size_t i = 0; i < s->found.count; i++)
		buf_addf(&all, "%s%s", i ? " " : "", s->found.list[i].run);
	assert_string_equal(buf_text(&all), runs);
}

static void the_last_green_run(void **state)
{
	struct search_story *s = *state;
	struct error err = { 0 };

	add_run(s, "20261123-000000", "a.yaml", "PASS"); /* later */
	add_run(s, "20261122-000000", "a.yaml", "PASS"); /* the run itself */
	add_run(s, "20261121-000000", "a.yaml", "FAIL");
	add_run(s, "20261120-000000", "b.yaml", "PASS");
	add_run(s, "20261119-000000", "a.yaml", "PASS");
	write_file(s, "20261118-000000", "network.resolved.yaml", "");
	write_file(s, "20261118-000000", "results.json", "{");
	write_file(s, "20261117-000000", "network.resolved.yaml", "");
	add_run(s, "20261116-000000", "a.yaml", "PASS");
	assert_ok(load_one(s, AGAINST_LAST_GREEN, &err), err);
	assert_found(s, "20261119-000000 20261116-000000");
}

/* All of that directory are earlier. */
static void of_a_run_elsewhere(void **state)
{
	struct search_story *s = *state;
	struct error err = { 0 };

	path_join(s->run, s->at.dir, "elsewhere");
	add_run(s, "20261123-000000", "a.yaml", "PASS");
	assert_ok(load_one(s, AGAINST_LAST_GREEN, &err), err);
	assert_found(s, "20261123-000000");
}

static void no_green_run(void **state)
{
	struct search_story *s = *state;
	struct error err = { 0 };

	assert_error(load_one(s, AGAINST_LAST_GREEN, &err), err,
		     "no earlier run of a.yaml in ");
	assert_int_equal(err.kind, ERROR_INPUT);
	add_run(s, "20261122-000000", "a.yaml", "PASS");
	assert_error(load_one(s, AGAINST_LAST_GREEN, &err), err,
		     "has the answer PASS; 'medley list' lists the runs");
}

static void no_more_runs_than_are_used(void **state)
{
	struct search_story *s = *state;
	struct error err = { 0 };
	char name[32];

	for (int i = 1; i < 16; i++) {
		snprintf(name, sizeof(name), "202610%02d-000000", i);
		add_run(s, name, "a.yaml", "PASS");
	}
	assert_ok(load_one(s, AGAINST_LAST_GREEN, &err), err);
	assert_int_equal(s->found.count, AGAINST_RUNS_MAX);
	assert_string_equal(s->found.list[0].run, "20261015-000000");
}

static void runs_that_are_named(void **state)
{
	struct search_story *s = *state;
	const char *words[3] = { "202611", NULL, "20261001" };
	struct error err = { 0 };
	char path[PATH_ROOM];

	words[1] = path_join(path, s->runs, "20261002-000000/results.json");
	add_run(s, "20261122-000000", "a.yaml", "FAIL");
	add_run(s, "20261002-000000", "b.yaml", "FAIL");
	add_run(s, "20261001-000000", "a.yaml", "PASS");
	assert_ok(load(s, words, 3, &err), err);
	assert_found(s, "20261122-000000 20261002-000000 20261001-000000");
	words[2] = "20261002";
	assert_error(load(s, words, 3, &err), err,
		     "the run 20261002-000000 is named twice");
	assert_int_equal(err.kind, ERROR_INPUT);
}

static void runs_that_are_not_there(void **state)
{
	struct search_story *s = *state;
	struct error err = { 0 };

	add_run(s, "20261122-000000", "a.yaml", "PASS");
	write_file(s, "20261121-000000", "network.resolved.yaml", "");
	assert_error(load_one(s, "20261121", &err), err,
		     "20261121-000000/results.json does not exist");
	assert_error(load_one(s, "last-gren", &err), err,
		     "there is no run 'last-gren'");
	assert_error(load_one(s, "/etc/hostname", &err), err, "/etc/hostname");
	write_file(s, "20261121-000000", "results.json", "[1]");
	assert_error(load_one(s, "20261121", &err), err,
		     "expected results of version 1 to 3");
	assert_int_equal(err.kind, ERROR_INPUT);
}

/* A link of a run from somebody else may lead to any file. */
static void links_are_not_followed(void **state)
{
	struct search_story *s = *state;
	struct error err = { 0 };
	char link[PATH_ROOM];

	add_run(s, "20261120-000000", "a.yaml", "PASS");
	path_join(link, s->runs, "20261120-000000/history.jsonl");
	assert_int_equal(symlink("/etc/hostname", link), 0);
	assert_error(load_one(s, "20261120", &err), err, "history.jsonl");
	assert_error(load_one(s, AGAINST_LAST_GREEN, &err), err,
		     "no earlier run");
}

#define T(t) cmocka_unit_test_setup_teardown(t, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_last_green_run),	   T(of_a_run_elsewhere),
		T(no_green_run),	   T(no_more_runs_than_are_used),
		T(runs_that_are_named),	   T(runs_that_are_not_there),
		T(links_are_not_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

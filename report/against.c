/* SPDX-License-Identifier: Apache-2.0 */
/* against.c - finds the earlier runs that a run is to be compared with. */
#include "report/against.h"

#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "run/run.h"
#include "run/run_list.h"
#include "sys/file.h"

struct search {
	const struct against *against;
	const char *run_dir, *network;
	struct arena *arena;
	struct earlier_runs found;
	struct error *err;
};

static bool has_run(const struct search *s, const char *run)
{
	for (size_t i = 0; i < s->found.count; i++)
		if (!strcmp(s->found.list[i].run, run))
			return true;
	return false;
}

static int add_results(struct search *s, const char *path)
{
	struct results *next = &s->found.list[s->found.count];

	if (s->found.count == AGAINST_RUNS_MAX)
		return error_set(s->err, ERROR_INPUT,
				 "--against: more than %d runs",
				 AGAINST_RUNS_MAX);
	if (results_read(path, s->arena, next, s->err) < 0)
		return -1;
	if (!has_run(s, next->run)) {
		s->found.count++;
		return 0;
	}
	error_set(s->err, ERROR_INPUT,
		  "--against: the run %s is named twice; name each run once",
		  next->run);
	results_release(next);
	return -1;
}

/* ---- a run that was named ---- */

static int add_named(struct search *s, const char *word)
{
	char dir[PATH_ROOM], path[PATH_ROOM];
	struct stat st;

	if (run_find(s->against->runs_dir, word, dir, s->err) < 0)
		return -1;
	if (stat(dir, &st) == 0 && S_ISREG(st.st_mode))
		return add_results(s, dir);
	path_join(path, dir, "results.json");
	if (!file_exists(path))
		return error_set(s->err, ERROR_INPUT,
				 "--against: %s does not exist; 'medley report "
				 "RUN' writes the results of a run",
				 path);
	if (run_refuse_links(dir, s->err) < 0)
		return -1;
	return add_results(s, path);
}

/* ---- the last green one ---- */

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

/* Where the runs that are older than the run begin in the list, which has the
 * newest first; a run that is not in it is newer than all. */
static unsigned first_earlier(const struct search *s,
			      const struct run_entry *runs, unsigned count)
{
	char dir[PATH_ROOM];

	for (unsigned i = 0; i < count; i++) {
		path_join(dir, s->against->runs_dir, runs[i].name);
		if (same_file(dir, s->run_dir))
			return i + 1;
	}
	return 0;
}

/* Runs whose results are not there or cannot be read have no answer: they are
 * passed over. */
static bool is_green(const struct search *s, const char *dir, const char *path)
{
	struct results_glance glance;

	return file_exists(path) && run_refuse_links(dir, NULL) == 0 &&
	       results_glance(path, s->arena, &glance, NULL) == 0 &&
	       !strcmp(glance.answer, "PASS") &&
	       !strcmp(glance.network, s->network) && !has_run(s, glance.run);
}

static int add_green_runs(struct search *s)
{
	const char *runs_dir = s->against->runs_dir;
	char dir[PATH_ROOM], path[PATH_ROOM];
	struct run_entry *runs = NULL;
	unsigned count = 0, i;
	size_t before = s->found.count;

	if (run_list(runs_dir, s->arena, &runs, &count, s->err) < 0)
		return -1;
	for (i = first_earlier(s, runs, count);
	     i < count && s->found.count < AGAINST_RUNS_MAX; i++) {
		path_join(dir, runs_dir, runs[i].name);
		path_join(path, dir, "results.json");
		if (is_green(s, dir, path) && add_results(s, path) < 0)
			return -1;
	}
	if (s->found.count > before)
		return 0;
	return error_set(s->err, ERROR_INPUT,
			 "--against %s: no earlier run of %s in %s has the "
			 "answer PASS; 'medley list' lists the runs",
			 AGAINST_LAST_GREEN, s->network, runs_dir);
}

/* ---- all ---- */

static int add_all(struct search *s)
{
	for (unsigned i = 0; i < s->against->count; i++) {
		const char *word = s->against->words[i];
		int rc = strcmp(word, AGAINST_LAST_GREEN) ? add_named(s, word)
							  : add_green_runs(s);

		if (rc < 0)
			return -1;
	}
	return 0;
}

int against_load(const struct against *against, const char *run_dir,
		 const char *network, struct arena *arena,
		 struct earlier_runs *ret, struct error *err)
{
	struct search s = { .against = against,
			    .run_dir = run_dir,
			    .network = network ? network : "",
			    .arena = arena,
			    .err = err };

	if (add_all(&s) < 0) {
		earlier_runs_release(&s.found);
		return -1;
	}
	*ret = s.found;
	return 0;
}

void earlier_runs_release(struct earlier_runs *r)
{
	for (size_t i = 0; i < r->count; i++)
		results_release(&r->list[i]);
	r->count = 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* archive_fault_test.c - whatever fails on this machine, an archive has what
 * the runs have, or says that it has not. */
#include "run/archive.h"

#include <unistd.h>

#include "base/cleanup.h"
#include "test/support/fault_loop.h"
#include "test/support/judged_run.h"

/* A file that cannot be looked at is not there: medley lists no such run. */
#define KINDS                                                                  \
	((FAULTS_MEMORY | FAULTS_LIBRARY | FAULTS_READ | FAULTS_WRITE |        \
	  FAULTS_FULL) &                                                       \
	 ~FAULT_BIT(FAULT_LOOK))

static const size_t answer_max = (size_t)16 * 1024 * 1024;

struct opening {
	struct scratch *at;
	struct arena arena; /* of the answer */
	struct archived archived;
};

static void release(void *ctx)
{
	struct opening *o = ctx;

	arena_release(&o->arena);
	o->archived = (struct archived){ 0 };
}

static void no_file(void *ctx)
{
	struct opening *o = ctx;
	char path[PATH_ROOM];

	unlink(path_join(path, o->at->dir, "history.sqlite"));
	unlink(path_join(path, o->at->dir, "history.sqlite-journal"));
	arena_init(&o->arena, answer_max);
}

static int open_and_read(void *ctx, struct error *err)
{
	cleanup(archive_closep) struct archive *a = NULL;
	const struct archive_query all = { 0 };
	struct opening *o = ctx;

	if (archive_open(o->at->dir, &a, err) < 0)
		return -1;
	return archive_read(a, &all, &o->arena, &o->archived, err);
}

static void show(void *ctx, struct buf *out)
{
	struct opening *o = ctx;

	for (size_t i = 0; i < o->archived.cell_count; i++)
		for (size_t k = 0; k < o->archived.cells[i].count; k++)
			buf_addf(out, "%s %s ",
				 o->archived.cells[i].points[k].run->id,
				 o->archived.cells[i].points[k].verdict);
}

static void an_archive_is_made(void **state)
{
	static const struct fault_story story = {
		.name = "archive_open, no file",
		.kinds = KINDS,
		.prepare = no_file,
		.run = open_and_read,
		.show = show,
		.release = release,
		.trace = TRACE_ANY,
		.places = 60,
	};
	struct opening o = { .at = *state };

	scratch_in_memory(o.at);
	write_run(o.at, "20261121-000000", "pass pass", 1);
	write_run(o.at, "20261122-000000", "fail pass", 1);
	fault_loop(&story, &o);
}

/* A run was judged since. */
static void one_new_run(void *ctx)
{
	struct opening *o = ctx;

	no_file(o);
	assert_ok(open_and_read(o, &o->at->err), o->at->err);
	release(o);
	arena_init(&o->arena, answer_max);
	write_run(o->at, "20261122-000000", "fail pass", 1);
}

static void an_archive_is_updated(void **state)
{
	static const struct fault_story story = {
		.name = "archive_open, a new run",
		.kinds = KINDS,
		.prepare = one_new_run,
		.run = open_and_read,
		.show = show,
		.release = release,
		.trace = TRACE_ANY,
		.places = 60,
	};
	struct opening o = { .at = *state };

	scratch_in_memory(o.at);
	write_run(o.at, "20261121-000000", "pass pass", 1);
	write_run(o.at, "20261122-000000", "pass pass", 1);
	fault_loop(&story, &o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(an_archive_is_made),
		SCRATCH_TEST(an_archive_is_updated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

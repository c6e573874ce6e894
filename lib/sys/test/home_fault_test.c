/* SPDX-License-Identifier: Apache-2.0 */
/* home_fault_test.c - the program unpacks its data files whole, or says why
 * not.
 */
#include "sys/home_data.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "test/support/fault_loop.h"
#include "test/support/scratch.h"

struct cached {
	struct scratch *at;
	char dir[PATH_ROOM];
};

static void no_data(void *ctx)
{
	struct cached *c = ctx;
	struct error err = { 0 };
	char path[PATH_ROOM];

	c->dir[0] = 0;
	assert_ok(dir_remove(path_join(path, c->at->dir, "data"), &err), err);
}

/* A file of it is another one. */
static void damaged_data(void *ctx)
{
	struct cached *c = ctx;
	struct error err = { 0 };
	char path[PATH_ROOM];

	no_data(ctx);
	assert_ok(home_unpack(c->dir, &err), err);
	path_join(path, c->dir, home_files[0].name);
	assert_ok(file_write(path, "x", 1, 0644, &err), err);
	c->dir[0] = 0;
}

/* Its own copy of the path is written on success alone. */
static int unpack(void *ctx, struct error *err)
{
	struct cached *c = ctx;
	char dir[PATH_ROOM];

	if (home_unpack(dir, err) < 0)
		return -1;
	path_printf(c->dir, "%s", dir);
	return 0;
}

static void show_files(void *ctx, struct buf *out)
{
	struct cached *c = ctx;
	char path[PATH_ROOM];

	for (unsigned i = 0; c->dir[0] && i < home_file_count; i++) {
		struct error err = { 0 };

		buf_addf(out, "%s\n", home_files[i].name);
		path_join(path, c->dir, home_files[i].name);
		assert_ok(file_read(path, out, &err), err);
	}
}

static void try(void **state, void (*prepare)(void *ctx))
{
	const struct fault_story story = {
		.name = "home_unpack",
		.kinds = FAULTS_MEMORY | FAULTS_READ | FAULTS_WRITE |
			 FAULTS_FULL,
		.prepare = prepare,
		.run = unpack,
		.show = show_files,
		.trace = TRACE_ANY,
		.places = 20,
	};
	struct cached c = { .at = *state };

	scratch_in_memory(c.at);
	setenv("MEDLEY_CACHE", c.at->dir, 1);
	fault_loop(&story, &c);
}

static void data_are_unpacked_whole(void **state)
{
	try(state, no_data);
}

static void damaged_data_are_replaced_whole(void **state)
{
	try(state, damaged_data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SCRATCH_TEST(data_are_unpacked_whole),
		SCRATCH_TEST(damaged_data_are_replaced_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

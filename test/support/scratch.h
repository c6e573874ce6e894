/* SPDX-License-Identifier: Apache-2.0 */
/* scratch.h - a story's own directory and memory, gone when it has been told.
 */
#ifndef TEST_SUPPORT_SCRATCH_H
#define TEST_SUPPORT_SCRATCH_H

#include "base/arena.h"
#include "test/support/test.h"

struct network;

/* The first member of a test's `struct story`. */
struct scratch {
	char dir[PATH_ROOM]; /* below /tmp */
	struct arena arena;
	struct error err;
};

/* A story of that size, zeroed but for its scratch. */
void *scratch_begin(size_t size);
/* From now on it is another, empty directory, in memory where there is room:
 * for stories of thousands of files, none of which is a program. */
void scratch_in_memory(struct scratch *at);
/* cmocka's tear down: *state is a story. */
int scratch_end(void **state);
/* cmocka's set up of a story that is no more: *state is a struct scratch. */
int scratch_set_up(void **state);

/* A file of the scratch. */
void scratch_write(struct scratch *at, const char *name, const char *text);
/* The scratch becomes a run of the network that this network.yaml says. */
void scratch_network(struct scratch *at, const char *yaml, struct network *ret);

/* A test in a scratch of its own. */
#define SCRATCH_TEST(t)                                                        \
	cmocka_unit_test_setup_teardown(t, scratch_set_up, scratch_end)

#endif

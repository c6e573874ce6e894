/* SPDX-License-Identifier: Apache-2.0 */
/* scratch.c - a story's own directory and memory, gone when it has been told.
 */
#include "test/support/scratch.h"

#include <stdlib.h>
#include <unistd.h>

#include "run/network.h"

enum { ARENA_MAX = 256 * 1024 * 1024 };

void *scratch_begin(size_t size)
{
	struct scratch *s = calloc(1, size);

	assert_non_null(s);
	arena_init(&s->arena, ARENA_MAX);
	assert_ok(dir_make_temporary("/tmp/medley-story-", s->dir, &s->err),
		  s->err);
	return s;
}

void scratch_in_memory(struct scratch *at)
{
	if (access("/dev/shm", W_OK) < 0)
		return;
	dir_remove(at->dir, NULL);
	assert_ok(dir_make_temporary("/dev/shm/medley-story-", at->dir,
				     &at->err),
		  at->err);
}

int scratch_end(void **state)
{
	struct scratch *s = *state;

	dir_remove(s->dir, NULL);
	arena_release(&s->arena);
	free(s);
	return 0;
}

int scratch_set_up(void **state)
{
	*state = scratch_begin(sizeof(struct scratch));
	return 0;
}

void scratch_write(struct scratch *at, const char *name, const char *text)
{
	char path[PATH_ROOM];

	path_join(path, at->dir, name);
	assert_ok(file_write(path, text, strlen(text), 0600, &at->err),
		  at->err);
}

void scratch_network(struct scratch *at, const char *yaml, struct network *ret)
{
	assert_ok(network_parse("network.yaml", yaml, strlen(yaml), &at->arena,
				ret, &at->err),
		  at->err);
	assert_ok(network_save(ret, at->dir, &at->err), at->err);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* arena.h - memory that is allocated in pieces and freed all at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

/*
 * For trees and other structures whose parts live exactly as long as the whole.
 * An arena has a ceiling; an allocation beyond it returns NULL.
 */
struct arena_block;

struct arena {
	struct arena_block *head; /* owned */
	size_t used; /* bytes handed out and lost to alignment */
	size_t max;
	bool full; /* an allocation failed because of the ceiling */
};

#define ARENA_INIT(ceiling) { .max = (ceiling) }

void arena_init(struct arena *a, size_t max);
void arena_release(struct arena *a);
/* Forgets all pieces, keeps one block of memory for the next round. */
void arena_clear(struct arena *a);

/* All pieces of `from` become pieces of `a`, which may then be larger than its
 * ceiling; `from` is empty. */
void arena_take_over(struct arena *a, struct arena *from);

/* Filled with zeros, aligned to 16 bytes; NULL if out of memory or beyond the
 * ceiling. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_array(struct arena *a, size_t count, size_t size);
char *arena_strdup(struct arena *a, const char *text);
char *arena_strndup(struct arena *a, const char *text, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#define arena_new(a, T) ((T *)arena_alloc((a), sizeof(T)))

#endif

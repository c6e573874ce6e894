/* SPDX-License-Identifier: Apache-2.0 */
/* arena.c - memory that is allocated in pieces and freed all at once. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The fault tests set it to 0: each piece is an allocation of its own then,
 * and each may fail. */
#ifndef ARENA_BLOCK
#define ARENA_BLOCK (16 * 1024)
#endif

enum { ARENA_ALIGN = 16, ARENA_BLOCK_MAX = 64 * ARENA_BLOCK };

struct arena_block {
	struct arena_block *next;
	size_t cap;
	size_t len;
	_Alignas(ARENA_ALIGN) uint8_t bytes[];
};

void arena_init(struct arena *a, size_t max)
{
	*a = (struct arena)ARENA_INIT(max);
}

void arena_release(struct arena *a)
{
	struct arena_block *next;

	for (struct arena_block *b = a->head; b; b = next) {
		next = b->next;
		free(b);
	}
	arena_init(a, a->max);
}

void arena_clear(struct arena *a)
{
	struct arena_block *keep = a->head;

	a->used = 0;
	a->full = false;
	if (!keep)
		return;
	a->head = keep->next;
	arena_release(a);
	keep->next = NULL;
	keep->len = 0;
	a->head = keep;
}

void arena_take_over(struct arena *a, struct arena *from)
{
	struct arena_block **last = &a->head;

	while (*last)
		last = &(*last)->next;
	*last = from->head;
	a->used += from->used;
	arena_init(from, from->max);
}

static struct arena_block *arena_grow(struct arena *a, size_t size)
{
	size_t cap = a->head ? a->head->cap * 2 : ARENA_BLOCK;
	struct arena_block *b;

	if (cap > ARENA_BLOCK_MAX)
		cap = ARENA_BLOCK_MAX;
	if (cap < size)
		cap = size;
	b = malloc(sizeof(*b) + cap);
	if (!b)
		return NULL;
	b->next = a->head;
	b->cap = cap;
	b->len = 0;
	a->head = b;
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct arena_block *b = a->head;
	void *p;

	if (size > a->max || a->used > a->max - size) {
		a->full = true;
		return NULL;
	}
	size = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	if ((!b || b->cap - b->len < size) && !(b = arena_grow(a, size)))
		return NULL;
	p = b->bytes + b->len;
	b->len += size;
	a->used += size;
	return memset(p, 0, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		return NULL;
	return arena_alloc(a, total);
}

char *arena_strndup(struct arena *a, const char *text, size_t len)
{
	char *copy = len < SIZE_MAX ? arena_alloc(a, len + 1) : NULL;

	return copy ? memcpy(copy, text, len) : NULL;
}

char *arena_strdup(struct arena *a, const char *text)
{
	return arena_strndup(a, text, strlen(text));
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list args;
	char *text;
	int n;

	va_start(args, fmt);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	text = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
	if (!text)
		return NULL;
	va_start(args, fmt);
	vsnprintf(text, (size_t)n + 1, fmt, args);
	va_end(args);
	return text;
}

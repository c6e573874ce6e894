/* SPDX-License-Identifier: Apache-2.0 */
/* id_set.c - which ids came already: a hash table of bit maps. */
#include "base/id_set.h"

#include <stdlib.h>
#include <sys/random.h>

enum { PAGE_BITS = 6, FIRST_ROOM = 64 };

struct id_page {
	uint64_t number; /* id >> PAGE_BITS */
	uint64_t bits; /* 0: the place is empty */
};

/* The last steps of MurmurHash3. */
static uint64_t mix(uint64_t h)
{
	h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ h >> 33;
}

/* The page's place, or the empty one where it belongs. */
static struct id_page *find(const struct id_set *s, uint64_t number)
{
	size_t at = mix(number * (s->salt | 1) + s->salt) & (s->room - 1);

	while (s->pages[at].bits && s->pages[at].number != number)
		at = (at + 1) & (s->room - 1);
	return &s->pages[at];
}

static int grow(struct id_set *s, struct error *err)
{
	struct id_set more = { .room = s->room ? s->room * 2 : FIRST_ROOM,
			       .count = s->count,
			       .salt = s->salt };

	/* Without chance the set is as right, and can be made slow. */
	if (!more.salt &&
	    getrandom(&more.salt, sizeof(more.salt), GRND_NONBLOCK) < 0)
		more.salt = 1;
	more.pages = calloc(more.room, sizeof(*more.pages));
	if (!more.pages)
		return error_nomem(err);
	for (size_t i = 0; i < s->room; i++)
		if (s->pages[i].bits)
			*find(&more, s->pages[i].number) = s->pages[i];
	free(s->pages);
	*s = more;
	return 0;
}

int id_set_add(struct id_set *s, uint64_t id, struct error *err)
{
	const uint64_t bit = UINT64_C(1) << (id & ((1 << PAGE_BITS) - 1));
	struct id_page *page;

	if (s->count * 4 >= s->room * 3 && grow(s, err) < 0)
		return -1;
	page = find(s, id >> PAGE_BITS);
	if (page->bits & bit)
		return 0;
	s->count += !page->bits;
	page->number = id >> PAGE_BITS;
	page->bits |= bit;
	return 1;
}

bool id_set_has(const struct id_set *s, uint64_t id)
{
	const uint64_t bit = UINT64_C(1) << (id & ((1 << PAGE_BITS) - 1));

	return s->room && find(s, id >> PAGE_BITS)->bits & bit;
}

void id_set_release(struct id_set *s)
{
	free(s->pages);
	*s = (struct id_set){ 0 };
}

/* SPDX-License-Identifier: Apache-2.0 */
/* podman_listing.c - what podman lists of runs, by run. */
#include "engine/podman/podman_listing.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "data/json.h"
#include "sys/clock.h"

#define SECONDS_MAX ((int64_t)1 << 40)
enum { LEFTOVERS_MAX = 64 * 1024 * 1024, STAMP_LEN = 15, MARK_LEN = 4 };

void podman_listing_init(struct podman_listing *l)
{
	*l = (struct podman_listing){ .arena = ARENA_INIT(LEFTOVERS_MAX) };
}

void podman_listing_release(struct podman_listing *l)
{
	arena_release(&l->arena);
	l->first = NULL;
}

/* How many characters of this class are there, at most `max`. */
static size_t run_of(const char *text, int (*is)(int), size_t max)
{
	size_t n = 0;

	while (n < max && is((unsigned char)text[n]))
		n++;
	return n;
}

size_t podman_listing_prefix(const char *name, char ret_run[32])
{
	static const char begin[] = "medley-";
	const char *run, *p;
	size_t n;

	if (strncmp(name, begin, sizeof(begin) - 1) != 0)
		return 0;
	run = p = name + sizeof(begin) - 1;
	if (run_of(p, isdigit, 8) != 8 || p[8] != '-' ||
	    run_of(p + 9, isdigit, 6) != 6 || p[STAMP_LEN] != '-')
		return 0;
	p += STAMP_LEN + 1;
	/* Runs that began in one second are numbered. */
	n = run_of(p, isdigit, 2);
	if (n && p[n] == '-')
		p += n + 1;
	if (run_of(p, isxdigit, MARK_LEN) != MARK_LEN ||
	    (p[MARK_LEN] && p[MARK_LEN] != '-'))
		return 0;
	snprintf(ret_run, 32, "%.*s", (int)(p - 1 - run), run);
	return (size_t)(p + MARK_LEN - name);
}

static struct listed_run *run_with(struct podman_listing *l, const char *key,
				   const char *run, bool has_prefix)
{
	struct listed_run *r = l->first;

	while (r && strcmp(r->key, key) != 0)
		r = r->next;
	if (r)
		return r;
	r = arena_new(&l->arena, struct listed_run);
	if (!r)
		return NULL;
	r->key = arena_strdup(&l->arena, key);
	r->run = arena_strdup(&l->arena, run);
	if (!r->key || !r->run)
		return NULL;
	r->has_prefix = has_prefix;
	r->next = l->first;
	l->first = r;
	return r;
}

static struct listed_run *owner(struct podman_listing *l, const char *name,
				const char *label)
{
	char run[32];
	size_t n = podman_listing_prefix(name, run);
	const char *prefix;

	if (!n)
		return run_with(l, label, label, false);
	prefix = arena_strndup(&l->arena, name, n);
	return prefix ? run_with(l, prefix, run, true) : NULL;
}

static int add_item(struct podman_listing *l, struct listed_run *r,
		    const char *kind, const char *name)
{
	if (r->count == r->room) {
		unsigned room = r->room ? r->room * 2 : 16;
		struct inventory_item *more =
			arena_array(&l->arena, room, sizeof(*more));

		if (!more)
			return -1;
		if (r->count)
			memcpy(more, r->items, r->count * sizeof(*more));
		r->items = more;
		r->room = room;
	}
	name = arena_strdup(&l->arena, name);
	if (!name)
		return -1;
	r->items[r->count++] = (struct inventory_item){ kind, name };
	return 0;
}

/* Kinds differ in how they write the same. */
static const char *name_of(const struct js *o)
{
	const char *name = js_str(o, "Name");

	if (!name)
		name = js_str(o, "name");
	if (!name)
		name = js_str(js_get(o, "Spec"), "Name");
	return name ? name : js_text(js_at(js_get(o, "Names"), 0));
}

static const struct js *labels_of(const struct js *o)
{
	const struct js *labels = js_get(o, "Labels");

	if (!labels)
		labels = js_get(o, "labels");
	return labels ? labels : js_get(js_get(o, "Spec"), "Labels");
}

static int64_t made_us(const struct js *o)
{
	static const char *const keys[] = { "Created", "created", "CreatedAt" };
	int64_t us, seconds = js_int(o, "Created", 0);

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *text = js_str(o, keys[i]);

		if (text && clock_read(text, &us))
			return us;
	}
	return seconds > 0 && seconds < SECONDS_MAX ? seconds * 1000000 : 0;
}

static int add_object(struct podman_listing *l, const char *kind,
		      const struct js *o, struct error *err)
{
	const char *name = name_of(o), *label = js_str(labels_of(o), LABEL_RUN);
	const char *directory = js_str(labels_of(o), LABEL_DIRECTORY);
	struct listed_run *r;
	char run[32];
	int64_t us = made_us(o);

	if (!name || (!label && !podman_listing_prefix(name, run)))
		return 0;
	r = owner(l, name, label);
	if (!r || add_item(l, r, kind, name) < 0)
		return error_nomem(err);
	if (us > r->newest_us)
		r->newest_us = us;
	if (directory && !r->directory)
		r->directory = arena_strdup(&l->arena, directory);
	return 0;
}

int podman_listing_add(struct podman_listing *l, const char *kind,
		       const void *text, size_t len, struct error *err)
{
	cleanup(js_freep) struct js *list = NULL;
	char program[64];

	snprintf(program, sizeof(program), "podman, asked for each %s", kind);
	if (js_parse_answer(program, text, len, &list, err) < 0)
		return -1;
	for (size_t i = 0; i < js_count(list); i++)
		if (add_object(l, kind, js_at(list, i), err) < 0)
			return -1;
	return 0;
}

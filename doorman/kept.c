/* SPDX-License-Identifier: Apache-2.0 */
/* kept.c - an index of the stored requests, to count them quickly. */
#include "doorman/kept.h"

#include <stdio.h>
#include <string.h>

#include "doorman/inside.h"
#include "sys/clock.h"
#include "sys/entropy.h"

enum {
	MARK = sizeof(((struct kept *)NULL)->mark),
	AT_ONCE = 100, /* expired requests that one new request removes */
	ROOM_FIRST = 64
};

#define HOUR_US (3600 * 1000000LL)
#define EXPIRY_US (KEPT_DAYS * 24 * HOUR_US)

void kept_release(struct kept *k)
{
	free(k->list);
	*k = (struct kept){ .most = k->most };
}

/* ---- the sorted list ---- */

/* The place of this id, or where it belongs. */
static size_t place_of(const struct kept *k, const char *id, bool *ret_found)
{
	size_t low = 0, high = k->count;

	*ret_found = false;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(k->list[middle].id, id);

		if (!order) {
			*ret_found = true;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct kept_request *find(struct kept *k, const char *id)
{
	bool found;
	size_t at = place_of(k, id, &found);

	return found ? &k->list[at] : NULL;
}

/* NULL without memory. */
static struct kept_request *insert(struct kept *k, const char *id)
{
	bool found;
	size_t at = place_of(k, id, &found);

	if (found)
		return &k->list[at];
	if (k->count == k->room) {
		size_t room = k->room ? 2 * k->room : ROOM_FIRST;
		void *list = realloc(k->list, room * sizeof(*k->list));

		if (!list)
			return NULL;
		k->list = list;
		k->room = room;
	}
	memmove(&k->list[at + 1], &k->list[at],
		(k->count - at) * sizeof(*k->list));
	k->count++;
	k->list[at] = (struct kept_request){ .counts = true };
	snprintf(k->list[at].id, sizeof(k->list[at].id), "%s", id);
	return &k->list[at];
}

static void drop(struct kept *k, size_t at)
{
	k->count--;
	memmove(&k->list[at], &k->list[at + 1],
		(k->count - at) * sizeof(*k->list));
}

/* ---- reading the store ---- */

struct loading {
	struct kept *kept;
	struct store *store;
	int64_t least_us; /* no request was asked about before */
	struct error *err;
};

static int load_request(const char *key, const struct buf *value, void *ctx)
{
	cleanup(js_freep) struct js *kept = NULL;
	struct loading *l = ctx;
	struct kept_request *r = insert(l->kept, key);
	const char *from, *at;
	int64_t at_us;

	if (!r)
		return error_nomem(l->err);
	if (js_parse("request", value->data, value->len, &kept, l->err) < 0) {
		error_wrap(l->err, "%s", key);
		return store_damaged(l->store, l->err);
	}
	from = js_str(kept, "from");
	at = js_str(kept, "at");
	address_key_of_text(from ? from : "", r->from);
	r->asked_us = l->least_us;
	if (at && clock_read(at, &at_us) && at_us > r->asked_us)
		r->asked_us = at_us;
	return 0;
}

static int load_decision(const char *key, const struct buf *value, void *ctx)
{
	cleanup(js_freep) struct js *decision = NULL;
	struct loading *l = ctx;
	struct kept_request *r = find(l->kept, key);
	const char *by;

	if (!r)
		return 0;
	if (js_parse("decision", value->data, value->len, &decision, l->err) <
	    0) {
		error_wrap(l->err, "%s", key);
		return store_damaged(l->store, l->err);
	}
	by = js_str(decision, "by");
	r->decided = true;
	if (by && !strcmp(by, "operator"))
		r->counts = false;
	return 0;
}

static int load_use(const char *key, const struct buf *value, void *ctx)
{
	struct loading *l = ctx;
	struct kept_request *r = find(l->kept, buf_text(value));

	(void)key;
	if (r)
		r->counts = false;
	return 0;
}

static int read_mark(struct doorman *d, char ret[MARK], struct error *err)
{
	cleanup(buf_release) struct buf mark = BUF_INIT(STORE_VALUE_MAX);
	bool found;

	if (store_get(d->store, "network", "mark", &mark, &found, err) < 0)
		return -1;
	snprintf(ret, MARK, "%s", buf_text(&mark));
	return 0;
}

/* The nodes of requests that are old may ask again at once: they have an hour
 * for it. */
int kept_load(struct doorman *d, struct error *err)
{
	struct kept *k = &d->kept;
	struct loading l = { k, d->store, clock_wall_us() - EXPIRY_US + HOUR_US,
			     err };

	kept_release(k);
	if (read_mark(d, k->mark, err) < 0 ||
	    store_each_hash(d->store, "request", load_request, &l, err) < 0 ||
	    store_each_hash(d->store, "decision", load_decision, &l, err) < 0 ||
	    store_each_hash(d->store, "use", load_use, &l, err) < 0) {
		kept_release(k);
		return -1;
	}
	k->loaded = true;
	return 0;
}

int kept_mark(struct doorman *d, struct error *err)
{
	uint64_t random;
	char mark[MARK];

	if (random_bytes(&random, sizeof(random), err) < 0)
		return -1;
	snprintf(mark, MARK, "%016llx", (unsigned long long)random);
	return store_put(d->store, "network", "mark", mark, strlen(mark), err);
}

/* ---- room ---- */

/* It may have been decided since the index was read. */
static int expire(struct doorman *d, struct kept_request *r, bool *ret_gone,
		  struct error *err)
{
	struct js *event;

	*ret_gone = false;
	if (store_get(d->store, "decision", r->id, NULL, &r->decided, err) < 0)
		return -1;
	if (r->decided)
		return 0;
	if (store_remove(d->store, "request", r->id, err) < 0)
		return -1;
	event = js_object();
	js_set_str(event, "id", r->id);
	doorman_say(d, "expired", event);
	*ret_gone = true;
	return 0;
}

static int expire_old(struct doorman *d, struct error *err)
{
	const int64_t oldest = clock_wall_us() - EXPIRY_US;
	struct kept *k = &d->kept;
	unsigned tried = 0;
	bool gone;

	for (size_t i = k->count; i-- > 0 && tried < AT_ONCE;) {
		struct kept_request *r = &k->list[i];

		if (r->decided || r->asked_us >= oldest)
			continue;
		tried++;
		if (expire(d, r, &gone, err) < 0)
			return -1;
		if (gone)
			drop(k, i);
	}
	return 0;
}

static unsigned held_by(const struct kept *k, const uint8_t from[ADDRESS_KEY])
{
	unsigned held = 0;

	for (size_t i = 0; i < k->count; i++)
		held += k->list[i].counts &&
			!memcmp(k->list[i].from, from, ADDRESS_KEY);
	return held;
}

/* Whether an operator's call has changed what the index was read from. */
static int load_if_marked(struct doorman *d, struct error *err)
{
	char mark[MARK];

	if (read_mark(d, mark, err) < 0)
		return -1;
	return strcmp(mark, d->kept.mark) ? kept_load(d, err) : 0;
}

int kept_make_room(struct doorman *d, const char *from, struct error *err)
{
	struct kept *k = &d->kept;
	uint8_t key[ADDRESS_KEY];

	address_key_of_text(from, key);
	if ((!k->loaded && kept_load(d, err) < 0) || expire_old(d, err) < 0)
		return -1;
	if (share_allows(held_by(k, key), (unsigned)k->count, k->most))
		return 0;
	if (load_if_marked(d, err) < 0)
		return -1;
	if (share_allows(held_by(k, key), (unsigned)k->count, k->most))
		return 0;
	return error_set(err, ERROR_INTERNAL,
			 "no room for another request from %s: it has sent %u "
			 "requests whose nodes are not in the map, of %zu "
			 "requests in all; medley doorman forget removes "
			 "requests",
			 from, held_by(k, key), k->count);
}

/* ---- what the server does to requests ---- */

void kept_add(struct doorman *d, const char *id, const char *from)
{
	struct kept_request *r = d->kept.loaded ? insert(&d->kept, id) : NULL;

	if (!r) {
		d->kept.loaded = false;
		return;
	}
	address_key_of_text(from, r->from);
	r->asked_us = clock_wall_us();
}

void kept_asked(struct doorman *d, const char *id)
{
	struct kept_request *r = find(&d->kept, id);

	if (r)
		r->asked_us = clock_wall_us();
}

void kept_in_map(struct doorman *d, const char *id)
{
	struct kept_request *r = find(&d->kept, id);

	if (r)
		r->counts = false;
}

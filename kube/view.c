/* SPDX-License-Identifier: Apache-2.0 */
/* view.c - the objects that a watch has reported, kept current. */
#include "kube/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kube/status.h"

enum { LINE_MAX_LEN = 8 * 1024 * 1024, GONE = 410 };

static const struct js_part metadata[] = {
	{ "name", NULL },
	{ "uid", NULL },
	{ "resourceVersion", NULL },
	{ "generation", NULL },
	{ "creationTimestamp", NULL },
	{ "deletionTimestamp", NULL },
	{ "finalizers", NULL },
	{ NULL, NULL },
};
static const struct js_part spec[] = {
	{ "replicas", NULL },
	{ "updateStrategy", NULL },
	{ "imagePullSecrets", NULL },
	{ NULL, NULL },
};
const struct js_part view_parts[] = {
	{ "metadata", metadata },
	{ "spec", spec },
	{ "status", NULL },
	/* of an event: */
	{ "involvedObject", NULL },
	{ "reason", NULL },
	{ "message", NULL },
	{ "code", NULL }, /* of a Status */
	{ "lastTimestamp", NULL },
	{ "eventTime", NULL },
	{ NULL, NULL },
};

static const struct js_part event_parts[] = {
	{ "type", NULL },
	{ "object", view_parts },
	{ NULL, NULL },
};

static const char *name_of(const struct js *object)
{
	return js_str(js_get(object, "metadata"), "name");
}

void view_init(struct view *v)
{
	*v = (struct view){ .line = BUF_INIT(LINE_MAX_LEN) };
}

void view_clear(struct view *v)
{
	for (size_t i = 0; i < v->count; i++)
		js_free(v->objects[i]);
	v->count = 0;
	v->version[0] = 0;
	v->expired = false;
	buf_clear(&v->line);
}

void view_release(struct view *v)
{
	view_clear(v);
	free(v->objects);
	free(v->hashes);
	buf_release(&v->line);
}

void view_rewind(struct view *v)
{
	buf_clear(&v->line);
}

/* FNV-1a */
static uint32_t hash_of(const char *name)
{
	uint32_t h = 2166136261u;

	for (; *name; name++)
		h = (h ^ (uint8_t)*name) * 16777619u;
	return h;
}

static size_t at(const struct view *v, const char *name)
{
	uint32_t hash = hash_of(name);
	size_t i = 0;

	while (i < v->count && (v->hashes[i] != hash ||
				strcmp(name_of(v->objects[i]), name) != 0))
		i++;
	return i;
}

const struct js *view_find(const struct view *v, const char *name)
{
	size_t i = at(v, name);

	return i < v->count ? v->objects[i] : NULL;
}

static int make_room(struct view *v, struct error *err)
{
	size_t room = v->room ? v->room * 2 : 16;
	struct js **objects;
	uint32_t *hashes;

	if (v->count < v->room)
		return 0;
	if (v->count >= VIEW_MAX)
		return error_set(err, ERROR_DEPLOY,
				 "more than %d objects are watched", VIEW_MAX);
	objects = reallocarray(v->objects, room, sizeof(*objects));
	if (!objects)
		return error_nomem(err);
	v->objects = objects;
	hashes = reallocarray(v->hashes, room, sizeof(*hashes));
	if (!hashes)
		return error_nomem(err);
	v->hashes = hashes;
	v->room = room;
	return 0;
}

static int put(struct view *v, const struct js *object, struct error *err)
{
	struct js *copy;
	size_t i;

	if (!name_of(object))
		return error_set(err, ERROR_DEPLOY, "an object has no name");
	i = at(v, name_of(object));
	if (make_room(v, err) < 0)
		return -1;
	copy = js_copy(object);
	if (!copy)
		return error_nomem(err);
	if (i == v->count)
		v->count++;
	else
		js_free(v->objects[i]);
	v->objects[i] = copy;
	v->hashes[i] = hash_of(name_of(copy));
	return 0;
}

static void drop(struct view *v, const char *name)
{
	size_t i = name ? at(v, name) : v->count;

	if (i == v->count)
		return;
	js_free(v->objects[i]);
	v->count--;
	v->objects[i] = v->objects[v->count];
	v->hashes[i] = v->hashes[v->count];
}

static void remember(struct view *v, const struct js *object)
{
	const char *version =
		js_str(js_get(object, "metadata"), "resourceVersion");

	if (version && strlen(version) < sizeof(v->version))
		snprintf(v->version, sizeof(v->version), "%s", version);
}

int view_add_page(struct view *v, const struct js *list, struct error *err)
{
	const struct js *items = js_get(list, "items");

	for (size_t i = 0; i < js_count(items); i++)
		if (put(v, js_at(items, i), err) < 0)
			return -1;
	remember(v, list);
	return 0;
}

static int take(struct view *v, const struct js *event, struct error *err)
{
	const char *type = js_str(event, "type");
	const struct js *object = js_get(event, "object");

	if (!type)
		return error_set(err, ERROR_DEPLOY, "an event has no type");
	if (strcmp(type, "ERROR") == 0) {
		if (js_int(object, "code", 0) != GONE)
			return kube_status_of("watch", "objects", 0, object,
					      err);
		v->expired = true;
		return 0;
	}
	if (strcmp(type, "DELETED") == 0)
		drop(v, name_of(object));
	else if (strcmp(type, "BOOKMARK") != 0 && put(v, object, err) < 0)
		return -1;
	remember(v, object);
	return 0;
}

int view_feed(struct view *v, const void *bytes, size_t len, struct error *err)
{
	const char *p = bytes, *end = p + len, *nl;

	for (; (nl = memchr(p, '\n', (size_t)(end - p))); p = nl + 1) {
		cleanup(js_freep) struct js *event = NULL;

		buf_add(&v->line, p, (size_t)(nl - p));
		if (buf_check(&v->line, err) < 0)
			return -1;
		if (js_parse_parts(KUBE_ANSWER, buf_text(&v->line), v->line.len,
				   event_parts, &event, err) < 0)
			return kube_bad_answer("watch", "objects", err);
		if (take(v, event, err) < 0)
			return -1;
		buf_clear(&v->line);
	}
	buf_add(&v->line, p, (size_t)(end - p));
	return buf_check(&v->line, err);
}

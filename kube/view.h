/* SPDX-License-Identifier: Apache-2.0 */
/* view.h - the objects that a watch has reported, kept current. */
#ifndef KUBE_VIEW_H
#define KUBE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "data/json.h"

/*
 * No I/O: lists and bytes in, objects out. Of an object the view keeps only
 * name, status, wanted replicas, and the content of an event. The spec of a pod
 * is ten times as long.
 */
struct view {
	struct js **objects; /* owned; in no order */
	uint32_t *hashes; /* hashes of their names, to find one quickly */
	size_t count, room;
	char version[64]; /* resourceVersion: where a watch continues */
	bool expired; /* the server does not know this version any more: list
		       * again */
	struct buf line; /* of an event that is not whole yet */
};

enum { VIEW_MAX = 20000 };

extern const struct js_part view_parts[]; /* what is kept of an object */

void view_init(struct view *v);
void view_release(struct view *v);
/* To be called before a list: removes all objects. */
void view_clear(struct view *v);
/* To be called before a new stream: drops an incomplete event. */
void view_rewind(struct view *v);
/* Adds a page of a list that was read with view_parts. */
int view_add_page(struct view *v, const struct js *list, struct error *err);
/* Bytes of a watch: lines of JSON. */
int view_feed(struct view *v, const void *bytes, size_t len, struct error *err);
/* NULL: there is none of this name. */
const struct js *view_find(const struct view *v, const char *name);

#endif

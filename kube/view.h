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
 * No I/O: lists and bytes in, objects out. Of an object is kept what says how
 * it is doing: who it is, its status, how many replicas are wanted, and what
 * an event tells. A pod's spec is ten times as long as that.
 */
struct view {
	struct js **objects; /* owned; in no order */
	uint32_t *hashes; /* of their names: most are told apart by these */
	size_t count, room;
	char version[64]; /* resourceVersion: where a watch goes on */
	bool expired; /* the server has forgotten it: list again */
	struct buf line; /* of an event that is not whole yet */
};

enum { VIEW_MAX = 20000 };

extern const struct js_part view_parts[]; /* what is kept of an object */

void view_init(struct view *v);
void view_release(struct view *v);
/* Before a list: forgets all. */
void view_clear(struct view *v);
/* Before a stream begins anew: half an event is nothing. */
void view_rewind(struct view *v);
/* Takes in a page of a list, read by view_parts. */
int view_add_page(struct view *v, const struct js *list, struct error *err);
/* Bytes of a watch: lines of JSON. */
int view_feed(struct view *v, const void *bytes, size_t len, struct error *err);
/* NULL: there is none of this name. */
const struct js *view_find(const struct view *v, const char *name);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* id_set.h - which ids came already; small where they follow each other. */
#ifndef BASE_ID_SET_H
#define BASE_ID_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/*
 * Ids in any order. Those that count up take half a byte each, since 64
 * neighbours share a page of 16 bytes; ids far from each other 32 bytes. Who
 * chooses the ids cannot make it slow: where a page lies depends on chance.
 */
struct id_page;

struct id_set {
	struct id_page *pages; /* owned */
	size_t count, room; /* of pages; room is a power of two */
	uint64_t salt;
};

void id_set_release(struct id_set *s);
/* 1: it is new; 0: it was there already; -1: without memory. */
int id_set_add(struct id_set *s, uint64_t id, struct error *err);
bool id_set_has(const struct id_set *s, uint64_t id);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* removal_order.c - in which order what a run made is taken away. */
#include "engine/removal_order.h"

#include <string.h>

const char *const removal_kinds[] = { "pod",	"container", "volume",
				      "secret", "network",   NULL };

size_t removal_next(struct removal_order *r, const char **names, size_t max)
{
	size_t n = 0;

	while (r->left && n < max) {
		const struct inventory_item *item = &r->items[--r->left];

		if (!strcmp(item->kind, r->kind))
			names[n++] = item->name;
	}
	return n;
}

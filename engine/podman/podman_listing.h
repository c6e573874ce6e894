/* SPDX-License-Identifier: Apache-2.0 */
/* podman_listing.h - what podman lists of runs, by run. */
#ifndef ENGINE_PODMAN_PODMAN_LISTING_H
#define ENGINE_PODMAN_PODMAN_LISTING_H

#include <stdbool.h>

#include "base/arena.h"
#include "run/run.h"

/* What is there of one run. A thing is of the run whose prefix its name begins
 * with (medley-<id>-<mark>), else of the one in its label medley.run. */
struct listed_run {
	const char *key; /* the prefix, or the label's value */
	const char *run; /* the id */
	bool has_prefix;
	const char *directory; /* of the run, as the network's label says */
	int64_t newest_us; /* wall clock: when the newest of it was made */
	struct inventory_item *items;
	unsigned count, room;
	struct listed_run *next;
};

struct podman_listing {
	struct arena arena;
	struct listed_run *first;
};

/* The labels that say of which run a thing is, and where that is kept. */
#define LABEL_RUN "medley.run"
#define LABEL_DIRECTORY "medley.directory"

void podman_listing_init(struct podman_listing *l);
void podman_listing_release(struct podman_listing *l);
/* Takes in what podman prints as JSON for a kind: `pod ps`, `ps`, `volume ls`,
 * `network ls`, `secret inspect`. What is not of a run is passed over. */
int podman_listing_add(struct podman_listing *l, const char *kind,
		       const void *text, size_t len, struct error *err);
/* "medley-20261121-075012-3f1a[-…]": the length of the prefix, and the id;
 * 0: it is no such name. */
size_t podman_listing_prefix(const char *name, char ret_run[32]);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* network_draft.h - a commented network.yaml for a person to begin with. */
#ifndef RUN_NETWORK_DRAFT_H
#define RUN_NETWORK_DRAFT_H

#include <stdbool.h>

#include "base/buf.h"

struct draft_release {
	const char *word; /* "maven:4.10", a commit-ish */
	bool built; /* its image is there */
	bool chosen; /* an active line; else it is commented out */
};

struct network_draft {
	const struct draft_release *releases; /* the oldest first */
	unsigned count; /* one is chosen at least */
	const char *cordapps; /* "finance-4.0" */
	const char *repo; /* clone of the commit-ish words; NULL: there are none
			   */
};

/*
 * Adds the text. The chosen releases are banks, the last of them is the notary
 * as well. Optional keys are there with their help and their defaults,
 * commented out: with the # removed, the file is valid, too, and means the
 * same.
 */
void network_draft_write(const struct network_draft *d, struct buf *out);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* conduct.h - what releases are known to do. */
#ifndef VAULT_CONDUCT_H
#define VAULT_CONDUCT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/* Values of Corda-Platform-Version of nodes. */
struct platforms {
	const int *list;
	size_t count;
};

/*
 * known-conduct.yaml beside this file:
 *
 *	findings:
 *	  - finding: stuck-flow
 *	    platforms: [4]
 *	    after: payer-failed		a payment to the node failed
 *	    reason: one line for people
 *	names:
 *	  - column: state_party.x500_name
 *	    platforms: [4, 5]
 */
struct conduct_finding {
	const char *finding;
	struct platforms platforms;
	bool after_payer_failed; /* else: always */
	const char *reason;
};

struct conduct_name {
	const char *column;
	struct platforms platforms;
};

struct conduct {
	struct conduct_finding *findings;
	size_t finding_count;
	struct conduct_name *names;
	size_t name_count;
};

/* Reads a file. Texts and arrays live in `arena`. Errors: ERROR_INPUT. */
int conduct_read(const char *path, struct arena *arena, struct conduct *ret,
		 struct error *err);
/* The same of medley's own file. */
int conduct_load(struct arena *arena, struct conduct *ret, struct error *err);

/* Why this finding is known, or NULL. `payer_failed`: a payment to it failed.
 */
const char *conduct_reason(const struct conduct *c, const char *finding,
			   int platform, bool payer_failed);
/* True if a node writes the owner's name into the column "table.column" of each
 * of its rows, even where the output has the owner's key alone. */
bool conduct_names_owner(const struct conduct *c, const char *column,
			 int platform);

#endif

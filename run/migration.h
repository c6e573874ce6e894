/* SPDX-License-Identifier: Apache-2.0 */
/* migration.h - which releases need their database migrated, and how. */
#ifndef RUN_MIGRATION_H
#define RUN_MIGRATION_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/* One entry of migration.yaml. */
struct migration {
	int from, to; /* platform versions, both included */
	const char *after, *insert, *drop; /* drop may be NULL */
};

struct migrations {
	struct migration *entries;
	size_t count;
};

/* Reads deploy/migration.yaml; parts live in `arena`. ERROR_INPUT. */
int migrations_read(const char *path, struct arena *arena,
		    struct migrations *ret, struct error *err);

/* NULL if nodes of this platform create their tables themselves. */
const struct migration *migration_for(const struct migrations *m, int platform);

#endif

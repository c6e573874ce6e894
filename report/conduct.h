/* SPDX-License-Identifier: Apache-2.0 */
/* conduct.h - conduct.yaml: refusals that are no fault of a pair. */
#ifndef REPORT_CONDUCT_H
#define REPORT_CONDUCT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * What nodes are known to answer under load although nothing is wrong with
 * the releases, as data with a reason. A payment refused like this, with
 * nothing committed, is forgiven to `flaky` when a later one of the same cell
 * settled; it is never dropped.
 */
struct conduct_entry {
	const char *name;
	const char *class_name; /* of the exception that the node answered */
	const char *begins; /* its message */
	const char *reason;
};

struct conduct {
	struct conduct_entry *entries;
	size_t count;
};

int conduct_read(const char *path, struct arena *arena, struct conduct *ret,
		 struct error *err);
/* NULL when the error is not known. Class and text may be NULL. */
const struct conduct_entry *conduct_find(const struct conduct *c,
					 const char *error_class,
					 const char *error_text);

#endif

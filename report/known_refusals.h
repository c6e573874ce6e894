/* SPDX-License-Identifier: Apache-2.0 */
/* known_refusals.h - what nodes refuse under load although all is well. */
#ifndef REPORT_KNOWN_REFUSALS_H
#define REPORT_KNOWN_REFUSALS_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * What nodes are known to answer under load although nothing is wrong with
 * the releases, as data with a reason. A payment refused like this, with
 * nothing committed, is forgiven to `flaky` when a later one of the same cell
 * settled; it is never dropped.
 */
struct known_refusal {
	const char *name;
	const char *class_name; /* of the exception that the node answered */
	const char *begins; /* its message */
	const char *reason;
};

struct known_refusals {
	struct known_refusal *entries;
	size_t count;
};

int known_refusals_read(const char *path, struct arena *arena,
			struct known_refusals *ret, struct error *err);
/* NULL when the error is not known. Class and text may be NULL. */
const struct known_refusal *known_refusal_find(const struct known_refusals *c,
					       const char *error_class,
					       const char *error_text);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* expected.h - expected.yaml: what is declared not to work, and why. */
#ifndef REPORT_EXPECTED_H
#define REPORT_EXPECTED_H

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

/*
 *	unsupported:
 *	  - payer: "4.10+finance-4.10"	labels of releases
 *	    payee: "4.0+finance-4.0"
 *	    notary: "4.8"		optional: any
 *	    reason: 4.0 trusts its own contracts jar alone
 *
 * It is looked for in the run first, then beside the network file. Unknown
 * keys and missing reasons are errors: a cell is excused by a person, in
 * writing, or not at all.
 */
struct expected_cell {
	const char *payer, *payee;
	const char *notary; /* NULL: any */
	const char *reason;
};

struct expected {
	struct expected_cell *cells;
	size_t count;
};

/* No file: nothing is declared. */
int expected_load(const char *run_dir, const char *network_file,
		  struct arena *arena, struct expected *ret, struct error *err);
int expected_read(const char *path, struct arena *arena, struct expected *ret,
		  struct error *err);
/* The declaration for a cell of these labels, or NULL. */
const struct expected_cell *expected_find(const struct expected *e,
					  const char *payer, const char *payee,
					  const char *notary);

#endif

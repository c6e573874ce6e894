/* SPDX-License-Identifier: Apache-2.0 */
/* cell_name.h - cells as users name them: PAYER:PAYEE:NOTARY. */
#ifndef RUN_CELL_NAME_H
#define RUN_CELL_NAME_H

#include <stdbool.h>

#include "base/buf.h"

/* Labels of releases ("4.10+finance-4.8") with colons between them. Without
 * notary a name stands for the cells of all notaries. */
#define CELL_NAME "PAYER:PAYEE:NOTARY"

/* Whether the name is that of the cell. Labels of medley have no colons; those
 * of a run from others may. */
bool cell_name_is(const char *name, const char *payer, const char *payee,
		  const char *notary);
/* Whether it stands for all notaries, given that it is a name of the cell. */
bool cell_name_is_any(const char *name, const char *payer, const char *payee);
/* Adds the name; `notary` NULL: of all notaries. */
void cell_name_add(struct buf *out, const char *payer, const char *payee,
		   const char *notary);

#endif

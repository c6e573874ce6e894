/* SPDX-License-Identifier: Apache-2.0 */
/* cell_name.h - cells as users name them: PAYER:PAYEE:NOTARY. */
#ifndef RUN_CELL_NAME_H
#define RUN_CELL_NAME_H

#include <stdbool.h>

#include "base/buf.h"

/* Labels of releases ("4.10+finance-4.8") with colons between them. A name
 * without a notary stands for the cells of all notaries. */
#define CELL_NAME "PAYER:PAYEE:NOTARY"

/* True if the name stands for the cell. Labels that medley makes have no
 * colons; labels in a run from somebody else may have some. */
bool cell_name_is(const char *name, const char *payer, const char *payee,
		  const char *notary);
/* True if a name of the cell stands for all notaries. cell_name_is() must be
 * true for the name. */
bool cell_name_is_any(const char *name, const char *payer, const char *payee);
/* Adds the name; `notary` NULL: for all notaries. */
void cell_name_add(struct buf *out, const char *payer, const char *payee,
		   const char *notary);

#endif

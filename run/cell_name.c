/* SPDX-License-Identifier: Apache-2.0 */
/* cell_name.c - cells as users name them: PAYER:PAYEE:NOTARY. */
#include "run/cell_name.h"

#include <string.h>

/* What follows the label and a colon; NULL: the text does not begin so. */
static const char *behind(const char *text, const char *label)
{
	size_t len = strlen(label);

	return !strncmp(text, label, len) && text[len] == ':' ? text + len + 1
							      : NULL;
}

bool cell_name_is_any(const char *name, const char *payer, const char *payee)
{
	const char *rest = behind(name, payer);

	return rest && !strcmp(rest, payee);
}

bool cell_name_is(const char *name, const char *payer, const char *payee,
		  const char *notary)
{
	const char *rest = behind(name, payer);
	const char *last = rest ? behind(rest, payee) : NULL;

	return (last && !strcmp(last, notary)) ||
	       cell_name_is_any(name, payer, payee);
}

void cell_name_add(struct buf *out, const char *payer, const char *payee,
		   const char *notary)
{
	buf_addf(out, "%s:%s%s%s", payer, payee, notary ? ":" : "",
		 notary ?: "");
}

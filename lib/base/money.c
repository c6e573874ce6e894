/* SPDX-License-Identifier: Apache-2.0 */
/* money.c - amounts of money as people read them. */
#include "base/money.h"

#include <string.h>

enum { DIGITS_MAX = 40 }; /* of 2^128 */

int money_decimals(const char *currency)
{
	static const char none[] =
		"BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF "
		"XOF XPF";
	static const char three[] = "BHD IQD JOD KWD LYD OMR TND";

	if (!currency || strlen(currency) != 3 || strstr(none, currency))
		return 0;
	return strstr(three, currency) ? 3 : 2;
}

void money_add(struct buf *out, MONEY_SUM amount, const char *currency)
{
	unsigned MONEY_SUM left = amount < 0 ? -(unsigned MONEY_SUM)amount
					     : (unsigned MONEY_SUM)amount;
	int decimals = money_decimals(currency), digits = 0;
	char text[DIGITS_MAX + 2], *p = text + sizeof(text) - 1;

	*p = '\0';
	do {
		if (digits && digits == decimals)
			*--p = '.';
		*--p = (char)('0' + (int)(left % 10));
		left /= 10;
		digits++;
	} while (left || digits <= decimals);
	buf_addf(out, "%s%s", amount < 0 ? "-" : "", p);
	if (currency && *currency)
		buf_addf(out, " %s", currency);
}

double money_units(MONEY_SUM amount, const char *currency)
{
	double units = (double)amount;

	for (int i = money_decimals(currency); i > 0; i--)
		units /= 10;
	return units;
}

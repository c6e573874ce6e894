/* SPDX-License-Identifier: Apache-2.0 */
/* money.h - amounts of money as people read them. */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include "base/buf.h"

/* Amounts are in the smallest unit of their currency. A sum of 64-bit amounts
 * is wider than each of them. */
#define MONEY_SUM __int128

/* The number of decimals of a currency by ISO 4217, as in Java's class
 * Currency; 0 for other texts. */
int money_decimals(const char *currency);

/* In whole units, for a program: 100.05. */
double money_units(MONEY_SUM amount, const char *currency);
/* "100.05 USD", "-0.07 EUR", "500 JPY"; without a currency the number alone. */
void money_add(struct buf *out, MONEY_SUM amount, const char *currency);

#endif

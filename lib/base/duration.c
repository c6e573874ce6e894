/* SPDX-License-Identifier: Apache-2.0 */
/* duration.c - durations as people write them: "90s", "30m", "24h", "7d". */
#include "base/duration.h"

#include "base/cleanup.h"

enum { DIGITS_MAX = 6 };

static const struct {
	char letter;
	int64_t seconds;
} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };

bool duration_read(const char *text, size_t len, int64_t *ret_us)
{
	size_t digits = 0;
	int64_t n = 0;

	for (; digits < len && text[digits] >= '0' && text[digits] <= '9' &&
	       digits <= DIGITS_MAX;
	     digits++)
		n = n * 10 + (text[digits] - '0');
	if (!digits || digits > DIGITS_MAX || digits + 1 != len)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (text[digits] == units[i].letter) {
			*ret_us = n * units[i].seconds * 1000000;
			return true;
		}
	return false;
}

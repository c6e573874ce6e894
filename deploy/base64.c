/* SPDX-License-Identifier: Apache-2.0 */
/* base64.c - reads the values of a Secret. */
#include "deploy/base64.h"

#include <string.h>

static const char alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int base64_decode(const char *text, struct buf *out, struct error *err)
{
	uint32_t bits = 0;
	unsigned held = 0;

	for (; *text && *text != '='; text++) {
		const char *at = strchr(alphabet, *text);

		if (strchr(" \t\r\n", *text))
			continue;
		if (!at)
			return error_set(err, ERROR_INPUT,
					 "'%c' is no base64 digit", *text);
		bits = bits << 6 | (uint32_t)(at - alphabet);
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		buf_add_u8(out, (uint8_t)(bits >> held));
	}
	if (strspn(text, "= \t\r\n") != strlen(text))
		return error_set(err, ERROR_INPUT, "base64 goes on after '='");
	return buf_check(out, err);
}

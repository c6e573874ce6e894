/* SPDX-License-Identifier: Apache-2.0 */
/* base64.c - bytes as base64 text (RFC 4648), as Kubernetes wants them. */
#include "data/base64.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* Up to three bytes become four characters. */
static void encode_group(const uint8_t *p, size_t len, char ret[4])
{
	uint32_t bits =
		p[0] << 16 | (len > 1 ? p[1] << 8 : 0) | (len > 2 ? p[2] : 0);

	ret[0] = alphabet[bits >> 18];
	ret[1] = alphabet[bits >> 12 & 63];
	ret[2] = len > 1 ? alphabet[bits >> 6 & 63] : '=';
	ret[3] = len > 2 ? alphabet[bits & 63] : '=';
}

void base64_encode(const void *bytes, size_t len, struct buf *out)
{
	const uint8_t *p = bytes;
	char *at = buf_reserve(out, (len + 2) / 3 * 4);
	char *end = at;

	if (!at)
		return;
	for (size_t i = 0; i < len; i += 3, end += 4)
		encode_group(p + i, len - i, end);
	*end = 0;
	out->len += end - at;
}

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

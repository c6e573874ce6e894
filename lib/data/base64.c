/* SPDX-License-Identifier: Apache-2.0 */
/* base64.c - encodes and decodes base64 (RFC 4648). */
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

/* Of each byte: the digit's value, or what else it is. */
enum { PAD = 64, BLANK = 65, BAD = 66 };

static void values_fill(uint8_t values[256])
{
	memset(values, BAD, 256);
	for (uint8_t i = 0; i < 64; i++)
		values[(uint8_t)alphabet[i]] = i;
	for (const char *p = " \t\r\n"; *p; p++)
		values[(uint8_t)*p] = BLANK;
	values['='] = values[0] = PAD;
}

int base64_decode(const char *text, struct buf *out, struct error *err)
{
	uint8_t values[256], *at = buf_reserve(out, strlen(text) / 4 * 3 + 3);
	uint32_t bits = 0, value;
	unsigned held = 0;

	if (!at)
		return buf_check(out, err);
	values_fill(values);
	for (; (value = values[(uint8_t)*text]) != PAD; text++) {
		if (value == BLANK)
			continue;
		if (value == BAD)
			return error_set(err, ERROR_INPUT,
					 "'%c' is not a base64 digit; expected "
					 "A-Z, a-z, 0-9, + or /",
					 *text);
		bits = bits << 6 | value;
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		*at++ = (uint8_t)(bits >> held);
	}
	if (strspn(text, "= \t\r\n") != strlen(text))
		return error_set(err, ERROR_INPUT,
				 "base64 has digits after the '='");
	*at = 0;
	out->len = (size_t)(at - out->data);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* utf8.c - checks and repairs UTF-8 that came from outside. */
#include "base/utf8.h"

#include <string.h>

size_t utf8_next(const char *p, unsigned *ret)
{
	static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *b = (const unsigned char *)p;
	unsigned v = b[0];
	size_t len = 1;

	if (v >= 0xf0 && v < 0xf8)
		len = 4, v &= 0x07;
	else if (v >= 0xe0 && v < 0xf0)
		len = 3, v &= 0x0f;
	else if (v >= 0xc0 && v < 0xe0)
		len = 2, v &= 0x1f;
	else if (v >= 0x80 || !v)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | (b[i] & 0x3f);
	}
	if (v < least[len] || v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
		return 0;
	*ret = v;
	return len;
}

size_t utf8_count(const char *text)
{
	unsigned point;
	size_t n = 0, len;

	for (; *text; text += len ? len : 1, n++)
		len = utf8_next(text, &point);
	return n;
}

void utf8_add_clean(struct buf *out, const char *text)
{
	unsigned point;
	size_t len;

	buf_add_str(out, "");
	for (; *text; text += len ? len : 1) {
		len = utf8_next(text, &point);
		buf_add(out, len ? text : "?", len ? len : 1);
	}
}

static bool begins(const struct buf *text, const char *mark)
{
	size_t len = strlen(mark);

	return text->len >= len && !memcmp(text->data, mark, len);
}

int utf8_unmark(const char *name, struct buf *text, struct error *err)
{
	static const char mark[] = "\xef\xbb\xbf";

	if (begins(text, "\xff\xfe") || begins(text, "\xfe\xff"))
		return error_set(err, ERROR_INPUT,
				 "%s: the file is UTF-16; save it as UTF-8",
				 name);
	if (begins(text, mark))
		buf_consume(text, strlen(mark));
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* wrap.c - text in columns of a screen: measured, and broken into lines. */
#include "base/wrap.h"

#include <string.h>

static size_t columns_of(const char *text, size_t bytes)
{
	size_t n = 0;

	for (size_t i = 0; i < bytes; i++)
		n += (text[i] & 0xC0) != 0x80;
	return n;
}

size_t text_columns(const char *text)
{
	return columns_of(text, strlen(text));
}

void text_wrap(struct buf *out, const char *text, size_t at, size_t indent,
	       size_t width)
{
	bool fresh = true; /* no word is on this line yet */

	for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
		size_t len = strcspn(text, " ");
		size_t head = strcspn(text, " \n"), tail = head;

		if (!fresh && at + 1 + columns_of(text, head) > width) {
			buf_addf(out, "\n%*s", (int)indent, "");
			at = indent;
			fresh = true;
		}
		if (!fresh) {
			buf_add_u8(out, ' ');
			at++;
		}
		buf_add(out, text, len);
		at += columns_of(text, head);
		for (; tail < len; tail++)
			at = text[tail] == '\n'
				     ? 0
				     : at + columns_of(text + tail, 1);
		fresh = false;
		text += len;
	}
	buf_add_u8(out, '\n');
}

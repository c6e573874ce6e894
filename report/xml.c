/* SPDX-License-Identifier: Apache-2.0 */
/* xml.c - text made fit for XML and HTML. */
#include <string.h>

#include "report/outputs.h"

static const char *entity(unsigned char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	case '\n':
		return "&#10;"; /* else an attribute would lose it */
	case '\t':
		return "&#9;";
	default:
		return c < 0x20 || c == 0x7F ? "\xEF\xBF\xBD" : NULL;
	}
}

void say_xml(struct buf *out, const char *text)
{
	for (; *text; text++) {
		const char *other = entity((unsigned char)*text);

		/* U+FFFE and U+FFFF are no characters of XML. */
		if (!strncmp(text, "\xEF\xBF\xBE", 3) ||
		    !strncmp(text, "\xEF\xBF\xBF", 3)) {
			buf_add_str(out, "\xEF\xBF\xBD");
			text += 2;
		} else if (other) {
			buf_add_str(out, other);
		} else {
			buf_add(out, text, 1);
		}
	}
}

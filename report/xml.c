/* SPDX-License-Identifier: Apache-2.0 */
/* xml.c - text made fit for XML and HTML. */
#include "base/plain.h"
#include "report/outputs.h"

static const char *entity(char c)
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
		return NULL;
	}
}

/* Adds the character at `text`; returns its bytes. */
static size_t write_character(struct buf *out, const char *text)
{
	size_t len;
	bool plain = plain_next(text, &len);
	const char *other = entity(*text);

	if (other)
		buf_add_str(out, other);
	else if (plain)
		buf_add(out, text, len);
	else
		buf_add_str(out, PLAIN_REPLACEMENT);
	return len;
}

void write_xml(struct buf *out, const char *text)
{
	while (*text)
		text += write_character(out, text);
}

void write_junit_name(struct buf *out, const char *text)
{
	while (*text)
		text += write_character(out, *text == '.' ? "_" : text);
}

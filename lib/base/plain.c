/* SPDX-License-Identifier: Apache-2.0 */
/* plain.c - makes text from outside safe to show to people. */
#include "base/plain.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/utf8.h"

static const struct {
	unsigned first, last;
} not_plain[] = {
	{ 0x00, 0x1f }, /* C0 */
	{ 0x7f, 0x9f }, /* DEL and C1 */
	{ 0x061c, 0x061c }, /* Arabic letter mark */
	{ 0x200b, 0x200b }, /* zero-width space */
	{ 0x200e, 0x200f }, /* marks of direction */
	{ 0x2028, 0x202e }, /* separators; embeddings and overrides */
	{ 0x2060, 0x206f }, /* word joiner, isolates, old format characters */
	{ 0xfeff, 0xfeff }, /* byte order mark */
	{ 0xfff9, 0xfffb }, /* annotations */
	{ 0xfffe, 0xffff }, /* not characters; XML forbids them */
	{ 0xe0000, 0xe0fff }, /* tags */
};

bool plain_point(unsigned point)
{
	for (size_t i = 0; i < ARRAY_SIZE(not_plain); i++)
		if (point >= not_plain[i].first && point <= not_plain[i].last)
			return false;
	return true;
}

bool plain_next(const char *text, size_t *ret_len)
{
	unsigned point;
	size_t len = utf8_next(text, &point);

	*ret_len = len ? len : 1;
	return len && plain_point(point);
}

static void add(struct buf *out, const char *text, const char *blanks,
		const char *kept)
{
	size_t len;

	for (; *text; text += len) {
		bool plain = plain_next(text, &len);

		if (plain || strchr(kept, *text))
			buf_add(out, text, len);
		else if (strchr(blanks, *text))
			buf_add_u8(out, ' ');
		else
			buf_add_str(out, PLAIN_REPLACEMENT);
	}
}

void plain_line(struct buf *out, const char *text)
{
	add(out, text, "\n\t\r", "");
}

void plain_lines(struct buf *out, const char *text)
{
	add(out, text, "\r", "\n\t");
}

/* What stands in ASCII for the character; of so many bytes. */
static const char *ascii_of(const char *character, size_t len)
{
	static const struct {
		const char *from, *to;
	} alike[] = {
		{ "\xE2\x80\xA6", "..." }, /* ellipsis */
		{ "\xE2\x80\x93", "-" }, /* dash */
		{ "\xE2\x86\x92", "->" }, /* arrow */
		{ "\xE2\x80\x99", "'" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(alike); i++)
		if (strlen(alike[i].from) == len &&
		    !memcmp(alike[i].from, character, len))
			return alike[i].to;
	return "?";
}

void plain_ascii(struct buf *out, const char *text)
{
	while (*text) {
		size_t len = 1;

		if (!((unsigned char)*text & 0x80)) {
			buf_add_u8(out, (uint8_t)*text++);
			continue;
		}
		while (((unsigned char)text[len] & 0xC0) == 0x80)
			len++;
		buf_add_str(out, ascii_of(text, len));
		text += len;
	}
}

/* SPDX-License-Identifier: Apache-2.0 */
/* shorten.c - a text for people that must fit, without the middle of what is
 * long in it. */
#include "base/shorten.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* Of a word; where words must be shortened, each has so much of the room. */
enum { WORD_SHARE = 4 };

static const char gap[] = "…";

/* How many bytes of `n` can be kept at the beginning, at the end: a character
 * of UTF-8 stays whole. */
static size_t head_of(const char *at, size_t n)
{
	while (n && (at[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static size_t tail_of(const char *end, size_t n)
{
	while (n && (*(end - n) & 0xc0) == 0x80)
		n--;
	return n;
}

/* Moves the `len` bytes at `from` to `to`, as at most `most` bytes; how many.
 * The ranges may overlap where `to` is the lower one. */
static size_t put_shortened(char *to, const char *from, size_t len, size_t most)
{
	const size_t kept = most - strlen(gap);
	size_t head, tail;

	if (len <= most) {
		memmove(to, from, len);
		return len;
	}
	head = head_of(from, kept - kept / 2);
	tail = tail_of(from + len, kept / 2);
	memmove(to, from, head);
	memmove(to + head + strlen(gap), from + len - tail, tail);
	memcpy(to + head, gap, strlen(gap));
	return head + strlen(gap) + tail;
}

static size_t shorten_words(char *text, size_t most)
{
	const char *from = text;
	char *to = text;

	while (*from) {
		size_t word = strcspn(from, " \n"), blanks;

		to += put_shortened(to, from, word, most);
		from += word;
		blanks = strspn(from, " \n");
		memmove(to, from, blanks);
		from += blanks;
		to += blanks;
	}
	*to = 0;
	return (size_t)(to - text);
}

void shorten_list(char *room, size_t size, const char *fmt, va_list args)
{
	cleanup(freep) char *whole = NULL;
	va_list again;
	size_t len;
	int n;

	assert(size >= SHORTEN_LEAST);
	va_copy(again, args);
	n = vsnprintf(room, size, fmt, args);
	if (n >= (int)size && vasprintf(&whole, fmt, again) < 0)
		whole = NULL;
	va_end(again);
	if (!whole)
		return; /* it fits, or memory is short and its end is cut off */
	len = shorten_words(whole, size / WORD_SHARE);
	len = put_shortened(room, whole, len, size - 1);
	room[len] = 0;
}

void shorten(char *room, size_t size, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	shorten_list(room, size, fmt, args);
	va_end(args);
}

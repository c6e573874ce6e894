/* SPDX-License-Identifier: Apache-2.0 */
/* word.c - words that name a release, and patterns for them. */
#include "build-and-publish/word.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "corda/digest.h"

enum { SAFE_MAX = 40 };

static bool plain(char c)
{
	return isalnum((unsigned char)c) || strchr("._-", c);
}

/* ":" becomes "_", which no other character does: released words, which have
 * one, keep a name without a digest. */
static char safe_char(char c)
{
	if (c == ':')
		return '_';
	return c != '_' && plain(c) ? c : '-';
}

const char *word_safe(char room[WORD_SAFE_ROOM], const char *word)
{
	bool same = isalnum((unsigned char)word[0]);
	uint8_t digest[DIGEST_MAX];
	size_t i;

	for (i = 0; word[i] && i < SAFE_MAX; i++) {
		room[i] = safe_char(word[i]);
		same = same && (room[i] == word[i] || word[i] == ':');
	}
	if (!isalnum((unsigned char)room[0]))
		room[0] = 'x';
	room[i] = 0;
	if (same && !word[i])
		return room;
	digest_bytes(DIGEST_SHA256, word, strlen(word), digest);
	snprintf(room + i, WORD_SAFE_ROOM - i, "-%02x%02x%02x%02x", digest[0],
		 digest[1], digest[2], digest[3]);
	return room;
}

const char *word_match(const char *pattern, const char *word,
		       struct arena *arena)
{
	const char *hole = strstr(pattern, "{}");
	size_t len = strlen(word), head, tail;

	if (!hole)
		return strcmp(pattern, word) ? NULL : "";
	head = hole - pattern;
	tail = strlen(hole + 2);
	if (len <= head + tail || strncmp(pattern, word, head) ||
	    strcmp(word + len - tail, hole + 2))
		return NULL;
	return arena_strndup(arena, word + head, len - head - tail);
}

const char *word_fill(const char *text, const char *value, struct arena *arena)
{
	cleanup(buf_release) struct buf out = BUF_INIT(64 * 1024);
	const char *hole;

	for (; (hole = strstr(text, "{}")); text = hole + 2) {
		buf_add(&out, text, hole - text);
		buf_add_str(&out, value);
	}
	buf_add_str(&out, text);
	return out.failed ? NULL : arena_strdup(arena, buf_text(&out));
}

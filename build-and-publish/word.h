/* SPDX-License-Identifier: Apache-2.0 */
/* word.h - words that name a release, and patterns for them. */
#ifndef BUILD_WORD_H
#define BUILD_WORD_H

#include "base/arena.h"

enum { WORD_SAFE_ROOM = 64 };

/* The word as part of a file's or image's name: other characters become "-";
 * where any did, a digest keeps apart words that would look the same. */
const char *word_safe(char room[WORD_SAFE_ROOM], const char *word);

/* A pattern has at most one "{}", which stands for one or more characters.
 * The text that it stands for in `word` ("" without "{}"), or NULL. */
const char *word_match(const char *pattern, const char *word,
		       struct arena *arena);

/* `text` with each "{}" replaced. */
const char *word_fill(const char *text, const char *value, struct arena *arena);

#endif

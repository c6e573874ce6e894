/* SPDX-License-Identifier: Apache-2.0 */
/* word.h - words that name a release, and patterns for them. */
#ifndef BUILD_WORD_H
#define BUILD_WORD_H

#include "base/arena.h"

enum { WORD_SAFE_ROOM = 64 };

/* The word as part of the name of a file or an image. Other characters become
 * "-"; then a digest is added, so that two words never give one name. */
const char *word_safe(char room[WORD_SAFE_ROOM], const char *word);

/* Matches `word` with a pattern, which has at most one "{}" for one or more
 * characters. Returns the text for "{}" ("" if the pattern has none), or NULL
 * if the word does not match. */
const char *word_match(const char *pattern, const char *word,
		       struct arena *arena);

/* `text` with each "{}" replaced. */
const char *word_fill(const char *text, const char *value, struct arena *arena);

#endif

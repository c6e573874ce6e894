/* SPDX-License-Identifier: Apache-2.0 */
/* word_index.h - enums whose values stand as words in a run's files. */
#ifndef RUN_WORD_INDEX_H
#define RUN_WORD_INDEX_H

#include <string.h>

#include "base/cleanup.h"
#include "data/json.h"

/* The index of the text at `key` among the words, or -1. */
static inline int word_index(const char *const *words, size_t count,
			     const struct js *line, const char *key)
{
	const char *text = js_str(line, key);

	for (size_t i = 0; text && i < count; i++)
		if (!strcmp(words[i], text))
			return (int)i;
	return -1;
}

#define WORD(words, line, key) word_index(words, ARRAY_SIZE(words), line, key)

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* releases.c - releases.txt: one word a line and nothing else. */
#include "build-and-publish/releases.h"

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "build-and-publish/word.h"
#include "sys/file.h"

enum { FILE_MAX = 1024 * 1024 };

static unsigned count_lines(const char *text)
{
	unsigned n = 1;

	while ((text = strchr(text, '\n')))
		text++, n++;
	return n;
}

int releases_read(const char *path, struct arena *arena,
		  const char ***ret_words, unsigned *ret_count,
		  struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(FILE_MAX);
	unsigned line = 0, count = 0;
	const char **words;
	char *rest, *word;

	if (file_read(path, &text, err) < 0)
		return -1;
	words = arena_array(arena, count_lines(buf_text(&text)),
			    sizeof(*words));
	if (!words)
		return error_nomem(err);
	rest = (char *)buf_text(&text);
	while ((word = strsep(&rest, "\n"))) {
		line++;
		if (!*word)
			continue;
		if (word_check(word, err) < 0)
			return error_wrap(err, "%s:%u", path, line);
		words[count] = arena_strdup(arena, word);
		if (!words[count++])
			return error_nomem(err);
	}
	*ret_words = words;
	*ret_count = count;
	return 0;
}

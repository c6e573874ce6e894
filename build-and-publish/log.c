/* SPDX-License-Identifier: Apache-2.0 */
/* log.c - finds the line that says why in the output of a build tool. */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "build-and-publish/job.h"

enum { TAIL_MAX = 128 * 1024, REASON_MAX = 400 };

/* Where tools say it; the first marker that is there decides. */
static const struct marker {
	const char *text;
	bool anywhere; /* in a line, not only at its beginning */
	int lines; /* the reason is so many lines below */
} markers[] = {
	{ "* What went wrong:", false, 1 }, /* Gradle */
	{ "Could not find artifact", true, 0 }, /* Maven */
	{ "Could not transfer artifact", true, 0 },
	{ "[ERROR] ", true, 0 },
	{ "E: ", false, 0 }, /* apt */
};

static void fclosep(FILE **f)
{
	if (*f)
		fclose(*f);
}

/* The log from `from` on, or its last TAIL_MAX bytes. */
static void read_tail(const char *log, long from, struct buf *text)
{
	cleanup(fclosep) FILE *f = fopen(log, "re");
	char bytes[8192];
	long end;
	size_t n;

	if (!f || fseek(f, 0, SEEK_END) < 0)
		return;
	end = ftell(f);
	fseek(f, end - from > TAIL_MAX ? end - TAIL_MAX : from, SEEK_SET);
	while ((n = fread(bytes, 1, sizeof(bytes), f)) > 0)
		buf_add(text, bytes, n);
}

static const char *line_below(const char *at, int lines)
{
	for (; lines && at; lines--) {
		at = strchr(at, '\n');
		at += at != NULL;
	}
	return at;
}

static const char *find_marker(const char *text, const struct marker *m)
{
	const char *at = text;

	while ((at = strstr(at, m->text)) && at > text && at[-1] != '\n' &&
	       !m->anywhere)
		at++;
	return at;
}

static const char *last_line(const char *text, size_t len)
{
	while (len && strchr("\n\r ", text[len - 1]))
		len--;
	while (len && text[len - 1] != '\n')
		len--;
	return text + len;
}

const char *log_reason(const char *log, long from, struct arena *arena)
{
	cleanup(buf_release) struct buf tail = BUF_INIT(2 * TAIL_MAX);
	const char *text, *at = NULL;
	size_t len;

	read_tail(log, from, &tail);
	text = buf_text(&tail);
	for (size_t i = 0; i < ARRAY_SIZE(markers) && !at; i++) {
		at = find_marker(text, &markers[i]);
		at = at ? line_below(at, markers[i].lines) : NULL;
	}
	if (!at)
		at = last_line(text, tail.len);
	at += strspn(at, " \t");
	len = strcspn(at, "\r\n");
	return arena_strndup(arena, at, len < REASON_MAX ? len : REASON_MAX);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* log.c - finds the line of a build's output that says why it failed. */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "build-and-publish/build_job.h"

enum { TAIL_MAX = 128 * 1024, REASON_MAX = 900 };

/* Where tools say it; the first marker that is there decides. */
static const struct marker {
	const char *text;
	bool anywhere; /* in a line, not only at its beginning */
	enum { FROM_MARKER, WHOLE_LINE, LINE_BELOW, BEHIND_MARKER } reason;
} markers[] = {
	{ "o space left on device", true, WHOLE_LINE },
	{ "* What went wrong:", false, LINE_BELOW }, /* Gradle */
	{ "Could not find artifact", true, FROM_MARKER }, /* Maven */
	{ "Could not transfer artifact", true, FROM_MARKER },
	{ "[ERROR] ", true, FROM_MARKER },
	{ "E: ", false, FROM_MARKER }, /* apt */
	{ "level=fatal msg=", true, BEHIND_MARKER }, /* skopeo */
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

static const char *reason_at(const char *text, const char *at,
			     const struct marker *m)
{
	switch (m->reason) {
	case WHOLE_LINE:
		while (at > text && at[-1] != '\n')
			at--;
		return at;
	case LINE_BELOW:
		at += strcspn(at, "\n");
		return at + (*at == '\n');
	case BEHIND_MARKER:
		return at + strlen(m->text);
	case FROM_MARKER:
		break;
	}
	return at;
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
		at = at ? reason_at(text, at, &markers[i]) : NULL;
	}
	if (!at)
		at = last_line(text, tail.len);
	at += strspn(at, " \t");
	len = strcspn(at, "\r\n");
	return arena_strndup(arena, at, len < REASON_MAX ? len : REASON_MAX);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* log_times.c - the lines of a saved log from a time on. */
#include "deploy/log_times.h"

#include <string.h>

#include "sys/clock.h"

/* Where in its line a time begins at the latest. */
enum { TIME_FROM = 32 };

static const char form[] = "dddd-dd-ddTdd:dd:dd";
enum { TIME_LEN = sizeof(form) - 1 };

static bool has_form(const char *at)
{
	for (size_t i = 0; i < TIME_LEN; i++) {
		bool digit = at[i] >= '0' && at[i] <= '9';

		if (form[i] == 'd'   ? !digit
		    : form[i] == 'T' ? at[i] != 'T' && at[i] != ' '
				     : at[i] != form[i])
			return false;
	}
	return true;
}

static bool time_of(const char *line, size_t len, int64_t *ret_us)
{
	char text[TIME_LEN + 2];

	for (size_t at = 0; at <= TIME_FROM && at + TIME_LEN <= len; at++) {
		if (!has_form(line + at))
			continue;
		memcpy(text, line + at, TIME_LEN);
		text[10] = 'T';
		memcpy(text + TIME_LEN, "Z", 2);
		return clock_read(text, ret_us);
	}
	return false;
}

static bool names_file(const char *line, size_t len)
{
	return len > 4 && !memcmp(line, "==> ", 4);
}

bool log_lines_since(const struct buf *text, int64_t since_us, struct buf *out)
{
	const char *line = buf_text(text), *end = line + text->len;
	/* Lines of the same second stay. */
	int64_t from_us = since_us - since_us % 1000000;
	bool any = false, keep = false;

	while (line < end) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t len = (size_t)((newline ? newline + 1 : end) - line);
		int64_t us;

		if (time_of(line, len, &us)) {
			any = true;
			keep = us >= from_us;
		} else if (names_file(line, len)) {
			keep = false;
			buf_add(out, line, len);
		}
		if (keep)
			buf_add(out, line, len);
		line += len;
	}
	return any;
}

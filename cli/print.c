/* SPDX-License-Identifier: Apache-2.0 */
/* print.c - lines for people, of which a part may come from others. */
#include "cli/print.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/plain.h"
#include "sys/clock.h"
#include "sys/terminal.h"

enum { SAID_MAX_BYTES = 8 * 1024 * 1024, TEXT_MAX_BYTES = 256 * 1024 * 1024 };

void print_lines(FILE *to, const char *text)
{
	cleanup(buf_release) struct buf ascii = BUF_INIT(TEXT_MAX_BYTES);

	if (terminal_utf8()) {
		fputs(text, to);
		return;
	}
	plain_ascii(&ascii, text);
	fputs(ascii.failed ? text : buf_text(&ascii), to);
}

void print_add(struct buf *out, const char *fmt, va_list args)
{
	cleanup(freep) char *text = NULL;

	if (vasprintf(&text, fmt, args) < 0)
		text = NULL;
	plain_line(out, text ? text : "(out of memory)");
}

void print_line(FILE *to, const char *fmt, ...)
{
	cleanup(buf_release) struct buf line = BUF_INIT(SAID_MAX_BYTES);
	va_list args;

	va_start(args, fmt);
	print_add(&line, fmt, args);
	va_end(args);
	buf_add_u8(&line, '\n');
	print_lines(to, buf_text(&line));
}

void print_failure(const struct error *err)
{
	print_line(stderr, "medley: %s", err->text);
}

const char *age_text(char room[AGE_TEXT], int64_t since_us)
{
	int64_t s = (clock_wall_us() - since_us) / 1000000;

	if (s < 0)
		s = 0;
	if (s < 120)
		snprintf(room, AGE_TEXT, "%d s", (int)s);
	else if (s < 7200)
		snprintf(room, AGE_TEXT, "%d min", (int)(s / 60));
	else if (s < 2 * 86400)
		snprintf(room, AGE_TEXT, "%d h", (int)(s / 3600));
	else
		snprintf(room, AGE_TEXT, "%lld d", (long long)(s / 86400));
	return room;
}

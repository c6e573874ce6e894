/* SPDX-License-Identifier: Apache-2.0 */
/* progress.c - shows a person the progress of a room. */
#include "base/progress.h"

#include <stdarg.h>
#include <stdio.h>

void progress_say(struct progress *p, uint64_t done, uint64_t total,
		  double expected, const char *fmt, ...)
{
	char text[256];
	va_list args;

	if (!p || !p->say)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	p->say(p, done, total, expected, text);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* pressure.c - measures how long tasks waited for a CPU. */
#include "sys/pressure.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sys/clock.h"
#include "sys/file.h"

enum { TEXT_MAX = 4096 };

int64_t pressure_total(const char *text)
{
	static const char word[] = "total=";
	const char *at = strstr(text, word), *line = strchr(text, '\n');
	long long total;
	char *end;

	if (strncmp(text, "some ", 5) != 0 || !at || (line && at > line))
		return -1;
	at += strlen(word);
	errno = 0;
	total = strtoll(at, &end, 10);
	return errno || end == at || total < 0 ? -1 : total;
}

static int64_t read_total(void)
{
	cleanup(buf_release) struct buf text = BUF_INIT(TEXT_MAX);

	if (file_read("/proc/pressure/cpu", &text, NULL) < 0)
		return -1;
	return pressure_total(buf_text(&text));
}

void pressure_begin(struct pressure *p)
{
	p->began_us = clock_mono_us();
	p->total_us = read_total();
}

double pressure_share(const struct pressure *p)
{
	int64_t passed = clock_mono_us() - p->began_us, total = read_total();
	double share;

	if (p->total_us < 0 || total < p->total_us || passed <= 0)
		return 0;
	share = (double)(total - p->total_us) / (double)passed;
	return share > 1 ? 1 : share;
}

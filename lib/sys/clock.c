/* SPDX-License-Identifier: Apache-2.0 */
/* clock.c - the two clocks, in one unit: microseconds. */
#include "sys/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t clock_us(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_mono_us(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

int64_t clock_wall_us(void)
{
	return clock_us(CLOCK_REALTIME);
}

const char *clock_text(char room[CLOCK_TEXT], int64_t wall_us)
{
	time_t seconds = wall_us / 1000000;
	struct tm tm;
	size_t n;

	gmtime_r(&seconds, &tm);
	n = strftime(room, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(room + n, CLOCK_TEXT - n, ".%03dZ",
		 (int)(wall_us / 1000 % 1000));
	return room;
}

const char *clock_stamp(char room[CLOCK_TEXT], int64_t wall_us)
{
	time_t seconds = wall_us / 1000000;
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(room, CLOCK_TEXT, "%Y%m%d-%H%M%S", &tm);
	return room;
}

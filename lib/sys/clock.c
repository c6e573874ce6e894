/* SPDX-License-Identifier: Apache-2.0 */
/* clock.c - the two clocks, in one unit: microseconds. */
#include "sys/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define LAST_US INT64_C(253402300799999999) /* the year 9999 ends */

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

/* Times that others wrote may be any number. */
static int64_t bound(int64_t wall_us)
{
	if (wall_us < 0)
		return 0;
	return wall_us < LAST_US ? wall_us : LAST_US;
}

const char *clock_text(char room[CLOCK_TEXT], int64_t wall_us)
{
	const int64_t us = bound(wall_us);
	time_t seconds = us / 1000000;
	struct tm tm;
	size_t n;

	gmtime_r(&seconds, &tm);
	n = strftime(room, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(room + n, CLOCK_TEXT - n, ".%03dZ", (int)(us / 1000 % 1000));
	return room;
}

const char *clock_stamp(char room[CLOCK_TEXT], int64_t wall_us)
{
	time_t seconds = bound(wall_us) / 1000000;
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(room, CLOCK_TEXT, "%Y%m%d-%H%M%S", &tm);
	return room;
}

/* Seconds that "+01:00" is ahead of UTC; "Z": 0. */
static bool read_offset(const char *text, int *ret)
{
	int hours, minutes;

	*ret = 0;
	if (text[0] == 'Z')
		return text[1] == 0;
	if ((text[0] != '+' && text[0] != '-') ||
	    sscanf(text + 1, "%2d:%2d", &hours, &minutes) != 2)
		return false;
	*ret = (hours * 60 + minutes) * (text[0] == '-' ? -60 : 60);
	return true;
}

bool clock_read(const char *text, int64_t *ret_wall_us)
{
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	int offset;

	if (!rest)
		return false;
	if (*rest == '.')
		rest += 1 + strspn(rest + 1, "0123456789");
	if (!read_offset(rest, &offset))
		return false;
	*ret_wall_us = ((int64_t)timegm(&tm) - offset) * 1000000;
	return true;
}

const char *clock_day(char room[CLOCK_TEXT], int64_t wall_us)
{
	clock_text(room, wall_us);
	room[strlen("2026-11-21")] = 0;
	return room;
}

/* timegm() makes another day of one that no month has, such as 02-30. */
bool clock_read_day(const char *text, int64_t *ret_wall_us)
{
	struct tm tm = { 0 };
	const char *rest = strptime(text, "%Y-%m-%d", &tm);
	char again[CLOCK_TEXT];
	int64_t us;

	if (!rest || *rest)
		return false;
	us = (int64_t)timegm(&tm) * 1000000;
	if (strcmp(clock_day(again, us), text) != 0)
		return false;
	*ret_wall_us = us;
	return true;
}

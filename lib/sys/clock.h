/* SPDX-License-Identifier: Apache-2.0 */
/* clock.h - the two clocks, in one unit: microseconds. */
#ifndef SYS_CLOCK_H
#define SYS_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* For durations and deadlines; never goes backwards. */
int64_t clock_mono_us(void);
/* Since 1970, UTC; for times in files and messages. */
int64_t clock_wall_us(void);
/* "2026-11-21T07:50:12.345Z"; times before 1970 and after the year 9999 are
 * written as the first and the last of these. */
enum { CLOCK_TEXT = 32 };
const char *clock_text(char room[CLOCK_TEXT], int64_t wall_us);
/* "20261121-075012", UTC */
const char *clock_stamp(char room[CLOCK_TEXT], int64_t wall_us);
/* Reads RFC 3339, "2026-11-21T07:50:12[.345](Z|+01:00)", to the second. */
bool clock_read(const char *text, int64_t *ret_wall_us);
/* "2026-11-21", UTC: the day that begins at that moment; and back. */
const char *clock_day(char room[CLOCK_TEXT], int64_t wall_us);
bool clock_read_day(const char *text, int64_t *ret_wall_us);
#define CLOCK_DAY_US INT64_C(86400000000)

#endif

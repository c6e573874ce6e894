/* SPDX-License-Identifier: Apache-2.0 */
/* option_time.c - values of options that are durations and times. */
#include "cli/option_time.h"

#include <string.h>

#include "base/duration.h"
#include "sys/clock.h"

int option_duration(const char *name, const char *text, int64_t *ret_us,
		    struct error *err)
{
	if (duration_read(text, strlen(text), ret_us))
		return 0;
	return error_set(err, ERROR_INPUT,
			 "--%s %s: not a valid time; expected a number and a "
			 "unit, such as 90s, 30m, 24h or 7d",
			 name, text);
}

int option_moment(const char *name, const char *text, int64_t *ret_wall_us,
		  struct error *err)
{
	int64_t us;

	if (duration_read(text, strlen(text), &us))
		us = clock_wall_us() - us;
	else if (!clock_read(text, &us))
		return error_set(err, ERROR_INPUT,
				 "--%s %s: not a valid time; expected a "
				 "duration before now, such as 90s, 30m, 24h "
				 "or 7d, or a time such as "
				 "2026-11-21T07:50:12Z",
				 name, text);
	*ret_wall_us = us > 0 ? us : 1;
	return 0;
}

int option_day(const char *name, const char *text, int64_t *ret_wall_us,
	       struct error *err)
{
	if (clock_read_day(text, ret_wall_us) && *ret_wall_us > 0)
		return 0;
	return error_set(err, ERROR_INPUT,
			 "--%s %s: not a valid date; expected a date such as "
			 "2026-12-31",
			 name, text);
}

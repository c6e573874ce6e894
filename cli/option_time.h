/* SPDX-License-Identifier: Apache-2.0 */
/* option_time.h - values of options that are durations and times. */
#ifndef CLI_OPTION_TIME_H
#define CLI_OPTION_TIME_H

#include <stdint.h>

#include "base/error.h"

/* "90s", "30m", "24h", "7d"; `name` is the option's. ERROR_INPUT. */
int option_duration(const char *name, const char *text, int64_t *ret_us,
		    struct error *err);
/* A duration before now, or "2026-11-21T07:50:12Z"; wall clock, and never 0. */
int option_moment(const char *name, const char *text, int64_t *ret_wall_us,
		  struct error *err);

/* "2026-12-31": when this day begins, UTC. */
int option_day(const char *name, const char *text, int64_t *ret_wall_us,
	       struct error *err);

#endif

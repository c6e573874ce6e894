/* SPDX-License-Identifier: Apache-2.0 */
/* pressure.h - measures how long tasks waited for a CPU. */
#ifndef SYS_PRESSURE_H
#define SYS_PRESSURE_H

#include <stdint.h>

/*
 * Since 4.20 the kernel has in /proc/pressure/cpu the sum of the time in which
 * at least one task was ready to run and had no CPU ("some", "total",
 * microseconds). The value is for the whole machine, also in a container.
 */
struct pressure {
	int64_t began_us; /* monotonic */
	int64_t total_us; /* -1: the kernel has no such file */
};

void pressure_begin(struct pressure *p);
/* The share of the time since pressure_begin(), from 0 to 1; 0 if it is not
 * known. */
double pressure_share(const struct pressure *p);

/* Reads the total from the text of such a file; -1 if it has none. */
int64_t pressure_total(const char *text);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* pressure.h - measures how long tasks waited for a CPU. */
#ifndef SYS_PRESSURE_H
#define SYS_PRESSURE_H

#include <stdint.h>

/*
 * Since 4.20 the kernel adds up in /proc/pressure/cpu the time in which at
 * least one task could run and had no CPU ("some", "total", microseconds). It
 * is of the whole machine, also in a container.
 */
struct pressure {
	int64_t began_us; /* monotonic */
	int64_t total_us; /* -1: this kernel does not tell */
};

void pressure_begin(struct pressure *p);
/* The share since then, from 0 to 1; 0 where it is not known. */
double pressure_share(const struct pressure *p);

/* The total of such a file's text, or -1. */
int64_t pressure_total(const char *text);

#endif

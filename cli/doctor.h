/* SPDX-License-Identifier: Apache-2.0 */
/* doctor.h - one look at the machine, and what mends what is wrong. */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

enum health { HEALTH_OK, HEALTH_WARN, HEALTH_FAIL };

enum { CHECK_TEXT = 200 };

struct check {
	enum health health;
	char text[CHECK_TEXT]; /* what was seen */
	char fix[CHECK_TEXT]; /* what to do; empty when ok */
};

struct check_kind {
	const char *name;
	void (*look)(struct check *ret);
};

extern const struct check_kind check_kinds[];
extern const unsigned check_kind_count;

#endif

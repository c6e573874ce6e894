/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_doctor.h - one look at the machine, and what mends what is wrong. */
#ifndef CLI_CMD_DOCTOR_H
#define CLI_CMD_DOCTOR_H

#include "base/buf.h"
#include "base/error.h"

enum health { HEALTH_OK, HEALTH_WARN, HEALTH_FAIL };

enum { CHECK_TEXT = 200 };

struct doctor_check {
	enum health health;
	char text[CHECK_TEXT]; /* what was seen */
	char fix[CHECK_TEXT]; /* what to do; empty when ok */
};

struct check_kind {
	const char *name;
	void (*look)(struct doctor_check *ret);
};

/* What medley needs of any machine, and what it also needs without root. */
extern const struct check_kind check_kinds[];
extern const unsigned check_kind_count;
extern const struct check_kind rootless_checks[];
extern const unsigned rootless_check_count;

/* The words of a check: what was seen, and what to do about it. */
void doctor_found(struct doctor_check *c, enum health health, const char *fmt,
		  ...) __attribute__((format(printf, 3, 4)));
void doctor_fix(struct doctor_check *c, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Runs a program; its output to `out`. */
int doctor_ask(const char *const *argv, struct buf *out, struct error *err);

/* How many ids a uid_map or gid_map of /proc has. */
long long doctor_ids(const char *map);

#endif

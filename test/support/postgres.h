/* SPDX-License-Identifier: Apache-2.0 */
/* postgres.h - a private PostgreSQL server for the time of a test. */
#ifndef TEST_SUPPORT_POSTGRES_H
#define TEST_SUPPORT_POSTGRES_H

#include <stdint.h>
#include <stdbool.h>

#include "base/error.h"
#include "sys/file.h"
#include "sys/process.h"

/*
 * Needs the server's programs of the Debian package postgresql-15; as root it
 * runs as user postgres. It listens on 127.0.0.1 with a password that lives
 * as long as the test. It also listens on a socket in its directory, which only
 * its user and root can enter, and asks for no password there: that makes
 * connections cheaper.
 */
struct postgres {
	/* Temporary, in memory where there is room, removed when the test
	 * ends, however it ends; a host for libpq. */
	char dir[PATH_ROOM];
	uint16_t port;
	struct process server;
	int janitor; /* pipe to who removes the directory; 0: none */
};

enum { POSTGRES_NAME = 64 };
#define POSTGRES_USER "corda"
#define POSTGRES_PASSWORD "not-a-secret"

/*
 * True if the machine has the programs. Where it has not, the test fails; with
 * MEDLEY_TEST_WITHOUT=postgresql in the environment this is false, and the test
 * calls skip().
 */
bool postgres_there(void);
int postgres_start(struct postgres *ret, struct error *err);
void postgres_stop(struct postgres *p);
/* For the set up of a group: false where the machine has no programs; where it
 * has, a server that does not start fails the test. */
bool postgres_try(struct postgres *ret);

/* One server around all tests of a program, for cmocka_run_group_tests(). */
int postgres_begin(void **state);
int postgres_end(void **state);
/* Skips the test where the machine has no programs. */
void postgres_need(void);
/* Its URI, needed; the password is in PGPASSWORD. */
const char *postgres_uri(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* served.h - a doorman in a process of its own, for a client over loopback. */
#ifndef TEST_SUPPORT_SERVED_H
#define TEST_SUPPORT_SERVED_H

#include "doorman/doorman.h"
#include "test/support/asker.h"
#include "test/support/test.h"

/*
 * A test's *state. The server is a child process, as the command starts it;
 * the test is its client, and the operator, who works on the same state.
 */
struct served {
	char dir[PATH_ROOM]; /* below /tmp; has the next two */
	char state[PATH_ROOM];
	char log[PATH_ROOM]; /* the server's events, a JSON object a line */
	struct doorman_settings settings; /* of the next server */
	struct doorman *d; /* the operator's */
	struct asker node; /* by HTTP */
	struct error err;
	pid_t server; /* 0: none runs */
};

/* cmocka's set up, without a server, and tear down. */
int served_begin(void **state);
int served_end(void **state);
#define SERVED_TEST(t)                                                         \
	cmocka_unit_test_setup_teardown(t, served_begin, served_end)

/* Starts a server: the first at a free port, the next at the same one. `rate`:
 * see doorman_service. */
void served_start(struct served *s, unsigned rate);
/* Starts one more that ends at once; its exit code, its error in `ret_why`. */
enum { SERVED_WHY = 1024 };
int served_start_in_vain(struct served *s, char ret_why[SERVED_WHY]);
/* Sends the signal; how the server ended, as of waitpid(). */
int served_stop(struct served *s, int signal);

/* The operator decides a request: the path of its answer. */
void served_decide(struct served *s, const char *path, bool approve,
		   const char *reason);
/* The operator's list has so many of these. */
void served_count(struct served *s, const char *what, size_t count);

#endif

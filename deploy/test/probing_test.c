/* SPDX-License-Identifier: Apache-2.0 */
/* probing_test.c - nodes are asked by one thread, and keep nobody waiting. */
#include "deploy/probing.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/clock.h"
#include "test/support/broker.h"
#include "test/support/test.h"
#include "test/support/threads.h"

enum { LONG_MS = 30000, MANY = 100 };

static const struct secrets secrets = { .rpc_user = "u", .rpc_password = "p" };

static int listen_here(uint16_t *ret_port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (void *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (void *)&at, &len), 0);
	*ret_port = ntohs(at.sin_port);
	return fd;
}

static bool readable(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms) == 1;
}

/* The caller goes on at once; the thread hangs up. */
static void is_given_up_in_the_middle_of_an_answer(void **state)
{
	struct endpoint at = { .host = "127.0.0.1" };
	cleanup(closep) int listener = listen_here(&at.port);
	cleanup(closep) int peer = -1;
	struct probing *p;
	struct error err = { 0 };
	char why[64], bytes[4096];

	(void)state;
	assert_ok(probing_start(&at, &secrets, 1, NULL, &p, &err), err);
	assert_true(readable(listener, LONG_MS));
	peer = accept(listener, NULL, NULL);
	assert_true(peer >= 0);
	assert_true(readable(peer, LONG_MS));
	assert_int_equal(probing_ready(p, why, sizeof(why)), 0);
	probing_free(p);
	while (readable(peer, LONG_MS) &&
	       recv(peer, bytes, sizeof(bytes), 0) > 0)
		continue;
	assert_true(threads_become(threads_alone(), LONG_MS * 1000));
}

/* All of them hang in their first question. */
static void many_nodes_are_asked_by_one_thread(void **state)
{
	struct endpoint at = { .host = "127.0.0.1" };
	cleanup(closep) int listener = listen_here(&at.port);
	struct probing *all[MANY];
	struct error err = { 0 };
	int peers[MANY];

	(void)state;
	for (unsigned i = 0; i < MANY; i++) {
		assert_ok(probing_start(&at, &secrets, 1, NULL, &all[i], &err),
			  err);
		assert_true(readable(listener, LONG_MS));
		peers[i] = accept(listener, NULL, NULL);
		assert_true(peers[i] >= 0);
	}
	assert_true(threads_become(threads_alone() + 1, LONG_MS * 1000));
	for (unsigned i = 0; i < MANY; i++) {
		probing_free(all[i]);
		close(peers[i]);
	}
	assert_true(threads_become(threads_alone(), LONG_MS * 1000));
}

/* ---- with answers of a captured node ---- */

static int64_t await_ready(struct probing *p, const char *until, char why[128])
{
	int64_t limit = clock_mono_us() + LONG_MS * 1000LL, ready;

	do {
		poll(NULL, 0, 5);
		ready = probing_ready(p, why, 128);
	} while (!ready && !strstr(why, until) && clock_mono_us() < limit);
	return ready;
}

static void a_node_that_answers_is_ready(void **state)
{
	struct broker broker = { .mood = BROKER_ANSWERS };
	struct endpoint at = { .host = "127.0.0.1" };
	int64_t began = clock_wall_us(), ready;
	struct error err = { 0 };
	struct probing *p;
	char why[128];

	(void)state;
	broker_start(&broker);
	at.port = broker.port;
	assert_ok(probing_start(&at, &secrets, 1, NULL, &p, &err), err);
	ready = await_ready(p, "never", why);
	assert_in_range(ready, began, clock_wall_us());
	assert_string_equal(why, "");
	probing_free(p);
	broker_stop(&broker);
}

/* A loop that would wait for half a minute goes on at once. */
static void that_it_is_ready_ends_a_step(void **state)
{
	struct broker broker = { .mood = BROKER_ANSWERS };
	struct endpoint at = { .host = "127.0.0.1" };
	struct probing_bell bell = { 0 };
	int64_t began = clock_mono_us();
	struct error err = { 0 };
	struct probing *p;
	char why[128];

	(void)state;
	broker_start(&broker);
	at.port = broker.port;
	assert_ok(loop_new(&bell.loop, &err), err);
	assert_ok(probing_start(&at, &secrets, 1, &bell, &p, &err), err);
	while (!probing_ready(p, why, sizeof(why)))
		loop_step(bell.loop, LONG_MS);
	assert_true(clock_mono_us() - began < LONG_MS / 2 * 1000LL);
	probing_free(p);
	loop_free(bell.loop);
	broker_stop(&broker);
}

static void a_node_whose_map_lacks_nodes_is_asked_again(void **state)
{
	struct broker broker = { .mood = BROKER_ANSWERS };
	struct endpoint at = { .host = "127.0.0.1" };
	struct error err = { 0 };
	struct probing *p;
	char why[128];

	(void)state;
	broker_start(&broker);
	at.port = broker.port;
	assert_ok(probing_start(&at, &secrets, 1000, NULL, &p, &err), err);
	assert_int_equal(await_ready(p, "of 1000", why), 0);
	assert_non_null(strstr(why, "its network map has "));
	while (broker.clients < 3)
		poll(NULL, 0, 5);
	probing_free(p);
	broker_stop(&broker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_given_up_in_the_middle_of_an_answer),
		cmocka_unit_test(many_nodes_are_asked_by_one_thread),
		cmocka_unit_test(a_node_that_answers_is_ready),
		cmocka_unit_test(that_it_is_ready_ends_a_step),
		cmocka_unit_test(a_node_whose_map_lacks_nodes_is_asked_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* background_test.c - many share one thread, which ends with the last. */
#include "net/background.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

#include "test/support/test.h"
#include "test/support/threads.h"

enum { USERS = 20, LONG_US = 30000000 };

struct user {
	struct background *share;
	struct post begin, end;
	struct timer *timer;
	atomic_uint ticks;
	pthread_t thread;
};

static void on_tick(void *ctx)
{
	struct user *u = ctx;

	if (!atomic_load(&u->ticks))
		u->thread = pthread_self();
	u->ticks++;
}

static void begin(void *ctx)
{
	struct user *u = ctx;
	struct error err = { 0 };

	assert_ok(timer_open(background_loop(u->share), 0, 1000, on_tick, u,
			     &u->timer, &err),
		  err);
}

static void end(void *ctx)
{
	struct user *u = ctx;

	timer_close(u->timer);
}

static void user_open(struct user *u)
{
	struct error err = { 0 };

	u->begin = (struct post){ .fn = begin, .ctx = u };
	u->end = (struct post){ .fn = end, .ctx = u };
	assert_ok(background_join(&u->share, &err), err);
	loop_post(background_loop(u->share), &u->begin);
}

static void user_close(struct user *u)
{
	loop_post(background_loop(u->share), &u->end);
	background_leave(u->share);
}

static void await_ticks(struct user *u)
{
	while (atomic_load(&u->ticks) < 3)
		poll(NULL, 0, 1);
}

static void one_thread_waits_for_all(void **state)
{
	static struct user users[USERS];

	(void)state;
	user_open(&users[0]);
	await_ticks(&users[0]);
	for (unsigned i = 1; i < USERS; i++)
		user_open(&users[i]);
	for (unsigned i = 1; i < USERS; i++)
		await_ticks(&users[i]);
	assert_true(threads_become(threads_alone() + 1, LONG_US));
	for (unsigned i = 0; i < USERS; i++)
		user_close(&users[i]);
	assert_true(threads_become(threads_alone(), LONG_US));
	for (unsigned i = 1; i < USERS; i++)
		assert_true(pthread_equal(users[0].thread, users[i].thread));
}

static void set(void *ctx)
{
	*(unsigned *)ctx += 1;
}

static void a_call_is_waited_for(void **state)
{
	struct background *b;
	struct error err = { 0 };
	unsigned calls = 0; /* without a lock */

	(void)state;
	assert_ok(background_join(&b, &err), err);
	for (unsigned i = 1; i <= 1000; i++) {
		background_call(b, set, &calls);
		assert_int_equal(calls, i);
	}
	background_leave(b);
}

static void it_can_be_had_again(void **state)
{
	static struct user users[50];

	(void)state;
	for (unsigned i = 0; i < 50; i++) {
		user_open(&users[i]);
		user_close(&users[i]);
	}
	assert_true(threads_become(threads_alone(), LONG_US));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_thread_waits_for_all),
		cmocka_unit_test(a_call_is_waited_for),
		cmocka_unit_test(it_can_be_had_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

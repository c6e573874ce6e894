/* SPDX-License-Identifier: Apache-2.0 */
/* bounded_call_test.c - a call that ends in time, and one that is late. */
#include "sys/bounded_call.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

#include "sys/clock.h"
#include "test/support/test.h"

struct work {
	pthread_mutex_t *until; /* held by who makes it wait; NULL: nobody */
	_Atomic bool done, released;
};

static void call(void *ctx)
{
	struct work *w = ctx;

	if (w->until) {
		pthread_mutex_lock(w->until);
		pthread_mutex_unlock(w->until);
	}
	w->done = true;
}

static void release(void *ctx)
{
	((struct work *)ctx)->released = true;
}

static void what_ends_in_time_is_the_callers(void **state)
{
	struct error err = { 0 };
	struct work w = { 0 };

	(void)state;
	assert_ok(bounded_call(call, release, &w, 30, &err), err);
	assert_true(w.done);
	assert_false(w.released);
}

static void what_is_late_is_released_when_it_ends(void **state)
{
	pthread_mutex_t until = PTHREAD_MUTEX_INITIALIZER;
	struct error err = { 0 };
	struct work w = { .until = &until };
	int64_t began = clock_mono_us();

	(void)state;
	pthread_mutex_lock(&until);
	assert_error(bounded_call(call, release, &w, 1, &err), err,
		     "no answer within 1 s");
	assert_true(clock_mono_us() - began >= 1000000);
	assert_false(w.done || w.released);
	pthread_mutex_unlock(&until);
	while (!w.released)
		sched_yield();
	assert_true(w.done);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_ends_in_time_is_the_callers),
		cmocka_unit_test(what_is_late_is_released_when_it_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

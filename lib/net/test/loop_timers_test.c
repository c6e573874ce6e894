/* SPDX-License-Identifier: Apache-2.0 */
/* loop_timers_test.c - timers fire in order, once or again, to the
 * microsecond. */
#include <stdlib.h>

#include "net/loop.h"
#include "sys/clock.h"
#include "test/support/test.h"

enum { MANY = 500 };

struct bell {
	struct timer *timer;
	struct tower *tower;
	int64_t earliest_us, latest_us; /* when it is due */
	unsigned rings, closes_at; /* after so many rings; 0: never */
	struct bell *victim; /* whose timer it closes */
};

struct tower {
	struct loop *loop;
	struct bell bells[MANY];
	unsigned rung[MANY], count; /* bells in the order of their rings */
};

static struct tower *tower_new(void)
{
	struct tower *t = calloc(1, sizeof(*t));
	struct error err = { 0 };

	assert_non_null(t);
	assert_ok(loop_new(&t->loop, &err), err);
	return t;
}

static void tower_free(struct tower *t)
{
	loop_free(t->loop);
	free(t);
}

static void close_bell(struct bell *b)
{
	timer_close(b->timer);
	b->timer = NULL;
}

static void ring(void *ctx)
{
	struct bell *b = ctx;
	struct tower *t = b->tower;

	assert_true(clock_mono_us() >= b->earliest_us);
	b->rings++;
	if (t->count < MANY)
		t->rung[t->count++] = (unsigned)(b - t->bells);
	if (b->victim)
		close_bell(b->victim);
	if (b->rings == b->closes_at)
		close_bell(b);
}

static struct bell *hang(struct tower *t, unsigned i, int64_t after_us,
			 int64_t every_us)
{
	struct bell *b = &t->bells[i];
	struct error err = { 0 };

	b->tower = t;
	b->earliest_us = clock_mono_us() + after_us;
	assert_ok(timer_open(t->loop, after_us, every_us, ring, b, &b->timer,
			     &err),
		  err);
	b->latest_us = clock_mono_us() + after_us;
	return b;
}

/* Set in an order that is not theirs, some tens of microseconds apart. */
static void many_fire_in_their_order(void **state)
{
	struct tower *t = tower_new();

	(void)state;
	for (unsigned i = 0; i < MANY; i++)
		hang(t, i, (i * 7919 % MANY) * 40, 0)->closes_at = 1;
	loop_run(t->loop);
	assert_int_equal(t->count, MANY);
	for (unsigned i = 1; i < MANY; i++)
		assert_true(t->bells[t->rung[i - 1]].earliest_us <=
			    t->bells[t->rung[i]].latest_us);
	tower_free(t);
}

static void one_that_repeats_goes_on_until_it_is_closed(void **state)
{
	struct tower *t = tower_new();
	struct bell *b = hang(t, 0, 0, 200);
	int64_t began = clock_mono_us();

	(void)state;
	b->closes_at = 20;
	loop_run(t->loop);
	assert_int_equal(b->rings, 20);
	/* Never before its time; times that were missed are left out. */
	assert_true(clock_mono_us() - began >= 19 * 200 - 200);
	tower_free(t);
}

static void one_that_fired_waits_to_be_set_again(void **state)
{
	struct tower *t = tower_new();
	struct bell *b = hang(t, 0, 0, 0);

	(void)state;
	loop_run(t->loop); /* ends: there is nothing to wait for */
	assert_int_equal(b->rings, 1);
	timer_set(b->timer, 100, 0);
	loop_run(t->loop);
	assert_int_equal(b->rings, 2);
	timer_set(b->timer, 100, 0);
	timer_stop(b->timer);
	loop_run(t->loop);
	assert_int_equal(b->rings, 2);
	close_bell(b);
	tower_free(t);
}

/* Those that are due at once: the first closes the second. */
static void one_that_was_closed_in_time_is_silent(void **state)
{
	struct tower *t = tower_new();

	(void)state;
	hang(t, 0, 0, 0)->closes_at = 1;
	hang(t, 1, 0, 0);
	hang(t, 2, 0, 0)->closes_at = 1;
	t->bells[0].victim = &t->bells[1];
	loop_run(t->loop);
	assert_int_equal(t->bells[0].rings, 1);
	assert_int_equal(t->bells[1].rings, 0);
	assert_int_equal(t->bells[2].rings, 1);
	tower_free(t);
}

/* Each step ends with the first ring, or with its bound. */
static void a_step_waits_for_one_thing(void **state)
{
	struct tower *t = tower_new();
	struct bell *b = hang(t, 0, 1000, 0);
	int64_t began;

	(void)state;
	while (!b->rings)
		loop_step(t->loop, 60 * 1000);
	began = clock_mono_us();
	loop_step(t->loop, 20);
	assert_true(clock_mono_us() - began >= 19 * 1000);
	loop_step(t->loop, 0);
	assert_int_equal(b->rings, 1);
	close_bell(b);
	tower_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_fire_in_their_order),
		cmocka_unit_test(one_that_repeats_goes_on_until_it_is_closed),
		cmocka_unit_test(one_that_fired_waits_to_be_set_again),
		cmocka_unit_test(one_that_was_closed_in_time_is_silent),
		cmocka_unit_test(a_step_waits_for_one_thing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

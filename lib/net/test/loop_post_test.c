/* SPDX-License-Identifier: Apache-2.0 */
/* loop_post_test.c - other threads have the loop's thread do things. */
#include <pthread.h>
#include <stdlib.h>

#include "net/loop.h"
#include "test/support/test.h"

enum { THREADS = 4, EACH = 2000 };

struct office {
	struct loop *loop;
	pthread_t clerk; /* who runs the loop */
	unsigned last[THREADS], total; /* without a lock: the loop's alone */
};

struct letter {
	struct post post;
	struct office *office;
	unsigned sender, number;
};

static void take(void *ctx)
{
	struct letter *l = ctx;
	struct office *o = l->office;

	assert_true(pthread_equal(pthread_self(), o->clerk));
	assert_int_equal(l->number, o->last[l->sender] + 1);
	o->last[l->sender] = l->number;
	free(l);
	if (++o->total == THREADS * EACH)
		loop_keep(o->loop, false);
}

struct sender {
	struct office *office;
	unsigned number;
	pthread_t thread;
};

static void *send_all(void *ctx)
{
	struct sender *s = ctx;

	for (unsigned i = 1; i <= EACH; i++) {
		struct letter *l = malloc(sizeof(*l));

		assert_non_null(l);
		*l = (struct letter){ .post = { .fn = take, .ctx = l },
				      .office = s->office,
				      .sender = s->number,
				      .number = i };
		loop_post(s->office->loop, &l->post);
	}
	return NULL;
}

static void each_thread_is_heard_in_its_order(void **state)
{
	struct office o = { .clerk = pthread_self() };
	struct sender senders[THREADS];
	struct error err = { 0 };

	(void)state;
	assert_ok(loop_new(&o.loop, &err), err);
	loop_keep(o.loop, true);
	for (unsigned i = 0; i < THREADS; i++) {
		senders[i] = (struct sender){ .office = &o, .number = i };
		pthread_create(&senders[i].thread, NULL, send_all, &senders[i]);
	}
	loop_run(o.loop);
	assert_int_equal(o.total, THREADS * EACH);
	/* A sender may still be on its way out of loop_post(). */
	loop_free(o.loop);
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(senders[i].thread, NULL);
}

struct repeat {
	struct loop *loop;
	struct post post;
	unsigned times;
};

static void post_again(void *ctx)
{
	struct repeat *r = ctx;

	if (++r->times < 100)
		loop_post(r->loop, &r->post);
	else
		loop_stop(r->loop);
}

static void a_post_may_be_posted_from_its_own_call(void **state)
{
	struct repeat r = { 0 };
	struct error err = { 0 };

	(void)state;
	r.post = (struct post){ .fn = post_again, .ctx = &r };
	assert_ok(loop_new(&r.loop, &err), err);
	loop_keep(r.loop, true);
	loop_post(r.loop, &r.post);
	assert_int_equal(r.times, 0); /* not from inside the call */
	loop_run(r.loop);
	assert_int_equal(r.times, 100);
	loop_free(r.loop);
}

static void count(void *ctx)
{
	++*(unsigned *)ctx;
}

static void what_waits_is_called_before_the_loop_goes(void **state)
{
	unsigned calls = 0;
	struct post posts[2] = { { .fn = count, .ctx = &calls },
				 { .fn = count, .ctx = &calls } };
	struct loop *loop;
	struct error err = { 0 };

	(void)state;
	assert_ok(loop_new(&loop, &err), err);
	loop_post(loop, &posts[0]);
	loop_post(loop, &posts[1]);
	loop_free(loop);
	assert_int_equal(calls, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_thread_is_heard_in_its_order),
		cmocka_unit_test(a_post_may_be_posted_from_its_own_call),
		cmocka_unit_test(what_waits_is_called_before_the_loop_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* engine_thread_test.c - an engine that blocks, and a loop that does not wait
 * for it. */
#include "engine/engine_thread.h"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>

#include "base/cleanup.h"
#include "engine/engine.h"
#include "sys/clock.h"
#include "test/support/test.h"

enum { TICK_MS = 2, BLOCK_MS = 60, LIMIT_SECONDS = 30 };

static void turn_until(struct loop *loop, const unsigned *count, unsigned most,
		       unsigned *ticks)
{
	int64_t limit = clock_mono_us() + LIMIT_SECONDS * 1000000LL;

	for (; *count < most; ++*ticks) {
		assert_true(clock_mono_us() < limit);
		loop_step(loop, TICK_MS);
	}
}

/* ---- an engine that takes its time ---- */

struct fake {
	struct engine engine; /* first */
	sem_t begun; /* calls */
	char calls[1024];
	int block_ms;
};

static void record_call(struct fake *f, const char *call)
{
	sem_post(&f->begun);
	poll(NULL, 0, f->block_ms);
	strcat(f->calls, call);
	strcat(f->calls, " ");
}

static int fake_signal(struct engine *e, struct pod *pod,
		       enum engine_signal signal, struct error *err)
{
	record_call((struct fake *)e, engine_signal_word(signal));
	if (pod->phase != POD_RUNNING)
		return error_set(err, ERROR_DEPLOY, "%s does not run",
				 pod->name);
	if (signal == ENGINE_KILL)
		pod->phase = POD_EXITED;
	return 0;
}

static int fake_restart(struct engine *e, struct pod *pod, int seconds,
			struct error *err)
{
	(void)seconds, (void)err;
	record_call((struct fake *)e, "restart");
	pod->phase = POD_RUNNING;
	return 0;
}

static const struct engine_ops ops = { .can = ENGINE_SIGNAL | ENGINE_RESTART,
				       .signal = fake_signal,
				       .restart = fake_restart };

/* ---- faults during a load ---- */

struct story {
	struct loop *loop;
	unsigned ticks;
	struct fake fake;
	struct pod pod;
	struct engine_thread *thread;
	unsigned done, failed, again;
	struct error why, err;
};

/* A fault, as a schedule of a load has it: a signal, or a new start. */
struct fault {
	struct engine_job job; /* first */
	struct story *story;
	enum engine_signal signal; /* ENGINE_SIGNALS: a restart */
	pthread_t by; /* who ran it */
};

static int run_fault(struct engine_job *job, struct error *err)
{
	struct fault *f = (struct fault *)job;
	struct engine *e = &f->story->fake.engine;

	f->by = pthread_self();
	if (f->signal == ENGINE_SIGNALS)
		return e->ops->restart(e, &f->story->pod, 60, err);
	return e->ops->signal(e, &f->story->pod, f->signal, err);
}

static void fault_done(struct engine_job *job, const struct error *err)
{
	const struct fault *f = (struct fault *)job;
	struct story *s = f->story;

	assert_false(pthread_equal(f->by, pthread_self()));
	s->done++;
	if (err) {
		s->failed++;
		s->why = *err;
	}
	if (s->again) {
		s->again--;
		assert_ok(engine_thread_add(s->thread, job, &s->err), s->err);
	}
}

static struct fault fault(struct story *s, enum engine_signal signal)
{
	return (struct fault){ .job = { .run = run_fault, .done = fault_done },
			       .story = s,
			       .signal = signal };
}

static int set_up(void **state)
{
	struct story *s = test_calloc(1, sizeof(*s));

	assert_ok(loop_new(&s->loop, &s->err), s->err);
	s->fake.engine.ops = &ops;
	s->fake.block_ms = BLOCK_MS;
	sem_init(&s->fake.begun, 0, 0);
	s->pod = (struct pod){ .name = "bank", .phase = POD_RUNNING };
	assert_ok(engine_thread_start(s->loop, &s->thread, &s->err), s->err);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct story *s = *state;

	engine_thread_close(s->thread);
	loop_free(s->loop);
	sem_destroy(&s->fake.begun);
	test_free(s);
	return 0;
}

static void the_loop_goes_on_meanwhile(void **state)
{
	struct story *s = *state;
	struct fault faults[] = { fault(s, ENGINE_STOP), fault(s, ENGINE_CONT),
				  fault(s, ENGINE_KILL),
				  fault(s, ENGINE_SIGNALS) };

	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		assert_ok(engine_thread_add(s->thread, &faults[i].job, &s->err),
			  s->err);
	assert_int_equal(s->done, 0);
	turn_until(s->loop, &s->done, ARRAY_SIZE(faults), &s->ticks);
	assert_int_equal(s->failed, 0);
	/* Each call lasts as long as many ticks; one would do for a proof. */
	assert_true(s->ticks > 2 * ARRAY_SIZE(faults));
	engine_thread_close(s->thread);
	s->thread = NULL;
	assert_string_equal(s->fake.calls, "STOP CONT KILL restart ");
	assert_int_equal(s->pod.phase, POD_RUNNING);
}

static void an_error_comes_back(void **state)
{
	struct story *s = *state;
	struct fault kill = fault(s, ENGINE_KILL);
	struct fault stop = fault(s, ENGINE_STOP);

	assert_ok(engine_thread_add(s->thread, &kill.job, &s->err), s->err);
	assert_ok(engine_thread_add(s->thread, &stop.job, &s->err), s->err);
	turn_until(s->loop, &s->done, 2, &s->ticks);
	assert_int_equal(s->failed, 1);
	assert_int_equal(s->why.kind, ERROR_DEPLOY);
	assert_string_equal(s->why.text, "bank does not run");
}

static void a_job_may_be_added_again_by_its_end(void **state)
{
	struct story *s = *state;
	struct fault stop = fault(s, ENGINE_STOP);

	s->fake.block_ms = 0;
	s->again = 9;
	assert_ok(engine_thread_add(s->thread, &stop.job, &s->err), s->err);
	turn_until(s->loop, &s->done, 10, &s->ticks);
	assert_int_equal(s->failed, 0);
}

static void the_queue_has_a_bound(void **state)
{
	struct story *s = *state;
	struct fault faults[ENGINE_JOBS + 1];

	s->fake.block_ms = 0;
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		faults[i] = fault(s, ENGINE_CONT);
	for (size_t i = 0; i < ENGINE_JOBS; i++)
		assert_ok(engine_thread_add(s->thread, &faults[i].job, &s->err),
			  s->err);
	assert_int_equal(engine_thread_add(s->thread, &faults[ENGINE_JOBS].job,
					   &s->err),
			 -1);
	assert_non_null(strstr(s->err.text, "64 calls of the engine are "
					    "running already"));
	turn_until(s->loop, &s->done, ENGINE_JOBS, &s->ticks);
	assert_ok(engine_thread_add(s->thread, &faults[ENGINE_JOBS].job,
				    &s->err),
		  s->err);
	turn_until(s->loop, &s->done, ENGINE_JOBS + 1, &s->ticks);
}

/* What runs ends, the rest is not begun; all are told, and nothing else is
 * called afterwards. */
static void a_close_ends_all(void **state)
{
	struct story *s = *state;
	struct fault faults[] = { fault(s, ENGINE_STOP), fault(s, ENGINE_CONT),
				  fault(s, ENGINE_KILL) };

	/* Long enough for this thread to come to its next line. */
	s->fake.block_ms = 1000;
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++)
		assert_ok(engine_thread_add(s->thread, &faults[i].job, &s->err),
			  s->err);
	assert_int_equal(sem_wait(&s->fake.begun), 0);
	engine_thread_close(s->thread);
	s->thread = NULL;
	assert_int_equal(s->done, ARRAY_SIZE(faults));
	assert_int_equal(s->why.kind, ERROR_INTERRUPTED);
	assert_int_equal(s->failed, ARRAY_SIZE(faults) - 1);
	assert_string_equal(s->fake.calls, "STOP ");
}

/* The loop has taken a post whose thread is gone. */
static void a_post_that_comes_late_does_nothing(void **state)
{
	struct story *s = *state;
	struct fault stop = fault(s, ENGINE_STOP);

	s->fake.block_ms = 0;
	assert_ok(engine_thread_add(s->thread, &stop.job, &s->err), s->err);
	/* By then it has ended, most probably. */
	poll(NULL, 0, BLOCK_MS);
	engine_thread_close(s->thread);
	s->thread = NULL;
	assert_int_equal(s->done, 1);
	loop_step(s->loop, TICK_MS);
	assert_int_equal(s->done, 1);
}

#define STORY(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(the_loop_goes_on_meanwhile),
		STORY(an_error_comes_back),
		STORY(a_job_may_be_added_again_by_its_end),
		STORY(the_queue_has_a_bound),
		STORY(a_close_ends_all),
		STORY(a_post_that_comes_late_does_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

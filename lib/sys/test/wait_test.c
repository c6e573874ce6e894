/* SPDX-License-Identifier: Apache-2.0 */
/* wait_test.c - waits end with the descriptor, the time, or an interrupt. */
#include "sys/wait.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/clock.h"
#include "sys/interrupt.h"
#include "test/support/test.h"

enum { LONG_US = 60000000, SOON_US = 20000 };

static int64_t in(int64_t us)
{
	return clock_mono_us() + us;
}

static void a_wait_ends_with_its_descriptor(void **state)
{
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(wait_fd(fds[1], POLLOUT, in(LONG_US)), POLLOUT);
	assert_int_equal(write(fds[1], "x", 1), 1);
	/* Also when its time is over already. */
	assert_int_equal(wait_fd(fds[0], POLLIN, 0), POLLIN);
	close(fds[1]);
	assert_true(wait_fd(fds[0], POLLIN, in(LONG_US)) & POLLHUP);
	close(fds[0]);
}

static void a_wait_ends_with_its_time(void **state)
{
	int64_t began = clock_mono_us();
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(wait_fd(fds[0], POLLIN, began + SOON_US), 0);
	assert_true(clock_mono_us() >= began + SOON_US);
	began = clock_mono_us();
	pause_ms(5);
	assert_true(clock_mono_us() >= began + 5000);
	close(fds[0]);
	close(fds[1]);
}

static void *interrupt_soon(void *ctx)
{
	/* To a thread that does not wait. */
	(void)ctx;
	poll(NULL, 0, 20);
	raise(SIGINT);
	return NULL;
}

static void an_interrupt_ends_the_wait_of_any_thread(void **state)
{
	int64_t limit = in(LONG_US);
	pthread_t thread;

	(void)state;
	pthread_create(&thread, NULL, interrupt_soon, NULL);
	assert_int_equal(wait_fd(-1, 0, limit), 0);
	pthread_join(thread, NULL);
	assert_true(interrupted());
	/* And those that begin after it. */
	pause_ms(LONG_US / 1000);
	assert_true(clock_mono_us() < limit);
	assert_int_equal(
		poll(&(struct pollfd){ interrupt_fd(), POLLIN, 0 }, 1, 0), 1);
	interrupt_clear();
	assert_int_equal(
		poll(&(struct pollfd){ interrupt_fd(), POLLIN, 0 }, 1, 0), 0);
}

/* One that has not become another program yet. */
static void a_childs_signal_is_its_own(void **state)
{
	int64_t began = clock_mono_us();
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		raise(SIGTERM);
		_exit(interrupted() ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(
		poll(&(struct pollfd){ interrupt_fd(), POLLIN, 0 }, 1, 0), 0);
	assert_int_equal(wait_fd(-1, 0, began + SOON_US), 0);
	assert_true(clock_mono_us() >= began + SOON_US);
}

static void on_alarm(int number)
{
	(void)number;
}

static void another_signal_ends_no_wait(void **state)
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct itimerval soon = { .it_value.tv_usec = 1000 };
	int64_t began = clock_mono_us();

	(void)state;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	assert_int_equal(wait_fd(-1, 0, began + SOON_US), 0);
	assert_true(clock_mono_us() >= began + SOON_US);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wait_ends_with_its_descriptor),
		cmocka_unit_test(a_wait_ends_with_its_time),
		cmocka_unit_test(a_childs_signal_is_its_own),
		cmocka_unit_test(another_signal_ends_no_wait),
		cmocka_unit_test(an_interrupt_ends_the_wait_of_any_thread),
	};

	interrupt_install();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

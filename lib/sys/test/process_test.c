/* SPDX-License-Identifier: Apache-2.0 */
/* process_test.c - programs get their input, and are bounded in all ways. */
#include "sys/process.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/clock.h"
#include "sys/interrupt.h"
#include "test/support/test.h"

#define SHELL(text) ((const char *const[]){ "sh", "-c", (text), NULL })

static void gives_input_and_takes_output(void **state)
{
	const struct process_spec spec = {
		.argv = SHELL("read word; echo \"$word?\"; echo no >&2"),
		.input = "yes\n",
		.input_len = 4,
		.seconds = 60
	};
	cleanup(buf_release) struct buf out = BUF_INIT(100);
	struct error err = { 0 };

	(void)state;
	assert_ok(process_run(&spec, &out, &err), err);
	assert_string_equal(buf_text(&out), "yes?\n");
}

static void says_how_a_program_ended(void **state)
{
	struct process_spec spec = { .argv = SHELL("echo why >&2; exit 3"),
				     .seconds = 60 };
	struct error err = { 0 };

	(void)state;
	assert_error(process_run(&spec, NULL, &err), err, "exit 3: why");
	spec.argv = SHELL("kill -9 $$");
	assert_error(process_run(&spec, NULL, &err), err, "sh: killed by");
}

static void too_much_of_anything_is_an_error(void **state)
{
	static const char much[100 * 1000];
	struct process_spec spec = { .argv = SHELL("cat >/dev/null"),
				     .input = much,
				     .input_len = sizeof(much),
				     .seconds = 60 };
	cleanup(buf_release) struct buf out = BUF_INIT(5);
	struct process p = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_error(process_run(&spec, NULL, &err), err, "more than");
	assert_error(process_start(&spec, &p, &err), err, "more than");
	spec.input = NULL;
	spec.argv = SHELL("echo 123456");
	assert_error(process_run(&spec, &out, &err), err, "output of sh");
}

/* A descriptor of an unlinked file with this text. */
static int file_with(const char *text)
{
	char path[] = "/tmp/medley-process-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd > 0);
	unlink(path);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void streams_go_by_descriptors(void **state)
{
	cleanup(closep) int in = file_with("one two three");
	cleanup(closep) int out = file_with("");
	struct process_spec spec = { .argv = SHELL("tr a-z A-Z"),
				     .input_fd = in,
				     .output_fd = out,
				     .output_max = 13,
				     .seconds = 60 };
	char text[32] = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_ok(process_run(&spec, NULL, &err), err);
	assert_int_equal(pread(out, text, sizeof(text), 0), 13);
	assert_string_equal(text, "ONE TWO THREE");
	lseek(in, 0, SEEK_SET);
	spec.output_max = 12;
	assert_error(process_run(&spec, NULL, &err), err,
		     "sh writes more than the 12 bytes that are allowed");
	spec.argv = SHELL("echo why >&2; exit 2");
	assert_error(process_run(&spec, NULL, &err), err, "exit 2: why");
}

static void a_reader_that_does_not_read_is_bounded(void **state)
{
	struct process_spec spec = { .argv = SHELL("yes"),
				     .output_max = INT64_MAX,
				     .seconds = 1 };
	int64_t began = clock_mono_us();
	struct error err = { 0 };
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	spec.output_fd = ends[1];
	assert_error(process_run(&spec, NULL, &err), err,
		     "sh did not end within 1 s");
	assert_true(clock_mono_us() < began + 10 * 1000000);
	close(ends[0]);
	signal(SIGPIPE, SIG_IGN); /* as interrupt_install() does */
	assert_error(process_run(&spec, NULL, &err), err, "Broken pipe");
	close(ends[1]);
}

static void no_log_is_an_error(void **state)
{
	const struct process_spec spec = { .argv = SHELL(":"),
					   .log = "/dev/null/no",
					   .seconds = 60 };
	struct process p = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_error(process_start(&spec, &p, &err), err, "/dev/null/no");
	assert_int_equal(p.pid, 0);
}

static void is_bounded_also_behind_its_outputs(void **state)
{
	const struct process_spec spec = {
		.argv = SHELL("exec >&- 2>&-; exec sleep 1000"), .seconds = 1
	};
	struct error err = { 0 };

	(void)state;
	assert_error(process_run(&spec, NULL, &err), err,
		     "did not end within 1 s");
}

/*
 * Nothing that a test may make hangs in the kernel, but a process that another
 * one traces cannot be waited for either: when it ends, its tracer is told, and
 * its parent only when the tracer is gone.
 */
static pid_t trace(pid_t pid)
{
	int ready[2];
	char told = 0;
	pid_t tracer;

	assert_int_equal(pipe(ready), 0);
	tracer = fork();
	if (tracer == 0) {
		told = ptrace(PTRACE_SEIZE, pid, NULL, NULL) == 0 ? 'y' : 'n';
		if (write(ready[1], &told, 1) == 1)
			pause();
		_exit(0);
	}
	if (read(ready[0], &told, 1) != 1 || told != 'y') {
		kill(tracer, SIGKILL);
		waitpid(tracer, NULL, 0);
		tracer = 0;
	}
	close(ready[0]), close(ready[1]);
	return tracer;
}

static void gives_up_what_outlives_a_kill(void **state)
{
	const struct process_spec spec = { .argv = SHELL("exec sleep 1000") };
	struct process p = { 0 };
	struct error err = { 0 };
	int64_t began = clock_mono_us();
	pid_t pid, tracer;

	(void)state;
	assert_ok(process_start(&spec, &p, &err), err);
	pid = p.pid;
	tracer = trace(pid);
	if (!tracer) {
		process_stop(&p);
		skip();
	}
	assert_error(process_end(&p, 200, &err), err,
		     "still exists after SIGKILL");
	assert_int_equal(p.pid, 0);
	assert_true(clock_mono_us() - began < 60 * 1000000LL);
	kill(tracer, SIGKILL);
	assert_int_equal(waitpid(tracer, NULL, 0), tracer);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static struct process start(const char *seconds)
{
	const char *const argv[] = { "sleep", seconds, NULL };
	const struct process_spec spec = { .argv = argv };
	struct process p = { 0 };
	struct error err = { 0 };

	assert_ok(process_start(&spec, &p, &err), err);
	return p;
}

static void waits_for_the_first_of_several(void **state)
{
	struct process slow = start("100"), quick = start("0.05");
	const pid_t pids[] = { 0, slow.pid, quick.pid };
	int64_t limit = clock_mono_us() + 60000000;
	struct error err = { 0 };
	int status;

	(void)state;
	while (process_poll(&quick, &status, &err) == 1)
		process_wait(pids, 3, limit);
	assert_true(clock_mono_us() < limit);
	assert_int_equal(process_poll(&slow, &status, &err), 1);
	/* One that has been waited for is not waited for again. */
	process_wait(pids, 3, limit);
	assert_true(clock_mono_us() < limit);
	process_stop(&slow);
}

static void waits_no_longer_than_told(void **state)
{
	struct process slow = start("100");
	int64_t began = clock_mono_us();

	(void)state;
	process_wait(&slow.pid, 1, began + 20000);
	assert_true(clock_mono_us() >= began + 20000);
	process_stop(&slow);
}

/* The signal comes to a thread that does not wait. */
static void *interrupt_soon(void *ctx)
{
	(void)ctx;
	poll(NULL, 0, 30);
	raise(SIGINT);
	return NULL;
}

/* Its outputs have ended: its own end is waited for. */
static void an_interrupt_ends_a_run(void **state)
{
	const struct process_spec spec = {
		.argv = SHELL("exec sleep 100 >&- 2>&-"), .seconds = 60
	};
	int64_t began = clock_mono_us();
	struct error err = { 0 };
	pthread_t thread;

	(void)state;
	interrupt_install();
	pthread_create(&thread, NULL, interrupt_soon, NULL);
	assert_error(process_run(&spec, NULL, &err), err, "interrupted");
	assert_true(clock_mono_us() - began < 30 * 1000000LL);
	pthread_join(thread, NULL);
	interrupt_clear();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_input_and_takes_output),
		cmocka_unit_test(says_how_a_program_ended),
		cmocka_unit_test(too_much_of_anything_is_an_error),
		cmocka_unit_test(streams_go_by_descriptors),
		cmocka_unit_test(a_reader_that_does_not_read_is_bounded),
		cmocka_unit_test(no_log_is_an_error),
		cmocka_unit_test(is_bounded_also_behind_its_outputs),
		cmocka_unit_test(gives_up_what_outlives_a_kill),
		cmocka_unit_test(waits_for_the_first_of_several),
		cmocka_unit_test(waits_no_longer_than_told),
		cmocka_unit_test(an_interrupt_ends_a_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* loop_watch_test.c - descriptors of others, and ends of processes. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/loop.h"
#include "test/support/test.h"

struct seen {
	struct loop *loop;
	struct watch *watch;
	struct child_watch *child;
	struct timer *timer;
	int fd, peer;
	unsigned calls, reads, writes;
	int status;
};

static void seen_open(struct seen *s)
{
	struct error err = { 0 };
	int fds[2];

	*s = (struct seen){ .status = -2 };
	assert_ok(loop_new(&s->loop, &err), err);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	s->fd = fds[0];
	s->peer = fds[1];
}

static void seen_release(struct seen *s)
{
	if (s->fd >= 0)
		close(s->fd);
	if (s->peer >= 0)
		close(s->peer);
	loop_free(s->loop);
}

/* First it may write, then it waits for bytes. */
static void on_ready(void *ctx, unsigned ready)
{
	struct seen *s = ctx;
	char byte;

	s->calls++;
	if (ready & WATCH_WRITE) {
		s->writes++;
		watch_set(s->watch, WATCH_READ);
		assert_int_equal(write(s->peer, "ab", 2), 2);
		return;
	}
	assert_int_equal(ready, WATCH_READ);
	assert_int_equal(read(s->fd, &byte, 1), 1);
	if (++s->reads == 2)
		watch_close(s->watch);
}

/* As long as a byte is left. */
static void tells_what_a_descriptor_is_ready_for(void **state)
{
	struct error err = { 0 };
	struct seen s;

	(void)state;
	seen_open(&s);
	assert_ok(loop_watch(s.loop, s.fd, WATCH_READ | WATCH_WRITE, on_ready,
			     &s, &s.watch, &err),
		  err);
	assert_int_equal(s.calls, 0);
	loop_run(s.loop);
	assert_int_equal(s.writes, 1);
	assert_int_equal(s.reads, 2);
	seen_release(&s);
}

static void on_end(void *ctx, unsigned ready)
{
	struct seen *s = ctx;
	char byte;

	s->calls++;
	assert_true(ready & WATCH_READ);
	assert_int_equal(read(s->fd, &byte, 1), 0);
	watch_close(s->watch);
}

static void the_peer_that_leaves_is_noticed(void **state)
{
	struct error err = { 0 };
	struct seen s;

	(void)state;
	seen_open(&s);
	assert_ok(loop_watch(s.loop, s.fd, WATCH_READ, on_end, &s, &s.watch,
			     &err),
		  err);
	close(s.peer);
	s.peer = -1;
	loop_run(s.loop);
	assert_int_equal(s.calls, 1);
	seen_release(&s);
}

static void what_cannot_be_waited_for_is_refused(void **state)
{
	struct error err = { 0 };
	struct watch *w = NULL;
	struct seen s;
	int file = open("Makefile", O_RDONLY | O_CLOEXEC);

	(void)state;
	seen_open(&s);
	close(s.peer);
	assert_error(loop_watch(s.loop, s.peer, WATCH_READ, on_ready, &s, &w,
				&err),
		     err, "bad file descriptor");
	s.peer = -1;
	assert_error(loop_watch(s.loop, file, WATCH_READ, on_ready, &s, &w,
				&err),
		     err, "waiting for a descriptor");
	assert_null(w);
	close(file);
	seen_release(&s);
}

static void give_up(void *ctx)
{
	struct seen *s = ctx;

	timer_close(s->timer);
	watch_close(s->watch);
}

/* Its owner errs: it is silent, harms no other that takes its number, and can
 * be closed. */
static void one_that_was_closed_before_is_silent(void **state)
{
	struct error err = { 0 };
	struct seen s;
	int fds[2], old;

	(void)state;
	seen_open(&s);
	assert_ok(loop_watch(s.loop, s.fd, WATCH_READ, on_ready, &s, &s.watch,
			     &err),
		  err);
	assert_ok(timer_open(s.loop, 20000, 0, give_up, &s, &s.timer, &err),
		  err);
	old = s.fd;
	close(s.fd);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	assert_int_equal(fds[0], old);
	s.fd = fds[0];
	loop_run(s.loop);
	assert_int_equal(s.calls, 0);
	close(fds[1]);
	seen_release(&s);
}

/* ---- children ---- */

static void on_child(void *ctx, int status)
{
	struct seen *s = ctx;

	s->calls++;
	s->status = status;
	child_watch_close(s->child);
}

static struct process start(const char *script)
{
	const char *const argv[] = { "sh", "-c", script, NULL };
	const struct process_spec spec = { .argv = argv, .seconds = 60 };
	struct process p = { 0 };
	struct error err = { 0 };

	assert_ok(process_start(&spec, &p, &err), err);
	return p;
}

static void a_child_ends_with_its_status(void **state)
{
	struct process p = start("sleep 0.05; exit 7");
	struct error err = { 0 };
	struct seen s;

	(void)state;
	seen_open(&s);
	assert_ok(loop_child(s.loop, &p, on_child, &s, &s.child, &err), err);
	loop_run(s.loop);
	assert_int_equal(s.calls, 1);
	assert_true(WIFEXITED(s.status));
	assert_int_equal(WEXITSTATUS(s.status), 7);
	assert_int_equal(p.pid, 0);
	seen_release(&s);
}

/* It had ended before anybody asked, and is there to be waited for. */
static void a_child_that_has_ended_is_told_too(void **state)
{
	struct process p = start("exit 3");
	struct error err = { 0 };
	siginfo_t info;
	struct seen s;

	(void)state;
	assert_int_equal(waitid(P_PID, (id_t)p.pid, &info, WEXITED | WNOWAIT),
			 0);
	seen_open(&s);
	assert_ok(loop_child(s.loop, &p, on_child, &s, &s.child, &err), err);
	assert_int_equal(s.calls, 0);
	loop_run(s.loop);
	assert_int_equal(WEXITSTATUS(s.status), 3);
	seen_release(&s);
}

static void nobody_elses_child_is_waited_for(void **state)
{
	struct process p = start("exit 0");
	struct error err = { 0 };
	struct seen s;
	int pid = p.pid;

	(void)state;
	seen_open(&s);
	assert_ok(loop_child(s.loop, &p, on_child, &s, &s.child, &err), err);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	loop_run(s.loop);
	assert_int_equal(s.calls, 1);
	assert_int_equal(s.status, -1);
	s.child = NULL;
	assert_error(loop_child(s.loop, &p, on_child, &s, &s.child, &err), err,
		     "process");
	assert_null(s.child);
	seen_release(&s);
}

static void forget(void *ctx)
{
	struct seen *s = ctx;

	timer_close(s->timer);
	child_watch_close(s->child);
}

static void a_child_goes_on_when_it_is_watched_no_more(void **state)
{
	struct process p = start("sleep 60");
	struct error err = { 0 };
	struct seen s;
	int status;

	(void)state;
	seen_open(&s);
	assert_ok(loop_child(s.loop, &p, on_child, &s, &s.child, &err), err);
	assert_ok(timer_open(s.loop, 1000, 0, forget, &s, &s.timer, &err), err);
	loop_run(s.loop);
	assert_int_equal(s.calls, 0);
	assert_int_equal(process_poll(&p, &status, &err), 1);
	process_stop(&p);
	seen_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_a_descriptor_is_ready_for),
		cmocka_unit_test(the_peer_that_leaves_is_noticed),
		cmocka_unit_test(what_cannot_be_waited_for_is_refused),
		cmocka_unit_test(one_that_was_closed_before_is_silent),
		cmocka_unit_test(a_child_ends_with_its_status),
		cmocka_unit_test(a_child_that_has_ended_is_told_too),
		cmocka_unit_test(nobody_elses_child_is_waited_for),
		cmocka_unit_test(a_child_goes_on_when_it_is_watched_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

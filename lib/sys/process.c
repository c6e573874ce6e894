/* SPDX-License-Identifier: Apache-2.0 */
/* process.c - starts, watches and limits programs, without a shell. */
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/clock.h"
#include "sys/file.h"
#include "sys/interrupt.h"

enum {
	LOOK_US = 20 * 1000,
	STOP_MS = 2000,
	INPUT_MAX = 64 * 1024,
	STDERR_MAX = 256 * 1024,
	WRITE_MAX = 4096 /* a pipe that can be written to takes so much */
};

/* The child's standard input, output and error; -1 is nowhere. */
struct ends {
	int in, out, err;
};

static int null_or(int fd, int flags)
{
	return fd >= 0 ? fd : open("/dev/null", flags);
}

/* Nothing here allocates: another thread of medley may have held the lock of
 * malloc() at the time of the fork. */
static _Noreturn void child_exec(const struct process_spec *spec,
				 const struct ends *ends, char **environment)
{
	sigset_t none;

	setpgid(0, 0);
	if (!spec->finish)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	dup2(null_or(ends->in, O_RDONLY), 0);
	dup2(null_or(ends->out, O_WRONLY), 1);
	dup2(null_or(ends->err, O_WRONLY), 2);
	environ = environment;
	if (spec->cwd && chdir(spec->cwd) < 0)
		_exit(127);
	execvp(spec->argv[0], (char *const *)spec->argv);
	dprintf(2, "%s: %s\n", spec->argv[0], strerror(errno));
	_exit(127);
}

static int spawn(const struct process_spec *spec, const struct ends *ends,
		 struct process *ret, struct error *err)
{
	cleanup(freep) char **environment = NULL;
	pid_t pid;

	if (environment_make(spec->environment, spec->env_pass, spec->env_add,
			     &environment, err) < 0)
		return -1;
	pid = fork();
	if (pid < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "fork");
	if (pid == 0)
		child_exec(spec, ends, environment);
	setpgid(pid, pid);
	ret->pid = pid;
	return 0;
}

static int open_log(const struct process_spec *spec, int *ret,
		    struct error *err)
{
	if (!spec->log)
		return 0;
	*ret = open(spec->log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (*ret < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "%s", spec->log);
	return 0;
}

static int open_output(const struct process_spec *spec, int *ret,
		       struct error *err)
{
	if (!spec->output)
		return 0;
	*ret = open(spec->output, O_WRONLY | O_TRUNC | O_CREAT | O_CLOEXEC,
		    0600);
	if (*ret < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "%s",
				   spec->output);
	return 0;
}

/* A pipe that already holds the input, so that nobody has to feed it. Where
 * the system grants a smaller one, the write must fail, not wait. */
static int open_input(const struct process_spec *spec, int *ret,
		      struct error *err)
{
	ssize_t n;
	int fds[2];

	if (!spec->input)
		return 0;
	if (spec->input_len > INPUT_MAX)
		return error_set(err, ERROR_INTERNAL,
				 "input of %s: more than %d bytes",
				 spec->argv[0], INPUT_MAX);
	if (pipe2(fds, O_CLOEXEC) < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "pipe");
	*ret = fds[0];
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	n = write(fds[1], spec->input, spec->input_len);
	close(fds[1]);
	if (n != (ssize_t)spec->input_len)
		return error_set(err, ERROR_INTERNAL,
				 "input of %s: does not fit into a pipe",
				 spec->argv[0]);
	return 0;
}

int process_start(const struct process_spec *spec, struct process *ret,
		  struct error *err)
{
	cleanup(closep) int log = -1;
	cleanup(closep) int in = -1;
	cleanup(closep) int out = -1;
	int both;

	if (open_log(spec, &log, err) < 0 || open_output(spec, &out, err) < 0 ||
	    open_input(spec, &in, err) < 0)
		return -1;
	both = spec->log_fd ? spec->log_fd : log;
	return spawn(spec, &(struct ends){ in, out >= 0 ? out : both, both },
		     ret, err);
}

int process_poll(struct process *p, int *ret_status, struct error *err)
{
	pid_t got;

	do
		got = waitpid(p->pid, ret_status, WNOHANG);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "waitpid");
	if (got == 0)
		return 1;
	p->pid = 0;
	return 0;
}

/* Until one is ready, the time is over, or a signal came. */
static void poll_until(struct pollfd *set, size_t count, int64_t deadline_us)
{
	int64_t left = deadline_us - clock_mono_us();
	struct timespec t = { 0 };

	if (left > 0) {
		t.tv_sec = left / 1000000;
		t.tv_nsec = left % 1000000 * 1000;
	}
	if (ppoll(set, count, &t, NULL) <= 0)
		for (size_t i = 0; i < count; i++)
			set[i].revents = 0;
}

/* Where no descriptor is to be had. */
static void look_soon(int64_t *deadline_us)
{
	int64_t soon = clock_mono_us() + LOOK_US;

	if (soon < *deadline_us)
		*deadline_us = soon;
}

void process_wait(const pid_t *pids, size_t count, int64_t deadline_us)
{
	struct pollfd set[PROCESS_WAIT_MAX];
	size_t n = 0;
	bool gone = false;

	for (size_t i = 0; i < count && !gone; i++) {
		int fd;

		if (!pids[i])
			continue;
		fd = n < PROCESS_WAIT_MAX ? pidfd_open(pids[i], 0) : -1;
		if (fd >= 0)
			set[n++] = (struct pollfd){ fd, POLLIN, 0 };
		else if (n < PROCESS_WAIT_MAX && errno == ESRCH)
			gone = true;
		else
			look_soon(&deadline_us);
	}
	if (!gone)
		poll_until(set, n, deadline_us);
	while (n)
		close(set[--n].fd);
}

/* Whether the process has ended, after so long at most. */
static bool ends_within(struct process *p, int ms)
{
	int64_t limit = clock_mono_us() + ms * 1000LL;
	int status;

	while (process_poll(p, &status, NULL) == 1) {
		if (clock_mono_us() > limit)
			return false;
		process_wait(&p->pid, 1, limit + 1);
	}
	return true;
}

int process_end(struct process *p, int ms, struct error *err)
{
	pid_t pid = p->pid;

	if (!pid)
		return 0;
	kill(-pid, SIGTERM);
	if (ends_within(p, ms))
		return 0;
	kill(-pid, SIGKILL);
	if (ends_within(p, ms))
		return 0;
	p->pid = 0;
	return error_set(err, ERROR_INTERNAL,
			 "process %d still exists after SIGKILL", (int)pid);
}

void process_stop(struct process *p)
{
	process_end(p, STOP_MS, NULL);
}

/* What process_run() collects while the child runs. */
struct capture {
	int fd;
	struct buf *to;
	int out; /* where it goes instead; 0: nowhere */
	int64_t taken; /* bytes that went there */
};

static int go_on(const struct process_spec *s, int64_t limit, struct error *err)
{
	if (!s->finish && interrupt_check(err) < 0)
		return -1;
	if (clock_mono_us() > limit)
		return error_set(err, ERROR_INTERNAL,
				 "%s did not end within %d s", s->argv[0],
				 s->seconds);
	return 0;
}

/* A program that is not to be broken off is waited for all the same. */
static struct pollfd until_interrupt(const struct process_spec *s)
{
	return (struct pollfd){ .fd = s->finish ? -1 : interrupt_fd(),
				.events = POLLIN };
}

/* Never waits longer than for the bound or an interrupt. */
static int pass_on(struct capture *c, const struct process_spec *s,
		   const char *bytes, size_t len, int64_t limit,
		   struct error *err)
{
	struct pollfd set[] = { { c->out, POLLOUT, 0 }, until_interrupt(s) };

	c->taken += (int64_t)len;
	if (c->taken > s->output_max)
		return error_set(err, ERROR_INTERNAL,
				 "%s writes more than the %lld bytes that are "
				 "allowed",
				 s->argv[0], (long long)s->output_max);
	while (len) {
		ssize_t n;

		if (go_on(s, limit, err) < 0)
			return -1;
		poll_until(set, 2, limit + 1);
		if (!set[0].revents)
			continue;
		n = write(c->out, bytes, len < WRITE_MAX ? len : WRITE_MAX);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return error_errno(err, ERROR_INTERNAL, errno,
					   "output of %s", s->argv[0]);
		bytes += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* 1: there may be more, 0: it ended. */
static int capture_more(struct capture *c, const struct process_spec *s,
			int64_t limit, struct error *err)
{
	char bytes[16384];
	ssize_t n = read(c->fd, bytes, sizeof(bytes));

	if (n > 0 && c->out) {
		if (pass_on(c, s, bytes, (size_t)n, limit, err) < 0)
			return -1;
	} else if (n > 0) {
		buf_add(c->to, bytes, n);
	}
	return n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN));
}

/* Reads both pipes until they end; -1 when stopped before. */
static int capture_all(struct capture pipes[2], const struct process_spec *s,
		       int64_t limit, struct error *err)
{
	struct pollfd set[3] = { [2] = until_interrupt(s) };
	int open_ends = 2;

	for (int i = 0; i < 2; i++)
		set[i] = (struct pollfd){ .fd = pipes[i].fd, .events = POLLIN };
	while (open_ends) {
		if (go_on(s, limit, err) < 0)
			return -1;
		poll_until(set, 3, limit + 1);
		for (int i = 0; i < 2; i++) {
			int more = 1;

			if (set[i].fd >= 0 && set[i].revents)
				more = capture_more(&pipes[i], s, limit, err);
			if (more < 0)
				return -1;
			if (more)
				continue;
			set[i].fd = -1;
			open_ends--;
		}
	}
	return 0;
}

/* A program may close its outputs long before it ends. */
static int wait_end(struct process *p, const struct process_spec *s,
		    int64_t limit, int *status, struct error *err)
{
	struct pollfd set[2] = { { pidfd_open(p->pid, 0), POLLIN, 0 },
				 until_interrupt(s) };
	int rc;

	while ((rc = process_poll(p, status, err)) == 1) {
		int64_t until = limit + 1;

		if ((rc = go_on(s, limit, err)) < 0)
			break;
		if (set[0].fd < 0)
			look_soon(&until);
		poll_until(set, 2, until);
	}
	if (set[0].fd >= 0)
		close(set[0].fd);
	return rc;
}

/* Until the program has ended, or was stopped. */
static int attend(struct process *p, struct capture pipes[2],
		  const struct process_spec *s, int *status, struct error *err)
{
	int64_t limit = clock_mono_us() + (int64_t)s->seconds * 1000000;
	struct error left = { 0 };

	if (capture_all(pipes, s, limit, err) == 0 &&
	    wait_end(p, s, limit, status, err) == 0)
		return 0;
	if (process_end(p, STOP_MS, &left) < 0)
		error_wrap(err, "%s", left.text);
	return -1;
}

static const char *last_line(struct buf *text)
{
	char *s = (char *)buf_text(text);
	char *nl;

	while (text->len && s[text->len - 1] == '\n')
		s[--text->len] = 0;
	nl = strrchr(s, '\n');
	return nl ? nl + 1 : s;
}

/* What a program that failed said last. */
static const char *said_last(struct buf *said)
{
	const char *line = last_line(said);

	return *line ? line : "it printed no reason";
}

static int judge(const struct process_spec *spec, int status, struct buf *said,
		 struct error *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFSIGNALED(status))
		return error_set(err, ERROR_INTERNAL, "%s: killed by %s",
				 spec->argv[0], strsignal(WTERMSIG(status)));
	return error_set(err, ERROR_INTERNAL, "%s %s: exit %d: %s",
			 spec->argv[0], spec->argv[1] ? spec->argv[1] : "",
			 WEXITSTATUS(status), said_last(said));
}

int process_run(const struct process_spec *spec, struct buf *out,
		struct error *err)
{
	cleanup(buf_release) struct buf said = BUF_INIT(STDERR_MAX);
	cleanup(buf_release) struct buf unread = BUF_INIT(STDERR_MAX);
	cleanup(closep) int in = -1;
	struct process p = { 0 };
	int o[2], e[2], status = 0, rc;

	if (open_input(spec, &in, err) < 0)
		return -1;
	if (pipe2(o, O_CLOEXEC) < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "pipe");
	if (pipe2(e, O_CLOEXEC) < 0) {
		close(o[0]), close(o[1]);
		return error_errno(err, ERROR_INTERNAL, errno, "pipe");
	}
	rc = spawn(spec,
		   &(struct ends){ spec->input_fd ? spec->input_fd : in, o[1],
				   e[1] },
		   &p, err);
	close(o[1]), close(e[1]);
	if (rc == 0) {
		struct capture pipes[2] = { { o[0], out ? out : &unread,
					      spec->output_fd, 0 },
					    { e[0], &said, 0, 0 } };
		rc = attend(&p, pipes, spec, &status, err);
	}
	close(o[0]), close(e[0]);
	if (spec->log) {
		file_append(spec->log, unread.data, unread.len, 0600, NULL);
		file_append(spec->log, said.data, said.len, 0600, NULL);
	}
	if (rc < 0 || judge(spec, status, &said, err) < 0)
		return -1;
	/* Half of an answer is none. */
	return out && buf_check(out, err) < 0
		       ? error_wrap(err, "output of %s", spec->argv[0])
		       : 0;
}

bool program_exists(const char *name)
{
	cleanup(freep) char *path = strdup(getenv("PATH") ?: "");
	char room[PATH_ROOM];

	for (char *p = path, *dir; p && (dir = strsep(&p, ":"));)
		if (!access(path_join(room, dir, name), X_OK))
			return true;
	return false;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* process.h - starts, watches and limits programs, without a shell. */
#ifndef SYS_PROCESS_H
#define SYS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/error.h"
#include "sys/environment.h"

/*
 * What to start. Every child gets its own process group, so that ^C on a
 * terminal reaches only medley, which then ends its children in order. A child
 * has no terminal, and is killed when medley dies (PR_SET_PDEATHSIG).
 */
struct process_spec {
	const char *const *argv; /* NULL-terminated; argv[0] by $PATH */
	enum environment environment; /* which variables it gets */
	const char *env_pass; /* names of further ones, or NULL */
	const char *const
		*env_add; /* "NAME=value"…, NULL-terminated, or NULL */
	const char *cwd; /* or NULL */
	const void *input; /* bytes for standard input, or NULL */
	size_t input_len; /* at most 64 KiB */
	const char *log; /* file: both outputs are appended there, or NULL */
	/* process_start(): a descriptor that gets both outputs instead of a
	 * log; 0: none. */
	int log_fd;
	/* process_start(): a new file for standard output, or NULL. */
	const char *output;
	/* process_run(), for data that is too large for memory: a descriptor
	 * that replaces `input` as standard input, and one that gets standard
	 * output instead of `out`; more than output_max bytes of output are an
	 * error. 0: none. The reader of output_fd may be slow; `seconds` limits
	 * the wait. */
	int input_fd, output_fd;
	int64_t output_max;
	int seconds; /* bound of the whole run */
	/* For a program that must not be killed, because it would leave its
	 * work incomplete: it continues if medley is killed, and an interrupt
	 * waits for its end. */
	bool finish;
};

struct process {
	pid_t pid; /* 0 when not running */
};

/* Starts; output that is not logged is dropped. */
int process_start(const struct process_spec *spec, struct process *ret,
		  struct error *err);
/* 1 still running, 0 ended (status as of waitpid), -1 error. */
int process_poll(struct process *p, int *ret_status, struct error *err);
/*
 * Waits until one of the processes has ended, or until clock_mono_us() is
 * `deadline_us`. May return earlier, so the caller checks with process_poll().
 * An interrupt does not end the wait. A pid of 0 is skipped. (Code with a loop
 * uses loop_child().)
 */
enum { PROCESS_WAIT_MAX = 64 };
void process_wait(const pid_t *pids, size_t count, int64_t deadline_us);
/*
 * Sends TERM to the group, and KILL if the process still runs after `ms`
 * milliseconds; waits for the end. A process that hangs in the kernel (state D:
 * a disk or a network file system does not answer) does not end even with
 * SIGKILL. After `ms` more the call gives up and returns -1; the error names
 * the process.
 */
int process_end(struct process *p, int ms, struct error *err);
/* The same with two seconds, for callers that cannot act on a failure. */
void process_stop(struct process *p);

/*
 * Runs to the end. With `out`, standard output is captured there (and standard
 * error goes to the log or into the error text); without, both go to the log. A
 * non-zero end is an error of ERROR_INTERNAL whose text has the last line of
 * standard error; so is output that `out` has no room for. If the time is over,
 * or on an interrupt, the child is stopped as by process_stop().
 */
int process_run(const struct process_spec *spec, struct buf *out,
		struct error *err);

/* True if `name` is a program on $PATH. */
bool program_exists(const char *name);

#endif

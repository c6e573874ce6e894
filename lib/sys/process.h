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
 * What to start. Every child gets a process group of its own (a terminal's
 * ^C reaches medley alone, which then ends its children in order), no
 * terminal, and dies with medley (PR_SET_PDEATHSIG).
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
	/* process_start(): file that standard output makes anew, or NULL. */
	const char *output;
	/* process_run(), for what is too much for memory: descriptors that are
	 * standard input instead of `input`, and that get standard output
	 * instead of `out`, of which more than output_max bytes are an error.
	 * 0: none. Whoever reads output_fd may be slow: `seconds` bounds it. */
	int input_fd, output_fd;
	int64_t output_max;
	int seconds; /* bound of the whole run */
	/* A program that must not be broken off, as it would leave things
	 * half made: it goes on when medley is killed, and an interrupt waits
	 * for its end. */
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
 * Until one of the processes has ended, by its pidfd, or clock_mono_us() is
 * `deadline_us`; maybe earlier: the caller looks. An interrupt does not keep it
 * from waiting on. Children are still to be polled. A pid of 0 is passed over.
 * (Who runs a loop uses loop_child().)
 */
enum { PROCESS_WAIT_MAX = 64 };
void process_wait(const pid_t *pids, size_t count, int64_t deadline_us);
/*
 * TERM to the group, KILL when the process is still there after `ms`
 * milliseconds; waits for the end. A process that hangs in the kernel (state D:
 * a disk or a network file system that does not answer) outlives SIGKILL: it is
 * given up after `ms` more, and -1 names it.
 */
int process_end(struct process *p, int ms, struct error *err);
/* The same with two seconds, for callers that cannot act on a failure. */
void process_stop(struct process *p);

/*
 * Runs to the end. With `out`, standard output is captured there (and
 * standard error goes to the log or into the error text); without, both go to
 * the log. A non-zero end is an error of ERROR_INTERNAL whose text has the
 * last line of standard error; so is output that `out` has no room for. A
 * passed bound or an interrupt stops the child, as process_stop() does.
 */
int process_run(const struct process_spec *spec, struct buf *out,
		struct error *err);

/* True if `name` is a program on $PATH. */
bool program_exists(const char *name);

#endif

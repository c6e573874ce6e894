/* SPDX-License-Identifier: Apache-2.0 */
/* exec.h - runs a command in a container, through the API server. */
#ifndef KUBE_EXEC_H
#define KUBE_EXEC_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "kube/client.h"

/*
 * Uses a WebSocket to the container: v5.channel.k8s.io, or v4 if the server has
 * no v5. The command is run once: after the request was sent, only refused
 * credentials are renewed, and nothing else is tried again.
 *
 * The words of the command are in a URL, which servers log, so pass secrets in
 * `input`. The end of `input` is the end of the command's standard input. (v4
 * has no message for that. There, the container's sh runs a command with input
 * behind `head -c`.) The command should read its input: servers do not report
 * the end of a command that left some hundred KiB unread, and the call then
 * lasts until the deadline.
 */
struct kube_exec {
	const char *namespace, *pod;
	const char *container; /* NULL: the pod's only or default one */
	const char *const *argv; /* NULL-terminated; found by its $PATH */
	const void *input; /* NULL: it has no standard input */
	size_t input_len;
	int seconds; /* until its end */
	int out_fd; /* its output, as it comes; -1: to `out` */
	int64_t out_max; /* bytes that out_fd takes; 0: any number */
	struct buf *complaints; /* its standard error; or NULL */
};

/*
 * Runs the command to its end. The output is added to `out`, where reaching the
 * ceiling is an error, or is written to out_fd; `out` may be NULL with out_fd,
 * or if the output is not needed. *ret_exit_code is the command's exit code. If
 * it is NULL, an exit code other than 0 is an error, whose text ends with the
 * last line of standard error. -1: the command was not run, or its end is not
 * known; the output so far is given. If the container dies, the output is
 * incomplete, even if it looks complete: then the exit code is not 0, or the
 * result is -1.
 */
int kube_exec_run(struct kube *k, const struct kube_exec *what, struct buf *out,
		  int *ret_exit_code, struct error *err);

/* Reads the Status at the end of a command: 0 and the exit code, or -1 and the
 * reason why the server could not run the command. `what` is for the error. */
int kube_exec_status(const char *what, const void *text, size_t len,
		     int *ret_exit_code, struct error *err);

#endif

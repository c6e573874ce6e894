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
 * A websocket to the container: v5.channel.k8s.io, or v4 where the server has
 * no v5. The command is run once: nothing is tried again after it was asked
 * for, only refused credentials are renewed.
 *
 * The command's words stand in a URL, which servers log: secrets go by
 * `input`. Its end is the end of the command's standard input. (v4 cannot say
 * that: there, a command with input is run by the container's sh behind
 * `head -c`.) A command should read its input: servers do not tell the end of
 * one that left some hundred KiB of it unread; the deadline ends that.
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
 * Runs it to its end. The output is added to `out`, whose ceiling is an error
 * (NULL with out_fd, or where nobody asks for it), or is written to out_fd.
 * *ret_exit_code: of the command; with NULL, any but 0 is an error, whose text
 * ends with the last line of its standard error. -1: it was not run, or its
 * end is not known; the output so far is given also then. What a command
 * printed whose container died is not whole, though it may look so: a code
 * that is not 0, or -1, tells.
 */
int kube_exec_run(struct kube *k, const struct kube_exec *what, struct buf *out,
		  int *ret_exit_code, struct error *err);

/* Reads the Status that ends a command: 0 and its exit code, or -1 and why the
 * server could not run it. `what` is for the error. */
int kube_exec_status(const char *what, const void *text, size_t len,
		     int *ret_exit_code, struct error *err);

#endif

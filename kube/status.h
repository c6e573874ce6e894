/* SPDX-License-Identifier: Apache-2.0 */
/* status.h - explains refusals of the API server to people. */
#ifndef KUBE_STATUS_H
#define KUBE_STATUS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"
#include "data/json.h"

/*
 * Sets `err` from an answer that is not a success: "apply StatefulSet net/bank:
 * Forbidden: <the server's message>: <what to do>". Returns -1. The body is a
 * Status in JSON, or the text of a proxy between medley and the server.
 */
int kube_status_error(const char *verb, const char *what, int status,
		      const struct buf *body, struct error *err);
/* The same for a Status inside another message. */
int kube_status_of(const char *verb, const char *what, int status,
		   const struct js *value, struct error *err);

/* -1 and ERROR_DEPLOY if a successful answer is not JSON: then a proxy between
 * medley and `server` has answered. An empty body is accepted. */
int kube_check_answer(const char *verb, const char *what, const char *server,
		      const struct buf *body, struct error *err);
/* Adds to `err`, about an answer that could not be read, which request it
 * belongs to, and makes it an error of the cluster instead of the user's input.
 * Returns -1. */
int kube_bad_answer(const char *verb, const char *what, struct error *err);
/* The name of an answer in errors of parsers, for kube_bad_answer(). */
#define KUBE_ANSWER "the API server's answer"

/* True for an answer 500 that reports a fault of the request: another try would
 * fail too. */
bool kube_status_final(const struct buf *body);

#endif

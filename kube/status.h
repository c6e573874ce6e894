/* SPDX-License-Identifier: Apache-2.0 */
/* status.h - explains refusals of the API server to people. */
#ifndef KUBE_STATUS_H
#define KUBE_STATUS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/error.h"
#include "data/json.h"

/*
 * Fills `err` from an answer that is no success: "apply StatefulSet net/bank:
 * Forbidden: <the server's words>: <what to do>"; returns -1. The body is a
 * Status in JSON, or whatever something in between has said.
 */
int kube_status_error(const char *verb, const char *what, int status,
		      const struct buf *body, struct error *err);
/* The same for a Status that came inside something else. */
int kube_status_of(const char *verb, const char *what, int status,
		   const struct js *value, struct error *err);

/* -1 and ERROR_DEPLOY where an answer of success is not JSON: something between
 * us and `server` has answered. An empty body passes. */
int kube_check_answer(const char *verb, const char *what, const char *server,
		      const struct buf *body, struct error *err);
/* Says whose answer it was that could not be read, as `err` tells: the cluster
 * is to blame for it, not a file of the user. Returns -1. */
int kube_bad_answer(const char *verb, const char *what, struct error *err);
/* What a parser calls an answer, for kube_bad_answer(). */
#define KUBE_ANSWER "the API server's answer"

/* An answer 500 that says what is wrong with the request: it would be the
 * same the next time. */
bool kube_status_final(const struct buf *body);

#endif

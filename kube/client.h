/* SPDX-License-Identifier: Apache-2.0 */
/* client.h - calls of a cluster's API: many at once, tried again, bounded. */
#ifndef KUBE_CLIENT_H
#define KUBE_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "data/json.h"
#include "kube/kubeconfig.h"
#include "net/http.h"

/*
 * One cluster, one identity, one thread. Calls are started, and then move and
 * call back on a loop of the cluster's own: inside kube_step(), or where
 * somebody else takes steps of that loop to wait for something beside.
 *
 * Temporary failures are tried again until the call's deadline: no connection,
 * a broken one, 429 (after the time in Retry-After), 502 to 504; 500 is tried
 * three times. So a call must allow that it is made twice: this is true for an
 * apply and a read; a delete that finds nothing is done. Refused credentials
 * are renewed once.
 */
struct kube;

/* Borrows the configuration. Nothing is connected yet. */
int kube_open(const struct kubeconfig *config, struct kube **ret,
	      struct error *err);
/* Drops running calls without a callback. NULL is fine. */
void kube_free(struct kube *k);
DEFINE_FREEP(struct kube, kube)
const struct kubeconfig *kube_config(const struct kube *k);

struct kube_reply {
	int status; /* the last HTTP status, 0 without one */
	const struct buf *body; /* borrowed; empty when streamed */
};

/* `err` is NULL on success (2xx, and all bytes are there). */
typedef void (*kube_done_fn)(void *ctx, const struct kube_reply *reply,
			     const struct error *err);

struct kube_request {
	const char *verb, *what; /* for errors: "apply", "Secret net/keys" */
	const char *method; /* "GET" */
	const char *path; /* "/api/v1/…", with its query; copied, as `what` */
	const char *accept; /* NULL: JSON */
	const char *content_type; /* of the body */
	const void *body; /* borrowed until done */
	size_t body_len;
	int64_t deadline_us; /* clock_mono_us(): no answer later than this */
	bool once; /* do not try again */
	/* A stream: gets the bytes as they arrive; only the time without bytes
	 * (idle_ms) is limited. */
	http_bytes_fn on_bytes;
	int idle_ms;
	kube_done_fn on_done;
	void *ctx;
};

struct kube_call;

/* Starts; ret_call may be NULL. */
int kube_start(struct kube *k, const struct kube_request *request,
	       struct kube_call **ret_call, struct error *err);
/* Ends it without a further callback. NULL is fine. */
void kube_cancel(struct kube_call *call);
/* Waits up to `ms` for something to happen, and moves it. */
void kube_step(struct kube *k, int ms);
struct loop *kube_loop(const struct kube *k);

/* Makes one call and waits for its end; ignores on_done and ctx. *ret_status is
 * also set with -1. Adds the body to `out` (or NULL). */
int kube_call(struct kube *k, const struct kube_request *request,
	      int *ret_status, struct buf *out, struct error *err);

/* A raw connection to the API server, for upgrades, and the header lines
 * ("Authorization: …\r\n" and the like) that say who asks, and as whom.
 * `again`: the server has refused the credentials, other ones are asked for. */
int kube_raw(struct kube *k, bool again, struct http_raw **ret,
	     struct buf *ret_header, struct error *err);

/*
 * The same in two steps, for whoever waits on a loop of his own. Making the
 * credentials current blocks where a plugin has to be asked; the rest does not.
 */
bool kube_asks_plugin(const struct kube *k);
int kube_renew(struct kube *k, bool again, struct error *err);
int kube_raw_start(struct kube *k, struct loop *loop, http_raw_fn fn, void *ctx,
		   struct http_raw **ret, struct buf *ret_header,
		   struct error *err);

#endif

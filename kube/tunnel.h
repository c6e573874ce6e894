/* SPDX-License-Identifier: Apache-2.0 */
/* tunnel.h - channels of bytes to a pod, in a WebSocket. */
#ifndef KUBE_TUNNEL_H
#define KUBE_TUNNEL_H

#include "kube/client.h"

/*
 * One connection, upgraded. Each message begins with the number of its
 * channel, as the *.channel.k8s.io protocols have it. Nothing blocks but
 * tunnel_open(); both directions are bounded.
 */
struct tunnel;

enum { TUNNEL_CHUNK = 32 * 1024 }; /* of bytes that a message carries */

struct tunnel_request {
	const char *verb, *what; /* for errors: "forward", "Pod net/bank-0" */
	const char *path; /* "/api/v1/…", with its query */
	const char *protocols; /* "v5.channel.k8s.io, v4.channel.k8s.io" */
};

/* Connects, and asks for the path; refused credentials are renewed once.
 * *ret_status (or NULL): of an answer that is no upgrade, else 0. */
int tunnel_open(struct kube *k, const struct tunnel_request *request,
		struct tunnel **ret, int *ret_status, struct error *err);

/*
 * The same in steps, for whoever waits on a loop: the answer may take long, as
 * it comes after the API server has reached the pod's machine.
 */
enum { TUNNEL_UNAUTHORIZED = 401 };
/* Starts to connect, with credentials that are current (kube_renew()). `fn`:
 * once it is connected, or why not; tunnel_flush() then sends the request. */
int tunnel_start(struct kube *k, struct loop *loop,
		 const struct tunnel_request *request, http_raw_fn fn,
		 void *ctx, struct tunnel **ret, struct error *err);
/* Does not block. 1: the tunnel is open. 0: not yet: to be called when the
 * socket is readable, or at tunnel_deadline(). -1: refused or broken;
 * *ret_status is that of a refusal, and else stays as it was. */
int tunnel_answer(struct tunnel *t, const struct tunnel_request *request,
		  int *ret_status, struct error *err);
int64_t tunnel_deadline(const struct tunnel *t);
void tunnel_free(struct tunnel *t);
DEFINE_FREEP(struct tunnel, tunnel)
int tunnel_fd(const struct tunnel *t);
/* Which protocol the server took; "" when it did not say. */
const char *tunnel_protocol(const struct tunnel *t);

/* Another message fits. */
bool tunnel_has_room(const struct tunnel *t);
bool tunnel_has_unsent(const struct tunnel *t);
/* Takes up to TUNNEL_CHUNK bytes; asserts that there is room. */
int tunnel_write(struct tunnel *t, uint8_t channel, const void *bytes,
		 size_t len, struct error *err);
/* Sends what the socket takes. */
int tunnel_flush(struct tunnel *t, struct error *err);

struct tunnel_message {
	uint8_t channel;
	const uint8_t *bytes; /* borrowed until the next tunnel_read() */
	size_t len;
};

enum tunnel_end { TUNNEL_EMPTY, TUNNEL_MESSAGE, TUNNEL_CLOSED };

/* TUNNEL_EMPTY: nothing until the socket is readable again. TUNNEL_CLOSED:
 * the server said that it is done. -1: broken. */
int tunnel_read(struct tunnel *t, struct tunnel_message *ret,
		struct error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* tunnel.h - channels of bytes to a pod, in a WebSocket. */
#ifndef KUBE_TUNNEL_H
#define KUBE_TUNNEL_H

#include "kube/client.h"

/*
 * One upgraded connection. Each message begins with the number of its channel,
 * as in the *.channel.k8s.io protocols. Only tunnel_open() blocks; the buffers
 * of both directions are bounded.
 */
struct tunnel;

enum { TUNNEL_CHUNK = 32 * 1024 }; /* of bytes that a message carries */

struct tunnel_request {
	const char *verb, *what; /* for errors: "forward", "Pod net/bank-0" */
	const char *path; /* "/api/v1/…", with its query */
	const char *protocols; /* "v5.channel.k8s.io, v4.channel.k8s.io" */
};

/* Connects and requests the path; renews refused credentials once. *ret_status
 * (or NULL): the status of an answer that is not an upgrade, else 0. */
int tunnel_open(struct kube *k, const struct tunnel_request *request,
		struct tunnel **ret, int *ret_status, struct error *err);

/*
 * The same in steps, for callers with a loop: the answer may take long, because
 * the API server first connects to the pod's machine.
 */
enum { TUNNEL_UNAUTHORIZED = 401 };
/* Starts to connect, with credentials that are current (kube_renew()). `fn`:
 * once it is connected, or why not; tunnel_flush() then sends the request. */
int tunnel_start(struct kube *k, struct loop *loop,
		 const struct tunnel_request *request, http_raw_fn fn,
		 void *ctx, struct tunnel **ret, struct error *err);
/* Does not block. 1: the tunnel is open. 0: not yet; call again when the socket
 * is readable, or at tunnel_deadline(). -1: refused or broken; *ret_status is
 * set only for a refusal. */
int tunnel_answer(struct tunnel *t, const struct tunnel_request *request,
		  int *ret_status, struct error *err);
int64_t tunnel_deadline(const struct tunnel *t);
void tunnel_free(struct tunnel *t);
DEFINE_FREEP(struct tunnel, tunnel)
int tunnel_fd(const struct tunnel *t);
/* The protocol that the server has chosen; "" if it named none. */
const char *tunnel_protocol(const struct tunnel *t);

/* Another message fits. */
bool tunnel_has_room(const struct tunnel *t);
bool tunnel_has_unsent(const struct tunnel *t);
/* Takes up to TUNNEL_CHUNK bytes; asserts that there is room. */
int tunnel_write(struct tunnel *t, uint8_t channel, const void *bytes,
		 size_t len, struct error *err);
/* Sends as many bytes as the socket accepts. */
int tunnel_flush(struct tunnel *t, struct error *err);

struct tunnel_message {
	uint8_t channel;
	const uint8_t *bytes; /* borrowed until the next tunnel_read() */
	size_t len;
};

enum tunnel_end { TUNNEL_EMPTY, TUNNEL_MESSAGE, TUNNEL_CLOSED };

/* TUNNEL_EMPTY: no message until the socket is readable again. TUNNEL_CLOSED:
 * the server has closed the tunnel. -1: the connection broke. */
int tunnel_read(struct tunnel *t, struct tunnel_message *ret,
		struct error *err);

#endif

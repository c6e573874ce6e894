/* SPDX-License-Identifier: Apache-2.0 */
/* forward.h - forwards a port of a pod to this machine. */
#ifndef KUBE_FORWARD_H
#define KUBE_FORWARD_H

#include <stdint.h>

#include "base/error.h"
#include "kube/kubeconfig.h"

/*
 * A listener on 127.0.0.1; one thread (net/background.h) serves all forwards of
 * the process. Each connection to it is
 * one websocket to the pod; when that breaks or is refused (no such pod,
 * nothing listens there) the connection is reset, and the next one is tried
 * anew. A process that dies in the pod closes its sockets: that is an end like
 * any other, unless bytes were on their way to it. A client that has ended its
 * own side is read to until the pod ends too, or has been silent for
 * FORWARD_LINGER_S: the protocol cannot tell the pod that one side is done.
 */
struct kube_forward;

enum {
	FORWARD_CONNECTIONS = 128, /* at once; further ones wait */
	FORWARD_LINGER_S = 30
};

/* Borrows the configuration until it is closed. Nothing is asked of the
 * cluster before the first connection. */
int kube_forward_open(const struct kubeconfig *where, const char *namespace,
		      const char *pod, uint16_t port, uint16_t *ret_local_port,
		      struct kube_forward **ret, struct error *err);
/* Why a connection was reset last; kind ERROR_NONE: none was. */
void kube_forward_why(struct kube_forward *f, struct error *ret);
/* Ends its connections; waits for one that is just being made. NULL is fine. */
void kube_forward_close(struct kube_forward *f);

#endif

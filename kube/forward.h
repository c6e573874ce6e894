/* SPDX-License-Identifier: Apache-2.0 */
/* forward.h - forwards a port of a pod to this machine. */
#ifndef KUBE_FORWARD_H
#define KUBE_FORWARD_H

#include <stdint.h>

#include "base/error.h"
#include "kube/kubeconfig.h"

/*
 * A listener on 127.0.0.1; one thread (net/background.h) serves all forwards of
 * the process. Each connection to it is one WebSocket to the pod. If the
 * WebSocket breaks or is refused (no such pod, no process listens there), the
 * connection is reset; the next connection tries again. If a process in the pod
 * dies, its sockets are closed: this is an ordinary end, unless bytes were
 * still being sent. After a client has closed its side, it still gets bytes
 * until the pod closes its side too, or has sent nothing for FORWARD_LINGER_S,
 * because the protocol cannot tell the pod that one side is closed.
 */
struct kube_forward;

enum {
	FORWARD_CONNECTIONS = 128, /* at the same time; more must wait */
	FORWARD_LINGER_S = 30
};

/* Borrows the configuration until kube_forward_close(). Sends nothing to the
 * cluster before the first connection. */
int kube_forward_open(const struct kubeconfig *where, const char *namespace,
		      const char *pod, uint16_t port, uint16_t *ret_local_port,
		      struct kube_forward **ret, struct error *err);
/* The reason of the last reset of a connection; kind ERROR_NONE if there was no
 * reset. */
void kube_forward_why(struct kube_forward *f, struct error *ret);
/* Closes all connections; waits for a connection that is being opened. NULL is
 * fine. */
void kube_forward_close(struct kube_forward *f);

#endif

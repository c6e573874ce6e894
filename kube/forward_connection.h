/* SPDX-License-Identifier: Apache-2.0 */
/* forward_connection.h - one connection of a forward. */
#ifndef KUBE_FORWARD_CONNECTION_H
#define KUBE_FORWARD_CONNECTION_H

#include <pthread.h>
#include <stdbool.h>

#include "kube/forward.h"
#include "kube/tunnel.h"
#include "net/background.h"

enum { FORWARD_CHANNELS = 2, PORT_BYTES = 2, DOWN_MAX = 2 * 1024 * 1024 };

struct connection {
	struct kube_forward *forward;
	int fd;
	struct tunnel *tunnel;
	struct watch *client, *pod; /* of fd, of the tunnel's */
	struct timer *turn; /* for its next turn: at once, or when
			     * FORWARD_LINGER_S is over */
	struct buf down;
	unsigned port_bytes[FORWARD_CHANNELS]; /* header bytes to come */
	bool open; /* the upgrade was answered */
	bool again; /* to be opened, or opened, with renewed credentials */
	bool readable; /* the tunnel may have more */
	bool remote_done, local_done;
	int64_t linger_us; /* the end of it once local_done */
};

struct kube_forward {
	struct background *background;
	struct kube *kube; /* the thread's, while there is one */
	char *path, *what;
	int listener;
	struct watch *accepting;
	pthread_mutex_t lock; /* of why */
	struct error why;
	struct connection *connections[FORWARD_CONNECTIONS];
	unsigned count;
	struct beginning {
		bool going;
		bool threaded; /* a thread asks for credentials */
		pthread_t thread;
		struct post post;
		struct connection *connection; /* owned */
		int rc;
		struct error err;
	} beginning;
	bool ending, ends_beginning; /* close() waits for the thread */
	int rc; /* of the beginning, and why */
	struct error *err;
};

/* The request to the API server for each connection. */
struct tunnel_request forward_request(const struct kube_forward *f);
/* For kube_forward_why(). */
void forward_remember(struct kube_forward *f, const struct error *err);
/* Opens the next waiting connection. To be called when a connection has ended
 * or needs another tunnel. */
void forward_begin_next(struct kube_forward *f);

/* Moves all bytes that can be moved; also the callback of the timer. May end
 * and free the connection. */
void connection_turn(void *ctx);
/* Callbacks of the watches: the socket of the client, or of the tunnel, is
 * ready. */
void connection_on_client(void *ctx, unsigned ready);
void connection_on_pod(void *ctx, unsigned ready);
/* With `reset` the client gets a reset instead of an ordinary end. NULL is
 * fine. */
void connection_free(struct connection *c, bool reset);

#endif

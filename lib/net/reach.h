/* SPDX-License-Identifier: Apache-2.0 */
/* reach.h - does anybody listen there? */
#ifndef NET_REACH_H
#define NET_REACH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* Connects by TCP and closes: blocking, at most `timeout_ms`. -1 and why when
 * nobody takes the connection. */
int reach(const char *host, uint16_t port, int timeout_ms, struct error *err);

/*
 * Whether the name has no address, as the name server says; false as well when
 * it cannot be asked. Blocking, as long as /etc/resolv.conf lets it.
 */
bool reach_nowhere(const char *host);

#endif

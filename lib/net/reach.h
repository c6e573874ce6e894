/* SPDX-License-Identifier: Apache-2.0 */
/* reach.h - does anybody listen there? */
#ifndef NET_REACH_H
#define NET_REACH_H

#include <stdint.h>

#include "base/error.h"

/* Connects by TCP and closes: blocking, at most `timeout_ms`. -1 and why when
 * nobody takes the connection. */
int reach(const char *host, uint16_t port, int timeout_ms, struct error *err);

#endif

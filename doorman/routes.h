/* SPDX-License-Identifier: Apache-2.0 */
/* routes.h - the HTTP paths that nodes use, and their answers. */
#ifndef DOORMAN_ROUTES_H
#define DOORMAN_ROUTES_H

#include "doorman/inside.h"
#include "net/http_server.h"

/* The protocol of Corda's nodes; docs/doorman.md lists the paths. */
void routes_answer(struct doorman *d, const struct served_request *request,
		   struct served_answer *answer);

#endif

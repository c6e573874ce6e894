/* SPDX-License-Identifier: Apache-2.0 */
/* headers.h - the header of a request: credentials and content types. */
#ifndef KUBE_HEADERS_H
#define KUBE_HEADERS_H

#include "kube/client.h"
#include "kube/credential.h"

/* Begins as zeros. `lines` is as a struct http_request has it; what it points
 * to lives here, and in the configuration. */
struct headers {
	const char *lines[4 + KUBE_AS_MAX];
	struct buf accept, bearer, type;
};

int headers_write(struct headers *h, const struct kube_request *request,
		  const struct credential *who, const struct kubeconfig *config,
		  struct error *err);
void headers_release(struct headers *h);

/* Adds the lines that say who asks, and as whom, each with its "\r\n". */
int headers_write_raw(struct buf *out, const struct credential *who,
		      const struct kubeconfig *config, struct error *err);

#endif

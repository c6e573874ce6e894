/* SPDX-License-Identifier: Apache-2.0 */
/* headers.h - the header of a request: credentials and content types. */
#ifndef KUBE_HEADERS_H
#define KUBE_HEADERS_H

#include "kube/client.h"
#include "kube/credential.h"

/* Initialised with zeros. `lines` has the form that struct http_request wants;
 * the texts live here and in the configuration. */
struct headers {
	const char *lines[4 + KUBE_AS_MAX];
	struct buf accept, bearer, type;
};

int headers_write(struct headers *h, const struct kube_request *request,
		  const struct credential *who, const struct kubeconfig *config,
		  struct error *err);
void headers_release(struct headers *h);

/* Adds the header lines for the credentials and for impersonation, each with
 * "\r\n". */
int headers_write_raw(struct buf *out, const struct credential *who,
		      const struct kubeconfig *config, struct error *err);

#endif

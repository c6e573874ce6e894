/* SPDX-License-Identifier: Apache-2.0 */
/* headers.c - the header of a request: credentials and content types. */
#include "kube/headers.h"

enum { LINE_MAX_LEN = 256, BEARER_MAX = 64 * 1024 };

void headers_release(struct headers *h)
{
	buf_release(&h->accept);
	buf_release(&h->bearer);
	buf_release(&h->type);
}

int headers_write(struct headers *h, const struct kube_request *request,
		  const struct credential *who, const struct kubeconfig *config,
		  struct error *err)
{
	const char *const *as = config->as;
	int n = 0;

	buf_init(&h->accept, LINE_MAX_LEN);
	buf_init(&h->bearer, BEARER_MAX);
	buf_init(&h->type, LINE_MAX_LEN);
	buf_addf(&h->accept, "Accept: %s",
		 request->accept ? request->accept : "application/json");
	h->lines[n++] = buf_text(&h->accept);
	if (who->token) {
		buf_addf(&h->bearer, "Authorization: Bearer %s", who->token);
		h->lines[n++] = buf_text(&h->bearer);
	}
	for (; as && *as; as++)
		h->lines[n++] = *as;
	if (request->content_type) {
		buf_addf(&h->type, "Content-Type: %s", request->content_type);
		h->lines[n++] = buf_text(&h->type);
	}
	h->lines[n] = NULL;
	return buf_check(&h->bearer, err);
}

int headers_write_raw(struct buf *out, const struct credential *who,
		      const struct kubeconfig *config, struct error *err)
{
	if (who->token)
		buf_addf(out, "Authorization: Bearer %s\r\n", who->token);
	for (const char *const *as = config->as; as && *as; as++)
		buf_addf(out, "%s\r\n", *as);
	return buf_check(out, err);
}

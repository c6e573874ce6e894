/* SPDX-License-Identifier: Apache-2.0 */
/* blocking_call.c - one call of a cluster's API, waited for. */
#include "kube/client.h"
#include "sys/interrupt.h"

enum { STEP_MS = 200 };

/* Where kube_call() finds what on_done said. */
struct answer {
	bool done, failed;
	int status;
	struct buf *out;
	struct error err;
};

static void on_blocking_done(void *ctx, const struct kube_reply *reply,
			     const struct error *err)
{
	struct answer *a = ctx;

	a->done = true;
	a->status = reply->status;
	a->failed = err != NULL;
	if (err)
		a->err = *err;
	else if (a->out)
		buf_add(a->out, reply->body->data, reply->body->len);
}

int kube_call(struct kube *k, const struct kube_request *request,
	      int *ret_status, struct buf *out, struct error *err)
{
	struct kube_request r = *request;
	struct answer a = { .out = out };
	struct kube_call *call;

	r.on_done = on_blocking_done;
	r.ctx = &a;
	if (kube_start(k, &r, &call, err) < 0)
		return -1;
	while (!a.done) {
		if (interrupt_check(err) < 0) {
			kube_cancel(call);
			return -1;
		}
		kube_step(k, STEP_MS);
	}
	if (ret_status)
		*ret_status = a.status;
	if (a.failed && err)
		*err = a.err;
	if (a.failed)
		return -1;
	return out ? buf_check(out, err) : 0;
}

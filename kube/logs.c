/* SPDX-License-Identifier: Apache-2.0 */
/* logs.c - the last lines of a container's log. */
#include "kube/logs.h"

#include <stdio.h>

#include "kube/kinds.h"

static void write_path(const struct kube_log *log, size_t room,
		       struct buf *path)
{
	char number[32];

	buf_addf(path, "/api/v1/namespaces/%s/pods/%s/log", log->namespace,
		 log->pod);
	if (log->container)
		kube_query(path, "container", log->container);
	if (log->previous)
		kube_query(path, "previous", "true");
	if (log->tail) {
		snprintf(number, sizeof(number), "%d", log->tail);
		kube_query(path, "tailLines", number);
	}
	snprintf(number, sizeof(number), "%zu", room);
	kube_query(path, "limitBytes", number);
}

int kube_log_read(struct kube *k, const struct kube_log *log,
		  int64_t deadline_us, struct buf *out, struct error *err)
{
	cleanup(buf_release) struct buf path = BUF_INIT(2048);
	char what[600];
	struct kube_request r = { .verb = "read",
				  .what = what,
				  .method = "GET",
				  .accept = "*/*",
				  .deadline_us = deadline_us };

	snprintf(what, sizeof(what), "the log of Pod %s/%s", log->namespace,
		 log->pod);
	if (out->len >= out->max)
		return error_nomem(err);
	write_path(log, out->max - out->len, &path);
	if (buf_check(&path, err) < 0)
		return -1;
	r.path = buf_text(&path);
	return kube_call(k, &r, NULL, out, err);
}

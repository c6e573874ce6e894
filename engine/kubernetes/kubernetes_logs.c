/* SPDX-License-Identifier: Apache-2.0 */
/* kubernetes_logs.c - what pods say, and programs run in them. */
#include <stdio.h>
#include <string.h>

#include "engine/kubernetes/kubernetes.h"
#include "kube/exec.h"
#include "kube/logs.h"

enum {
	LOG_MAX = 60 * 1024 * 1024,
	LOG_LINES = 100000, /* the last ones, where there are more */
	LOG_SECONDS = 40,
	FILES_MAX = 512 * 1024 * 1024
};

static struct kube_log log_of(const struct kubernetes *k, const struct pod *pod,
			      int64_t since_us)
{
	return (struct kube_log){ .namespace = k->namespace,
				  .pod = pod->name,
				  .container = kubernetes_container(pod),
				  .since_us = since_us };
}

int kubernetes_logs(struct engine *e, const struct pod *pod, int64_t since_us,
		    const char *path, struct error *err)
{
	struct kubernetes *k = (struct kubernetes *)e;
	cleanup(buf_release) struct buf text = BUF_INIT(LOG_MAX);
	struct kube_log log = log_of(k, pod, since_us);

	log.tail = LOG_LINES;
	if (kube_log_read(k->kube, &log, kubernetes_deadline(LOG_SECONDS),
			  &text, err) < 0)
		return -1;
	return file_append(path, text.data, text.len, 0600, err);
}

int kubernetes_follow_log(struct engine *e, const struct pod *pod,
			  const struct log_want *want, struct error *err)
{
	struct kubernetes *k = (struct kubernetes *)e;
	struct kube_log log = log_of(k, pod, want->since_us);

	log.tail = (int)want->lines;
	return kube_log_follow(k->kube, &log, want->take, want->ctx, err);
}

int kubernetes_exec(struct engine *e, const struct pod *pod,
		    const char *const *argv, const char *input, int seconds,
		    struct buf *out, struct error *err)
{
	struct kubernetes *k = (struct kubernetes *)e;
	struct kube_exec what = { .namespace = k->namespace,
				  .pod = pod->name,
				  .container = kubernetes_container(pod),
				  .argv = argv,
				  .input = input,
				  .input_len = input ? strlen(input) : 0,
				  .seconds = seconds,
				  .out_fd = -1 };

	return kube_exec_run(k->kube, &what, out, NULL, err);
}

/* As file_ends.h writes them. */
static const char ends_script[] =
	"cd /var/corda/logs && for f in *.log; do "
	"[ ! -h \"$f\" ] && [ -f \"$f\" ] && [ -s \"$f\" ] || continue; "
	"echo \"==> $f <==\"; tail -c \"$1\" \"$f\"; done";

int kubernetes_log_files(struct engine *e, const struct pod *pod, size_t max,
			 const char *path, struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(FILES_MAX);
	char bytes[32];
	const char *argv[] = {
		"/bin/sh", "-c", ends_script, "ends", bytes, NULL
	};

	snprintf(bytes, sizeof(bytes), "%zu", max);
	if (kubernetes_exec(e, pod, argv, NULL, LOG_SECONDS, &text, err) < 0)
		return -1;
	if (!text.len)
		return 0;
	return file_write(path, text.data, text.len, 0600, err);
}

/* A refusal is an answer. */
int kubernetes_answers(struct engine *e, int seconds, struct error *err)
{
	struct kubernetes *k = (struct kubernetes *)e;
	struct kube_request r = { .verb = "read",
				  .what = "the version",
				  .method = "GET",
				  .path = "/version",
				  .deadline_us = kubernetes_deadline(seconds) };
	int status = 0;

	if (kube_call(k->kube, &r, &status, NULL, err) < 0 && !status)
		return -1;
	return 0;
}

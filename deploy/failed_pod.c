/* SPDX-License-Identifier: Apache-2.0 */
/* failed_pod.c - tells why a pod that should run does not. */
#include "deploy/failed_pod.h"

#include "deploy/failure.h"
#include "engine/log_read.h"
#include "sys/home.h"

enum { LOG_MAX = 8 * 1024 * 1024 };

int pod_log(struct engine *e, const struct pod *pod, struct buf *text,
	    struct error *err)
{
	return log_read(e, pod, 0, LOG_MAX / 2, text, err);
}

bool headless_pod(struct engine *e, const struct pod *pod, char *why,
		  size_t room)
{
	cleanup(buf_release) struct buf log = BUF_INIT(LOG_MAX);
	char table[PATH_ROOM];

	return pod_log(e, pod, &log, NULL) == 0 &&
	       failure_of_main(home_path(table, "deploy/failures.yaml"),
			       buf_text(&log), why, room);
}

int failed_pod(struct engine *e, const struct pod *pod, struct error *err)
{
	cleanup(buf_release) struct buf log = BUF_INIT(LOG_MAX);
	char table[PATH_ROOM], why[512];

	if (pod->phase == POD_FAILED)
		return error_set(err, ERROR_DEPLOY, "%s", pod->why);
	if (pod_log(e, pod, &log, NULL) < 0)
		buf_clear(&log);
	failure_explain(home_path(table, "deploy/failures.yaml"),
			pod->exit_code, buf_text(&log), why, sizeof(why));
	return error_set(err, ERROR_DEPLOY, "%s", why);
}

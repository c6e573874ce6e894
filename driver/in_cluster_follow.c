/* SPDX-License-Identifier: Apache-2.0 */
/* in_cluster_follow.c - until the driver's Job has ended, by watch. */
#include <stdio.h>
#include <string.h>

#include "driver/in_cluster_parts.h"
#include "kube/logs.h"
#include "kube/objects.h"
#include "sys/clock.h"
#include "sys/interrupt.h"

/*
 * The Job says that it is over; the pod says how its container ended, and is
 * seen before, as long as it is there at all. An interrupt suspends the Job:
 * then its pod is told to stop, and goes.
 */
enum {
	STEP_MS = 200,
	SAY_US = 2000000,
	LOG_SECONDS = 5,
	LINE_MAX_BYTES = 8192,
	LOG_MAX = 16 * 1024 * 1024,
	STOP_SECONDS = 120, /* the grace of a pod, and a server that is away */
	MARGIN_SECONDS = 900 /* its image, sessions, the last flows */
};

struct follow {
	struct driving *d;
	struct kube_watch *jobs, *pods, *events;
	struct blame_finder finder;
	int64_t deadline_us, said_us;
	bool running, stopping;
};

static void follow_release(struct follow *f)
{
	kube_watch_free(f->jobs);
	kube_watch_free(f->pods);
	kube_watch_free(f->events);
	blame_release(&f->finder);
}

static int open_watches(struct follow *f, struct error *err)
{
	struct kubernetes *k = f->d->k;
	char named[OBJECT_SELECTOR], of_job[OBJECT_SELECTOR];

	snprintf(of_job, sizeof(of_job), "job-name=%s", f->d->name);
	if (kubernetes_watch(k, "Job", NULL,
			     driving_selector(f->d->name, named), &f->jobs,
			     err) < 0 ||
	    kubernetes_watch(k, "Pod", of_job, NULL, &f->pods, err) < 0 ||
	    kubernetes_watch(k, "Event", NULL, KUBE_TROUBLE_EVENTS, &f->events,
			     err) < 0)
		return -1;
	f->finder.events = kube_watch_view(f->events);
	return 0;
}

/* ---- the pod ---- */

static void record_end(struct driving *d, const struct js *pod,
		       const struct js *ended)
{
	const char *reason = js_str(ended, "reason");
	const char *evicted = js_str(js_get(pod, "status"), "reason");

	d->exit_code = (int)js_int(ended, "exitCode", -1);
	snprintf(d->why, sizeof(d->why), "%.100s%s%.60s, exit code %d",
		 evicted ? evicted : "", evicted ? ", " : "",
		 reason ? reason : "ended", d->exit_code);
}

static int look_at_pod(struct follow *f, const struct js *pod,
		       struct error *err)
{
	const struct js *meta = js_get(pod, "metadata");
	const struct js *status = js_get(pod, "status");
	const struct js *state =
		js_get(js_at(js_get(status, "containerStatuses"), 0), "state");
	const struct js *ended = js_get(state, "terminated");
	const char *name = js_str(meta, "name");
	struct kube_blame blame;

	snprintf(f->d->pod, sizeof(f->d->pod), "%.250s", name ? name : "");
	f->running = js_get(state, "running") != NULL;
	if (ended) {
		record_end(f->d, pod, ended);
		return 0;
	}
	if (js_str(meta, "deletionTimestamp"))
		snprintf(f->d->why, sizeof(f->d->why), "it was deleted");
	if (f->running || f->stopping || !blame_pod(&f->finder, pod, &blame) ||
	    !blame.hopeless)
		return 0;
	kube_blame_error(f->d->k->kube, f->d->k->namespace, &blame,
			 "cannot start", err);
	err->kind = ERROR_LOAD;
	return -1;
}

/* The text of a line as medley shows it, without the step's name. */
static void report_line(const struct driving *d, char *line)
{
	char *end = line + strlen(line);

	while (end > line && (unsigned char)end[-1] <= ' ')
		*--end = 0;
	end = strrchr(line, '\n');
	line = end ? end + 1 : line;
	if (!strncmp(line, "drive ", 6))
		line += 6;
	line += strspn(line, " ");
	progress_say(d->progress, 0, 0, 0, "%.200s", line);
}

/* A log that cannot be had just now is no reason to stop. */
static void say(struct follow *f)
{
	cleanup(buf_release) struct buf text = BUF_INIT(LINE_MAX_BYTES);
	const struct kube_log log = { .namespace = f->d->k->namespace,
				      .pod = f->d->pod,
				      .container = KUBE_DRIVER,
				      .tail = 1 };

	if (clock_mono_us() - f->said_us < SAY_US)
		return;
	f->said_us = clock_mono_us();
	if (!f->running)
		progress_say(f->d->progress, 0, 0, 0, "the driver %s",
			     f->d->why[0] ? "has ended" : "starts");
	else if (kube_log_read(f->d->k->kube, &log,
			       kubernetes_deadline(LOG_SECONDS), &text,
			       NULL) >= 0 &&
		 text.len)
		report_line(f->d, (char *)text.data);
}

/* ---- the Job ---- */

static void look_at_job(struct follow *f)
{
	const struct js *job = view_find(kube_watch_view(f->jobs), f->d->name);
	bool pods = kube_watch_view(f->pods)->count > 0;

	if (kube_condition(job, "Complete"))
		f->d->end = DRIVING_COMPLETE;
	else if (f->stopping &&
		 (!job ||
		  (!pods && !js_int(js_get(job, "status"), "active", 0))))
		f->d->end = DRIVING_STOPPED;
	else if (kube_condition(job, "Failed") || !job)
		f->d->end = f->stopping ? DRIVING_STOPPED : DRIVING_FAILED;
	if (!job && !f->d->why[0])
		snprintf(f->d->why, sizeof(f->d->why), "its Job was deleted");
}

int driving_suspend(struct driving *d, struct error *err)
{
	static const char stop[] = "{\"spec\":{\"suspend\":true}}";
	struct kube_ref ref = { kube_builtin("Job"), d->k->namespace, d->name };

	return kube_merge(d->k->kube, &ref, stop, sizeof(stop) - 1,
			  kubernetes_deadline(STOP_SECONDS), NULL, err);
}

static int suspend(struct follow *f, struct error *err)
{
	interrupt_clear();
	f->stopping = true;
	f->deadline_us = kubernetes_deadline(STOP_SECONDS);
	progress_say(f->d->progress, 0, 0, 0,
		     "waiting until the driver has ended its operations");
	return driving_suspend(f->d, err);
}

static int step(struct follow *f, struct error *err)
{
	const struct view *pods = kube_watch_view(f->pods);

	if (kube_watch_move(f->jobs, err) < 0 ||
	    kube_watch_move(f->pods, err) < 0 ||
	    kube_watch_move(f->events, err) < 0)
		return -1;
	kube_step(f->d->k->kube, STEP_MS);
	if (blame_begin(&f->finder, err) < 0)
		return -1;
	for (size_t i = 0; i < pods->count; i++)
		if (look_at_pod(f, pods->objects[i], err) < 0)
			return -1;
	look_at_job(f);
	if (f->d->end == DRIVING_ON)
		say(f);
	return 0;
}

/* So long that only a driver that hangs takes longer. */
static int64_t limit(const struct network *net)
{
	const struct load *load = &net->load;

	if (load->seconds <= 0)
		return kubernetes_deadline(LIMIT_SECONDS);
	return kubernetes_deadline((int)load->seconds + 4 * net->timeouts.flow +
				   MARGIN_SECONDS);
}

static int follow(struct follow *f, struct error *err)
{
	while (f->d->end == DRIVING_ON) {
		int rc = step(f, err);

		if (!f->stopping && interrupted())
			rc = suspend(f, err);
		if (rc < 0)
			return -1;
		if (clock_mono_us() < f->deadline_us)
			continue;
		if (f->stopping)
			return error_set(err, ERROR_INTERRUPTED,
					 "interrupted; Pod %s/%s does not end",
					 f->d->k->namespace, f->d->pod);
		snprintf(f->d->why, sizeof(f->d->why), "it did not end");
		f->d->end = DRIVING_FAILED;
		if (suspend(f, err) < 0)
			return -1;
	}
	return 0;
}

/* A pod that is gone has no log any more. */
static void save_log(const struct driving *d)
{
	cleanup(buf_release) struct buf text = BUF_INIT(LOG_MAX);
	const struct kube_log log = { .namespace = d->k->namespace,
				      .pod = d->pod,
				      .container = KUBE_DRIVER };
	char path[PATH_ROOM];

	if (!d->pod[0] ||
	    kube_log_read(d->k->kube, &log, kubernetes_deadline(LOG_SECONDS),
			  &text, NULL) < 0)
		return;
	path_join(path, d->run_dir, "logs");
	if (dir_make(path, 0755, NULL) < 0)
		return;
	path_join(path, d->run_dir, "logs/driver.log");
	(void)file_write(path, text.data, text.len, 0644, NULL);
}

int driving_follow(struct driving *d, struct error *err)
{
	cleanup(follow_release) struct follow f = { .d = d,
						    .deadline_us =
							    limit(&d->k->net) };

	if (open_watches(&f, err) < 0 || follow(&f, err) < 0)
		return -1;
	save_log(d);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* podman_signal.c - signals to the program of a pod, and its new start. */
#include <stdio.h>
#include <string.h>

#include "engine/podman/podman.h"
#include "sys/clock.h"

/*
 * `podman kill` signals the first process of a container alone. Of a node, that
 * is a launcher, which waits for the JVM that is the node: STOP and CONT go to
 * the others by a shell in the container, too. (A signal to -1 leaves out the
 * first process and the sender.) When the first process ends, the kernel kills
 * the others.
 */
static const char others_script[] = "kill -s \"$1\" -- -1";

enum { GRACE_SECONDS = 10 /* from TERM to KILL, at a restart */ };

static int wrap(const struct pod *pod, const char *doing, struct error *err)
{
	if (err && err->kind != ERROR_INTERRUPTED)
		err->kind = ERROR_DEPLOY;
	return error_wrap(err, "pod %s, %s", pod->name, doing);
}

/* Says of an error that the container does not run, if that is why. */
static int explain(const struct pod *pod, const char *doing, struct error *err)
{
	cleanup(buf_release) struct buf state = BUF_INIT(4096);
	bool known = podman_call(&state, NULL, "container", "inspect",
				 "--format", "{{.State.Status}}", "--",
				 pod->container, NULL) == 0;
	int len = known ? (int)strcspn(buf_text(&state), "\n") : 0;

	if (known && strncmp(buf_text(&state), "running", 7))
		error_set(err, ERROR_DEPLOY,
			  "the container is not running, its state is %.*s",
			  len, buf_text(&state));
	return wrap(pod, doing, err);
}

static int to_first(const struct pod *pod, const char *word, struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(4096);

	return podman_call(&out, err, "kill", "--signal", word, "--",
			   pod->container, NULL);
}

static int to_others(const struct pod *pod, const char *word, struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(4096);

	return podman_call(&out, err, "exec", "--", pod->container, "/bin/sh",
			   "-c", others_script, "signal", word, NULL);
}

/* A launcher that goes on while its JVM stands still is as if both did. */
static int send_signal(const struct pod *pod, enum engine_signal signal,
		       struct error *err)
{
	const char *word = engine_signal_word(signal);

	if (signal == ENGINE_STOP && to_others(pod, word, err) < 0)
		return -1;
	if (to_first(pod, word, err) < 0)
		return -1;
	return signal == ENGINE_CONT ? to_others(pod, word, err) : 0;
}

int podman_signal(struct engine *e, struct pod *pod, enum engine_signal signal,
		  struct error *err)
{
	char doing[64];

	snprintf(doing, sizeof(doing), "signal %s", engine_signal_word(signal));
	if (send_signal(pod, signal, err) < 0)
		return explain(pod, doing, err);
	((struct podman *)e)->looked_us = 0;
	return 0;
}

/* Not to be broken off: half a pod would run. */
static int pod_call(const char *const *argv, int64_t limit_us,
		    struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(4096);
	int64_t left = (limit_us - clock_mono_us()) / 1000000;
	const struct process_spec spec = { .argv = argv,
					   .environment = ENVIRONMENT_LOGIN,
					   .seconds = left > 0 ? (int)left : 0,
					   .finish = true };

	return process_run(&spec, &out, err);
}

/* With its last container a pod ends as a whole, its network too: a start of
 * the container alone is refused then. */
int podman_restart(struct engine *e, struct pod *pod, int seconds,
		   struct error *err)
{
	char grace[16];
	const char *const stop[] = { "podman", "pod", "stop",	 "--time",
				     grace,    "--",  pod->name, NULL };
	const char *const start[] = { "podman", "pod",	   "start",
				      "--",	pod->name, NULL };
	int64_t limit_us = clock_mono_us() + seconds * 1000000LL;

	snprintf(grace, sizeof(grace), "%d",
		 seconds < 2 * GRACE_SECONDS ? seconds / 2 : GRACE_SECONDS);
	if (pod_call(stop, limit_us, err) < 0 ||
	    pod_call(start, limit_us, err) < 0)
		return wrap(pod, "restart", err);
	/* From here on it is another start of the container. */
	pod->phase = POD_STARTING;
	pod->started_us = 0;
	((struct podman *)e)->looked_us = 0;
	return 0;
}

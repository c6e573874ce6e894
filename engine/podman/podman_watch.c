/* SPDX-License-Identifier: Apache-2.0 */
/* podman_watch.c - how the pods of a run are, and looking into them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "data/json.h"
#include "engine/podman/podman.h"
#include "sys/clock.h"

enum {
	/* Podman tells nobody that a container has started or ended, but the
	 * reader of `podman events`, who must then ask, too. Asking costs 40 ms
	 * of CPU. */
	LOOK_US = 1500 * 1000,
	PLAY_TRIES = 3,
	LIST_MAX = 16 * 1024 * 1024
};

/* ---- the end of a play ---- */

/* The last line of podman's that says what was wrong. */
static void last_words(const char *log, char *why, size_t room)
{
	cleanup(buf_release) struct buf text = BUF_INIT(1024 * 1024);
	char *line, *at;

	snprintf(why, room, "podman kube play failed");
	if (file_read(log, &text, NULL) < 0)
		return;
	at = (char *)buf_text(&text);
	while ((line = strsep(&at, "\n")))
		if (*line && !strstr(line, "syslog"))
			snprintf(why, room, "%s", line);
}

static bool port_was_taken(const char *log)
{
	cleanup(buf_release) struct buf text = BUF_INIT(1024 * 1024);

	return file_read(log, &text, NULL) == 0 &&
	       strstr(buf_text(&text), "address already in use");
}

static void remove_half(const struct podman_pod *pod)
{
	cleanup(buf_release) struct buf out = BUF_INIT(64 * 1024);

	podman_call(&out, NULL, "pod", "rm", "-f", "-t", "0", "--",
		    pod->plan.name, NULL);
	for (const char *const *v = pod->plan.volumes; *v; v++)
		podman_call(&out, NULL, "volume", "rm", "-f", "--", *v, NULL);
}

/* Another program may take the port between our look and podman's bind. */
static int play_ended(struct podman *p, struct podman_pod *pod, int status,
		      struct error *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		podman_keep_bridge(p);
		return 0;
	}
	if (pod->tries < PLAY_TRIES && port_was_taken(pod->play_log)) {
		remove_half(pod);
		dir_remove(pod->play_log, NULL);
		return podman_play(p, pod, err);
	}
	pod->pod.phase = POD_FAILED;
	last_words(pod->play_log, pod->pod.why, sizeof(pod->pod.why));
	return 0;
}

/* ---- what podman knows ---- */

static struct podman_pod *by_container(struct podman *p, const char *name)
{
	for (struct podman_pod *pod = p->pods; pod; pod = pod->next)
		if (!strcmp(pod->plan.container, name))
			return pod;
	return NULL;
}

/* podman ps tells whole seconds only. */
static void learn_start(struct podman_pod *pod)
{
	cleanup(buf_release) struct buf out = BUF_INIT(4096);

	if (podman_call(&out, NULL, "container", "inspect", "--format",
			"{{.State.StartedAt.UnixMicro}}", "--",
			pod->plan.container, NULL) == 0)
		pod->pod.started_us = strtoll(buf_text(&out), NULL, 10);
}

static void learn_port(struct podman_pod *pod, const struct js *container)
{
	const struct js *ports = js_get(container, "Ports");

	for (size_t i = 0; i < js_count(ports); i++)
		if (js_int(js_at(ports, i), "container_port", 0) ==
		    pod->pod.want.port)
			pod->pod.at.port = (uint16_t)js_int(js_at(ports, i),
							    "host_port", 0);
}

static void learn(struct podman_pod *pod, const struct js *container)
{
	const char *state = js_str(container, "State");

	if (!state)
		return;
	if (!strcmp(state, "running"))
		pod->pod.phase = POD_RUNNING;
	else if (!strcmp(state, "exited") || !strcmp(state, "stopped"))
		pod->pod.phase = POD_EXITED;
	else
		return;
	pod->pod.exit_code = (int)js_int(container, "ExitCode", 0);
	if (!pod->pod.started_us)
		learn_start(pod);
	learn_port(pod, container);
}

static int look(struct podman *p, struct error *err)
{
	cleanup(buf_release) struct buf out = BUF_INIT(LIST_MAX);
	cleanup(js_freep) struct js *list = NULL;
	char filter[PATH_ROOM];

	path_printf(filter, "name=^%s-", p->scope.prefix);
	if (podman_call(&out, err, "ps", "--all", "--filter", filter,
			"--format", "json", NULL) < 0 ||
	    js_parse_answer("podman ps", out.data, out.len, &list, err) < 0)
		return -1;
	for (size_t i = 0; i < js_count(list); i++) {
		const struct js *c = js_at(list, i);
		const char *name = js_text(js_at(js_get(c, "Names"), 0));
		struct podman_pod *pod = name ? by_container(p, name) : NULL;

		if (pod && !pod->play.pid && pod->pod.phase != POD_FAILED)
			learn(pod, c);
	}
	p->looked_us = clock_mono_us();
	timer_set(p->look, LOOK_US, 0);
	return 0;
}

int podman_observe(struct engine *e, struct error *err)
{
	struct podman *p = (struct podman *)e;
	bool ended = false;

	loop_step(e->loop, 0);
	for (struct podman_pod *pod = p->pods; pod; pod = pod->next) {
		if (!pod->ended)
			continue;
		child_watch_close(steal(pod->ending));
		pod->ended = false;
		ended = true;
		if (play_ended(p, pod, pod->status, err) < 0)
			return -1;
	}
	if (!ended && clock_mono_us() < p->looked_us + LOOK_US)
		return 0;
	return look(p, err);
}

/* ---- looking in ---- */

int podman_exec(struct engine *e, const struct pod *pod,
		const char *const *argv, const char *input, int seconds,
		struct buf *out, struct error *err)
{
	const char *words[64] = { "podman", "exec", "-i", "--",
				  pod->container };
	struct process_spec spec = { .argv = words,
				     .environment = ENVIRONMENT_LOGIN,
				     .input = input,
				     .input_len = input ? strlen(input) : 0,
				     .seconds = seconds };
	size_t n = 5;

	(void)e;
	for (; *argv && n + 1 < ARRAY_SIZE(words); n++)
		words[n] = *argv++;
	return process_run(&spec, out, err);
}

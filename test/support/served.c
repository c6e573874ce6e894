/* SPDX-License-Identifier: Apache-2.0 */
/* served.c - a doorman in a process of its own, for a client over loopback. */
#include "test/support/served.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "sys/interrupt.h"

enum { PATIENT_MS = 20000, LINE_ROOM = 8192, POLL_SECONDS = 7 };

int served_begin(void **state)
{
	struct served *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	*state = s;
	assert_ok(dir_make_temporary("/tmp/doorman-test-", s->dir, &s->err),
		  s->err);
	path_join(s->state, s->dir, "state");
	path_join(s->log, s->dir, "log");
	s->settings = (struct doorman_settings){ .directory = s->state,
						 .poll_seconds = POLL_SECONDS };
	asker_init(&s->node, asker_by_http);
	assert_ok(doorman_open(&s->settings, &s->d, &s->err), s->err);
	return 0;
}

int served_end(void **state)
{
	struct served *s = *state;

	if (s->server)
		served_stop(s, SIGKILL);
	doorman_close(s->d);
	asker_release(&s->node);
	dir_remove(s->dir, NULL);
	free(s);
	return 0;
}

/* ---- in the child ---- */

static void store_port(void *ctx, uint16_t port)
{
	dprintf(*(int *)ctx, "%u\n", (unsigned)port);
}

static void log_line(void *ctx, const char *line)
{
	const struct served *s = ctx;
	char text[LINE_ROOM];

	snprintf(text, sizeof(text), "%s\n", line);
	file_append(s->log, text, strlen(text), 0600, NULL);
}

/* Tells `out` its port, or why there is none. */
static int serve(struct served *s, unsigned rate, int out)
{
	char address[32];
	const struct doorman_service service = { .address = address,
						 .rate = rate,
						 .on_ready = store_port,
						 .ctx = &out };
	struct doorman *d;
	int rc = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	interrupt_install();
	snprintf(address, sizeof(address), "127.0.0.1:%u", s->node.port);
	s->settings.log = log_line;
	s->settings.ctx = s;
	if (doorman_open(&s->settings, &d, &s->err) < 0)
		return 1;
	if (doorman_serve(d, &service, &s->err) < 0) {
		dprintf(out, "%s\n", s->err.text);
		rc = 1;
	}
	doorman_close(d);
	return rc;
}

/* ---- in the test ---- */

static pid_t start(struct served *s, unsigned rate, char line[SERVED_WHY])
{
	struct pollfd p = { .events = POLLIN };
	pid_t child;
	int fds[2];
	ssize_t n;

	assert_int_equal(pipe(fds), 0);
	child = fork();
	if (child == 0)
		_exit(serve(s, rate, fds[1]));
	close(fds[1]);
	p.fd = fds[0];
	assert_int_equal(poll(&p, 1, PATIENT_MS), 1);
	n = read(fds[0], line, SERVED_WHY - 1);
	line[n > 0 ? n : 0] = 0;
	close(fds[0]);
	return child;
}

void served_start(struct served *s, unsigned rate)
{
	char line[SERVED_WHY];

	s->server = start(s, rate, line);
	s->node.port = (uint16_t)strtoul(line, NULL, 10);
	if (!s->node.port)
		fail_msg("%s", line);
}

int served_start_in_vain(struct served *s, char ret_why[SERVED_WHY])
{
	pid_t child = start(s, 0, ret_why);
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

int served_stop(struct served *s, int signal)
{
	int status;

	kill(s->server, signal);
	assert_int_equal(waitpid(s->server, &status, 0), s->server);
	s->server = 0;
	return status;
}

void served_decide(struct served *s, const char *path, bool approve,
		   const char *reason)
{
	char id[DOORMAN_ID];

	assert_ok(doorman_decide(s->d, path + strlen("/certificate/"), approve,
				 reason, id, &s->err),
		  s->err);
}

void served_count(struct served *s, const char *what, size_t count)
{
	cleanup(js_freep) struct js *list = NULL;

	assert_ok(doorman_list(s->d, &list, &s->err), s->err);
	assert_int_equal(js_count(js_get(list, what)), count);
}

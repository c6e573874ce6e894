/* SPDX-License-Identifier: Apache-2.0 */
/* podman_logs.c - what the containers of pods have logged, and still log. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "engine/log_read.h"
#include "engine/podman/podman.h"
#include "sys/clock.h"
#include "sys/interrupt.h"
#include "sys/wait.h"

enum {
	LOG_WORDS = 8,
	LOG_MAX = 1024 * 1024 * 1024,
	PART_MAX = 64 * 1024,
	QUIET_US = 1000 * 1000
};

/* The words of a `podman logs`; `time` has room for the option's value. Never
 * with --tail, which breaks lines that were written in parts. */
static void logs_words(const char *argv[LOG_WORDS], const struct pod *pod,
		       bool follow, int64_t since_us, char time[CLOCK_TEXT])
{
	size_t n = 0;

	argv[n++] = "podman";
	argv[n++] = "logs";
	if (follow)
		argv[n++] = "--follow";
	if (since_us) {
		argv[n++] = "--since";
		argv[n++] = clock_text(time, since_us);
	}
	argv[n++] = "--";
	argv[n++] = pod->container;
	argv[n] = NULL;
}

/* Waits for its end. */
static int logs_end(struct process *child, const struct pod *pod,
		    struct error *err)
{
	int64_t limit = clock_mono_us() + PODMAN_SECONDS * 1000000LL;
	int status = 0, rc;

	while ((rc = process_poll(child, &status, err)) == 1 &&
	       clock_mono_us() < limit)
		process_wait(&child->pid, 1, limit);
	process_stop(child);
	if (rc || status)
		return error_set(err, ERROR_INTERNAL, "podman logs %s failed",
				 pod->container);
	return 0;
}

/* Both outputs of the container go to the file, as they come. */
int podman_logs(struct engine *e, const struct pod *pod, int64_t since_us,
		const char *path, struct error *err)
{
	const char *argv[LOG_WORDS];
	char time[CLOCK_TEXT];
	struct process_spec spec = { .argv = argv,
				     .environment = ENVIRONMENT_LOGIN,
				     .log = path };
	struct process child = { 0 };

	(void)e;
	logs_words(argv, pod, false, since_us, time);
	if (process_start(&spec, &child, err) < 0)
		return -1;
	return logs_end(&child, pod, err);
}

/* ---- following ---- */

/* How many bytes are before the lines that are wanted: a log only grows. */
static int bytes_before(struct engine *e, const struct pod *pod,
			const struct log_want *want, size_t *ret,
			struct error *err)
{
	cleanup(buf_release) struct buf text = BUF_INIT(LOG_MAX);

	*ret = 0;
	if (!want->lines)
		return 0;
	if (log_read(e, pod, want->since_us, 0, &text, err) < 0)
		return -1;
	*ret = log_tail(&text, want->lines);
	return 0;
}

/* Passes on what `podman logs --follow` writes, but for the first bytes. */
static int pass_on(int fd, size_t skip, const struct log_want *want,
		   struct error *err)
{
	char part[PART_MAX];

	for (;;) {
		short ready = wait_fd(fd, POLLIN, clock_mono_us() + QUIET_US);
		ssize_t n = ready ? read(fd, part, sizeof(part)) : 0;
		size_t off;

		if (interrupt_check(err) < 0)
			return -1;
		if (ready && n <= 0)
			return 0;
		off = (size_t)n < skip ? (size_t)n : skip;
		skip -= off;
		if (want->take(want->ctx, part + off, (size_t)n - off, err) < 0)
			return -1;
	}
}

int podman_follow_log(struct engine *e, const struct pod *pod,
		      const struct log_want *want, struct error *err)
{
	const char *argv[LOG_WORDS];
	char time[CLOCK_TEXT];
	struct process_spec spec = { .argv = argv,
				     .environment = ENVIRONMENT_LOGIN };
	struct process child = { 0 };
	size_t skip;
	int fds[2], rc;

	if (bytes_before(e, pod, want, &skip, err) < 0)
		return -1;
	if (pipe2(fds, O_CLOEXEC) < 0)
		return error_errno(err, ERROR_INTERNAL, errno, "pipe");
	logs_words(argv, pod, true, want->since_us, time);
	spec.log_fd = fds[1];
	rc = process_start(&spec, &child, err);
	close(fds[1]);
	if (rc == 0)
		rc = pass_on(fds[0], skip, want, err);
	if (rc == 0)
		rc = logs_end(&child, pod, err);
	process_stop(&child);
	close(fds[0]);
	return rc;
}

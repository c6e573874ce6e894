/* SPDX-License-Identifier: Apache-2.0 */
/* exec.c - runs a command in a container, and moves its streams. */
#include "kube/exec.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "kube/kinds.h"
#include "kube/status.h"
#include "kube/tunnel.h"
#include "sys/clock.h"
#include "sys/interrupt.h"
#include "sys/wait.h"

/*
 * The server's status comes on a channel of its own and may overtake the last
 * of the output: only the end of the websocket is the end. An end without a
 * status says nothing of the command.
 */
enum channel { INPUT = 0, OUTPUT = 1, COMPLAINTS = 2, STATUS = 3, CLOSE = 255 };
enum {
	PATH_LEN_MAX = 32 * 1024,
	STATUS_MAX = 64 * 1024,
	TAIL_MAX = 4096, /* of the standard error, for messages */
	WRITE_MAX = 4096, /* a pipe that can be written to takes so much */
	BAD_REQUEST = 400,
	FORBIDDEN = 403
};

static const char close_protocol[] = "v5.channel.k8s.io";
static const char old_protocol[] = "v4.channel.k8s.io";
static const char both_protocols[] = "v5.channel.k8s.io, v4.channel.k8s.io";

struct exec {
	const struct kube_exec *asked;
	struct tunnel *tunnel;
	char what[600];
	struct buf *out; /* the caller's, or NULL */
	struct buf status, tail;
	size_t sent; /* of the input */
	int64_t written; /* to out_fd */
	bool input_open, ended;
	int64_t deadline_us;
};

static void exec_release(struct exec *x)
{
	tunnel_free(x->tunnel);
	buf_release(&x->status);
	buf_release(&x->tail);
}

/* ---- how it ended ---- */

static const char *exit_code_of(const struct js *status)
{
	const struct js *causes = js_get(js_get(status, "details"), "causes");

	for (size_t i = 0; i < js_count(causes); i++) {
		const char *reason = js_str(js_at(causes, i), "reason");

		if (reason && !strcmp(reason, "ExitCode"))
			return js_str(js_at(causes, i), "message");
	}
	return NULL;
}

int kube_exec_status(const char *what, const void *text, size_t len,
		     int *ret_exit_code, struct error *err)
{
	cleanup(js_freep) struct js *status = NULL;
	const char *word, *code;
	char *end;
	long v;

	if (js_parse(KUBE_ANSWER, text, len, &status, err) < 0)
		return kube_bad_answer("exec", what, err);
	word = js_str(status, "status");
	if (word && !strcmp(word, "Success")) {
		*ret_exit_code = 0;
		return 0;
	}
	code = exit_code_of(status);
	if (!code)
		return kube_status_of("exec", what, 0, status, err);
	v = strtol(code, &end, 10);
	if (end == code || *end || v < 1 || v > 255)
		return error_set(err, ERROR_DEPLOY,
				 "exec %s: '%.40s' is not a valid exit code; "
				 "expected 1 to 255",
				 what, code);
	*ret_exit_code = (int)v;
	return 0;
}

/* The last line of its standard error that says something. */
static const char *last_words(struct buf *tail)
{
	char *text, *line;

	buf_add_u8(tail, 0);
	if (tail->failed)
		return "";
	text = (char *)tail->data;
	for (size_t n = strlen(text); n && (unsigned char)text[n - 1] <= ' ';)
		text[--n] = 0;
	line = strrchr(text, '\n');
	return line ? line + 1 : text;
}

static int conclude(struct exec *x, int *ret_exit_code, struct error *err)
{
	const char *words;
	int code;

	if (!x->status.len)
		return error_set(
			err, ERROR_DEPLOY,
			"exec %s: the connection ended before the command",
			x->what);
	if (kube_exec_status(x->what, x->status.data, x->status.len, &code,
			     err) < 0)
		return -1;
	if (ret_exit_code)
		*ret_exit_code = code;
	if (!code || ret_exit_code)
		return 0;
	words = last_words(&x->tail);
	return error_set(err, ERROR_DEPLOY, "exec %s: %s ended with %d%s%s",
			 x->what, x->asked->argv[0], code, *words ? ": " : "",
			 words);
}

/* ---- what the container says ---- */

static int check_time(const struct exec *x, struct error *err)
{
	if (interrupt_check(err) < 0)
		return -1;
	if (clock_mono_us() < x->deadline_us)
		return 0;
	return error_set(err, ERROR_DEPLOY, "%s has not ended in %d s",
			 x->asked->argv[0], x->asked->seconds);
}

static int too_much(const struct exec *x, int64_t max, struct error *err)
{
	return error_set(err, ERROR_DEPLOY,
			 "%s prints more than the %lld bytes that are allowed",
			 x->asked->argv[0], (long long)max);
}

/* Whoever reads the other end may be slow: that, too, has the deadline. */
static int write_out(struct exec *x, const uint8_t *p, size_t len,
		     struct error *err)
{
	const int64_t max = x->asked->out_max;
	const int fd = x->asked->out_fd;

	x->written += (int64_t)len;
	if (max && x->written > max)
		return too_much(x, max, err);
	while (len) {
		ssize_t n;

		if (check_time(x, err) < 0)
			return -1;
		if (!wait_fd(fd, POLLOUT, x->deadline_us))
			continue;
		n = write(fd, p, len < WRITE_MAX ? len : WRITE_MAX);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return error_errno(err, ERROR_INTERNAL, errno,
					   "writing the output of the command");
		p += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static int take_output(struct exec *x, const struct tunnel_message *m,
		       struct error *err)
{
	if (x->asked->out_fd >= 0)
		return write_out(x, m->bytes, m->len, err);
	if (!x->out)
		return 0;
	buf_add(x->out, m->bytes, m->len);
	return x->out->failed ? too_much(x, (int64_t)x->out->max, err) : 0;
}

static void take_complaints(struct exec *x, const struct tunnel_message *m)
{
	const uint8_t *p = m->bytes;
	size_t len = m->len;

	if (x->asked->complaints)
		buf_add(x->asked->complaints, p, len);
	if (len > TAIL_MAX) {
		p += len - TAIL_MAX;
		len = TAIL_MAX;
	}
	if (x->tail.len + len > TAIL_MAX)
		buf_consume(&x->tail, x->tail.len + len - TAIL_MAX);
	buf_add(&x->tail, p, len);
}

static int take(struct exec *x, const struct tunnel_message *m,
		struct error *err)
{
	switch (m->channel) {
	case OUTPUT:
		return take_output(x, m, err);
	case COMPLAINTS:
		take_complaints(x, m);
		return 0;
	case STATUS:
		buf_add(&x->status, m->bytes, m->len);
		return buf_check(&x->status, err);
	case CLOSE: /* a stream ended; the others tell when all is over */
		return 0;
	default:
		return error_set(
			err, ERROR_DEPLOY,
			"the API server sent bytes of an unknown channel (%u)",
			m->channel);
	}
}

static int receive(struct exec *x, struct error *err)
{
	struct tunnel_message m;
	int n;

	while ((n = tunnel_read(x->tunnel, &m, err)) == TUNNEL_MESSAGE)
		if (take(x, &m, err) < 0 || check_time(x, err) < 0)
			return -1;
	x->ended = n == TUNNEL_CLOSED;
	return n < 0 ? -1 : 0;
}

/* ---- what it is given ---- */

static int send_input(struct exec *x, struct error *err)
{
	const uint8_t *input = x->asked->input, closed = INPUT;
	size_t len = x->asked->input_len;

	while (x->input_open && tunnel_has_room(x->tunnel)) {
		size_t n = len - x->sent;

		if (!n) {
			x->input_open = false;
			if (!strcmp(tunnel_protocol(x->tunnel),
				    close_protocol) &&
			    tunnel_write(x->tunnel, CLOSE, &closed, 1, err) < 0)
				return -1;
			break;
		}
		if (n > TUNNEL_CHUNK)
			n = TUNNEL_CHUNK;
		if (tunnel_write(x->tunnel, INPUT, input + x->sent, n, err) < 0)
			return -1;
		x->sent += n;
	}
	return tunnel_flush(x->tunnel, err);
}

static int move_all(struct exec *x, struct error *err)
{
	while (!x->ended) {
		short events = POLLIN;

		if (check_time(x, err) < 0 || send_input(x, err) < 0 ||
		    receive(x, err) < 0)
			return -1;
		if (x->ended)
			break;
		/* What was sent made room for more of the input. */
		if (x->input_open || tunnel_has_unsent(x->tunnel))
			events |= POLLOUT;
		wait_fd(tunnel_fd(x->tunnel), events, x->deadline_us);
	}
	return 0;
}

/* ---- asking for it ---- */

static void add_words(struct buf *path, const char *const *words)
{
	for (; *words; words++)
		kube_query(path, "command", *words);
}

/* v4 has no end of input: the container's head makes one. */
static void add_headed(struct buf *path, const struct kube_exec *asked)
{
	char len[32];
	const char *const head[] = { "sh", "-c", "head -c \"$0\" | \"$@\"", len,
				     NULL };

	snprintf(len, sizeof(len), "%zu", asked->input_len);
	add_words(path, head);
	add_words(path, asked->argv);
}

static int write_path(const struct kube_exec *asked, bool headed,
		      struct buf *path, struct error *err)
{
	buf_addf(path, "/api/v1/namespaces/%s/pods/%s/exec", asked->namespace,
		 asked->pod);
	if (headed)
		add_headed(path, asked);
	else
		add_words(path, asked->argv);
	if (asked->container)
		kube_query(path, "container", asked->container);
	if (asked->input)
		kube_query(path, "stdin", "true");
	kube_query(path, "stdout", "true");
	kube_query(path, "stderr", "true");
	if (path->failed)
		return error_set(err, ERROR_INPUT,
				 "the command %s is longer than the %d bytes "
				 "that a request allows",
				 asked->argv[0], PATH_LEN_MAX);
	return 0;
}

static int open_by(struct exec *x, struct kube *k, const char *protocols,
		   int *ret_status, struct error *err)
{
	cleanup(buf_release) struct buf path = BUF_INIT(PATH_LEN_MAX);
	struct tunnel_request request = { .verb = "exec",
					  .what = x->what,
					  .protocols = protocols };

	if (write_path(x->asked, protocols == old_protocol, &path, err) < 0)
		return -1;
	request.path = buf_text(&path);
	return tunnel_open(k, &request, &x->tunnel, ret_status, err);
}

/* A server that does not know v5 refuses it with one of two statuses, and
 * runs nothing. */
static int open_tunnel(struct exec *x, struct kube *k, struct error *err)
{
	int status = 0;

	if (!x->asked->input)
		return open_by(x, k, both_protocols, NULL, err);
	if (open_by(x, k, close_protocol, &status, err) >= 0)
		return 0;
	if (status != BAD_REQUEST && status != FORBIDDEN)
		return -1;
	return open_by(x, k, old_protocol, NULL, err);
}

int kube_exec_run(struct kube *k, const struct kube_exec *what, struct buf *out,
		  int *ret_exit_code, struct error *err)
{
	cleanup(exec_release) struct exec x = {
		.asked = what,
		.out = out,
		.status = BUF_INIT(STATUS_MAX),
		.tail = BUF_INIT(TAIL_MAX + 2),
		.input_open = what->input != NULL,
		.deadline_us = clock_mono_us() + what->seconds * 1000000LL
	};

	snprintf(x.what, sizeof(x.what), "Pod %s/%s%s%s", what->namespace,
		 what->pod, what->container ? " container " : "",
		 what->container ? what->container : "");
	if (open_tunnel(&x, k, err) < 0)
		return -1;
	if (move_all(&x, err) < 0)
		return error_wrap(err, "exec %s", x.what);
	return conclude(&x, ret_exit_code, err);
}

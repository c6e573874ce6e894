/* SPDX-License-Identifier: Apache-2.0 */
/* exec_test.c - commands in a container of a server that says what it likes. */
#include "kube/exec.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "test/support/test.h"
#include "test/support/web.h"

#define V5 "v5.channel.k8s.io"
#define V4 "v4.channel.k8s.io"
#define SUCCESS "\x82\x15\x03{\"status\":\"Success\"}"
#define CODE_3                                                                 \
	"\x82\x6b\x03{\"status\":\"Failure\",\"reason\":\"NonZeroExitCode\","  \
	"\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"3\"}" \
	"]}}"
#define CLOSED "\x88\x02\x03\xe8"

static struct kube_exec command(void)
{
	static const char *const argv[] = { "tell", "a b", NULL };

	return (struct kube_exec){ .namespace = "net",
				   .pod = "bank-0",
				   .container = "node",
				   .argv = argv,
				   .seconds = 5,
				   .out_fd = -1 };
}

/* Runs it on a server that answers so. */
static int run(struct web *w, const struct kube_exec *what, struct buf *out,
	       int *ret_exit_code, struct error *err)
{
	struct kubeconfig config = { .namespace = "default" };
	struct kube *k;
	char url[64];
	int rc;

	web_start(w);
	snprintf(url, sizeof(url), "http://127.0.0.1:%u", w->port);
	config.server = url;
	config.token = "t1";
	assert_ok(kube_open(&config, &k, err), *err);
	rc = kube_exec_run(k, what, out, ret_exit_code, err);
	kube_free(k);
	web_stop(w);
	return rc;
}

/* What the server sends after the upgrade. */
struct says {
	const char *frames;
	size_t len;
};
#define SAYS(text) (&(struct says){ text, sizeof(text) - 1 })

static void say(struct web *w, int fd, unsigned n, const char *request)
{
	const struct says *says = w->ctx;
	char more[64];

	(void)n;
	web_upgrade(fd, request, V5, says->frames, says->len);
	shutdown(fd, SHUT_WR);
	(void)!recv(fd, more, sizeof(more), 0);
}

static void gives_what_the_command_prints(void **state)
{
	struct web w = { .answer = say,
			 .ctx = SAYS("\x82\x04\x01one" SUCCESS "\x82\x04\x02oh!"
				     "\x82\x04\x01two" CLOSED) };
	struct buf out = BUF_INIT(100), complaints = BUF_INIT(100);
	struct kube_exec what = command();
	struct error err;
	int code = -1;

	(void)state;
	what.complaints = &complaints;
	assert_ok(run(&w, &what, &out, &code, &err), err);
	assert_int_equal(code, 0);
	assert_string_equal(buf_text(&out), "onetwo");
	assert_string_equal(buf_text(&complaints), "oh!");
	buf_release(&out);
	buf_release(&complaints);
}

static void send_slowly(struct web *w, int fd, unsigned n, const char *request)
{
	poll(NULL, 0, 50);
	say(w, fd, n, request);
}

/* What an earlier answer left in memory is not taken for this one. */
static void waits_for_a_slow_answer(void **state)
{
	struct web w = { .answer = send_slowly,
			 .ctx = SAYS("\x82\x04\x01one" SUCCESS CLOSED) };
	struct kube_exec what = command();
	struct error err;

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct buf out = BUF_INIT(100);

		assert_ok(run(&w, &what, &out, NULL, &err), err);
		assert_string_equal(buf_text(&out), "one");
		buf_release(&out);
	}
}

static void gives_the_exit_code(void **state)
{
	struct web w = { .answer = say, .ctx = SAYS(CODE_3 CLOSED) };
	struct kube_exec what = command();
	struct error err;
	int code = -1;

	(void)state;
	assert_ok(run(&w, &what, NULL, &code, &err), err);
	assert_int_equal(code, 3);
}

static void an_exit_code_is_an_error_unless_asked_for(void **state)
{
	struct web w = { .answer = say,
			 .ctx = SAYS(
				 "\x82\x0b\x02one\ntwo \n\n" CODE_3 CLOSED) };
	struct kube_exec what = command();
	struct error err;

	(void)state;
	assert_int_equal(run(&w, &what, NULL, NULL, &err), -1);
	assert_string_equal(err.text, "exec Pod net/bank-0 container node: "
				      "tell ended with 3: two");
}

static void an_end_without_status_is_no_success(void **state)
{
	struct web closed = { .answer = say,
			      .ctx = SAYS("\x82\x04\x01one" CLOSED) };
	struct web broken = { .answer = say,
			      .ctx = SAYS("\x82\x04\x01one" SUCCESS) };
	struct buf out = BUF_INIT(100);
	struct kube_exec what = command();
	struct error err;
	int code = -1;

	(void)state;
	assert_error(run(&closed, &what, &out, &code, &err), err,
		     "the connection ended before the command");
	assert_error(run(&broken, &what, &out, &code, &err), err, "bank-0");
	assert_string_equal(buf_text(&out), "oneone");
	assert_int_equal(code, -1);
	buf_release(&out);
}

static void more_than_the_ceiling_is_an_error(void **state)
{
	struct web w = { .answer = say,
			 .ctx = SAYS("\x82\x04\x01one" SUCCESS CLOSED) };
	struct buf out = BUF_INIT(2);
	struct kube_exec what = command();
	struct error err;

	(void)state;
	assert_error(run(&w, &what, &out, NULL, &err), err,
		     "prints more than the 2 bytes");
	buf_release(&out);
}

static void has_a_deadline(void **state)
{
	struct web w = { .answer = say, .ctx = SAYS("\x82\x04\x01one") };
	struct kube_exec what = command();
	struct error err;

	(void)state;
	what.seconds = 0;
	assert_error(run(&w, &what, NULL, NULL, &err), err,
		     "container node: tell has not ended in 0 s");
}

static void writes_to_a_descriptor(void **state)
{
	struct web w = { .answer = say,
			 .ctx = SAYS("\x82\x04\x01one" SUCCESS CLOSED) };
	struct kube_exec what = command();
	struct error err;
	char got[4] = "";
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	what.out_fd = fds[1];
	assert_ok(run(&w, &what, NULL, NULL, &err), err);
	assert_int_equal(read(fds[0], got, 3), 3);
	assert_string_equal(got, "one");
	what.out_max = 3;
	assert_ok(run(&w, &what, NULL, NULL, &err), err);
	what.out_max = 2;
	assert_error(run(&w, &what, NULL, NULL, &err), err,
		     "prints more than the 2 bytes");
	close(fds[0]);
	close(fds[1]);
}

/* ---- input ---- */

/* Takes a client's small frame of `channel`; its text to `ret`. */
static size_t take_frame(int fd, uint8_t channel, char ret[64])
{
	uint8_t head[6], payload[64];
	size_t len;

	assert_int_equal(recv(fd, head, 6, MSG_WAITALL), 6);
	assert_int_equal(head[0], 0x82);
	len = head[1] & 0x7f;
	assert_int_equal(recv(fd, payload, len, MSG_WAITALL), len);
	for (size_t i = 0; i < len; i++)
		payload[i] ^= head[2 + i % 4];
	assert_int_equal(payload[0], channel);
	memcpy(ret, payload + 1, len - 1);
	ret[len - 1] = 0;
	return len - 1;
}

static void take_input(struct web *w, int fd, unsigned n, const char *request)
{
	char got[64];

	(void)w;
	(void)n;
	assert_non_null(strstr(request, "/exec?command=tell&command=a%20b"
					"&container=node&stdin=true&"));
	assert_non_null(strstr(request, "Protocol: " V5 "\r\n"));
	web_upgrade(fd, request, V5, "", 0);
	assert_int_equal(take_frame(fd, 0, got), 6);
	assert_string_equal(got, "secret");
	assert_int_equal(take_frame(fd, 255, got), 1);
	assert_int_equal(got[0], 0);
	(void)!send(fd, SUCCESS CLOSED, sizeof(SUCCESS CLOSED) - 1, 0);
}

/* Runs the command with input; the server sees that many requests. */
static void give_input(web_fn answer, unsigned requests)
{
	struct web w = { .answer = answer };
	struct kube_exec what = command();
	struct error err;

	what.input = "secret";
	what.input_len = 6;
	assert_ok(run(&w, &what, NULL, NULL, &err), err);
	assert_int_equal(w.seen, requests);
}

static void ends_the_input(void **state)
{
	(void)state;
	give_input(take_input, 1);
}

static void be_old(struct web *w, int fd, unsigned n, const char *request)
{
	char got[64];

	(void)w;
	if (n == 0) {
		web_send(fd, "403 Forbidden", "", "");
		return;
	}
	assert_non_null(strstr(request, "Protocol: " V4 "\r\n"));
	assert_non_null(strstr(request,
			       "/exec?command=sh&command=-c&command=head%20-c%"
			       "20%22%240%22%20%7C%20%22%24%40%22&command=6"
			       "&command=tell&"));
	web_upgrade(fd, request, V4, "", 0);
	assert_int_equal(take_frame(fd, 0, got), 6);
	(void)!send(fd, SUCCESS CLOSED, sizeof(SUCCESS CLOSED) - 1, 0);
}

static void counts_the_input_for_an_old_server(void **state)
{
	(void)state;
	give_input(be_old, 2);
}

/* Takes a frame of any length; its channel, and its length to *ret. */
static uint8_t skip_frame(int fd, uint64_t *ret)
{
	uint8_t head[2], wide[8] = { 0 }, mask[4], part[4096], channel = 0;
	uint64_t len;
	size_t more;

	assert_int_equal(recv(fd, head, 2, MSG_WAITALL), 2);
	len = head[1] & 0x7f;
	more = len == 126 ? 2 : len == 127 ? 8 : 0;
	assert_int_equal(recv(fd, wide, more, MSG_WAITALL), more);
	for (size_t i = 0; i < more; i++)
		len = i ? len << 8 | wide[i] : wide[i];
	assert_int_equal(recv(fd, mask, 4, MSG_WAITALL), 4);
	*ret = len - 1;
	for (uint64_t at = 0; at < len;) {
		size_t n = len - at < sizeof(part) ? len - at : sizeof(part);

		assert_int_equal(recv(fd, part, n, MSG_WAITALL), n);
		if (at == 0)
			channel = part[0] ^ mask[0];
		at += n;
	}
	return channel;
}

static void count_input(struct web *w, int fd, unsigned n, const char *request)
{
	uint64_t len;

	(void)n;
	web_upgrade(fd, request, V5, "", 0);
	while (skip_frame(fd, &len) == 0)
		*(uint64_t *)w->ctx += len;
	(void)!send(fd, SUCCESS CLOSED, sizeof(SUCCESS CLOSED) - 1, 0);
}

/* More than the tunnel and the socket hold at a time. */
static void a_long_input_comes_whole(void **state)
{
	enum { LONG = 8 * 1024 * 1024 };
	uint64_t got = 0;
	struct web w = { .answer = count_input, .ctx = &got };
	struct kube_exec what = command();
	char *input = calloc(1, LONG);
	struct error err;

	(void)state;
	assert_non_null(input);
	what.input = input;
	what.input_len = LONG;
	assert_ok(run(&w, &what, NULL, NULL, &err), err);
	assert_int_equal(got, LONG);
	free(input);
}

/* ---- refusals ---- */

static void refuse(struct web *w, int fd, unsigned n, const char *request)
{
	(void)n;
	assert_non_null(strstr(request, "Authorization: Bearer t1\r\n"));
	web_send(fd, w->ctx, "",
		 "{\"kind\":\"Status\",\"reason\":\"NotFound\","
		 "\"message\":\"pods \\\"bank-0\\\" not found\"}");
}

static void says_what_the_server_says(void **state)
{
	struct web w = { .answer = refuse, .ctx = "404 Not Found" };
	struct kube_exec what = command();
	struct error err;

	(void)state;
	assert_int_equal(run(&w, &what, NULL, NULL, &err), -1);
	assert_string_equal(err.text,
			    "exec Pod net/bank-0 container node: NotFound: "
			    "pods \"bank-0\" not found");
	assert_int_equal(w.seen, 1);
}

static void renews_credentials_once(void **state)
{
	struct web w = { .answer = refuse, .ctx = "401 Unauthorized" };
	struct kube_exec what = command();
	struct error err;

	(void)state;
	assert_error(run(&w, &what, NULL, NULL, &err), err, "log in again");
	assert_int_equal(w.seen, 2);
}

static void too_many_words_are_refused(void **state)
{
	static char word[40000];
	const char *const argv[] = { "echo", word, NULL };
	struct web w = { .answer = refuse };
	struct kube_exec what = command();
	struct error err;

	(void)state;
	memset(word, 'x', sizeof(word) - 1);
	what.argv = argv;
	assert_error(run(&w, &what, NULL, NULL, &err), err,
		     "the command echo is longer");
	assert_int_equal(w.seen, 0);
}

/* ---- the status ---- */

static void judges(const char *text, const char *part)
{
	struct error err;
	int code;

	assert_error(kube_exec_status("Pod x", text, strlen(text), &code, &err),
		     err, part);
	/* The user has written none of it. */
	assert_int_equal(err.kind, ERROR_DEPLOY);
}

static void judges_statuses(void **state)
{
	(void)state;
	judges("", "exec Pod x: the API server's answer:1:");
	judges("\xef\xbb\xbf{}",
	       "exec Pod x: the API server's answer:1:1: a byte order mark; "
	       "expected UTF-8 without one");
	judges("{\"status\":\"Failure\",\"reason\":\"InternalError\","
	       "\"message\":\"no such file\"}",
	       "exec Pod x: InternalError: no such file");
	judges("{\"status\":\"Failure\",\"details\":{\"causes\":["
	       "{\"reason\":\"ExitCode\",\"message\":\"many\"}]}}",
	       "'many' is not a valid exit code");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_what_the_command_prints),
		cmocka_unit_test(waits_for_a_slow_answer),
		cmocka_unit_test(gives_the_exit_code),
		cmocka_unit_test(an_exit_code_is_an_error_unless_asked_for),
		cmocka_unit_test(an_end_without_status_is_no_success),
		cmocka_unit_test(more_than_the_ceiling_is_an_error),
		cmocka_unit_test(has_a_deadline),
		cmocka_unit_test(writes_to_a_descriptor),
		cmocka_unit_test(ends_the_input),
		cmocka_unit_test(counts_the_input_for_an_old_server),
		cmocka_unit_test(a_long_input_comes_whole),
		cmocka_unit_test(says_what_the_server_says),
		cmocka_unit_test(renews_credentials_once),
		cmocka_unit_test(too_many_words_are_refused),
		cmocka_unit_test(judges_statuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

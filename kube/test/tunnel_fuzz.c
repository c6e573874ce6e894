/* SPDX-License-Identifier: Apache-2.0 */
/* corpus: test/vectors/tunnel-scripts */
/* tunnel_fuzz.c - a command and a forward through a server that plays any
 * script: each ends, with a result or an error. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kube/exec.h"
#include "kube/forward.h"
#include "sys/entropy.h"
#include "test/support/script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const unsigned corpus_step;
const unsigned corpus_step = 6;

enum { PATIENT_S = 60, OUTPUT_MAX = 4096 };

/* In place of the library's: the key of an upgrade is the same each time, so
 * that a script can accept it. */
int random_bytes(void *bytes, size_t len, struct error *err)
{
	(void)err;
	memset(bytes, 7, len);
	return 0;
}

#define must(right) must_hold(right, #right, errno)

static void must_hold(bool right, const char *what, int errnum)
{
	if (right)
		return;
	fprintf(stderr, "not so: %s (%s)\n", what, strerror(errnum));
	abort();
}

struct server {
	struct script peer;
	struct kubeconfig config;
	char url[64];
};

static void server_start(struct server *s, const uint8_t *data, size_t size)
{
	script_start(&s->peer, data, size);
	s->config =
		(struct kubeconfig){ .namespace = "default", .server = s->url };
	snprintf(s->url, sizeof(s->url), "http://127.0.0.1:%u", s->peer.port);
}

static void run_command(const uint8_t *data, size_t size, const char *input)
{
	static const char *const argv[] = { "cat", NULL };
	cleanup(buf_release) struct buf out = BUF_INIT(OUTPUT_MAX);
	cleanup(buf_release) struct buf complaints = BUF_INIT(OUTPUT_MAX);
	const struct kube_exec what = { .namespace = "net",
					.pod = "bank-0",
					.argv = argv,
					.input = input,
					.input_len = input ? strlen(input) : 0,
					.seconds = PATIENT_S,
					.out_fd = -1,
					.complaints = &complaints };
	struct kube *k;
	struct server s;
	struct error err = { 0 };
	int code = -1;

	server_start(&s, data, size);
	must(kube_open(&s.config, &k, NULL) == 0);
	if (kube_exec_run(k, &what, &out, &code, &err) < 0)
		must(err.kind && err.text[0]);
	else
		must(code >= 0 && code <= 255);
	kube_free(k);
	script_stop(&s.peer);
}

/* What a client of the forward is told, to the end. */
static void ask(uint16_t port)
{
	const struct timeval patience = { .tv_sec = PATIENT_S };
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char bytes[4096];

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	must(connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0);
	(void)!send(fd, "hello", 5, MSG_NOSIGNAL);
	errno = 0;
	while (recv(fd, bytes, sizeof(bytes), 0) > 0)
		;
	must(errno != EAGAIN);
	close(fd);
}

static void forward(const uint8_t *data, size_t size)
{
	struct kube_forward *f;
	struct server s;
	uint16_t port;

	server_start(&s, data, size);
	must(kube_forward_open(&s.config, "net", "bank-0", 9000, &port, &f,
			       NULL) == 0);
	ask(port);
	kube_forward_close(f);
	script_stop(&s.peer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	run_command(data, size, "what cat reads");
	run_command(data, size, NULL);
	forward(data, size);
	return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* exec_live.c - runs a command in a container; for 17-exec.sh. */
#include "kube/exec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sys/interrupt.h"

enum { INPUT_MAX = 64 * 1024 * 1024, FAILED = 125 };

static void read_input(struct buf *input)
{
	size_t n;

	do {
		uint8_t *room = buf_reserve(input, 65536);

		n = room ? fread(room, 1, 65536, stdin) : 0;
		input->len += n;
	} while (n);
}

static int run(struct kube *k, const struct kube_exec *what, struct error *err)
{
	struct buf complaints = BUF_INIT(1 << 20);
	struct kube_exec asked = *what;
	int code = 0;

	asked.complaints = &complaints;
	if (kube_exec_run(k, &asked, NULL, &code, err) < 0)
		code = FAILED;
	fwrite(buf_text(&complaints), 1, complaints.len, stderr);
	if (code == FAILED)
		fprintf(stderr, "%s\n", err->text);
	buf_release(&complaints);
	return code;
}

/*
 * exec POD CONTAINER SECONDS COMMAND…: in the context that $KUBE_CONTEXT
 * names; with $KUBE_INPUT set, what this program reads is the command's input.
 * Ends with the command's exit code; 125: the error is on the standard error.
 */
int main(int argc, char **argv)
{
	struct kubeconfig config = { 0 };
	struct buf input = BUF_INIT(INPUT_MAX);
	struct kube_exec what = { .namespace = "default", .out_fd = 1 };
	struct error err = { 0 };
	struct kube *k = NULL;
	int code = FAILED;

	if (argc < 5)
		return 64;
	interrupt_install();
	what.pod = argv[1];
	what.container = strcmp(argv[2], "-") ? argv[2] : NULL;
	what.seconds = atoi(argv[3]);
	what.argv = (const char *const *)argv + 4;
	if (getenv("KUBE_INPUT")) {
		read_input(&input);
		what.input = buf_text(&input);
		what.input_len = input.len;
	}
	if (kubeconfig_load(NULL, getenv("KUBE_CONTEXT"), &config, &err) < 0 ||
	    kube_open(&config, &k, &err) < 0)
		fprintf(stderr, "%s\n", err.text);
	else
		code = run(k, &what, &err);
	kube_free(k);
	kubeconfig_release(&config);
	buf_release(&input);
	return code;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* forward_live.c - forwards a pod's port until its input ends; for
 * 16-forward.sh. */
#include "kube/forward.h"

#include <stdio.h>
#include <stdlib.h>

/* forward NAMESPACE POD PORT: prints the local port, and at the end why the
 * last connection was reset. */
int main(int argc, char **argv)
{
	struct kubeconfig config = { 0 };
	struct kube_forward *f = NULL;
	struct error err = { 0 };
	uint16_t port = 0;

	if (argc != 4)
		return 64;
	if (kubeconfig_load(NULL, NULL, &config, &err) < 0 ||
	    kube_forward_open(&config, argv[1], argv[2],
			      (uint16_t)strtoul(argv[3], NULL, 10), &port, &f,
			      &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	printf("%u\n", port);
	fflush(stdout);
	while (getchar() != EOF)
		;
	kube_forward_why(f, &err);
	printf("why: %s\n", err.text);
	kube_forward_close(f);
	kubeconfig_release(&config);
	return 0;
}

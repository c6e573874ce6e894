/* SPDX-License-Identifier: Apache-2.0 */
/* client_live.c - waits for and applies what a script put into a cluster. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kube/apply.h"
#include "kube/wait.h"
#include "sys/clock.h"

static int apply(struct kube *k, const char *path, struct error *err)
{
	cleanup(kinds_release) struct kinds kinds;
	cleanup(manifest_release) struct manifest m;
	cleanup(freep) struct kube_outcome *outcomes = NULL;
	struct kube_application how = { .namespace = "default" };

	kinds_init(&kinds);
	manifest_init(&m);
	how.deadline_us = clock_mono_us() + 60000000;
	if (manifest_read(&m, path, err) < 0)
		return -1;
	outcomes = calloc(m.count + 1, sizeof(*outcomes));
	if (!outcomes)
		return error_nomem(err);
	return kube_apply_all(k, &kinds, &m, &how, outcomes, err);
}

static int run(struct kube *k, char **argv, struct error *err)
{
	const struct kube_kind_name kinds[] = { { "v1", "Pod" },
						{ "apps/v1", "StatefulSet" } };
	struct kube_wait wait = { .namespace = argv[2] };

	if (strcmp(argv[1], "apply") == 0)
		return apply(k, argv[2], err);
	wait.selector = argv[3];
	wait.seconds = atoi(argv[4]);
	if (strcmp(argv[1], "gone") == 0)
		return kube_wait_gone(k, &wait, kinds, 2, err);
	return kube_wait_ready(k, &wait, err);
}

/* client_live ready|gone NAMESPACE LABELS SECONDS, or apply FILE */
int main(int argc, char **argv)
{
	cleanup(kubeconfig_release) struct kubeconfig config = { 0 };
	cleanup(kube_freep) struct kube *k = NULL;
	struct error err;

	if (argc != 5 && !(argc == 3 && strcmp(argv[1], "apply") == 0))
		return 64;
	if (kubeconfig_load(NULL, getenv("KUBE_CONTEXT"), &config, &err) < 0 ||
	    kube_open(&config, &k, &err) < 0 || run(k, argv, &err) < 0) {
		printf("%s\n", err.text);
		return err.kind;
	}
	return 0;
}

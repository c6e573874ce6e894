/* SPDX-License-Identifier: Apache-2.0 */
/* client_live.c - applies, waits for and sweeps what a script names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kube/apply.h"
#include "kube/sweep.h"
#include "kube/readiness.h"
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

static void print(const char *text, void *ctx)
{
	(void)ctx;
	printf("note: %s\n", text);
}

static int left(struct kube *k, struct kinds *kinds,
		const struct kube_sweep *what, struct error *err)
{
	cleanup(arena_release) struct arena arena = ARENA_INIT(16 << 20);
	struct kube_left *left;
	unsigned count;

	if (kube_sweep_list(k, kinds, what, &arena, &left, &count, err) < 0)
		return -1;
	for (unsigned i = 0; i < count; i++)
		printf("%s %s\n", left[i].kind, left[i].name);
	return 0;
}

static int sweep(struct kube *k, char **argv, struct error *err)
{
	cleanup(kinds_release) struct kinds kinds;
	struct kube_sweep what = { .namespace = argv[2],
				   .selector = argv[3],
				   .seconds = atoi(argv[4]),
				   .note = print };

	kinds_init(&kinds);
	if (strcmp(argv[1], "left") == 0)
		return left(k, &kinds, &what, err);
	return kube_sweep(k, &kinds, &what, err);
}

static int run(struct kube *k, char **argv, struct error *err)
{
	struct kube_wait wait = { .namespace = argv[2] };

	if (strcmp(argv[1], "apply") == 0)
		return apply(k, argv[2], err);
	if (strcmp(argv[1], "ready") != 0)
		return sweep(k, argv, err);
	wait.selector = argv[3];
	wait.seconds = atoi(argv[4]);
	return kube_wait_ready(k, &wait, err);
}

/* client_live ready|left|sweep NAMESPACE LABELS SECONDS, or apply FILE */
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

/* SPDX-License-Identifier: Apache-2.0 */
/* apply_bench.c - applies a manifest to a cluster, and says how long it took.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kube/apply.h"
#include "sys/clock.h"

static int run(const char *file, const char *namespace, unsigned in_flight,
	       struct error *err)
{
	struct kubeconfig config;
	struct manifest m;
	struct kinds kinds;
	struct kube *k;
	struct kube_outcome *out;
	struct kube_application how = { .namespace = namespace,
					.flags = KUBE_FORCE,
					.in_flight = in_flight };
	int64_t begin = clock_mono_us();
	size_t created = 0;
	int rc;

	how.deadline_us = begin + 600 * 1000000LL;
	manifest_init(&m);
	kinds_init(&kinds);
	if (manifest_read(&m, file, err) < 0 ||
	    kubeconfig_load(NULL, NULL, &config, err) < 0 ||
	    kube_open(&config, &k, err) < 0)
		return -1;
	out = calloc(m.count + 1, sizeof(*out));
	rc = kube_apply_all(k, &kinds, &m, &how, out, err);
	for (size_t i = 0; i < m.count; i++)
		created += out[i].created;
	printf("%zu objects, %zu created, %.2f s\n", m.count, created,
	       (double)(clock_mono_us() - begin) / 1e6);
	free(out);
	kube_free(k);
	kinds_release(&kinds);
	manifest_release(&m);
	kubeconfig_release(&config);
	return rc;
}

int main(int argc, char **argv)
{
	struct error err = { 0 };

	if (argc < 3) {
		fprintf(stderr, "usage: apply_bench FILE NAMESPACE [N]\n");
		return 64;
	}
	if (run(argv[1], argv[2], argc > 3 ? (unsigned)atoi(argv[3]) : 0,
		&err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return err.kind;
	}
	return 0;
}

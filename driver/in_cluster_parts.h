/* SPDX-License-Identifier: Apache-2.0 */
/* in_cluster_parts.h - parts of a drive in a cluster, for each other only. */
#ifndef DRIVER_IN_CLUSTER_PARTS_H
#define DRIVER_IN_CLUSTER_PARTS_H

#include "base/progress.h"
#include "engine/kubernetes/kubernetes.h"
#include "run/load.h"

#define KUBE_DRIVER "driver" /* the name of its container */

enum driving_end {
	DRIVING_ON,
	DRIVING_COMPLETE, /* it says that all went well */
	DRIVING_FAILED, /* it said why not, or died */
	DRIVING_STOPPED /* the user asked for it */
};

struct driving {
	const char *run_dir;
	const struct load_file *other; /* NULL: the run's own load */
	struct progress *progress;
	struct engine *engine; /* owned */
	struct kubernetes *k; /* the same */
	/* With the network's prefix: the name of the Job and its claim, of the
	 * ConfigMap with the key load.yaml, and of the pod that fetches. */
	char name[OBJECT_NAME], load_name[OBJECT_NAME], reader[OBJECT_NAME];
	const struct kube_object *job; /* as generated */
	enum driving_end end;
	char pod[256]; /* the last one seen; empty: none */
	char why[300]; /* how it ended, as the cluster says */
	int exit_code; /* of its container; -1: not seen */
};

/* "metadata.name=NAME", which selects the object. */
enum { OBJECT_SELECTOR = OBJECT_NAME + 16 };
const char *driving_selector(const char *name, char room[OBJECT_SELECTOR]);

/* The Job runs, or an earlier one does. */
int driving_start(struct driving *d, struct error *err);
/* Until the Job has ended: end, pod and why. */
int driving_follow(struct driving *d, struct error *err);

/* No further operation is begun. */
int driving_suspend(struct driving *d, struct error *err);

/* What the driver wrote. */
struct fetched_run {
	uint64_t operations; /* lines of history */
	struct buf phases; /* phases.jsonl; empty: it wrote none */
};

/* Brings it into the run, by a pod that is gone afterwards. */
int driving_fetch(struct driving *d, struct fetched_run *ret,
		  struct error *err);

#endif

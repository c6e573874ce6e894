/* SPDX-License-Identifier: Apache-2.0 */
/* engine.h - what runs pods for a run: this machine's podman, or a cluster. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "run/run.h"

/*
 * The rest of the room knows pods by StatefulSet and ordinal and what an
 * engine can do with them; how, only the engine knows. Whatever an engine
 * makes has the labels app.kubernetes.io/managed-by=medley and medley.run=<id>
 * and a line in the run's inventory, written before it is made.
 *
 * Life of a pod: apply() starts it and returns at once; observe() tells how
 * far it is, from POD_STARTING to POD_RUNNING to POD_EXITED or POD_FAILED;
 * remove() ends it. An engine's calls come from one thread.
 */

/* A pod that is wanted. */
struct pod_want {
	const char *set;
	unsigned ordinal;
	uint16_t port; /* in the pod, to be reached from here; 0: none */
	/* A job: the pod runs the container's command changed as
	 * pod_plan.h tells, once. NULL: as the manifest says. */
	const char *job, *after, *insert, *drop;
};

enum pod_phase {
	POD_MISSING, /* not made, or gone */
	POD_STARTING, /* on its way: images, volumes, init containers */
	POD_RUNNING, /* the container runs; says nothing of readiness */
	POD_EXITED, /* the container ended by itself */
	POD_FAILED /* the engine could not start it: see `why` */
};

/* A pod as the engine sees it. */
struct pod {
	struct pod_want want; /* strings borrowed from the caller */
	enum pod_phase phase;
	int exit_code; /* POD_EXITED */
	int64_t started_us; /* wall clock, of the container; 0: not yet */
	const char *name; /* the engine's, of pod and container */
	const char *container;
	struct endpoint at; /* where its port is reached */
	char why[512]; /* POD_FAILED */
	void *own; /* the engine's */
};

struct engine;

struct engine_ops {
	const char *name; /* network.engine */
	/* Pods make their databases, and migrate them, by themselves. */
	bool makes_databases;
	/* Ports end with the process that asked for them. */
	bool forwards;
	int start_seconds; /* bound of apply() to POD_RUNNING */

	/* What all pods share: network or namespace, secrets. */
	int (*prepare)(struct engine *e, struct error *err);
	/* Starts the pod; *ret_pod lives until close. */
	int (*apply)(struct engine *e, const struct pod_want *want,
		     struct pod **ret_pod, struct error *err);
	/* Makes a pod of an earlier apply() known again, to look at it. */
	int (*find)(struct engine *e, const struct pod_want *want,
		    struct pod **ret_pod, struct error *err);
	/* Brings every known pod up to date. */
	int (*observe)(struct engine *e, struct error *err);
	/* Runs a program in the pod's container, with `input` (or NULL) as its
	 * standard input; its output to `out`. */
	int (*exec)(struct engine *e, const struct pod *pod,
		    const char *const *argv, const char *input, int seconds,
		    struct buf *out, struct error *err);
	/* Appends the pod's log so far to a file. */
	int (*logs)(struct engine *e, const struct pod *pod, const char *path,
		    struct error *err);
	/* Log files that the program wrote to its data volume, whether it still
	 * runs or not: the last `max` bytes of each, see file_ends.h. */
	int (*log_files)(struct engine *e, const struct pod *pod, size_t max,
			 const char *path, struct error *err);

	/* Whether what runs the pods answers within that time; -1 says how it
	 * does not. For after something of it failed. NULL: it always does. */
	int (*answers)(struct engine *e, int seconds, struct error *err);

	/* Gives a set that many pods, and with `anew` the template and the maps
	 * that its manifests have now; waits until that is so. NULL: it cannot.
	 */
	int (*change)(struct engine *e, const char *set, unsigned replicas,
		      bool anew, int seconds, struct error *err);

	/* Whether the run could have made this thing, by its kind and name: the
	 * inventory may be somebody else's. */
	bool (*owns)(struct engine *e, const struct inventory_item *item);
	/* Removes these, newest first, as far as they are there. Bounded by
	 * `seconds`; what resists shows in left(). */
	int (*remove)(struct engine *e, const struct inventory_item *items,
		      unsigned count, int seconds, struct error *err);
	/* Everything that is there of this run, by label and by name. */
	int (*left)(struct engine *e, struct arena *arena,
		    struct inventory_item **ret_items, unsigned *ret_count,
		    struct error *err);

	void (*close)(struct engine *e);
};

/* The part that every engine begins with. */
struct engine {
	const struct engine_ops *ops;
	const char *dir; /* <run>/engine: what the engine writes */
	/* Why remove() left one thing, as it is others' from then on, which
	 * left() does not tell; ERROR_NONE: it left none. */
	struct error stays;
	/* What pods that were applied go without on this machine, for the run's
	 * record; or NULL. */
	const char *lacks;
};

/* By the name in network.yaml; ERROR_INPUT when there is none such. */
int engine_open(const char *name, const char *run_dir, struct engine **ret,
		struct error *err);

static inline void engine_closep(struct engine **e)
{
	if (*e)
		(*e)->ops->close(*e);
}

#endif

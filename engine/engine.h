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
#include "engine/log_want.h"
#include "net/loop.h"
#include "run/engine_names.h"
#include "run/run.h"

/*
 * The rooms know pods by StatefulSet and ordinal and what an engine can do with
 * them; how, only the engine knows. Whatever an engine makes has the labels
 * app.kubernetes.io/managed-by=medley and medley.run=<id> and a line in the
 * run's inventory, written before it is made.
 *
 * Life of a pod: apply() starts it and returns at once; observe() tells how
 * far it is, from POD_STARTING to POD_RUNNING to POD_EXITED or POD_FAILED;
 * restart() brings it from either to POD_STARTING again; remove() ends it.
 * Between two observe() the caller takes a step of the engine's loop.
 *
 * All calls come from one thread and may block, each with a bound. What must
 * not wait for them hands them to an engine_thread (engine_thread.h); the
 * engine and its pods are that thread's then.
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

/* What can be sent to the program of a pod. */
enum engine_signal {
	ENGINE_TERM, /* asks it to end, as the engine itself does */
	ENGINE_KILL, /* ends it at once, as a loss of power */
	ENGINE_STOP, /* it stands still; its connections stay open */
	ENGINE_CONT, /* it goes on */
	ENGINE_SIGNALS
};

/* "TERM", "KILL", "STOP", "CONT" */
const char *engine_signal_word(enum engine_signal signal);

/* A volume as a stream of tar: what is in it, without its own directory. */
struct volume_stream {
	const char *volume; /* as the manifest names it: "data" */
	int fd;
	int64_t max; /* bytes; more is an error */
	int seconds; /* bound of the whole call */
};

struct engine;

/* Numbers of the bits. */
enum engine_capability_index {
#define CAPABILITY(name, member, words) ENGINE_INDEX_##name,
#define TRAIT(name) ENGINE_INDEX_##name,
#include "engine/capabilities.def"
#undef CAPABILITY
#undef TRAIT
};

enum engine_capability {
#define CAPABILITY(name, member, words)                                        \
	ENGINE_##name = 1U << ENGINE_INDEX_##name,
#define TRAIT(name) ENGINE_##name = 1U << ENGINE_INDEX_##name,
#include "engine/capabilities.def"
#undef CAPABILITY
#undef TRAIT
};

struct engine_ops {
	enum engine_id id;
	unsigned can; /* bits of enum engine_capability */
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
	/* Appends the pod's log so far to a file; what was logged before
	 * `since_us` (wall clock) is left out. */
	int (*logs)(struct engine *e, const struct pod *pod, int64_t since_us,
		    const char *path, struct error *err);
	/* Gives the log to want->take() until the container ends, take() fails
	 * or medley is interrupted (ERROR_INTERRUPTED): no other bound. */
	int (*follow_log)(struct engine *e, const struct pod *pod,
			  const struct log_want *want, struct error *err);
	/* Log files that the program wrote to its data volume, whether it still
	 * runs or not: the last `max` bytes of each, see file_ends.h. */
	int (*log_files)(struct engine *e, const struct pod *pod, size_t max,
			 const char *path, struct error *err);

	/* ENGINE_IS_REMOTE: whether what runs the pods answers within that
	 * time; -1 says how it does not. For after something of it failed. */
	int (*answers)(struct engine *e, int seconds, struct error *err);

	/* ENGINE_SET_REPLICAS: gives a set that many pods, and waits until they
	 * are ready, or gone. */
	int (*set_replicas)(struct engine *e, const char *set,
			    unsigned replicas, int seconds, struct error *err);
	/* ENGINE_SET_IMAGE: brings the images, and the maps that nodes share,
	 * to what <run>/config says now, for a set of `replicas` pods, one pod
	 * after the other on its own volume; waits until they are ready. */
	int (*set_image)(struct engine *e, const char *set, unsigned replicas,
			 int seconds, struct error *err);

	/*
	 * ENGINE_SIGNAL: returns when the signal is sent, not when it has
	 * worked: observe() tells. A pod that is not there, or does not run, is
	 * ERROR_DEPLOY. The program is all processes of the container: a
	 * node's first one only starts the JVM that is the node, and waits for
	 * it. A container that probes its program may end one that stands still
	 * for minutes.
	 */
	int (*signal)(struct engine *e, struct pod *pod,
		      enum engine_signal signal, struct error *err);
	/*
	 * ENGINE_RESTART: ends the program if it runs, asking first, and starts
	 * it again on the same volumes; returns when it is on its way, within
	 * `seconds`. A pod that is not there is ERROR_DEPLOY.
	 */
	int (*restart)(struct engine *e, struct pod *pod, int seconds,
		       struct error *err);

	/*
	 * ENGINE_VOLUME_SAVE, ENGINE_VOLUME_LOAD: a volume of a pod whose
	 * program has ended or stands still (ENGINE_STOP), which is the
	 * caller's part: one that runs would change files meanwhile.
	 * save() writes to `fd`; what was written before an error is of no use.
	 * load() reads all of a regular file, which nobody may write to
	 * meanwhile. The volume then has what the stream has, and nothing else;
	 * after an error it may have less.
	 * Owners are numbers, and stay if the engine may set them. No secret
	 * stands on a command line: what is in a volume goes by the stream.
	 */
	int (*volume_save)(struct engine *e, const struct pod *pod,
			   const struct volume_stream *to, struct error *err);
	int (*volume_load)(struct engine *e, const struct pod *pod,
			   const struct volume_stream *from, struct error *err);

	/*
	 * ENGINE_ROUTE: connections that `from` opens to `to`, by any name of
	 * it, go to `through` from now on, an address that `from` can reach;
	 * NULL: to `to` again. Connections that are open stay as they are. No
	 * engine has it yet; it is what a proxy between two nodes needs.
	 */
	int (*route)(struct engine *e, const struct pod *from,
		     const struct pod *to, const struct endpoint *through,
		     struct error *err);

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
	/* Where the engine waits: loop_step() ends when observe() may have more
	 * to tell. Others may post to it, and so end the step. Owned. */
	struct loop *loop;
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

static inline bool engine_can(const struct engine *e,
			      enum engine_capability what)
{
	return e->ops->can & what;
}

/* -1 and ERROR_INPUT, which names the engines that can, unless this one can. */
int engine_need(const struct engine *e, enum engine_capability what,
		struct error *err);

/* What an engine can, without opening it. */
const struct engine_ops *engine_ops_of(enum engine_id id);

#endif

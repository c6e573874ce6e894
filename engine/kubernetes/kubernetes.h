/* SPDX-License-Identifier: Apache-2.0 */
/* kubernetes.h - the parts of the kubernetes engine, for each other only. */
#ifndef ENGINE_KUBERNETES_KUBERNETES_H
#define ENGINE_KUBERNETES_KUBERNETES_H

#include "base/arena.h"
#include "engine/engine.h"
#include "kube/blame.h"
#include "kube/forward.h"
#include "kube/kinds.h"
#include "kube/manifest.h"
#include "kube/watch.h"
#include "run/network.h"
#include "sys/clock.h"

enum {
	KUBERNETES_ARENA = 512 * 1024 * 1024,
	KUBERNETES_SECONDS = 120, /* one call, a server that is away included */
	APPLY_SECONDS = 600, /* all objects */
	LIMIT_SECONDS = 24 * 3600 /* of what lasts as long as a command */
};

/* A pod that was asked for; its StatefulSet makes it. */
struct kubernetes_pod {
	struct pod pod; /* first: ->own points back here */
	struct kubernetes_pod *next;
	struct kube_forward *forward; /* owned; opened when it runs */
	const char *container; /* the one that matters */
	char started_at[40]; /* of the container, as the cluster says */
	bool applied; /* by this process: it is on its way before it shows */
};

/* A StatefulSet of the manifests. */
struct kubernetes_set {
	const struct kube_object *object;
	unsigned wanted, scaled; /* replicas */
	struct kubernetes_set *next;
};

/*
 * Where a run lives is kept in <run>/engine/cluster.json, so that a context
 * that means another cluster tomorrow is refused, not searched:
 * {"kubeconfig":"/home/…","context":"test","server":"https://…",
 *  "namespace":"medley","run":"20261121-075012"}; kubeconfig is what
 * $KUBECONFIG said, by whole paths, or null. It is read again where $KUBECONFIG
 * is not set and trusted_kubeconfig() allows it.
 */
struct kubernetes {
	struct engine engine; /* first */
	struct arena arena;
	const char *run_dir; /* absolute */
	const char *run; /* value of the label medley.run */
	const char *namespace;
	const char *selector; /* "medley.run=<run>" */
	struct network net;
	const char *kubeconfig; /* $KUBECONFIG, or NULL */
	bool recorded; /* cluster.json is there */
	struct kubeconfig config;
	struct kube *kube;
	struct kinds kinds;
	struct manifest objects; /* of <run>/config, read when needed */
	struct kubernetes_set *sets;
	struct kubernetes_pod *pods; /* newest first */
	struct kube_watch *pod_watch, *event_watch, *set_watch;
	struct blame_finder finder;
};

static inline int64_t kubernetes_deadline(int seconds)
{
	return clock_mono_us() + seconds * 1000000LL;
}

/* Every object below <run>/config, and its StatefulSets. */
int kubernetes_objects(struct kubernetes *k, struct error *err);
/* Writes the StatefulSet's spec.replicas into the object's body. */
int kubernetes_with_replicas(struct kubernetes *k, struct kube_object *o,
			     unsigned replicas, struct error *err);
/* The container of a pod that matters; the pod is of kubernetes_find() or
 * kubernetes_apply(). */
const char *kubernetes_container(const struct pod *pod);

/* Begins to watch a kind in the run's namespace, as long as the command lasts;
 * does nothing where *ret is a watch already. */
int kubernetes_watch(struct kubernetes *k, const char *kind, const char *labels,
		     const char *fields, struct kube_watch **ret,
		     struct error *err);

/* Where the database is no pod: learns its login, and notes the databases that
 * nodes will make there; drops them; says which are there (`ret` has room for
 * `count`). */
int kubernetes_external(struct kubernetes *k, struct error *err);
int kubernetes_external_remove(struct kubernetes *k,
			       const struct inventory_item *items,
			       unsigned count, struct error *err);
int kubernetes_external_left(struct kubernetes *k,
			     const struct inventory_item *items, unsigned count,
			     struct inventory_item *ret, unsigned *ret_count,
			     struct error *err);

/* The calls of engine_ops that stand in files of their own. */
int kubernetes_prepare(struct engine *e, struct error *err);
/* Brings the replicas of every set to what is wanted. */
int kubernetes_scale(struct kubernetes *k, struct error *err);
int kubernetes_observe(struct engine *e, struct error *err);
int kubernetes_exec(struct engine *e, const struct pod *pod,
		    const char *const *argv, const char *input, int seconds,
		    struct buf *out, struct error *err);
int kubernetes_logs(struct engine *e, const struct pod *pod, int64_t since_us,
		    const char *path, struct error *err);
int kubernetes_follow_log(struct engine *e, const struct pod *pod,
			  const struct log_want *want, struct error *err);
int kubernetes_log_files(struct engine *e, const struct pod *pod, size_t max,
			 const char *path, struct error *err);
int kubernetes_answers(struct engine *e, int seconds, struct error *err);
int kubernetes_set_replicas(struct engine *e, const char *set,
			    unsigned replicas, int seconds, struct error *err);
int kubernetes_set_image(struct engine *e, const char *set, unsigned replicas,
			 int seconds, struct error *err);
int kubernetes_signal(struct engine *e, struct pod *pod,
		      enum engine_signal signal, struct error *err);
int kubernetes_restart(struct engine *e, struct pod *pod, int seconds,
		       struct error *err);
int kubernetes_volume_save(struct engine *e, const struct pod *pod,
			   const struct volume_stream *to, struct error *err);
int kubernetes_volume_load(struct engine *e, const struct pod *pod,
			   const struct volume_stream *from, struct error *err);
bool kubernetes_owns(struct engine *e, const struct inventory_item *item);
int kubernetes_remove(struct engine *e, const struct inventory_item *items,
		      unsigned count, int seconds, struct error *err);
int kubernetes_left(struct engine *e, struct arena *arena,
		    struct inventory_item **ret_items, unsigned *ret_count,
		    struct error *err);

extern const struct engine_ops kubernetes_ops;

int kubernetes_open(const char *run_dir, struct engine **ret,
		    struct error *err);

#endif

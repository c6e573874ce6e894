/* SPDX-License-Identifier: Apache-2.0 */
/* podman.h - the parts of the podman engine, for each other only. */
#ifndef ENGINE_PODMAN_PODMAN_H
#define ENGINE_PODMAN_PODMAN_H

#include "base/arena.h"
#include "engine/engine.h"
#include "engine/pod_plan.h"
#include "engine/run_manifests.h"
#include "sys/file.h"
#include "sys/process.h"

enum {
	PODMAN_SECONDS = 60, /* one call; on a loaded machine they are slow */
	PODMAN_ARENA = 512 * 1024 * 1024
};

/* A pod and the `podman kube play` that brings it up. */
struct podman_pod {
	struct pod pod; /* first: ->own points back here */
	struct podman_pod *next;
	struct pod_plan plan;
	struct process play;
	struct child_watch *ending; /* of the play, until observe() tells */
	bool ended; /* it has; with this status */
	int status;
	const char *play_log;
	const char *manifest; /* <run>/engine/<pod>.yaml */
	unsigned tries;
};

struct podman {
	struct engine engine; /* first */
	struct arena arena;
	struct manifests manifests;
	struct pod_scope scope;
	const char *run_dir; /* absolute */
	struct podman_pod *pods; /* newest first */
	int64_t looked_us; /* when podman was last asked */
	struct timer *look; /* when it is to be asked again */
	const char *mounts; /* "volume path\n…", when asked for; or NULL */
	bool bridge_kept;
	bool network_asked; /* whose it is: before the first removal */
	const char *no_limit_why; /* of the limits that the scope forbids */
	bool no_memory_limit, no_cpu_limit; /* some pod went without */
};

/* Runs `podman` with these words, up to a NULL; its output to `out`. */
int podman_call(struct buf *out, struct error *err, const char *word, ...)
	__attribute__((sentinel));

/* The Secrets of the manifests, as files and as podman's secrets. */
int podman_secrets(struct podman *p, struct error *err);

/* Starts (again) what `pod` is planned as. */
int podman_play(struct podman *p, struct podman_pod *pod, struct error *err);

/* To be called when a container runs: before, there is no bridge. It needs a
 * privilege that rootless podman does not give: then nothing is done. */
void podman_keep_bridge(struct podman *p);

/* The calls of engine_ops that stand in files of their own. */
int podman_observe(struct engine *e, struct error *err);
int podman_exec(struct engine *e, const struct pod *pod,
		const char *const *argv, const char *input, int seconds,
		struct buf *out, struct error *err);
int podman_logs(struct engine *e, const struct pod *pod, int64_t since_us,
		const char *path, struct error *err);
int podman_follow_log(struct engine *e, const struct pod *pod,
		      const struct log_want *want, struct error *err);
int podman_log_files(struct engine *e, const struct pod *pod, size_t max,
		     const char *path, struct error *err);
int podman_signal(struct engine *e, struct pod *pod, enum engine_signal signal,
		  struct error *err);
int podman_restart(struct engine *e, struct pod *pod, int seconds,
		   struct error *err);
int podman_volume_save(struct engine *e, const struct pod *pod,
		       const struct volume_stream *to, struct error *err);
int podman_volume_load(struct engine *e, const struct pod *pod,
		       const struct volume_stream *from, struct error *err);
bool podman_owns(struct engine *e, const struct inventory_item *item);
int podman_remove(struct engine *e, const struct inventory_item *items,
		  unsigned count, int seconds, struct error *err);
int podman_left(struct engine *e, struct arena *arena,
		struct inventory_item **ret_items, unsigned *ret_count,
		struct error *err);

extern const struct engine_ops podman_ops;

int podman_open(const char *run_dir, struct engine **ret, struct error *err);

#endif

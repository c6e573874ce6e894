/* SPDX-License-Identifier: Apache-2.0 */
/* deploy.h - brings the network of a run up, looks at it, takes it down. */
#ifndef DEPLOY_DEPLOY_H
#define DEPLOY_DEPLOY_H

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/progress.h"
#include "data/json.h"

struct log_want;
struct network_node;

/*
 * Applies <run>/config, waits until every node is ready (an RPC session
 * answers and its network map is whole) and writes endpoints.json.
 * *ret_details: {"nodes":[{"name":…,"boot_seconds":…},…],"migrations":[…],
 * "notes":["containers ran without …"]}, owned by the caller; "notes" only
 * where the machine differs from what the manifests ask for. On failure what
 * was made stays, for deploy_down().
 */
int deploy_up(const char *run_dir, struct progress *progress,
	      struct js **ret_details, struct error *err);

/*
 * Saves the nodes' logs to <run>/logs, removes everything of the inventory,
 * newest first, and proves it by listing what carries the run's label.
 * *ret_details: {"made":11,"removed":11,"left":[{"kind":…,"name":…},…],
 * "stays":"Namespace net has objects …","logs_lost":
 * ["bank-4.0-0",…],"logs_lost_why":…}. "stays": only where a namespace was left
 * to others; it is not removed, nor left. The last two: only where logs could
 * not be had, since a cluster was away or it took too long.
 * ERROR_LEFT when something is left. Can be repeated. The removal is bounded by
 * `seconds`; no log is begun after half of that, before.
 */
int deploy_down(const char *run_dir, int seconds, struct progress *progress,
		struct js **ret_details, struct error *err);

/*
 * From here on the endpoints of a run that is up are reached as endpoints.json
 * says, until attachment_free(): in a cluster by forwards of this process,
 * whose ports are written there. A run without config lies within its network,
 * and is left as it is.
 */
struct attachment;
int deploy_attach(const char *run_dir, struct attachment **ret,
		  struct error *err);
/* NULL is fine. */
void attachment_free(struct attachment *a);
DEFINE_FREEP(struct attachment, attachment)

/*
 * In a network that is up, until all nodes know all others again: gives a
 * StatefulSet other replicas, up to the nodes that were generated; or, after
 * the release of its nodes was changed, or of the highest of them
 * (run/rollout.h), and the configuration generated anew, their pods another
 * image on the same volumes.
 */
int deploy_scale(const char *run_dir, const char *set, unsigned replicas,
		 struct progress *progress, struct error *err);
/* ERROR_INPUT unless the engine can, and pods of the set are up; of one node
 * alone (NULL: all of the set), that one's. */
int deploy_can_upgrade(const char *run_dir, const char *set,
		       const struct network_node *node, struct error *err);
int deploy_upgrade(const char *run_dir, const char *set,
		   struct progress *progress, struct error *err);

/* {"nodes":[{"name":…,"state":"running|starting|exited|failed|missing","exit_code":…,
 *   "ready":true,…}]} */
int deploy_status(const char *run_dir, struct js **ret, struct error *err);

/* What a node logged to files of its own: "bank-4.0-0.node.log". */
#define OWN_LOG ".node.log"
/* The length of the node's name before OWN_LOG; 0: the name has no OWN_LOG. */
static inline size_t own_log_node(const char *name)
{
	size_t len = strlen(name), tail = strlen(OWN_LOG);

	return len > tail && !strcmp(name + len - tail, OWN_LOG) ? len - tail
								 : 0;
}

/*
 * Gives the log of a node (or "database") to want->take(). Works on a torn down
 * run from <run>/logs, where a name with OWN_LOG behind it also is: these logs
 * cannot be followed (ERROR_INPUT), and `since_us` goes by the times in their
 * lines; where there are none, that is ERROR_INPUT.
 */
int deploy_logs(const char *run_dir, const char *node,
		const struct log_want *want, struct error *err);

#endif

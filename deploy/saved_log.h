/* SPDX-License-Identifier: Apache-2.0 */
/* saved_log.h - the logs of a run's pods, kept in <run>/logs. */
#ifndef DEPLOY_SAVED_LOG_H
#define DEPLOY_SAVED_LOG_H

#include <stdbool.h>

#include "data/json.h"
#include "engine/engine.h"
#include "run/network.h"
#include "sys/file.h"

/* <run>/logs/<node>.log; "database" for NULL. */
const char *saved_log_path(char room[PATH_ROOM], const char *run_dir,
			   const struct network_node *node);

/* Logs that could not be had. */
struct lost_logs {
	struct js *names; /* an array: "bank-4.0-0", "database" */
	struct error why; /* ERROR_NONE: none is lost */
};

/*
 * Keeps the end of every log (64 MiB at most) of pods that are there. For a
 * second at most, the files that nodes log to themselves, which have the
 * exceptions' stacks, go to <run>/logs/<node>.node.log.
 *
 * What cannot be had is left out, as teardown goes on without it. None is
 * begun after `seconds`, nor after the engine has ceased to answer, nor where
 * it does not tell which pods there are: these are added to `lost`, but those
 * that an earlier try has kept.
 */
void saved_logs_write(struct engine *e, const struct network *net,
		      const char *run_dir, int seconds, struct lost_logs *lost);

#endif

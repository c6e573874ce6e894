/* SPDX-License-Identifier: Apache-2.0 */
/* endpoints.h - writes where a run's nodes and database are reached. */
#ifndef DEPLOY_ENDPOINTS_H
#define DEPLOY_ENDPOINTS_H

#include "engine/engine.h"
#include "run/network.h"

struct endpoints {
	const struct network *net;
	/* Of the nodes in their order, then the database's; NULL: it is not
	 * up. */
	struct pod *const *pods;
	struct endpoint external; /* the database, where it is no pod */
};

/* <run>/endpoints.json, see run/run.h. */
int endpoints_write(const struct endpoints *e, const char *run_dir,
		    struct error *err);

/* Takes the nodes of the set out of it from this ordinal on. */
int endpoints_forget(const struct network *net, const char *set, unsigned from,
		     const char *run_dir, struct error *err);

#endif

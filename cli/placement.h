/* SPDX-License-Identifier: Apache-2.0 */
/* placement.h - where a network goes, as the command line says. */
#ifndef CLI_PLACEMENT_H
#define CLI_PLACEMENT_H

#include "cli/options.h"
#include "run/network.h"

/* NULL: the option was not given. */
struct placement {
	const char *engine;
	const char *namespace;
	const char *storage_class;
	const char *registry; /* that has the images */
	const char *context;
	const char *kubeconfig;
};

/* All options, and parts for commands that take only some. */
extern const struct option_group placement_group, engine_group, target_group,
	context_group, kubeconfig_group;

/* ERROR_INPUT: an option is not a valid namespace, registry …. */
int placement_check(const struct placement *place, struct error *err);
/* What is given takes the place of what the file says. */
int placement_apply(const struct placement *place, struct network *net,
		    struct arena *arena, struct error *err);
/*
 * Of a network that was laid out before: it stays as it is. The one thing that
 * may still be said is its context, where it named none and has not been in a
 * cluster (`run_dir` NULL, or without a record).
 */
int placement_settle(const struct placement *place, struct network *net,
		     const char *run_dir, struct error *err);
/* From now on this process reads the kubeconfig that was given. */
int placement_use_kubeconfig(const struct placement *place, struct error *err);

#endif

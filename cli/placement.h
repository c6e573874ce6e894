/* SPDX-License-Identifier: Apache-2.0 */
/* placement.h - where a network goes, as the command line says. */
#ifndef CLI_PLACEMENT_H
#define CLI_PLACEMENT_H

#include "cli/cli.h"
#include "run/network.h"

#define PLACEMENT_OPTIONS                                                      \
	(OPT_ENGINE | OPT_NAMESPACE | OPT_STORAGE_CLASS | OPT_FROM_REGISTRY |  \
	 OPT_CONTEXT | OPT_KUBECONFIG)

/* ERROR_INPUT names the option that is no engine, namespace …. */
int placement_check(const struct cli *cli, struct error *err);
/* What is given takes the place of what the file says. */
int placement_apply(const struct cli *cli, struct network *net,
		    struct arena *arena, struct error *err);
/*
 * Of a network that was laid out before: it stays as it is. The one thing that
 * may still be said is its context, where it named none and has not been in a
 * cluster (`run_dir` NULL, or without a record).
 */
int placement_settle(const struct cli *cli, struct network *net,
		     const char *run_dir, struct error *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* placement.h - where a network goes, as the command line says. */
#ifndef CLI_PLACEMENT_H
#define CLI_PLACEMENT_H

#include "cli/cli.h"
#include "run/network.h"

#define PLACEMENT_OPTIONS                                                      \
	(OPT_ENGINE | OPT_NAMESPACE | OPT_STORAGE_CLASS | OPT_FROM_REGISTRY |  \
	 OPT_CONTEXT)

/* ERROR_INPUT names the option that is no engine, namespace …. */
int placement_check(const struct cli *cli, struct error *err);
/* What is given takes the place of what the file says. */
int placement_apply(const struct cli *cli, struct network *net,
		    struct arena *arena, struct error *err);
/* Of a network that is somewhere already: it stays there. */
int placement_same(const struct cli *cli, const struct network *net,
		   struct error *err);

#endif
